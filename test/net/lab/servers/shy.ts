/**
 * Servers that say nothing to strangers: most hang up on words that are not their own, some wait for ever. They are judged
 * by themselves, since no order of questions finds all of them soon.
 *
 * @module
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, file, type Server } from './server.ts';

/** Servers that answer their own words alone. */
export const shyServers: readonly Server[] = [
  {
    package: 'openjdk-17-jre-headless',
    binary: '/usr/lib/jvm/java-17-openjdk-amd64/bin/rmiregistry',
    says: [{ port: 26_001, name: 'java-rmi' }],
    start: () => ['/usr/lib/jvm/java-17-openjdk-amd64/bin/rmiregistry', '26001'],
  },
  {
    package: 'erlang-base',
    binary: '/usr/bin/epmd',
    says: [{ port: 26_002, name: 'epmd' }],
    start: () => ['/usr/bin/epmd', '-port', '26002'],
  },
  {
    package: 'tomcat10',
    binary: '/usr/share/tomcat10/bin/bootstrap.jar',
    says: [{ port: 26_003, name: 'ajp13' }],
    start: (dir) => {
      for (const name of ['conf', 'logs', 'temp', 'webapps', 'work']) mkdirSync(join(dir, name));
      file(
        join(dir, 'conf'),
        'server.xml',
        '<Server port="-1"><Service name="Catalina"><Connector protocol="AJP/1.3" address="0.0.0.0" port="26003" secretRequired="false"/><Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>',
      );
      const home = '/usr/share/tomcat10';
      return [
        ...['/usr/bin/java', '-Xmx96m', `-Dcatalina.home=${home}`, `-Dcatalina.base=${dir}`, '-cp'],
        `${home}/bin/bootstrap.jar:${home}/bin/tomcat-juli.jar`,
        ...['org.apache.catalina.startup.Bootstrap', 'start'],
      ];
    },
  },
  {
    package: 'openvpn',
    binary: '/usr/sbin/openvpn',
    says: [{ port: 26_004, name: 'openvpn' }],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      return [
        ...['/usr/sbin/openvpn', '--proto', 'tcp-server', '--port', '26004', '--dev', 'tun', '--dh', 'none'],
        ...['--server', '10.99.0.0', '255.255.255.0', '--topology', 'subnet'],
        ...['--ca', cert, '--cert', cert, '--key', key],
      ];
    },
  },
  {
    package: 'pptpd',
    binary: '/usr/sbin/pptpd',
    says: [{ port: 26_005, isAt: 1723, name: 'pptp' }],
    // It knows one port alone.
    start: (dir) => [
      ...['sh', '-c', `nft -f "$1"; exec /usr/sbin/pptpd -f -c "$2" -o "$3" -p "$4"`, 'sh'],
      file(
        dir,
        'nft',
        'table ip pptp { chain in { type nat hook prerouting priority -100; tcp dport 26005 redirect to :1723; }; }\n',
      ),
      file(dir, 'conf', 'localip 10.98.0.1\nremoteip 10.98.0.2-9\n'),
      file(dir, 'options', ''),
      join(dir, 'pid'),
    ],
  },
  {
    package: 'nagios-nrpe-server',
    binary: '/usr/sbin/nrpe',
    says: [{ port: 26_006, name: 'nrpe', tls: true }],
    start: (dir) => ['/usr/sbin/nrpe', '-f', '-c', nrpe(dir, 26_006)],
  },
  {
    package: 'nagios-nrpe-server',
    binary: '/usr/sbin/nrpe',
    says: [{ port: 26_007, name: 'nrpe', tells: 'version' }],
    start: (dir) => ['/usr/sbin/nrpe', '-n', '-f', '-c', nrpe(dir, 26_007)],
  },
  {
    package: 'sane-utils',
    binary: '/usr/sbin/saned',
    says: [{ port: 26_008, name: 'sane-port' }],
    start: (dir) => [
      'sh',
      '-c',
      'mount --bind "$1" /etc/sane.d/saned.conf; exec /usr/sbin/saned -l -e -b 0.0.0.0 -p 26008',
      'sh',
      file(dir, 'conf', '0.0.0.0/0\n'),
    ],
  },
  {
    package: 'oidentd',
    binary: '/usr/sbin/oidentd',
    says: [{ port: 26_009, name: 'ident' }],
    start: () => ['/usr/sbin/oidentd', '-i', '-a', '0.0.0.0', '-p', '26009', '-u', '0', '-g', '0'],
  },
  {
    package: 'tgt',
    binary: '/usr/sbin/tgtd',
    says: [{ port: 26_010, name: 'iscsi' }],
    // Without a target for them it hangs up on all that come.
    start: () => [
      'sh',
      '-c',
      '/usr/sbin/tgtd -f -C 7 --iscsi portal=0.0.0.0:26010 & until tgtadm -C 7 --lld iscsi --op new --mode target --tid 1 -T iqn.2026-01.lab:one; do sleep 0.2; done; tgtadm -C 7 --lld iscsi --op bind --mode target --tid 1 -I ALL; wait',
    ],
  },
  {
    package: 'nfs-ganesha',
    needs: ['nfs-ganesha-vfs'],
    binary: '/usr/bin/ganesha.nfsd',
    says: [{ port: 26_011, name: 'nfs' }],
    folders: ['/run/ganesha', '/var/lib/nfs/ganesha', '/var/log/ganesha'],
    start: (dir) => [
      ...['/usr/bin/ganesha.nfsd', '-F', '-L', join(dir, 'log'), '-p', join(dir, 'pid'), '-f'],
      file(
        dir,
        'conf',
        'NFS_CORE_PARAM { NFS_Port = 26011; MNT_Port = 26012; Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }\nNFSv4 { RecoveryRoot = /run/ganesha; Graceless = true; }\n',
      ),
    ],
  },
  {
    package: 'samba',
    binary: '/usr/libexec/samba/samba-dcerpcd',
    says: [{ port: 26_013, isAt: 135, name: 'msrpc' }],
    folders: ['/var/lib/samba/private', '/run/samba', '/var/log/samba', '/var/cache/samba'],
    // The mapper knows one port alone.
    start: (dir) => [
      ...[
        'sh',
        '-c',
        `mkdir -m 755 "$3"; nft -f "$1"; exec /usr/libexec/samba/samba-dcerpcd -F -s "$2" --libexec-rpcds`,
        'sh',
      ],
      file(
        dir,
        'nft',
        'table ip msrpc { chain in { type nat hook prerouting priority -100; tcp dport 26013 redirect to :135; }; }\n',
      ),
      file(
        dir,
        'conf',
        `[global]\nserver role = standalone server\nrpc start on demand helpers = no\nlog file = ${dir}/log\nlock directory = ${dir}\nstate directory = ${dir}\ncache directory = ${dir}\nprivate dir = ${dir}\npid directory = ${dir}\nncalrpc dir = ${dir}/rpc\nload printers = no\ndisable spoolss = yes\n`,
      ),
      join(dir, 'rpc'),
    ],
  },
  {
    package: 'nutcracker',
    binary: '/usr/sbin/nutcracker',
    says: [{ port: 26_014, name: 'redis' }],
    folders: ['/var/log/nutcracker'],
    start: (dir) => [
      ...['/usr/sbin/nutcracker', '-s', '26114', '-c'],
      file(dir, 'conf', 'lab:\n  listen: 0.0.0.0:26014\n  redis: true\n  servers:\n   - 127.0.0.1:1:1 one\n'),
    ],
  },
  {
    package: 'opendkim',
    binary: '/usr/sbin/opendkim',
    says: [{ port: 26_015, name: 'milter' }],
    start: (dir) => [
      ...['/usr/sbin/opendkim', '-f', '-x'],
      file(dir, 'conf', `Mode v\nSocket inet:26015@0.0.0.0\nPidFile ${dir}/pid\nUserID root\n`),
    ],
  },
  {
    package: 'haproxy',
    needs: ['caddy'],
    binary: '/usr/sbin/haproxy',
    says: [{ port: 26_016, name: 'http' }],
    start: (dir) => [
      ...['/usr/sbin/haproxy', '-db', '-f'],
      file(
        dir,
        'conf',
        'defaults\n timeout connect 1s\n timeout client 9s\n timeout server 9s\n mode http\nfrontend f\n bind 0.0.0.0:26016 accept-proxy\n http-request return status 200\n',
      ),
    ],
  },
];

function nrpe(dir: string, port: number): string {
  return file(
    dir,
    'conf',
    `server_address=0.0.0.0\nserver_port=${port}\nallowed_hosts=10.0.0.0/8\nnrpe_user=nagios\nnrpe_group=nagios\npid_file=${dir}/pid\n`,
  );
}
