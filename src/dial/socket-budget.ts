/**
 * How many sockets a dial may hold at once: reckoned here alone, once, when it opens.
 *
 * | of what this process may still open | gets | because |
 * | --- | --- | --- |
 * | the rest of the scan | 16 descriptors, a quarter where there are few | reports, names and the journal open files meanwhile |
 * | each dial of the process | an equal part of what is left | shards are threads: what one takes, the others lack |
 * | its dialogues | as many as it may hold, a quarter at most | they need sockets whatever attempts in masses do |
 * | its datagrams | the rest, half where connections are made as well, 4096 at most | each has a socket of its own |
 * | its connections | what is left, 16,384 and the kernel's local ports at most | 3 kB of the kernel's memory each; one host must not run out of ports, which serve several hosts at once |
 *
 * Each gets one at least. Who meets EMFILE all the same, because others took descriptors, lives with those it has.
 *
 * @module
 */

import { readdirSync } from 'node:fs';
import { errnos } from '../system/errnos.ts';
import { ephemeralPorts, raiseDescriptorLimit } from '../system/limits.ts';
import { openPatiently, Shortage } from '../system/patience.ts';
import type { DialOptions } from './contract.ts';
import type { AttemptKind } from './dial.ts';

/** Sockets for attempts in masses, by kind. */
export type SocketBudget = Readonly<Record<AttemptKind, number>>;

/** Among whom descriptors are shared out. */
export interface Sharers {
  /** Dials in this process. */
  readonly dials: number;
  /** Dialogues that each of them holds at once, at most. */
  readonly dialogues: number;
  /** The kinds of attempts that each of them makes. */
  readonly kinds: ReadonlySet<AttemptKind>;
}

/** What a dial that opens now may hold. Raises the limit of the process as far as it may. Only on Linux. */
export function budgetSockets(sharers: Sharers, origin: DialOptions): SocketBudget {
  const { first, last } = origin.localPorts ?? ephemeralPorts();
  // A port of the user's own serves any number of targets.
  const ports = origin.sourcePort === undefined ? last - first + 1 : mostSockets.connection;
  const free = raiseDescriptorLimit() - openDescriptors();
  return shareOut(free, ports, sharers);
}

/** Shares out `free` descriptors, as the table above says; `ports` are those that connections may come from. */
export function shareOut(free: number, ports: number, { dials, dialogues, kinds }: Sharers): SocketBudget {
  const room = atLeastOne(free - Math.min(reservedDescriptors, Math.ceil(free / reservedPart)));
  const part = Math.floor(room / dials);
  const left = atLeastOne(part - Math.min(dialogues, Math.floor(part / 4)));
  const forDatagrams = kinds.has('connection') ? Math.floor(left / 2) : left;
  const datagram = atLeastOne(Math.min(forDatagrams, mostSockets.datagram));
  const forConnections = kinds.has('datagram') ? left - datagram : left;
  return { datagram, connection: atLeastOne(Math.min(forConnections, mostSockets.connection, ports)) };
}

function openDescriptors(): number {
  let names: readonly string[] = [];
  const result = openPatiently(() => {
    try {
      names = readdirSync('/proc/self/fd');
      return 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).errno ?? -errnos.EIO;
    }
  });
  if (result < 0) throw new Shortage('count the open descriptors', -result);
  return names.length;
}

function atLeastOne(count: number): number {
  return Math.max(1, count);
}

/** Sockets of one dial, at most: a SYN scan is the way to have more in flight. */
export const mostSockets: SocketBudget = { connection: 16_384, datagram: 4096 };

const reservedDescriptors = 16;
const reservedPart = 4;
