/**
 * The questions by which a host is asked whether it is still there: such as it has answered itself. Several take turns,
 * closed ports before open ones, so that no service is worn out.
 *
 * @module
 */

import { Observation, observationKind } from '../../model/observation.ts';
import { mostOfAKind } from '../tables/rate-constants.ts';

/** A task, and what was seen of it when it was answered; undefined where nobody will want to know. */
interface Sentinel {
  readonly task: number;
  readonly seen: Observation | undefined;
  /** The one transmission that an application answered by UDP, which may drop what it is asked again; 0: more, or others. */
  once: number;
}

/** What it answered when it was looked for, to a question that stands behind its list: the number of that. */
export interface FoundAnswer {
  readonly question: number;
  readonly isOpen: boolean;
  readonly seen: Observation;
}

/** The sentinels of one host. */
export class Sentinels {
  #closed: Sentinel[] | undefined;
  #open: Sentinel[] | undefined;
  #found: readonly FoundAnswer[] = [];
  #firstTask = 0;
  #turns = 0;
  /** How often each was chosen since the host is held; most hosts never are. */
  #chosen: Map<number, number> | undefined;
  /**
   * The task that asks for an echo, -1: it has answered none. It shows the way to the host, but not whether that still
   * answers us: filters that ban an address often let echoes pass, and others limit those.
   */
  echo = -1;

  /** Where more may be noted: most hosts of a scan of many never need any, and share those that nobody has. */
  owned(): Sentinels {
    return this === noSentinels ? new Sentinels() : this;
  }

  /** Whether none of the questions of its list is one. */
  get isEmpty(): boolean {
    return this.#closed === undefined && this.#open === undefined;
  }

  /** Whether there is any that shows whether it is there. */
  get canTell(): boolean {
    return !this.isEmpty || this.#found.length > 0;
  }

  /** Whether all of them are ports that refuse, which hosts limit. */
  get onlyRefuse(): boolean {
    return this.#open === undefined && !this.#found.some(({ isOpen }) => isOpen);
  }

  /** Whether each of them answered later than it was waited for: services that think before they answer. */
  get onlyLate(): boolean {
    const all = [...(this.#closed ?? []), ...(this.#open ?? []), ...this.#found];
    return all.length > 0 && all.every(({ seen }) => seen !== undefined && seen.rttUs < 0);
  }

  /** It answered these questions when it was looked for, more may come; `firstTask` is that of question 0. */
  find(found: readonly FoundAnswer[], firstTask: number): void {
    this.#found = found;
    this.#firstTask = firstTask;
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

  /** The host itself has answered this task; `isKept`: what was seen may be asked for. */
  note(task: number, isOpen: boolean, answer: Observation | undefined, isKept = true): void {
    let seen: Observation | undefined;
    if (answer !== undefined && isKept) {
      seen = new Observation();
      seen.copy(answer);
    }
    const sentinel = {
      task,
      seen,
      once: isOpen && answer?.kind === observationKind.udp ? answer.attempt : 0,
    };
    const others = isOpen ? this.#open : this.#closed;
    // Most hosts of a scan of many have one at most: a list that grows takes room for seventeen.
    if (others !== undefined) others.push(sentinel);
    else if (isOpen) this.#open = [sentinel];
    else this.#closed = [sentinel];
  }

  /** This transmission of a task that was answered before has been answered as well. */
  answeredAgain(task: number, attempt: number): void {
    const sentinel = this.#open?.find((one) => one.task === task);
    if (sentinel !== undefined && sentinel.once !== attempt) sentinel.once = 0;
  }

  /**
   * All were silent. Forgets them where they are a few applications that have never answered by UDP more than once: servers
   * drop what they take for a duplicate (RFC 5080, 2.2.2, of RADIUS), or speak once to each address. As many as there may be
   * of a kind are not all like that. Returns whether they are forgotten: their silence shows nothing.
   */
  forgetThoseOfOneAnswer(): boolean {
    const open = this.#open ?? [];
    if (this.#closed !== undefined || open.length === 0 || open.length >= mostOfAKind) return false;
    if (open.some(({ once }) => once === 0)) return false;
    this.#open = undefined;
    return true;
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
    const closed = this.#closed ?? this.#foundAs(false);
    const open = this.#open ?? this.#foundAs(true);
    const task = this.#turn((isOpensTurn ? open : closed) ?? closed ?? open ?? []);
    if (attempt === 1 || this.#chosen === undefined) this.#chosen = new Map();
    this.#chosen.set(task, this.timesChosen(task) + 1);
    return task;
  }

  /** How often a task was the {@link next} since that was asked for the first time in a row. */
  timesChosen(task: number): number {
    return this.#chosen?.get(task) ?? 0;
  }

  /** Those of a kind that were found when the host was looked for: of the list none is known. */
  #foundAs(isOpen: boolean): readonly Sentinel[] | undefined {
    const found = this.#found.filter((one) => one.isOpen === isOpen);
    return found.length === 0 ? undefined : found.map((one) => this.#asSentinel(one));
  }

  #asSentinel({ question, seen }: FoundAnswer): Sentinel {
    return { task: this.#firstTask + question, seen, once: 0 };
  }

  #turn(kind: readonly Sentinel[]): number {
    return (kind[this.#turns++ % kind.length] as Sentinel).task;
  }

  #find(task: number): Sentinel | undefined {
    const isIt = (sentinel: Sentinel) => sentinel.task === task;
    const found = this.#found.find(({ question }) => this.#firstTask + question === task);
    return this.#closed?.find(isIt) ?? this.#open?.find(isIt) ?? (found && this.#asSentinel(found));
  }
}

/** Those of a host that has answered nothing; see `owned`. */
export const noSentinels: Sentinels = new Sentinels();
