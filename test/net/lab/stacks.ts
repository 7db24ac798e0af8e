/**
 * Machines whose stack is not this kernel's: programs from Debian's packages that bring one of their own, each in
 * namespaces with no way out, asked by both families and with all ports but one filtered.
 *
 * ```
 * scanner 10.83.0.1 ── bridge ── tap ── stack 10.83.0.2
 * scanner 10.0.2.100 ── tap ── stack, which answers for loopback of the namespace behind it
 * ```
 *
 * @module
 */

import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from './listen.ts';
import type { Namespace } from './namespace.ts';
import { mustRunSync, until } from './process.ts';
import { ready } from './script.ts';
import { wired } from './wired.ts';

/** A stack that can be had. */
export interface RealStack {
  readonly name: string;
  /** Debian's, that bring it or what it takes to build it. */
  readonly packages: readonly string[];
  /** What must be there. */
  readonly files: readonly string[];
  /** What it must be called. */
  readonly family: string;
  readonly generation?: string;
  start(): Promise<StackLab>;
}

/** A running one: TCP ports 22 and 80 are open. */
export interface StackLab {
  readonly scanner: Namespace;
  readonly addresses: readonly [v4: string, v6: string];
  /** Lets nothing through but TCP port 22 and ICMP. */
  filter(): void;
  close(): void;
}

/** Every one. */
export const realStacks: readonly RealStack[] = [
  {
    name: 'user-mode-linux',
    packages: ['user-mode-linux', 'busybox-static'],
    files: ['/usr/bin/linux.uml', '/bin/busybox'],
    family: 'Linux',
    generation: '4.19-7.x',
    start: () => bridged('uml', startLinux),
  },
  {
    name: 'lwIP',
    packages: ['liblwip-dev', 'gcc', 'libc6-dev'],
    files: ['/usr/include/lwip/netif/tapif.h', '/usr/bin/gcc'],
    family: 'embedded',
    start: () => bridged('lwip', startLwip),
  },
  {
    name: 'gVisor',
    packages: ['golang-go', 'golang-gvisor-gvisor-dev'],
    files: ['/usr/share/gocode/src/gvisor.dev/gvisor/pkg/tcpip/tcpip.go', '/usr/bin/go'],
    family: 'gVisor',
    start: () => bridged('gvisor', startNetstack),
  },
  {
    name: 'slirp4netns',
    packages: ['slirp4netns'],
    files: ['/usr/bin/slirp4netns'],
    family: 'libslirp',
    start: () => behind('slirp', ['10.0.2.2', 'fd00::2'], startSlirp),
  },
  {
    name: 'passt',
    packages: ['passt'],
    files: ['/usr/bin/pasta'],
    family: 'passt',
    start: () => behind('passt', ['10.83.1.1', 'fd83:1::1'], startPasta),
  },
];

/** Whether all that it takes is installed. */
export function isThere({ files }: RealStack): boolean {
  return files.every(existsSync);
}

