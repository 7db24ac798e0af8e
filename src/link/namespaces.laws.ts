/**
 * Real links between two namespaces: ours ("a") and the target's ("b"), joined by a veth pair and by TUNs. Test code.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { libc } from '../system/ffi.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { writeIpv4Checksum } from '../wire/checksum.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { writeTransportChecksum } from '../wire/transport-checksum.ts';
import { type BatchTaker, type Link, monotonicUs } from './link.ts';
import { type LinkWants, openLink } from './open.ts';

const prefix = `pl${process.pid}`;
/** The names of the two namespaces. */
export const [a, b] = [`${prefix}a`, `${prefix}b`];

/** Why the namespaces cannot be made here. */
export const missing = whyNot();
const title = missing === undefined ? 'links in namespaces' : `links in namespaces (skipped: ${missing})`;

let tuns: readonly [number, number] = [-1, -1];

/** Runs tests in namespace "a". */
export function linksInNamespaces(tests: () => void): void {
  describe.skipIf(missing !== undefined)(title, () => {
    let home = -1;
    const listeners: number[] = [];

    beforeAll(() => {
      for (const name of [a, b]) {
        ip(`netns add ${name}`);
        ip(`-n ${name} link set lo up`);
        // Nothing but what the tests send shall be on the links.
        inside(name, 'sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0');
      }
      ip(`link add v0 netns ${a} type veth peer name v0 netns ${b}`);
      for (const [name, last] of [
        [a, 1],
        [b, 2],
      ] as const) {
        ip(`-n ${name} addr add 10.87.0.${last}/24 dev v0`);
        ip(`-n ${name} addr add fd87::${last}/64 dev v0 nodad`);
        ip(`-n ${name} link set v0 up`);
      }
      home = openSync('/proc/thread-self/ns/net', 'r');
      tuns = [openTun(b, 2), openTun(a, 1)];
      for (const name of [b, a]) {
        enter(name);
        listeners.push(listen(8080));
      }
    });

    afterAll(() => {
      if (home >= 0) setns(home);
      for (const fd of [...listeners, ...tuns]) if (fd >= 0) libc().close(fd);
      for (const name of [a, b]) spawnSync('ip', ['netns', 'del', name]);
    });

    tests();
  });
}

/** Carries packets between the two TUNs. */
export function pump(): void {
  for (const [from, to] of [tuns, [...tuns].reverse()] as const) {
    for (let length = readTun(from as number); length > 0; length = readTun(from as number)) {
      writeSync(to as number, tunBuffer, 0, length);
    }
  }
}

/** What came back to us. */
interface Answer {
  readonly source: string;
  readonly port: number;
  readonly localPort: number;
  readonly flags: string;
  readonly icmpType: number;
  readonly atUs: number;
}

/** Opens a link on our interface of this name. */
export function open(name: string, wants: LinkWants): Link {
  const way = listInterfaces().find((one) => one.name === name);
  if (way === undefined) throw new Error(`no interface ${name}`);
  return openLink(way, wants);
}

/** Stages SYNs from one slot on, and lets them leave. */
export function send(
  link: Link,
  from: string,
  to: string,
  ports: readonly number[],
  slot = 0,
  flush = true,
  local = 40000,
): void {
  const mac = link.mac === null ? null : resolve(to, link.name);
  for (const [i, port] of ports.entries()) stageSyn(link, slot + i, mac, from, to, port, local);
  if (flush) expect(link.flush()).toBe(ports.length);
}

/** Stages one SYN. */
export function stageSyn(
  link: Link,
  slot: number,
  mac: Uint8Array | null,
  from: string,
  to: string,
  port: number,
  local: number,
): void {
  const length = writeSyn(link, slot, from, to, port, local);
  link.stage(slot, length, link.neighbour(mac, length === 40 ? 4 : 6));
}

/** Writes a SYN into a slot and returns the packet's length. */
export function writeSyn(
  link: Link,
  slot: number,
  from: string,
  to: string,
  port: number,
  local = 40000,
): number {
  const { transmit: bytes } = link;
  const at = slot * link.slotBytes + link.headroom;
  const source = bytesOf(from);
  const family = source.length === 4 ? 4 : 6;
  const sourceAt = at + (family === 4 ? 12 : 8);
  const tcp = at + (family === 4 ? 20 : 40);
  bytes.fill(0, at, tcp + 20);
  bytes.set(family === 4 ? [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6] : [0x60, 0, 0, 0, 0, 20, 6, 64], at);
  bytes.set(source, sourceAt);
  bytes.set(bytesOf(to), sourceAt + source.length);
  bytes.set([local >> 8, local & 255, port >> 8, port & 255, 1, 2, 3, 4, 0, 0, 0, 0, 0x50, 2, 4, 0], tcp);
  if (family === 4) writeIpv4Checksum(bytes, at);
  writeTransportChecksum(bytes, family, sourceAt, 6, tcp, tcp + 20);
  return tcp + 20 - at;
}

