/** Servers that were chosen when the rules had been written: what is known of them was not known by name. @module */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, file, type Server } from './server.ts';

/** Servers that nobody who wrote a rule had in view. */
export const heldBackServers: readonly Server[] = [
  {
    package: 'tinyproxy-bin',
    binary: '/usr/bin/tinyproxy',
    says: [{ port: 25_001, name: 'http-proxy', product: /tinyproxy/i, tells: 'version' }],
    start: (dir) => [
      ...['/usr/bin/tinyproxy', '-d', '-c'],
      file(
        dir,
        'conf',
        `Port 25001\nListen 0.0.0.0\nMaxClients 20\nTimeout 10\nLogFile "${dir}/log"\nPidFile "${dir}/pid"\nAllow 0.0.0.0/0\n`,
      ),
    ],
  },
  {
    package: 'inspircd',
    binary: '/usr/sbin/inspircd',
    says: [{ port: 25_002, name: 'irc' }],
    start: (dir) => [
      ...['/usr/sbin/inspircd', '--nofork', '--nolog', '--runasroot', '--config'],
      file(
        dir,
        'conf',
        `<server name="irc.lab" description="Lab" network="Lab">\n<admin name="a" nick="a" email="a@lab">\n<bind address="*" port="25002" type="clients">\n<connect allow="*">\n<pid file="${dir}/pid">\n<path datadir="${dir}" logdir="${dir}" runtimedir="${dir}">\n`,
      ),
    ],
  },
  {
    package: 'tigervnc-standalone-server',
    binary: '/usr/bin/Xtigervnc',
    says: [{ port: 25_003, name: 'vnc' }],
    start: () => [
      ...['/usr/bin/Xtigervnc', ':71', '-rfbport', '25003', '-localhost=0', '-SecurityTypes', 'None'],
      ...['-geometry', '320x200', '-depth', '16'],
    ],
  },
  {
    package: 'xvfb',
    binary: '/usr/bin/Xvfb',
    // Display n listens on port 6000 + n.
    says: [{ port: 25_004, name: 'X11' }],
    start: () => [
      '/usr/bin/Xvfb',
      ':19004',
      '-listen',
      'tcp',
      '-nolisten',
      'unix',
      '-screen',
      '0',
      '320x200x16',
    ],
  },
  {
    package: 'weborf',
    binary: '/usr/bin/weborf',
    says: [{ port: 25_005, name: 'http', product: /weborf/i }],
    start: (dir) => ['/usr/bin/weborf', '-p', '25005', '-b', dir],
  },
  {
    package: 'nghttp2-server',
    binary: '/usr/sbin/nghttpd',
    says: [
      { port: 25_006, name: 'http', tls: true, product: /nghttpd/ },
      { port: 25_007, name: 'http', product: /nghttpd/ },
    ],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      return [
        'sh',
        '-c',
        `/usr/sbin/nghttpd --no-tls -d ${dir} 25007 & exec /usr/sbin/nghttpd -d ${dir} 25006 ${key} ${cert}`,
      ];
    },
  },
  {
    package: 'python3-waitress',
    binary: '/usr/bin/waitress-serve',
    says: [{ port: 25_008, name: 'http', product: /waitress/i }],
    start: (dir) => {
      file(dir, 'app.py', "def app(environ, start):\n  start('404 Not Found', [])\n  return [b'none']\n");
      return ['sh', '-c', `cd ${dir}; exec /usr/bin/waitress-serve --port=25008 app:app`];
    },
    env: (dir) => ({ PYTHONPATH: dir }),
  },
  {
    package: 'privoxy',
    binary: '/usr/sbin/privoxy',
    says: [{ port: 25_009, name: 'http-proxy', product: /privoxy/i }],
    start: (dir) => [
      ...['/usr/sbin/privoxy', '--no-daemon'],
      file(dir, 'conf', `confdir /etc/privoxy\nlogdir ${dir}\nlisten-address 0.0.0.0:25009\n`),
    ],
  },
  {
    package: 'microsocks',
    binary: '/usr/bin/microsocks',
    says: [{ port: 25_010, name: 'socks5' }],
    start: () => ['/usr/bin/microsocks', '-p', '25010'],
  },
  {
    package: 'pgbouncer',
    binary: '/usr/sbin/pgbouncer',
    says: [{ port: 25_011, name: 'postgresql' }],
    start: (dir) => [
      ...['/usr/sbin/pgbouncer', '-u', 'nobody'],
      file(
        dir,
        'ini',
        '[databases]\nx = host=127.0.0.1 port=1\n[pgbouncer]\nlisten_addr = 0.0.0.0\nlisten_port = 25011\nauth_type = any\nunix_socket_dir =\nlogfile =\n',
      ),
    ],
  },
  {
    package: 'pdns-recursor',
    binary: '/usr/sbin/pdns_recursor',
    says: [{ port: 25_012, name: 'domain', product: /^PowerDNS/, tells: 'version' }],
    start: (dir) => [
      ...['/usr/sbin/pdns_recursor', '--daemon=no', '--local-address=0.0.0.0', '--local-port=25012'],
      ...[`--socket-dir=${dir}`, `--config-dir=${dir}`, '--setuid=', '--setgid=', '--security-poll-suffix='],
      ...['--allow-from=0.0.0.0/0', '--hint-file=no', '--threads=1'],
    ],
  },
  {
    package: 'dnsdist',
    binary: '/usr/bin/dnsdist',
    says: [{ port: 25_013, name: 'domain' }],
    start: (dir) => [
      ...['/usr/bin/dnsdist', '--supervised', '--disable-syslog', '-C'],
      file(
        dir,
        'conf',
        'setLocal("0.0.0.0:25013")\nsetACL({"0.0.0.0/0"})\nsetSecurityPollSuffix("")\naddAction(AllRule(), RCodeAction(DNSRCode.REFUSED))\n',
      ),
    ],
  },
  {
    package: 'dnsmasq-base',
    binary: '/usr/sbin/dnsmasq',
    says: [{ port: 25_014, name: 'domain', product: /^dnsmasq/i, tells: 'version' }],
    start: (dir) => [
      ...['/usr/sbin/dnsmasq', '-k', '-C', file(dir, 'conf', ''), '--no-resolv', '--no-hosts', '--user=root'],
      '--port=25014',
    ],
  },
  {
    package: 'bacula-fd',
    binary: '/usr/sbin/bacula-fd',
    says: [{ port: 25_015, name: null }],
    start: (dir) => [
      ...['/usr/sbin/bacula-fd', '-f', '-c'],
      file(
        dir,
        'conf',
        `Director {\n Name = d\n Password = x\n}\nFileDaemon {\n Name = f\n FDport = 25015\n WorkingDirectory = ${dir}\n Pid Directory = ${dir}\n}\nMessages {\n Name = Standard\n director = d = all\n}\n`,
      ),
    ],
  },
  {
    package: 'inetutils-telnetd',
    needs: ['socat'],
    binary: '/usr/sbin/telnetd',
    says: [{ port: 25_016, name: 'telnet' }],
    start: () => ['socat', 'TCP-LISTEN:25016,fork,reuseaddr', 'EXEC:/usr/sbin/telnetd'],
  },
  {
    package: 'darkstat',
    binary: '/usr/sbin/darkstat',
    says: [{ port: 25_017, name: 'http', product: /darkstat/i }],
    folders: ['/var/lib/darkstat'],
    start: () => [
      '/usr/sbin/darkstat',
      '-i',
      'eth0',
      '-p',
      '25017',
      '--no-daemon',
      '--no-promisc',
      '--no-dns',
      '--chroot',
      '/var/lib/darkstat',
      '--user',
      'root',
    ],
  },
  {
    package: 'nut-server',
    binary: '/lib/nut/upsd',
    says: [{ port: 25_018, name: 'nut' }],
    folders: ['/run/nut'],
    start: (dir) => {
      file(dir, 'nut.conf', 'MODE=netserver\n');
      file(dir, 'upsd.conf', 'LISTEN 0.0.0.0 25018\n');
      file(dir, 'ups.conf', '[dummy]\ndriver = dummy-ups\nport = x.dev\n');
      file(dir, 'upsd.users', '');
      return ['/lib/nut/upsd', '-F', '-u', 'root'];
    },
    env: (dir) => ({ NUT_CONFPATH: dir, NUT_STATEPATH: '/run/nut', NUT_ALTPIDPATH: dir }),
  },
  {
    package: 'bitlbee',
    binary: '/usr/sbin/bitlbee',
    says: [{ port: 25_019, name: 'irc' }],
    folders: ['/var/lib/bitlbee'],
    start: (dir) => [
      '/usr/sbin/bitlbee',
      '-F',
      '-n',
      '-i',
      '0.0.0.0',
      '-p',
      '25019',
      '-d',
      dir,
      '-c',
      file(dir, 'conf', '[settings]\n'),
    ],
  },
  {
    package: 'sphinxsearch',
    binary: '/usr/bin/searchd',
    says: [{ port: 25_020, name: 'mysql', product: /sphinx/i }],
    start: (dir) => [
      ...['/usr/bin/searchd', '--nodetach', '--config'],
      file(
        dir,
        'conf',
        `index a\n{\n type = rt\n path = ${dir}/a\n rt_field = t\n rt_attr_uint = a\n}\nsearchd\n{\n listen = 25020:mysql41\n log = ${dir}/log\n pid_file = ${dir}/pid\n binlog_path =\n}\n`,
      ),
    ],
  },
  {
    package: 'transmission-daemon',
    binary: '/usr/bin/transmission-daemon',
    says: [{ port: 25_021, name: 'http', product: /Transmission/i }],
    start: (dir) => [
      '/usr/bin/transmission-daemon',
      '-f',
      '-g',
      dir,
      '-p',
      '25021',
      '-a',
      '*',
      '--no-portmap',
      '-O',
      '-P',
      '25031',
    ],
  },
  {
    package: 'ocserv',
    binary: '/usr/sbin/ocserv',
    says: [{ port: 25_022, name: 'http', tls: true }],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      return [
        ...['/usr/sbin/ocserv', '-f', '-c'],
        file(
          dir,
          'conf',
          `auth = "plain[passwd=${file(dir, 'passwd', '')}]"\ntcp-port = 25022\nrun-as-user = nobody\nrun-as-group = nogroup\nsocket-file = ${dir}/socket\nserver-cert = ${cert}\nserver-key = ${key}\nisolate-workers = false\nmax-clients = 4\ndevice = vpns\nipv4-network = 192.168.9.0/24\n`,
        ),
      ];
    },
  },
  {
    package: 'ganglia-monitor',
    binary: '/usr/sbin/gmond',
    says: [{ port: 25_023, name: 'ganglia' }],
    start: (dir) => [
      ...['/usr/sbin/gmond', '-f', '-c'],
      file(
        dir,
        'conf',
        'globals {\n daemonize = no\n setuid = no\n mute = yes\n}\ncluster {\n name = "lab"\n}\nudp_recv_channel {\n port = 25024\n}\ntcp_accept_channel {\n port = 25023\n}\n',
      ),
    ],
  },
  {
    package: 'aria2',
    binary: '/usr/bin/aria2c',
    says: [{ port: 25_027, name: 'http' }],
    start: (dir) => [
      '/usr/bin/aria2c',
      '--enable-rpc',
      '--rpc-listen-all',
      '--rpc-listen-port=25027',
      '--no-conf',
      '-d',
      dir,
      '--enable-dht=false',
    ],
  },
  {
    package: 'znc',
    binary: '/usr/bin/znc',
    says: [{ port: 25_028, name: 'http', product: /ZNC/ }],
    start: (dir) => {
      mkdirSync(join(dir, 'configs'));
      file(
        join(dir, 'configs'),
        'znc.conf',
        'Version = 1.8.2\nLoadModule = webadmin\n<Listener l>\n Port = 25028\n IPv4 = true\n IPv6 = false\n SSL = false\n</Listener>\n<User admin>\n Admin = true\n Nick = a\n <Pass password>\n Method = Plain\n Hash = x\n Salt = y\n </Pass>\n</User>\n',
      );
      return [
        ...[
          'sh',
          '-c',
          'chown -R nobody "$1"; exec setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/znc -f -d "$1"',
        ],
        ...['sh', dir],
      ];
    },
  },
  {
    package: 'jetty9',
    binary: '/usr/share/jetty9/start.jar',
    says: [{ port: 25_029, name: 'http', product: /^Jetty/, tells: 'version' }],
    start: (dir) => {
      mkdirSync(join(dir, 'webapps'));
      return [
        '/usr/bin/java',
        '-Xmx96m',
        '-jar',
        '/usr/share/jetty9/start.jar',
        'jetty.home=/usr/share/jetty9',
        `jetty.base=${dir}`,
        '--module=http,server',
        'jetty.http.port=25029',
      ];
    },
  },
  {
    package: 'courier-imap',
    binary: '/usr/sbin/couriertcpd',
    unpacks: ['courier-imap', 'courier-base', 'courier-authlib', 'libcourier-unicode4', 'libgamin0'],
    says: [{ port: 25_030, name: 'imap', product: /^Courier/ }],
    folders: ['/run/courier/authdaemon'],
    start: (dir) => [
      ...[
        '/usr/sbin/couriertcpd',
        '-address=0',
        '-nodnslookup',
        '-noidentlookup',
        '-stderrlogger=/usr/sbin/courierlogger',
        '25030',
      ],
      ...['/usr/lib/courier/courier/imaplogin', '/usr/bin/imapd', dir],
    ],
    env: () => ({
      IMAP_CAPABILITY: 'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE',
      IMAP_STARTTLS: 'NO',
      TLS_PROTOCOL: '',
      IMAPDSTART: 'YES',
      LD_LIBRARY_PATH: '/usr/lib/courier-authlib',
    }),
  },
];
