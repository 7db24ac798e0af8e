/** Name servers, proxies, media, agents and the rest. @module */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { file, type Server } from './server.ts';

/** Name servers, proxies, media, agents and the rest. */
export const otherServers: readonly Server[] = [
  {
    package: 'bind9',
    binary: '/usr/sbin/named',
    says: [{ port: 24_059, name: 'domain', product: /^ISC BIND/, tells: 'version' }],
    start: (dir) => named(dir, 24_059, ''),
  },
  {
    package: 'bind9',
    binary: '/usr/sbin/named',
    says: [{ port: 24_060, name: 'domain', product: /^ISC BIND$/, hides: true }],
    start: (dir) => named(dir, 24_060, 'version none;'),
  },
  {
    package: 'unbound',
    binary: '/usr/sbin/unbound',
    says: [{ port: 24_061, name: 'domain', product: /^Unbound/i, tells: 'version' }],
    start: (dir) => [
      ...['/usr/sbin/unbound', '-d', '-c'],
      file(
        dir,
        'conf',
        `server:\n interface: 0.0.0.0\n port: 24061\n access-control: 0.0.0.0/0 allow\n chroot: ""\n username: ""\n use-syslog: no\n do-daemonize: no\n pidfile: "${dir}/pid"\n directory: "${dir}"\n hide-version: no\nremote-control:\n control-enable: no\n`,
      ),
    ],
  },
  {
    package: 'nsd',
    binary: '/usr/sbin/nsd',
    says: [{ port: 24_010, name: 'domain', product: /NSD/, tells: 'version' }],
    folders: ['/var/lib/nsd', '/run/nsd'],
    start: (dir) => [
      ...['/usr/sbin/nsd', '-d', '-c'],
      file(
        dir,
        'conf',
        `server:\n ip-address: 0.0.0.0\n port: 24010\n username: ""\n chroot: ""\n zonesdir: "${dir}"\n database: ""\n pidfile: "${dir}/pid"\n xfrdfile: "${dir}/xfrd"\n zonelistfile: "${dir}/zones"\n logfile: "${dir}/log"\nremote-control:\n control-enable: no\n`,
      ),
    ],
  },
  {
    package: 'pdns-server',
    needs: ['pdns-backend-bind'],
    binary: '/usr/sbin/pdns_server',
    says: [{ port: 24_011, name: 'domain', product: /^PowerDNS/, tells: 'version' }],
    start: (dir) => [
      ...[
        '/usr/sbin/pdns_server',
        '--daemon=no',
        '--guardian=no',
        '--local-address=0.0.0.0',
        '--local-port=24011',
      ],
      ...['--launch=bind', `--bind-config=${file(dir, 'named.conf', '')}`, `--socket-dir=${dir}`],
      ...[`--config-dir=${dir}`, '--setuid=', '--setgid=', '--security-poll-suffix='],
    ],
  },
  {
    package: 'knot',
    binary: '/usr/sbin/knotd',
    says: [{ port: 24_062, name: 'domain', product: /^Knot/, tells: 'version' }],
    folders: ['/run/knot', '/var/lib/knot'],
    start: (dir) => [
      ...['/usr/sbin/knotd', '-c'],
      file(
        dir,
        'conf',
        `server:\n  rundir: "${dir}"\n  listen: 0.0.0.0@24062\n  version: "Knot DNS 3.2.6"\nlog:\n  - target: stderr\n    any: error\ndatabase:\n  storage: "${dir}"\n`,
      ),
    ],
  },
  {
    package: 'samba',
    binary: '/usr/sbin/smbd',
    says: [{ port: 24_065, name: 'microsoft-ds' }],
    folders: ['/var/lib/samba/private', '/run/samba', '/var/log/samba', '/var/cache/samba'],
    start: (dir) => [
      ...['/usr/sbin/smbd', '--foreground', '--no-process-group', '-s'],
      file(
        dir,
        'conf',
        `[global]\nsmb ports = 24065\nserver role = standalone server\nlog file = ${dir}/log\nlock directory = ${dir}\nstate directory = ${dir}\ncache directory = ${dir}\nprivate dir = ${dir}\npid directory = ${dir}\nncalrpc dir = ${dir}\nload printers = no\ndisable spoolss = yes\n`,
      ),
    ],
  },
  {
    package: 'mpd',
    binary: '/usr/bin/mpd',
    says: [{ port: 24_024, name: 'mpd' }],
    start: (dir) => {
      mkdirSync(join(dir, 'music'));
      return [
        ...['/usr/bin/mpd', '--no-daemon', '--stderr'],
        file(
          dir,
          'conf',
          `music_directory "${dir}/music"\nplaylist_directory "${dir}/music"\ndb_file "${dir}/db"\nport "24024"\nbind_to_address "0.0.0.0"\naudio_output {\n type "null"\n name "none"\n}\n`,
        ),
      ];
    },
  },
  {
    package: 'mumble-server',
    binary: '/usr/sbin/murmurd',
    says: [{ port: 24_022, name: 'mumble', tls: true }],
    start: (dir) => [
      ...['/usr/sbin/murmurd', '-fg', '-ini'],
      file(dir, 'ini', `database=${dir}/db.sqlite\nport=24022\nlogfile=\npidfile=\ndbus=\nice=\nuname=\n`),
    ],
  },
  {
    package: 'coturn',
    binary: '/usr/bin/turnserver',
    says: [{ port: 24_025, name: 'stun', product: /coturn/i, tells: 'version' }],
    folders: ['/var/lib/turn'],
    start: (dir) => [
      ...['/usr/bin/turnserver', '-n', '-p', '24025', '--no-cli', '--no-tls', '--no-dtls', '-L', '0.0.0.0'],
      ...['--log-file=stdout', `--userdb=${dir}/db`, `--pidfile=${dir}/pid`, '-X', '127.0.0.1'],
    ],
  },
  {
    package: 'kamailio',
    binary: '/usr/sbin/kamailio',
    says: [{ port: 24_026, name: 'sip', product: /kamailio/i, tells: 'version' }],
    folders: ['/run/kamailio'],
    start: (dir) => [
      ...['/usr/sbin/kamailio', '-DD', '-E', '-P', join(dir, 'pid'), '-Y', dir, '-f'],
      file(
        dir,
        'cfg',
        'children=1\ntcp_children=1\nlisten=tcp:0.0.0.0:24026\nauto_aliases=no\nloadmodule "sl.so"\nloadmodule "pv.so"\nrequest_route { sl_send_reply("200", "OK"); }\n',
      ),
    ],
  },
  {
    package: 'zabbix-agent',
    binary: '/usr/sbin/zabbix_agentd',
    says: [{ port: 24_027, name: 'zabbix-agent' }],
    start: (dir) => [
      ...['/usr/sbin/zabbix_agentd', '-f', '-c'],
      file(
        dir,
        'conf',
        `LogType=console\nServer=0.0.0.0/0\nListenPort=24027\nHostname=lab\nAllowRoot=1\nPidFile=${dir}/pid\n`,
      ),
    ],
  },
  {
    package: 'munin-node',
    binary: '/usr/sbin/munin-node',
    says: [{ port: 24_028, name: 'munin' }],
    folders: ['/run/munin', '/var/lib/munin-node', '/var/log/munin'],
    start: (dir) => [
      ...['/usr/sbin/munin-node', '--config'],
      file(
        dir,
        'conf',
        `log_level 4\nlog_file ${dir}/log\npid_file ${dir}/pid\nbackground 0\nsetsid 0\nuser root\ngroup root\nhost_name services.lab\nallow ^.*$\nhost *\nport 24028\n`,
      ),
    ],
  },
  {
    package: 'distcc',
    binary: '/usr/bin/distccd',
    says: [{ port: 24_030, name: null }],
    start: () => [
      ...[
        '/usr/bin/distccd',
        '--no-detach',
        '--daemon',
        '-p',
        '24030',
        '--allow',
        '0.0.0.0/0',
        '--user',
        'nobody',
      ],
      '--log-stderr',
    ],
  },
  {
    package: 'tor',
    binary: '/usr/bin/tor',
    says: [
      { port: 24_033, name: 'socks5' },
      { port: 24_034, name: 'tor-control' },
    ],
    start: (dir) => [
      ...[
        '/usr/bin/tor',
        '-f',
        file(dir, 'torrc', ''),
        '--SocksPort',
        '0.0.0.0:24033',
        '--DataDirectory',
        join(dir, 'data'),
      ],
      ...['--ControlPort', '0.0.0.0:24034', '--CookieAuthentication', '1', '--User', 'root'],
    ],
  },
  {
    package: 'dante-server',
    binary: '/usr/sbin/danted',
    says: [{ port: 24_035, name: 'socks5' }],
    start: (dir) => [
      ...['/usr/sbin/danted', '-f'],
      file(
        dir,
        'conf',
        'logoutput: stderr\ninternal: eth0 port = 24035\nexternal: eth0\nsocksmethod: none\nclientmethod: none\nuser.privileged: root\nuser.unprivileged: nobody\nclient pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks block { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n',
      ),
    ],
  },
];

function named(dir: string, port: number, more: string): readonly string[] {
  const text = `options { directory "${dir}"; listen-on port ${port} { any; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; dnssec-validation no; ${more} };\ncontrols { };\n`;
  return ['/usr/sbin/named', '-g', '-4', '-c', file(dir, 'conf', text)];
}
