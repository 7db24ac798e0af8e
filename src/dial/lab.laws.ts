/**
 * How tests dial from inside a lab: this thread enters the scanner's namespace and asks real kernels from there.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { expect } from 'vitest';
import { addressBytes, addressFromBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import { hasLibc } from '../system/ffi.ts';
import { icmpMeaning } from '../wire/meaning.ts';
import { type DatagramDialer, type Dialer, type DialOptions, dialOutcomes } from './contract.ts';
import { EpollConnector } from './epoll-connector.ts';
import { UdpSockets } from './udp-sockets.ts';

/** What datagrams say here. */
export const hello = new TextEncoder().encode('hello');
const patienceMs = 15_000;
const newNetwork = 0x4000_0000;
const library = hasLibc ? koffi.load('libc.so.6') : undefined;
const setns = library?.func('int setns(int, int)') as (fd: number, kind: number) => number;

/** All of a lab's namespace that is needed to enter it: what it is called under /run/netns. */
interface Namespace {
  readonly name: string;
}

/** Runs code with this thread in a namespace; sockets stay where they were made. */
export function inside<T>(namespace: Namespace, code: () => T): T {
  const leave = enter(namespace);
  try {
    return code();
  } finally {
    leave();
  }
}

/** The same for code that waits; whatever else this thread does meanwhile, it does there. */
export async function insideFor<T>(namespace: Namespace, code: () => Promise<T>): Promise<T> {
  const leave = enter(namespace);
  try {
    return await code();
  } finally {
    leave();
  }
}

function enter(namespace: Namespace): () => void {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const there = openSync(`/run/netns/${namespace.name}`, 'r');
  if (setns(there, newNetwork) !== 0) throw new Error(`setns: errno ${koffi.errno()}`);
  return () => {
    expect(setns(home, newNetwork)).toBe(0);
    closeSync(there);
    closeSync(home);
  };
}

/** What was told of one attempt. */
interface Found {
  readonly outcome: string;
  readonly sender: string | undefined;
}

/** Dials every port once and waits until all but `silent` of them were told. */
export function dialAll(
  namespace: Namespace,
  host: string,
  ports: readonly number[],
  silent: number,
  options: DialOptions = {},
): Map<number, Found> {
  return inside(namespace, () => {
    const dialer = new EpollConnector(options);
    const { family, value } = parse(host);
    const address = addressBytes({ family, value });
    const found = new Map<number, Found>();
    const waiting = [...ports].reverse();
    const deadline = performance.now() + patienceMs;
    while (found.size < ports.length - silent && performance.now() < deadline) {
      for (let port = waiting.pop(); port !== undefined; port = waiting.pop()) {
        const error = dialer.start(port, family, address, 0, port);
        if (error === 0) continue;
        if (error !== errnos.EAGAIN) throw new Error(`port ${port}: ${errnoName(error)}`);
        waiting.push(port);
        break;
      }
      for (const [port, each] of poll(dialer, 20)) {
        if (found.has(port)) throw new Error(`port ${port} told twice`);
        found.set(port, each);
      }
    }
    expect(dialer.outstanding).toBe(ports.length - found.size);
    for (const port of ports) {
      if (found.has(port)) continue;
      dialer.cancel(port);
      found.set(port, { outcome: 'no-response', sender: undefined });
    }
    expect(dialer.outstanding).toBe(0);
    dialer.close();
    return found;
  });
}

/** The same for UDP, in one line a port. */
export function probeAll(
  namespace: Namespace,
  host: string,
  ports: readonly number[],
  silent: number,
  options: DialOptions = {},
): Map<number, string> {
  return inside(namespace, () => {
    const dialer: DatagramDialer = new UdpSockets(options);
    const { family, value } = parse(host);
    const found = new Map<number, string>();
    const tell = (port: number, text: string) => {
      if (found.has(port)) throw new Error(`port ${port} told twice`);
      found.set(port, text);
    };
    for (const port of ports) {
      expect(dialer.start(port, family, addressBytes({ family, value }), 0, port, hello)).toBe(0);
      // Once more from the same port: an answer to either counts, and only once.
      expect(dialer.start(port, family, addressBytes({ family, value }), 0, port, hello)).toBe(0);
    }
    const deadline = performance.now() + patienceMs;
    while (found.size < ports.length - silent && performance.now() < deadline) {
      dialer.poll(20, {
        response: (port, bytes, from) =>
          tell(port, `response ${JSON.stringify(Buffer.from(bytes).toString())} from ${from}`),
        icmp: (port, type, code, sender) =>
          tell(
            port,
            `${icmpMeaning(family, type, code)} by ${formatAddress(addressFromBytes(sender.slice()))}`,
          ),
        local: (port, errno) => tell(port, `local ${errnoName(errno)}`),
      });
    }
    expect(dialer.outstanding).toBe(ports.length - found.size);
    for (const port of ports) if (!found.has(port)) tell(port, 'silent');
    dialer.close();
    return found;
  });
}

/** What a dialer tells until so many attempts are over. */
export function collect(dialer: Dialer, count: number): Map<number, Found> {
  const found = new Map<number, Found>();
  const deadline = performance.now() + patienceMs;
  while (found.size < count && performance.now() < deadline)
    for (const [token, each] of poll(dialer, 20)) found.set(token, each);
  return found;
}

/** What a dialer tells in one poll. */
export function poll(dialer: Dialer, timeoutMs: number): [number, Found][] {
  const told: [number, Found][] = [];
  dialer.poll(timeoutMs, (token, outcome, _, sender) => {
    const from = sender === undefined ? undefined : formatAddress(addressFromBytes(sender));
    told.push([token, { outcome: dialOutcomes[outcome] as string, sender: from }]);
  });
  return told;
}

/** The outcomes alone, by port. */
export function outcomesOf(found: ReadonlyMap<number, Found>): Record<number, string> {
  return Object.fromEntries([...found].map(([port, { outcome }]) => [port, outcome]));
}

/** An address that is known to be one. */
export function parse(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return address;
}
