/**
 * The questions by which a host is asked whether it is still there: such as it has answered itself. Several take turns,
 * closed ports before open ones, so that no service is worn out.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { mostOfAKind } from '../tables/rate-constants.ts';

/** A task, and what was seen of it when it was answered; undefined where nobody will want to know. */
interface Sentinel {
  readonly task: number;
  readonly seen: Observation | undefined;
}

/** The sentinels of one host. */
export class Sentinels {
  #closed: Sentinel[] | undefined;
  #open: Sentinel[] | undefined;
  #turns = 0;
  /**
   * The task that asks for an echo, -1: it has answered none. It shows the way to the host, but not whether that still
   * answers us: filters that ban an address often let echoes pass, and others limit those.
   */
  echo = -1;

  /** Whether there is none that shows whether it is there. */
  get isEmpty(): boolean {
    return this.#closed === undefined && this.#open === undefined;
  }

  /** Whether all of them are ports that refuse, which hosts limit. */
  get onlyRefuse(): boolean {
    return this.#open === undefined;
  }

  /** One of them; call only while there is one. */
  get any(): number {
    const [one] = this.#closed ?? this.#open ?? [];
    return (one as Sentinel).task;
  }

  /** How many refuse, and how many serve. */
  get closed(): number {
    return this.#closed?.length ?? 0;
  }

  get open(): number {
    return this.#open?.length ?? 0;
  }

  /** The next of a kind; call only while there is one. */
  nextClosed(): number {
    return this.#turn(this.#closed ?? []);
  }

  nextOpen(): number {
    return this.#turn(this.#open ?? []);
  }

  /** Whether another of this kind is wanted. */
  mayTake(isOpen: boolean): boolean {
    return ((isOpen ? this.#open : this.#closed)?.length ?? 0) < mostOfAKind;
  }

  /** The host itself has answered this task. */
  note(task: number, isOpen: boolean, answer: Observation | undefined): void {
    let seen: Observation | undefined;
    if (answer !== undefined) {
      seen = new Observation();
      seen.copy(answer);
    }
    const sentinel = { task, seen };
    const others = isOpen ? this.#open : this.#closed;
    // Most hosts of a scan of many have one at most: a list that grows takes room for seventeen.
    if (others !== undefined) others.push(sentinel);
    else if (isOpen) this.#open = [sentinel];
    else this.#closed = [sentinel];
  }

  has(task: number): boolean {
    return this.#find(task) !== undefined;
  }

  /** What was seen of a task when the host answered it. */
  seenOf(task: number): Observation | undefined {
    return this.#find(task)?.seen;
  }

  /** The one to ask now, for the `attempt`th time in a row: whoever refuses may be limited, so others follow. */
  next(attempt: number): number {
    const isOpensTurn = attempt > 1 && attempt % 2 === 1;
    const kind = (isOpensTurn ? this.#open : this.#closed) ?? this.#closed ?? this.#open ?? [];
    return this.#turn(kind);
  }

  #turn(kind: readonly Sentinel[]): number {
    return (kind[this.#turns++ % kind.length] as Sentinel).task;
  }

  #find(task: number): Sentinel | undefined {
    const isIt = (sentinel: Sentinel) => sentinel.task === task;
    return this.#closed?.find(isIt) ?? this.#open?.find(isIt);
  }
}