/** Receives until `count` packets are there, or says what is missing. */
export function receive(
  link: Link,
  count: number,
  meanwhile: () => void = () => {},
  taker?: BatchTaker,
): readonly Answer[] {
  const answers: Answer[] = [];
  const reader = new PacketReader();
  const isDone = until(() => {
    meanwhile();
    link.receive(
      (bytes, start, end, atUs) => {
        if (!reader.read(bytes, start, end)) throw new Error('not an IP packet');
        const { family, sourceOffset: at, tcpFlags } = reader;
        const isTcp = reader.protocol === 6;
        answers.push({
          source: formatAddress(addressAt(bytes, at, family)),
          port: reader.sourcePort,
          localPort: isTcp ? reader.destinationPort : reader.quote.sourcePort,
          flags: `${tcpFlags & 2 ? 'S' : ''}${tcpFlags & 4 ? 'R' : ''}${tcpFlags & 16 ? 'A' : ''}`,
          icmpType: reader.icmpType,
          atUs,
        });
      },
      100,
      undefined,
      taker,
    );
    return answers.length >= count;
  });
  if (!isDone) throw new Error(`${answers.length} of ${count} answers came: ${JSON.stringify(answers)}`);
  return answers;
}

/** Whether a condition comes true within five seconds, asked without a pause. */
export function until(condition: () => boolean): boolean {
  const endUs = monotonicUs() + 5e6;
  while (!condition()) if (monotonicUs() > endUs) return false;
  return true;
}

/** A neighbour's hardware address: the interface of the same name on the other side. */
export function resolve(_to: string, name = 'v0'): Uint8Array {
  enter(b);
  const mac = listInterfaces().find((one) => one.name === name)?.mac;
  enter(a);
  if (!mac) throw new Error(`no interface ${name} on the other side`);
  return mac;
}

/** The address that a text is known to hold. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

/** The same as bytes. */
export function bytesOf(text: string): Uint8Array {
  return addressBytes(address(text));
}

function addressAt(bytes: Uint8Array, at: number, family: number): Address {
  let value = 0n;
  for (let i = 0; i < (family === 4 ? 4 : 16); i++) value = (value << 8n) | BigInt(bytes[at + i] as number);
  return { family: family === 4 ? 4 : 6, value };
}

/** Runs `ip` with these words. */
export function ip(words: string): void {
  run('ip', words.split(' '));
}

/** Runs a command in a namespace. */
export function inside(name: string, command: string): void {
  run('ip', ['netns', 'exec', name, 'sh', '-ec', command.replace(/[{};]/g, '\\$&')]);
}

/** Runs a program, which must succeed. */
export function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** Moves this thread into a namespace. */
export function enter(name: string): void {
  const fd = openSync(`/run/netns/${name}`, 'r');
  setns(fd);
  closeSync(fd);
}

function setns(fd: number): void {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  setnsOf ??= koffi.load('libc.so.6').func('int setns(int, int)');
  if (setnsOf(fd, 0x4000_0000) !== 0) throw new Error('setns failed');
}

/** A listening socket, without any accept: the kernel shakes hands alone. */
function listen(port: number): number {
  const fd = libc().socket(10, 1, 0);
  const name = new Uint8Array(28);
  name.set([10, 0, port >> 8, port & 255]);
  if (libc().bind(fd, name, 28) !== 0 || libc().listen(fd, 128) !== 0) throw new Error('cannot listen');
  return fd;
}

function openTun(name: string, last: number): number {
  enter(name);
  const fd = openSync('/dev/net/tun', 0o2 | 0o4000);
  const request = new Uint8Array(40);
  request.set(new TextEncoder().encode('tun0'));
  // IFF_TUN, with a header that says which protocol the kernel was told: a wrong one is dropped on the other side.
  new Uint16Array(request.buffer)[8] = 0x0001;
  if (libc().ioctl(fd, 0x4004_54ca, request) !== 0) throw new Error('cannot make a TUN');
  ip(`-n ${name} addr add 10.88.0.${last}/24 dev tun0`);
  ip(`-n ${name} addr add fd88::${last}/64 dev tun0 nodad`);
  ip(`-n ${name} link set tun0 up`);
  return fd;
}

function readTun(fd: number): number {
  try {
    return readSync(fd, tunBuffer);
  } catch {
    return 0;
  }
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/dev/net/tun')) return 'needs /dev/net/tun';
  if (spawnSync('ip', ['-V']).status !== 0) return 'needs iproute2';
  const { status } = spawnSync('ip', ['netns', 'add', `${prefix}x`]);
  spawnSync('ip', ['netns', 'del', `${prefix}x`]);
  return status === 0 ? undefined : 'may not make namespaces';
}

let setnsOf: ((fd: number, kind: number) => number) | undefined;
const tunBuffer = new Uint8Array(65536);
/** The ports that the tests send from. */
export const localPorts = { first: 40000, last: 40063 } as const;