/** A stack on a tap interface, bridged to the scanner. */
async function bridged(
  id: string,
  begin: (gate: Namespace, folder: string) => Promise<void>,
): Promise<StackLab> {
  const lab = wired(`stack-${id}`, 'scanner', 'gate');
  try {
    const { scanner, gate } = lab.at;
    lab.wire('scanner', 'gate', 'eth0', 'near');
    gate.ip(
      'link add br0 type bridge mcast_snooping 0',
      'link set br0 up',
      'link set near master br0',
      'tuntap add tap0 mode tap',
      'link set tap0 master br0 up',
    );
    scanner.ip('addr add 10.83.0.1/24 dev eth0', 'addr add fd83::1/64 dev eth0 nodad');
    await begin(gate, gate.folder);
    return {
      scanner,
      addresses: ['10.83.0.2', 'fd83::2'],
      filter: () =>
        gate.nft(`table bridge filter {
          chain through {
            type filter hook forward priority 0
            oifname "tap0" tcp dport != 22 drop
            oifname "tap0" meta l4proto udp drop
          }
        }`),
      close: lab.close,
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}

/** A stack that speaks for the loopback of a namespace of its own; it puts the interface into the scanner's. */
async function behind(
  id: string,
  addresses: StackLab['addresses'],
  begin: (outer: Namespace, scanner: Namespace) => void,
): Promise<StackLab> {
  const lab = wired(`stack-${id}`, 'scanner', 'outer');
  try {
    const { scanner, outer } = lab.at;
    await listen(outer, { tcp: '22,80' });
    begin(outer, scanner);
    await until('the interface to be there', () =>
      /^tap0 .*\b10\./m.test(mustRunSync(['ip', '-n', scanner.name, '-br', 'addr'])),
    );
    // No router's word is taken for it in labs.
    scanner.ip(`addr replace ${addresses[1].replace(/::.*/, '::64')}/64 dev tap0 nodad`);
    return {
      scanner,
      addresses,
      filter: () =>
        outer.nft(`table inet filter {
          chain in {
            type filter hook input priority 0
            tcp dport != 22 tcp flags & (syn | ack) == syn drop
            meta l4proto udp drop
          }
        }`),
      close: lab.close,
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}

/** A kernel that runs as a program. Its disk is a folder, of which it may only read. */
function startLinux(gate: Namespace, folder: string): Promise<void> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'tmp']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  const modules = '/usr/lib/uml/modules';
  const [version = ''] = existsSync(modules) ? readdirSync(modules) : [];
  const needed = ['kernel/lib/crc-ccitt.ko', 'kernel/net/ipv6/ipv6.ko'].map((path) =>
    join(modules, version, path),
  );
  for (const [i, path] of needed.entries()) if (existsSync(path)) copyFileSync(path, join(root, `${i}.ko`));
  const lines = [
    '#!/bin/busybox sh',
    'b=/bin/busybox',
    '$b mount -t proc none /proc',
    'for one in 0 1; do [ ! -f /$one.ko ] || $b insmod /$one.ko; done',
    'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad',
    '$b ip link set lo up',
    '$b ip addr add 10.83.0.2/24 dev vec0',
    '$b ip link set vec0 up',
    '$b ip addr add fd83::2/64 dev vec0',
    'for port in 22 80; do $b httpd -p $port -h /tmp; done',
    'echo ready',
    'while :; do $b sleep 1000; done',
  ];
  writeFileSync(join(root, 'init'), `${lines.join('\n')}\n`);
  chmodSync(join(root, 'init'), 0o755);
  const words = [
    'mem=64M',
    'root=/dev/root',
    'rootfstype=hostfs',
    `rootflags=${root}`,
    'ro',
    'init=/init',
    'quiet',
  ];
  const devices = ['vec0:transport=tap,ifname=tap0,depth=64,gro=0', 'con=null', 'con0=null,fd:1'];
  return ready('Linux', gate.spawn(['linux.uml', ...words, ...devices, `uml_dir=${folder}/uml`]));
}

function startLwip(gate: Namespace, folder: string): Promise<void> {
  const program = join(folder, 'lwip');
  mustRunSync(['gcc', '-O1', '-I/usr/include/lwip', join(here, 'lwip-program.c'), '-llwip', '-o', program]);
  const words = ['10.83.0.2', '255.255.255.0', '10.83.0.1', 'fd83::2', '22', '80'];
  return ready('lwIP', gate.spawn([program, ...words], { env: { PRECONFIGURED_TAPIF: 'tap0' } }));
}

function startNetstack(gate: Namespace, folder: string): Promise<void> {
  const program = join(folder, 'netstack');
  const environment = [
    'GO111MODULE=off',
    'GOPATH=/usr/share/gocode',
    'CGO_ENABLED=0',
    `GOCACHE=${folder}/go`,
  ];
  mustRunSync(['env', ...environment, 'go', 'build', '-o', program, join(here, 'netstack-program.go')]);
  return ready('gVisor', gate.spawn([program, 'tap0', '10.83.0.2', '24', 'fd83::2', '64', '22', '80']));
}

function startSlirp(outer: Namespace, scanner: Namespace): void {
  const words = [
    '--configure',
    '--enable-ipv6',
    '--mtu=1500',
    '--netns-type=path',
    `/run/netns/${scanner.name}`,
  ];
  outer.spawn(['slirp4netns', ...words, 'tap0']);
}

/** It copies addresses and routes of an interface, which leads nowhere. */
function startPasta(outer: Namespace, scanner: Namespace): void {
  outer.ip(
    'link add eth0 type veth peer name nowhere',
    'link set eth0 up',
    'link set nowhere up',
    'addr add 10.83.1.2/24 dev eth0',
    'addr add fd83:1::2/64 dev eth0 nodad',
    'route add default via 10.83.1.1',
    'route add ::/0 via fd83:1::1',
  );
  const place = ['--netns-only', '--netns', `/run/netns/${scanner.name}`, '-I', 'tap0', '-i', 'eth0'];
  const noPorts = ['-t', 'none', '-u', 'none', '-T', 'none', '-U', 'none'];
  outer.spawn(['pasta', '--runas', '0', '-f', '--config-net', ...place, ...noPorts]);
}

const here = dirname(fileURLToPath(import.meta.url));
