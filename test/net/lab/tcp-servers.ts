/**
 * Real TCP servers from Debian's packages on odd ports, each with a configuration of its own in a folder of the lab, as
 * `udp-servers.ts` has them.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunSync } from './process.ts';

/** A server, and what is to be found out about it. */
export interface TcpServer {
  /** The Debian package that holds {@link binary}, whose version is what the server must be told to have. */
  readonly package: string;
  readonly binary: string;
  readonly port: number;
  readonly name: string;
  readonly product?: string;
  /** Whether it tells its version. */
  readonly tells: 'version' | 'nothing';
  readonly tls?: true;
  /** Writes the configuration into an empty folder; returns the command line that serves there. */
  start(dir: string): readonly string[];
}

/** Every server. */
export const tcpServers: readonly TcpServer[] = [
  {
    package: 'openssh-server',
    binary: '/usr/sbin/sshd',
    port: 2201,
    name: 'ssh',
    product: 'OpenSSH',
    tells: 'version',
    start: (dir) => {
      mkdirSync('/run/sshd', { recursive: true });
      mustRunSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'key')]);
      return [
        '/usr/sbin/sshd',
        '-D',
        '-f',
        '/dev/null',
        '-p',
        '2201',
        '-h',
        join(dir, 'key'),
        '-o',
        `PidFile=${dir}/pid`,
      ];
    },
  },
  {
    package: 'nginx',
    binary: '/usr/sbin/nginx',
    port: 8101,
    name: 'http',
    product: 'nginx',
    tells: 'version',
    start: (dir) => nginx(dir, 'listen 8101;'),
  },
  {
    package: 'nginx',
    binary: '/usr/sbin/nginx',
    port: 8102,
    name: 'http',
    product: 'nginx',
    tells: 'nothing',
    tls: true,
    start: (dir) => {
      mustRunSync([
        ...[
          'openssl',
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=services.lab',
        ],
        ...['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')],
      ]);
      return nginx(
        dir,
        `listen 8102 ssl; server_tokens off; ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem;`,
      );
    },
  },
  {
    package: 'vsftpd',
    binary: '/usr/sbin/vsftpd',
    port: 2102,
    name: 'ftp',
    product: 'vsftpd',
    tells: 'version',
    start: (dir) => [
      '/usr/sbin/vsftpd',
      file(
        dir,
        'conf',
        `listen=YES\nlisten_port=2102\nbackground=NO\nanonymous_enable=YES\nseccomp_sandbox=NO\nsecure_chroot_dir=${dir}\n`,
      ),
    ],
  },
  {
    package: 'redis-server',
    binary: '/usr/bin/redis-server',
    port: 6401,
    name: 'redis',
    product: 'Redis key-value store',
    tells: 'version',
    start: (dir) => [
      '/usr/bin/redis-server',
      '--port',
      '6401',
      '--bind',
      '0.0.0.0',
      '--protected-mode',
      'no',
      '--save',
      '',
      '--dir',
      dir,
    ],
  },
  {
    package: 'memcached',
    binary: '/usr/bin/memcached',
    port: 11_301,
    name: 'memcached',
    product: 'Memcached',
    tells: 'version',
    start: () => ['/usr/bin/memcached', '-u', 'nobody', '-p', '11301', '-U', '0'],
  },
  {
    package: 'mosquitto',
    binary: '/usr/sbin/mosquitto',
    port: 1901,
    name: 'mqtt',
    product: 'Mosquitto',
    tells: 'version',
    start: (dir) => ['/usr/sbin/mosquitto', '-c', file(dir, 'conf', 'listener 1901\nallow_anonymous true\n')],
  },
  {
    package: 'lighttpd',
    binary: '/usr/sbin/lighttpd',
    port: 8104,
    name: 'http',
    product: 'lighttpd',
    tells: 'version',
    start: (dir) => [
      '/usr/sbin/lighttpd',
      '-D',
      '-f',
      file(dir, 'conf', `server.document-root = "${dir}"\nserver.port = 8104\n`),
    ],
  },
  {
    package: 'rsync',
    binary: '/usr/bin/rsync',
    port: 8730,
    name: 'rsync',
    tells: 'nothing',
    start: (dir) => [
      '/usr/bin/rsync',
      '--daemon',
      '--no-detach',
      `--config=${file(dir, 'conf', `port = 8730\nuse chroot = no\n[files]\npath = ${dir}\n`)}`,
    ],
  },
];

/** The packages that hold them. */
export const tcpServerPackages: readonly string[] = [...new Set(tcpServers.map((server) => server.package))];

function nginx(dir: string, server: string): readonly string[] {
  const text = `pid ${dir}/pid; error_log ${dir}/errors; events {} http { access_log off; server { ${server} location / { return 200 "<title>A page</title>"; } } }`;
  return ['/usr/sbin/nginx', '-c', file(dir, 'conf', text), '-g', 'daemon off;'];
}

function file(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}
