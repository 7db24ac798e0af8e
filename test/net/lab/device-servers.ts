/**
 * Programs from Debian's packages by which machines tell what they are, each with a configuration of its own in a folder of
 * the lab, for hosts of the lab of devices.
 *
 * @module
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunSync } from './process.ts';

/** A program on a host. */
export interface DeviceServer {
  readonly binary: string;
  /** Writes its configuration into a folder of its own; returns the command line. */
  start(dir: string, host: ServedHost): readonly string[];
  readonly env?: (dir: string) => Readonly<Record<string, string>>;
}

/** The host that it serves. */
export interface ServedHost {
  readonly name: string;
  readonly address: string;
}

/** Whether all that a host runs is installed. */
export function isInstalled(servers: readonly DeviceServer[]): boolean {
  return servers.every(({ binary }) => existsSync(binary));
}

/** Runs in a mount namespace whose /run, /var/lib, /var/log, /var/cache and /var/spool are empty, so that nothing of this machine is touched. */
export function deviceServerCommand(server: DeviceServer, dir: string, host: ServedHost): string[] {
  mkdirSync(dir, { recursive: true });
  const made = ['/run/avahi-daemon', '/run/samba/nmbd', '/var/lib/samba/private', '/var/log/samba']
    .concat(['/var/cache/samba', '/run/cups', '/var/spool/cups/tmp', '/var/cache/cups', '/run/sshd'])
    .join(' ');
  const mounts = 'for one in /run /var/lib /var/log /var/cache /var/spool; do mount -t tmpfs none $one; done';
  return [...['sh', '-e', '-c', `${mounts}; mkdir -p ${made}; exec "$@"`, 'sh'], ...server.start(dir, host)];
}

/** Announces a host and services of DNS-SD; `services` are whole files of Avahi's. */
export function avahi(...services: readonly string[]): DeviceServer {
  return {
    binary: '/usr/sbin/avahi-daemon',
    start(dir, { name }) {
      const files = services.map((service, i) => file(dir, `${i}.service`, service));
      const config = `[server]\nhost-name=${name}\nenable-dbus=no\nratelimit-burst=1000\n[publish]\npublish-workstation=no\n`;
      // It reads services from this place alone.
      const place = '/run/portolan-services';
      return [
        ...['sh', '-e', '-c'],
        `mkdir -p ${place}; [ $# -eq 1 ] || cp "$@" ${place}/ 2>/dev/null; mount --bind ${place} /etc/avahi/services; exec /usr/sbin/avahi-daemon --no-drop-root --no-chroot --no-rlimits -f ${file(dir, 'conf', config)}`,
        ...['sh', ...files, '/dev/null'],
      ];
    },
  };
}

/** A service of Avahi's, with its texts. */
export function service(name: string, type: string, port: number, ...texts: readonly string[]): string {
  const records = texts.map((text) => `<txt-record>${text}</txt-record>`).join('');
  return `<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group><name>${name}</name><service><type>${type}</type><port>${port}</port>${records}</service></service-group>`;
}

/** An agent of SNMP that knows everybody by `public`. */
export const snmpd: DeviceServer = {
  binary: '/usr/sbin/snmpd',
  start: (dir, { name }) => [
    ...['/usr/sbin/snmpd', '-f', '-Lo', '-C', '-c'],
    file(dir, 'conf', `rocommunity public\nrocommunity6 public\nsysName ${name}\n`),
    ...['-p', join(dir, 'pid'), 'udp:161,udp6:161'],
  ],
  env: (dir) => ({ SNMP_PERSISTENT_DIR: dir, SNMPCONFPATH: dir }),
};

/** Samba's names. */
export const nmbd: DeviceServer = {
  binary: '/usr/sbin/nmbd',
  start: (dir, { name }) => [
    ...['/usr/sbin/nmbd', '-F', '--no-process-group', '--debug-stdout', '-s'],
    file(
      dir,
      'conf',
      `[global]\nnetbios name = ${name}\nworkgroup = LAB\n${['lock', 'state', 'cache', 'pid', 'private'].map((each) => `${each} ${each === 'private' ? 'dir' : 'directory'} = ${dir}\n`).join('')}`,
    ),
  ],
};

/** A server of media. */
export const minidlna: DeviceServer = {
  binary: '/usr/sbin/minidlnad',
  start: (dir, { name }) => [
    ...['/usr/sbin/minidlnad', '-S', '-f'],
    file(
      dir,
      'conf',
      `media_dir=${dir}\nfriendly_name=${name}\ndb_dir=${dir}\nlog_dir=${dir}\nport=8200\nnetwork_interface=eth0\ninotify=no\n`,
    ),
    ...['-P', join(dir, 'pid')],
  ],
};

/** A server of printers with a queue for a printer that stands elsewhere. */
export const cups: DeviceServer = {
  binary: '/usr/sbin/cupsd',
  start: (dir) => [
    ...['/usr/sbin/cupsd', '-f', '-c'],
    file(
      dir,
      'cupsd.conf',
      'Listen 0.0.0.0:631\nBrowsing Off\nServerAlias *\nDefaultAuthType None\n<Location />\nAllow all\n</Location>\n',
    ),
    ...[
      '-s',
      file(
        dir,
        'cups-files.conf',
        `ServerRoot ${dir}\nStateDir ${dir}\nCacheDir ${dir}\nRequestRoot ${dir}\nTempDir ${dir}\nAccessLog ${dir}/access\nErrorLog ${dir}/error\nPageLog ${dir}/page\nUser root\nGroup lp\nSystemGroup root\n`,
      ),
    ],
  ],
};

/** WS-Discovery, in two ways. */
export const wsdd: DeviceServer = {
  binary: '/usr/sbin/wsdd',
  start: (_, { name }) => ['/usr/sbin/wsdd', '-i', 'eth0', '-4', '-n', name, '-w', 'LAB'],
};

/** A router that lets others open ports (IGD). */
export const miniupnpd: DeviceServer = {
  binary: '/usr/sbin/miniupnpd',
  start: (dir) => [
    ...['/usr/sbin/miniupnpd', '-d', '-f'],
    file(
      dir,
      'conf',
      'ext_ifname=ext0\nlistening_ip=eth0\nport=5000\nenable_upnp=yes\nuuid=6a3b0c52-3a55-4b1f-9c6f-000000000019\nfriendly_name=edge\n',
    ),
    ...['-P', join(dir, 'pid')],
  ],
};

/** SSH with a key of its own. */
export const sshd: DeviceServer = {
  binary: '/usr/sbin/sshd',
  start(dir) {
    const key = join(dir, 'key');
    if (!existsSync(key)) mustRunSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
    return [
      ...['/usr/sbin/sshd', '-D', '-e', '-f', file(dir, 'conf', 'UsePAM no\n'), '-h', key],
      ...['-o', `PidFile=${dir}/pid`],
    ];
  },
};

function file(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}
