/**
 * What all of Node's own sockets have in common here: addresses as text, errors by Linux's numbers, and when an
 * error was this machine's.
 *
 * @module
 */

import type { LookupFunction, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { type DialOptions, dialOutcome } from './contract.ts';
import type { Endpoint } from './endpoint.ts';
import { outcomeOf } from './outcome.ts';

/** Where a socket of Node's is to go and to come from, in Node's words. */
export interface NodeEnds {
  readonly host: string;
  readonly port: number;
  /** 0 where `lookup` gives several addresses. */
  readonly family: 0 | 4 | 6;
  readonly lookup?: LookupFunction;
  readonly localAddress?: string;
  readonly localPort?: number;
}

/** Whom a socket of Node's tells. */
export interface NodeEvents {
  readonly news: () => void;
  readonly closed: (socket: Endpoint) => void;
}

/** Fails with one clear line where an interface was asked for: Node binds to addresses only. */
export function refuseInterface({ interfaceName }: DialOptions): void {
  if (interfaceName === undefined) return;
  throw new PortolanError(
    'not-available',
    `Cannot bind connections to interface "${interfaceName}" on ${process.platform}: wanted Linux`,
    `${named('packet.sourceAddress')} with an address of that interface`,
  );
}

/** An address as connect() takes it: the zone is a number on Windows and a name elsewhere. */
export function textOf(address: Uint8Array, scopeId: number): string {
  const text = formatAddress(addressFromBytes(address));
  if (scopeId === 0) return text;
  if (process.platform === 'win32') return `${text}%${scopeId}`;
  const has = (entry: { readonly scopeid?: number }) => entry.scopeid === scopeId;
  const name = Object.entries(networkInterfaces()).find(([, entries]) => entries?.some(has))?.[0];
  return `${text}%${name ?? scopeId}`;
}

/** The errno by Linux's number, whatever number this system has for it. */
export function errnoOf(error: NodeJS.ErrnoException): number {
  const numbers: Readonly<Record<string, number>> = errnos;
  return numbers[error.code ?? ''] ?? errnos.EIO;
}

/**
 * The outcome that an errno stands for, to be asked when a connection that begins now fails. What connect() itself
 * says came before any answer could: all but a refusal is trouble on this side.
 */
export function outcomesFromNow(): (errno: number) => number {
  let isLate = false;
  afterTicks(ticksOfNode, () => {
    isLate = true;
  });
  return (errno) => (isLate || errno === errnos.ECONNREFUSED ? outcomeOf(errno) : dialOutcome('local'));
}

/** Towards this machine itself a socket may meet itself: then nobody else listens there. */
export function meetsItself(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}

/** Calls back after so many rounds of process.nextTick, all of which come before the next input or output. */
function afterTicks(ticks: number, callback: () => void): void {
  process.nextTick(ticks === 0 ? callback : () => afterTicks(ticks - 1, callback));
}

/** Node calls connect() one tick late and tells its error another tick later; the rest is reserve. */
const ticksOfNode = 4;
