/**
 * Questions to the kernel's routing socket (rtnetlink(7)). A socket lives for one question: it belongs to the
 * network namespace the thread is in now, and nobody has to remember to close it (20 µs a question).
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { closeOnExec } from './descriptor-flags.ts';
import { errnoName, errnos } from './errnos.ts';
import { errno, libc } from './ffi.ts';
import {
  type NetlinkAttribute,
  type NetlinkMessage,
  readMessages,
  readU32,
  writeMessage,
} from './netlink.ts';
import { isShortage, openPatiently, Shortage } from './patience.ts';
import { netlinkFamily, rawType, socketLevel } from './socket-words.ts';

/** What the kernel said: messages, or the error it refused with (0: none). */
export interface KernelAnswer {
  readonly messages: readonly NetlinkMessage[];
  readonly error: number;
}

/** Asks about one thing. */
export function ask(type: number, header: Uint8Array, attributes: readonly NetlinkAttribute[]): KernelAnswer {
  return exchange(writeMessage(type, request, sequence, header, attributes), false).answer;
}

/** Asks for a whole table; again when it changed meanwhile, so that no entry is missed or stands twice. */
export function dump(type: number, header: Uint8Array): readonly NetlinkMessage[] {
  const question = writeMessage(type, request | wholeTable, sequence, header, []);
  let last = exchange(question, true);
  for (let attempt = 1; last.interrupted && attempt < dumpAttempts; attempt++)
    last = exchange(question, true);
  const { error } = last.answer;
  // A kernel without IPv6 or policy rules has no such table: then it is empty.
  if (error !== 0 && !unsupported.has(error)) throw refused('read a table of the kernel', error);
  return last.answer.messages;
}

interface Exchange {
  readonly answer: KernelAnswer;
  readonly interrupted: boolean;
}

function exchange(question: Uint8Array, isDump: boolean): Exchange {
  const fd = openPatiently(() => {
    const opened = libc().socket(netlinkFamily, rawType | closeOnExec, routeProtocol);
    return opened < 0 ? -errno() : opened;
  });
  if (fd < 0) throw refused('open a routing socket', -fd);
  try {
    const timeout = new BigInt64Array([answerTimeoutSeconds, 0n]);
    libc().setsockopt(fd, socketLevel, receiveTimeout, timeout, timeout.byteLength);
    if (libc().send(fd, question, question.length, 0) < 0) throw refused('ask the kernel', errno());
    return collect(fd, isDump);
  } finally {
    libc().close(fd);
  }
}

function collect(fd: number, isDump: boolean): Exchange {
  const messages: NetlinkMessage[] = [];
  let interrupted = false;
  for (;;) {
    for (const message of readMessages(receive(fd))) {
      if ((message.flags & dumpInterrupted) !== 0) interrupted = true;
      if (message.type === done || message.type === refusal) {
        // Both begin with an int: 0, or the error as a negative number.
        const error = -((readU32(message.body) ?? 0) | 0);
        return { answer: { messages, error }, interrupted };
      }
      messages.push(message);
      if (!isDump) return { answer: { messages, error: 0 }, interrupted };
    }
  }
}

/** One datagram from the kernel; those of other processes are passed over. */
function receive(fd: number): Uint8Array {
  for (;;) {
    const sender = new Uint32Array(3);
    const senderLength = Uint32Array.of(sender.byteLength);
    const length = libc().recvfrom(fd, datagram, datagram.length, truncated, sender, senderLength);
    if (length < 0) {
      const error = errno();
      if (error === errnos.EINTR) continue;
      throw refused('read the kernel’s answer', error);
    }
    if (length > datagram.length) {
      throw new PortolanError(
        'system-failed',
        `Cannot read the kernel’s answer: ${length} bytes, wanted at most ${datagram.length}`,
      );
    }
    // The kernel's own port is 0 (netlink(7)).
    if (sender[1] === 0) return datagram.slice(0, length);
  }
}

function refused(action: string, error: number): PortolanError {
  if (isShortage(error)) return new Shortage(action, error);
  return new PortolanError('not-available', `Cannot ${action}: ${errnoName(error)} from AF_NETLINK`);
}

const routeProtocol = 0;
const receiveTimeout = 20;
const truncated = 0x20;

const request = 0x1;
const wholeTable = 0x300;
const dumpInterrupted = 0x10;
const refusal = 2;
const done = 3;
/** A socket hears the answer to its one question and nothing else, so any number will do. */
const sequence = 1;

/** Reused by every receive: clearing it costs more than the system call. The kernel fills at most 32 KiB of
 * it in a dump, and a single answer is smaller. */
const datagram = new Uint8Array(65_536);
/** The kernel answers inside the call; a wait means that something swallowed the answer. */
const answerTimeoutSeconds = 5n;
const dumpAttempts = 5;
const unsupported: ReadonlySet<number> = new Set([
  errnos.EOPNOTSUPP,
  errnos.EPFNOSUPPORT,
  errnos.EAFNOSUPPORT,
]);
