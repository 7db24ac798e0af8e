/**
 * Tasks whose host is on the own link and has not told its hardware address yet.
 *
 * @module
 */

/** A bounded number of tasks that wait, by host. Times are microseconds. */
export class Waiting {
  readonly #byHost = new Map<number, number[]>();
  #ready: number[] = [];
  #head = 0;
  #count = 0;
  /** When tasks left that had waited, the latest: later than their place in the walk tells. */
  readonly #sent = new Map<number, { readonly attempt: number; readonly sentUs: number }>();

  /** Whether a task need not wait any longer. */
  get isReady(): boolean {
    return this.#head < this.#ready.length;
  }

  /** Lets a task wait for its host; false when too many do. */
  add(host: number, task: number): boolean {
    if (this.#count >= mostWaiting) return false;
    this.#count++;
    const tasks = this.#byHost.get(host);
    if (tasks === undefined) this.#byHost.set(host, [task]);
    else tasks.push(task);
    return true;
  }

  /** Nothing has to wait for this host any more. */
  release(host: number): void {
    for (const task of this.#byHost.get(host) ?? []) this.#ready.push(task);
    this.#byHost.delete(host);
  }

  /** Takes a task that is ready, -1 when there is none. */
  take(): number {
    if (!this.isReady) return -1;
    const task = this.#ready[this.#head++] as number;
    this.#count--;
    if (!this.isReady) {
      this.#ready = [];
      this.#head = 0;
    }
    return task;
  }

  /** A task that had waited has left. */
  sent(task: number, attempt: number, sentUs: number): void {
    this.#sent.delete(task);
    this.#sent.set(task, { attempt, sentUs });
    if (this.#sent.size <= mostWaiting) return;
    for (const oldest of this.#sent.keys()) {
      this.#sent.delete(oldest);
      break;
    }
  }

  /** When this transmission of a task left, if it had waited and that is remembered; else -1. */
  sentUs(task: number, attempt: number): number {
    const sent = this.#sent.get(task);
    return sent?.attempt === attempt ? sent.sentUs : -1;
  }
}

/** Enough for neighbours to be asked as fast as they may be (2000 a second) while each takes a second to be silent. */
const mostWaiting = 4096;
