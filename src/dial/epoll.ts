/**
 * The kernel's list of sockets that have something to say.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { closeOnExec } from '../system/descriptor-flags.ts';
import { errnoName } from '../system/errnos.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { isShortage, openPatiently, Shortage } from '../system/patience.ts';

/** An epoll descriptor with room for the events of one wait. */
export class Epoll {
  /** Readable when there are events: it can be waited for itself. */
  readonly descriptor: number;
  readonly #libc = libc();
  readonly #words = new Int32Array(eventWords * eventsPerWait);
  readonly #address = addressOf(this.#words);
  readonly #one = new Int32Array(eventWords);
  readonly #oneAddress = addressOf(this.#one);

  constructor() {
    this.descriptor = openPatiently(() => {
      const opened = this.#libc.epoll_create1(closeOnExec);
      return opened < 0 ? -errno() : opened;
    });
    if (isShortage(-this.descriptor)) throw new Shortage('open epoll', -this.descriptor);
    if (this.descriptor < 0)
      throw new PortolanError('system-failed', `Cannot open epoll: ${errnoName(-this.descriptor)}`);
  }

  /** Watches a descriptor until it is closed; its events carry `id`. 0 or the errno. */
  add(fd: number, id: number, events: number): number {
    this.#one[0] = events;
    this.#one[idAt] = id;
    return this.#libc.epoll_ctl(this.descriptor, operationAdd, fd, this.#oneAddress) < 0 ? errno() : 0;
  }

  /** Waits up to `timeoutMs` and returns how many events there are to read. */
  wait(timeoutMs: number): number {
    const time = Math.min(Math.max(0, Math.trunc(timeoutMs)), longestMs);
    // A signal (EINTR) ends the wait with nothing; every other fault would be ours.
    return Math.max(0, this.#libc.epoll_wait(this.descriptor, this.#address, eventsPerWait, time));
  }

  /** The id of the i-th event. */
  id(i: number): number {
    return this.#words[i * eventWords + idAt] as number;
  }

  /** What the i-th event says. */
  events(i: number): number {
    return this.#words[i * eventWords] as number;
  }

  close(): void {
    this.#libc.close(this.descriptor);
  }
}

/** EPOLLIN, EPOLLOUT, EPOLLERR; EPOLLET: said once for each change. */
export const readable = 0x001;
export const writable = 0x004;
export const failed = 0x008;
const edgeTriggered = 0x8000_0000 | 0;
/** What TCP sockets are watched for, said once for each change. */
export const everyChange = readable | writable | failed | edgeTriggered;

/** struct epoll_event is packed on x86-64 only; its data, of which we use the first int, comes second. */
const eventWords = process.arch === 'x64' ? 3 : 4;
const idAt = process.arch === 'x64' ? 1 : 2;
const eventsPerWait = 1024;
const longestMs = 0x7fff_ffff;
const operationAdd = 1;
