/**
 * Real UDP servers from Debian's packages, each with a configuration of its own in a folder of the lab.
 *
 * They run in the foreground inside a namespace, in a mount namespace where /run, /var/lib, /var/log and
 * /var/cache are empty, so that nothing of this machine is touched and nothing is left.
 *
 * @module
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunSync } from './process.ts';

/** A server, and what it must answer. */
export interface UdpServer {
  readonly name: string;
  /** The Debian package that holds {@link binary}. */
  readonly package: string;
  readonly binary: string;
  readonly port: number;
  /** The payloads it answers, by name, each on {@link port} unless another is named. */
  readonly answers: Readonly<Record<string, { readonly port?: number; readonly sourcePort?: number }>>;
  /** Writes the configuration into an empty folder; returns the command line that serves on `address`. */
  start(dir: string, address: string): readonly string[];
  readonly env?: (dir: string) => Readonly<Record<string, string>>;
  /** Folders its package would have made under /run, /var/lib, /var/log or /var/cache. */
  readonly folders?: readonly string[];
}

/** Every server. Some share a port, so that not all can run on one address. */
export const udpServers: readonly UdpServer[] = [
  {
    name: 'dnsmasq',
    package: 'dnsmasq-base',
    binary: '/usr/sbin/dnsmasq',
    port: 53,
    answers: { 'dns-version': {}, 'dns-root': {} },
    start: (dir) => [
      '/usr/sbin/dnsmasq',
      '-k',
      '-C',
      file(dir, 'conf', ''),
      '--no-resolv',
      '--no-hosts',
      '--user=root',
    ],
  },
  {
    // Its defaults refuse strangers: that is an answer, too.
    name: 'unbound',
    package: 'unbound',
    binary: '/usr/sbin/unbound',
    port: 53,
    answers: { 'dns-version': {}, 'dns-root': {} },
    start: (dir) => [
      '/usr/sbin/unbound',
      '-d',
      '-c',
      file(
        dir,
        'conf',
        `server:
          interface: 0.0.0.0
          chroot: ""
          username: ""
          use-syslog: no
          do-daemonize: no
          pidfile: "${dir}/pid"
          directory: "${dir}"
        remote-control:
          control-enable: no
        `,
      ),
    ],
  },
  {
    name: 'bind',
    package: 'bind9',
    binary: '/usr/sbin/named',
    port: 53,
    answers: { 'dns-version': {}, 'dns-root': {} },
    start: (dir, address) => [
      '/usr/sbin/named',
      '-g',
      '-4',
      '-c',
      file(
        dir,
        'conf',
        `options { directory "${dir}"; listen-on { ${address}; }; recursion no; pid-file none; session-keyfile none; dnssec-validation no; };
         controls { };`,
      ),
    ],
  },
  {
    name: 'chrony',
    package: 'chrony',
    binary: '/usr/sbin/chronyd',
    port: 123,
    answers: { ntp: {} },
    start: (dir) => [
      '/usr/sbin/chronyd',
      '-d',
      // Never touches the clock.
      '-x',
      '-u',
      'root',
      '-f',
      file(dir, 'conf', `allow all\ncmdport 0\nbindcmdaddress /\npidfile ${dir}/pid\n`),
    ],
  },
  {
    name: 'snmpd',
    package: 'snmpd',
    binary: '/usr/sbin/snmpd',
    port: 161,
    answers: { 'snmp-v1': {}, 'snmp-v2c': {}, 'snmp-v3': {} },
    start: (dir) => [
      ...['/usr/sbin/snmpd', '-f', '-Lo', '-C', '-c', file(dir, 'conf', 'rocommunity public\n')],
      ...['-p', join(dir, 'pid'), 'udp:161'],
    ],
    env: (dir) => ({ SNMP_PERSISTENT_DIR: dir, SNMPCONFPATH: dir }),
  },
  {
    name: 'tftpd',
    package: 'tftpd-hpa',
    binary: '/usr/sbin/in.tftpd',
    port: 69,
    answers: { tftp: {} },
    start: (dir) => ['/usr/sbin/in.tftpd', '-L', '-4', '-a', '0.0.0.0:69', '-u', 'root', '-s', dir],
  },
  {
    name: 'rpcbind',
    package: 'rpcbind',
    binary: '/usr/sbin/rpcbind',
    port: 111,
    answers: { rpcbind: {} },
    start: () => ['/usr/sbin/rpcbind', '-f'],
  },
  {
    name: 'memcached',
    package: 'memcached',
    binary: '/usr/bin/memcached',
    port: 11211,
    answers: { memcached: {} },
    start: (_dir, address) => ['/usr/bin/memcached', '-u', 'root', '-U', '11211', '-l', address, '-t', '1'],
  },
  {
    name: 'coturn',
    package: 'coturn',
    binary: '/usr/bin/turnserver',
    port: 3478,
    answers: { stun: {}, dtls: { port: 5349 } },
    start: (dir, address) => [
      ...[
        '/usr/bin/turnserver',
        '-n',
        '-L',
        address,
        '--no-cli',
        '-l',
        'stdout',
        '--pidfile',
        join(dir, 'pid'),
      ],
      ...[
        '--userdb',
        join(dir, 'db'),
        '--cert',
        certificate(dir).cert,
        '--pkey',
        certificate(dir).key,
        '-m',
        '1',
      ],
    ],
  },
  {
    // Answers clients only: the lab's networks are.
    name: 'freeradius',
    package: 'freeradius',
    binary: '/usr/sbin/freeradius',
    port: 1812,
    answers: { radius: {} },
    start: (dir) => {
      file(
        dir,
        'radiusd.conf',
        `logdir = ${dir}
         run_dir = ${dir}
         pidfile = ${dir}/pid
         security { reject_delay = 0 }
         thread pool {
           start_servers = 1
           max_servers = 2
           min_spare_servers = 1
           max_spare_servers = 2
         }
         modules {
           always reject {
             rcode = reject
           }
         }
         client lab {
           ipaddr = 10.77.0.0/16
           secret = testing123
           require_message_authenticator = no
         }
         server default {
           listen {
             type = auth
             ipaddr = *
             port = 1812
           }
           authorize {
             reject
           }
         }
        `,
      );
      return ['/usr/sbin/freeradius', '-f', '-l', 'stdout', '-n', 'radiusd', '-d', dir];
    },
  },
  {
    name: 'nmbd',
    package: 'samba',
    binary: '/usr/sbin/nmbd',
    port: 137,
    answers: { 'netbios-ns': {} },
    folders: ['/run/samba/nmbd', '/var/log/samba', '/var/lib/samba/private', '/var/cache/samba'],
    start: (dir) => [
      ...['/usr/sbin/nmbd', '-F', '--no-process-group', '--debug-stdout', '-s'],
      file(
        dir,
        'conf',
        `[global]\nnetbios name = LAB\n${['lock', 'state', 'cache', 'pid', 'private'].map((each) => `${each} ${each === 'private' ? 'dir' : 'directory'} = ${dir}\n`).join('')}`,
      ),
    ],
  },
  {
    name: 'avahi',
    package: 'avahi-daemon',
    binary: '/usr/sbin/avahi-daemon',
    port: 5353,
    answers: { mdns: {} },
    folders: ['/run/avahi-daemon'],
    start: (dir) => [
      ...['/usr/sbin/avahi-daemon', '--no-drop-root', '--no-chroot', '--no-rlimits', '-f'],
      file(
        dir,
        'conf',
        '[server]\nhost-name=lab\nenable-dbus=no\nuse-ipv6=no\n[publish]\npublish-workstation=yes\n',
      ),
    ],
  },
  {
    name: 'openvpn',
    package: 'openvpn',
    binary: '/usr/sbin/openvpn',
    port: 1194,
    answers: { openvpn: {} },
    start: (dir) => {
      const { cert, key } = certificate(dir);
      return [
        ...['/usr/sbin/openvpn', '--dev', 'null', '--proto', 'udp4', '--port', '1194', '--tls-server'],
        ...['--ca', cert, '--cert', cert, '--key', key, '--dh', 'none'],
      ];
    },
  },
  {
    name: 'strongswan',
    package: 'strongswan-charon',
    binary: '/usr/lib/ipsec/charon',
    port: 500,
    answers: { 'ike-v2': {}, 'ike-v1': {}, 'ike-nat-t': { port: 4500 } },
    start: (dir) => {
      file(
        dir,
        'strongswan.conf',
        'charon {\n load_modular = yes\n plugins {\n include /etc/strongswan.d/charon/*.conf\n }\n}\n',
      );
      return ['/usr/lib/ipsec/charon'];
    },
    env: (dir) => ({ STRONGSWAN_CONF: join(dir, 'strongswan.conf') }),
  },
  {
    name: 'xl2tpd',
    package: 'xl2tpd',
    binary: '/usr/sbin/xl2tpd',
    port: 1701,
    answers: { l2tp: {} },
    folders: ['/run/xl2tpd'],
    start: (dir) => [
      ...['/usr/sbin/xl2tpd', '-D', '-p', join(dir, 'pid'), '-C', join(dir, 'control'), '-c'],
      file(
        dir,
        'conf',
        '[global]\nport = 1701\n[lns default]\nip range = 10.99.0.2-10.99.0.9\nlocal ip = 10.99.0.1\n',
      ),
    ],
  },
  {
    name: 'kamailio',
    package: 'kamailio',
    binary: '/usr/sbin/kamailio',
    port: 5060,
    answers: { sip: {} },
    start: (dir, address) => [
      ...['/usr/sbin/kamailio', '-DD', '-E', '-n', '1', '-m', '32', '-M', '4', '-w', dir, '-Y', dir],
      ...['-P', join(dir, 'pid'), '-l', `udp:${address}:5060`, '-f'],
      file(
        dir,
        'conf',
        `loadmodule "sl.so"
         loadmodule "maxfwd.so"
         request_route {
           if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
           drop;
         }
        `,
      ),
    ],
  },
  {
    name: 'coap-server',
    package: 'libcoap3-bin',
    binary: '/usr/bin/coap-server-openssl',
    port: 5683,
    answers: { coap: {}, dtls: { port: 5684 } },
    start: (_dir, address) => ['/usr/bin/coap-server-openssl', '-A', address, '-k', 'key'],
  },
  {
    name: 'krb5kdc',
    package: 'krb5-kdc',
    binary: '/usr/sbin/krb5kdc',
    port: 88,
    answers: { kerberos: {} },
    start: (dir) => {
      file(dir, 'krb5.conf', '[libdefaults]\ndefault_realm = LAB.TEST\n[realms]\nLAB.TEST = {\n}\n');
      file(
        dir,
        'kdc.conf',
        `[realms]\nLAB.TEST = {\n database_name = ${dir}/db\n key_stash_file = ${dir}/stash\n kdc_ports = 88\n}\n`,
      );
      mustRunSync([
        ...['env', `KRB5_CONFIG=${dir}/krb5.conf`, `KRB5_KDC_PROFILE=${dir}/kdc.conf`],
        ...['/usr/sbin/kdb5_util', 'create', '-s', '-r', 'LAB.TEST', '-P', 'master'],
      ]);
      return ['/usr/sbin/krb5kdc', '-n', '-r', 'LAB.TEST', '-P', join(dir, 'pid')];
    },
    env: (dir) => ({ KRB5_CONFIG: `${dir}/krb5.conf`, KRB5_KDC_PROFILE: `${dir}/kdc.conf` }),
  },
  {
    name: 'murmur',
    package: 'mumble-server',
    binary: '/usr/sbin/murmurd',
    port: 64738,
    answers: { mumble: {} },
    start: (dir) => [
      ...['/usr/sbin/murmurd', '-fg', '-ini'],
      file(dir, 'conf', `database=${dir}/db.sqlite\nlogfile=\nbonjour=false\nhost=0.0.0.0\nuname=root\n`),
    ],
  },
  {
    name: 'inetd',
    package: 'inetutils-inetd',
    binary: '/usr/sbin/inetutils-inetd',
    port: 7,
    answers: { echo: {}, daytime: { port: 13 }, chargen: { port: 19 }, time: { port: 37 } },
    start: (dir) => [
      '/usr/sbin/inetutils-inetd',
      '-d',
      file(
        dir,
        'conf',
        ['echo', 'daytime', 'chargen', 'time']
          .map((name) => `${name} dgram udp wait root internal\n`)
          .join(''),
      ),
    ],
  },
  {
    name: 'ipmi_sim',
    package: 'openipmi',
    binary: '/usr/bin/ipmi_sim',
    port: 623,
    answers: { asf: {}, ipmi: {} },
    start: (dir) => [
      ...['/usr/bin/ipmi_sim', '-n', '-s', dir, '-c'],
      file(
        dir,
        'lan.conf',
        `name "lab"
         set_working_mc 0x20
         startlan 1
           addr 0.0.0.0 623
           priv_limit admin
           allowed_auths_callback none md5
           allowed_auths_user none md5
           allowed_auths_operator none md5
           allowed_auths_admin none md5
           guid a123456789abcdefa123456789abcdef
         endlan
         user 2 true "lab" "lab" admin 10 none md5
        `,
      ),
      '-f',
      file(
        dir,
        'lab.emu',
        'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n',
      ),
    ],
  },
  {
    name: 'knxd',
    package: 'knxd',
    binary: '/usr/bin/knxd',
    port: 3671,
    answers: { knx: {} },
    start: () => ['/usr/bin/knxd', '-e', '0.0.1', '-E', '0.0.2:4', '-D', '-T', '-S', '-b', 'dummy:'],
  },
  {
    name: 'miniupnpd',
    package: 'miniupnpd',
    binary: '/usr/sbin/miniupnpd',
    port: 1900,
    answers: { ssdp: {}, 'nat-pmp': { port: 5351 } },
    start: (dir) => [
      ...['/usr/sbin/miniupnpd', '-d', '-P', join(dir, 'pid'), '-f'],
      file(
        dir,
        'conf',
        `ext_ifname=ext0
         ext_ip=11.22.33.44
         listening_ip=eth0
         enable_natpmp=yes
         enable_upnp=yes
         uuid=00000000-0000-4000-8000-000000000001
         allow 1024-65535 10.77.0.0/16 1024-65535
        `,
      ),
    ],
  },
  {
    name: 'bird',
    package: 'bird2',
    binary: '/usr/sbin/bird',
    port: 520,
    answers: { rip: { sourcePort: 520 } },
    start: (dir) => [
      ...['/usr/sbin/bird', '-f', '-s', join(dir, 'ctl'), '-P', join(dir, 'pid'), '-c'],
      file(
        dir,
        'conf',
        `log stderr all;
         debug protocols all;
         router id 10.77.1.10;
         protocol device { }
         protocol static { ipv4; route 198.51.100.0/24 blackhole; }
         protocol rip { ipv4 { import all; export all; }; interface "eth0" { }; }
        `,
      ),
    ],
  },
  {
    name: 'ngtcp2',
    package: 'ngtcp2-server',
    binary: '/usr/sbin/gtlsserver',
    port: 4433,
    answers: { quic: {} },
    start: (dir, address) => [
      '/usr/sbin/gtlsserver',
      ...['-q', '-d', dir, address, '4433', certificate(dir).key, certificate(dir).cert],
    ],
  },
  {
    name: 'openssl',
    package: 'openssl',
    binary: '/usr/bin/openssl',
    port: 4433,
    answers: { dtls: {} },
    start: (dir, address) => [
      ...['/usr/bin/openssl', 's_server', '-dtls', '-listen', '-quiet', '-accept', `${address}:4433`],
      ...['-cert', certificate(dir).cert, '-key', certificate(dir).key],
    ],
  },
  {
    name: 'osmo-ggsn',
    package: 'osmo-ggsn',
    binary: '/usr/bin/osmo-ggsn',
    port: 2123,
    answers: { 'gtp-v1': {} },
    start: (dir, address) => [
      '/usr/bin/osmo-ggsn',
      '-c',
      file(dir, 'conf', `ggsn lab\n gtp state-dir ${dir}\n gtp bind-ip ${address}\n no shutdown ggsn\n`),
    ],
  },
  {
    name: 'osmo-mgw',
    package: 'osmo-mgw',
    binary: '/usr/bin/osmo-mgw',
    port: 2427,
    answers: { mgcp: {} },
    start: (dir, address) => [
      '/usr/bin/osmo-mgw',
      '-c',
      file(dir, 'conf', `mgcp\n bind ip ${address}\n bind port 2427\n rtp port-range 4002 4100\n`),
    ],
  },
  {
    name: 'dhcpd',
    package: 'isc-dhcp-server',
    binary: '/usr/sbin/dhcpd',
    port: 67,
    answers: { dhcp: { sourcePort: 68 } },
    start: (dir) => [
      ...['/usr/sbin/dhcpd', '-f', '-4', '-lf', file(dir, 'leases', ''), '-pf', join(dir, 'pid'), '-cf'],
      file(
        dir,
        'conf',
        'authoritative;\nsubnet 10.77.1.0 netmask 255.255.255.0 { range 10.77.1.100 10.77.1.110; option routers 10.77.1.1; }\n',
      ),
      'eth0',
    ],
  },
  {
    name: 'opentracker',
    package: 'opentracker',
    binary: '/usr/bin/opentracker',
    port: 6969,
    answers: { 'bittorrent-tracker': {} },
    start: (dir, address) => ['/usr/bin/opentracker', '-i', address, '-P', '6969', '-u', 'nobody', '-d', dir],
  },
];

/** The Debian packages of all servers, for whoever sets up the machine. */
export const udpServerPackages: readonly string[] = [...new Set(udpServers.map((server) => server.package))];

/** The command line of a server, with folders of its own where Debian's programs keep state. */
export function udpServerCommand(server: UdpServer, dir: string, address: string): string[] {
  const hide = ['/run', '/var/lib', '/var/log', '/var/cache'].map((path) => `mount -t tmpfs none ${path}`);
  const make = (server.folders ?? []).map((path) => `mkdir -p ${path}`);
  const script = `${[...hide, ...make].join(';')}; exec "$@"`;
  return ['sh', '-e', '-c', script, 'sh', ...server.start(dir, address)];
}

function file(dir: string, name: string, content: string): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** A key and a certificate for it, made once a folder. */
function certificate(dir: string): { readonly key: string; readonly cert: string } {
  const made = { key: join(dir, 'key.pem'), cert: join(dir, 'cert.pem') };
  if (!existsSync(made.key)) {
    mustRunSync([
      ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', '/CN=lab.test', '-keyout', made.key, '-out', made.cert],
    ]);
  }
  return made;
}
