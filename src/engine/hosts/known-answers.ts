/**
 * What hosts answered when they were looked for: by that they are asked whether they are still there, and an echo shows the
 * way to them, where they answer nothing else. Questions of their own for that stand behind those of the list.
 *
 * @module
 */

import { observationKind as kind, Observation } from '../../model/observation.ts';
import { verdictOf } from '../../model/verdict.ts';
import { isError } from '../answers/answer-kind.ts';
import type { AskedBefore, PhaseOptions } from '../engine-options.ts';
import type { Host } from './host.ts';
import type { FoundAnswer } from './sentinels.ts';

/** Of one host. */
interface Known {
  /** The round trip of its echo in microseconds, below 0 where that is not known; absent: it has answered none. */
  echoUs?: number;
  /** Whether the answers are to probes as those of the list. */
  areAlike: boolean;
  /** More may come while it is asked. */
  readonly answers: FoundAnswer[];
}

/** The hosts of a transport of which that is known. */
export class KnownAnswers {
  /** The phase that looks for hosts, and the one that asks them again; -1: there is none. */
  readonly #finds: number;
  readonly #asks: number;
  readonly #before: AskedBefore;
  /** By question of the phase that looks for hosts: whether its probe is that of the list. */
  readonly #isAlike: readonly boolean[];
  readonly #hosts = new Map<number, Known>();

  constructor(phases: readonly PhaseOptions[]) {
    const lists = phases.map((phase) => (phase.kind === 'list' ? phase : undefined));
    this.#finds = lists.findIndex((list) => list?.firstAnswerSettles === true);
    this.#asks = lists.findIndex((list) => list?.before !== undefined);
    const { before, questions } = lists[this.#asks] ?? {};
    this.#before = before ?? { questions: new Int32Array(0), echo: -1 };
    const first = questions?.techniques[0]?.probe;
    this.#isAlike = Array.from(this.#before.questions, (question) => {
      const probe = question < 0 ? undefined : questions?.techniqueAt(0, question).probe;
      return JSON.stringify(probe) === JSON.stringify(first);
    });
  }

  /** Whether a host that has just been found may answer another question. */
  mayHearMore({ phase, pending }: Host): boolean {
    return phase === this.#finds && pending > 0;
  }

  /** Something was seen of a host. Errors are not its own word. */
  note({ id, phase }: Host, question: number, seen: Observation): void {
    if (phase !== this.#finds || this.#asks < 0 || isError(seen)) return;
    const isEcho = seen.kind === kind['echo-reply'];
    const again = this.#before.questions[question] as number;
    if (isEcho ? this.#before.echo < 0 : again < 0 || !ofHosts.has(seen.kind)) return;
    const known = this.#hosts.get(id) ?? { areAlike: false, answers: [] };
    this.#hosts.set(id, known);
    if (isEcho) known.echoUs ??= seen.rttUs;
    else this.#add(known, question, seen);
  }

  /**
   * Adds an answer. One to the very probe that ports are asked by says more than others: a filter may stop that alone.
   */
  #add(known: Known, question: number, seen: Observation): void {
    const isAlike = this.#isAlike[question] as boolean;
    if (known.areAlike && !isAlike) return;
    if (isAlike && !known.areAlike) known.answers.length = 0;
    known.areAlike = isAlike;
    const copy = new Observation();
    copy.copy(seen);
    known.answers.push({
      question: this.#before.questions[question] as number,
      isOpen: !refusals.has(verdictOf(seen.code).reason),
      seen: copy,
    });
  }

  /** A host begins to be asked. */
  admit(host: Host): void {
    const known = host.phase === this.#asks ? this.#hosts.get(host.id) : undefined;
    if (known === undefined) return;
    if (known.echoUs !== undefined) host.takeEcho(this.#before.echo, known.echoUs);
    host.takeFound(known.answers, this.#before.questions);
  }

  /** A host is done. */
  forget({ id, phase }: Host): void {
    if (phase === this.#asks) this.#hosts.delete(id);
  }
}

/** What a host itself says, but for echoes and the like, which filters let pass that ban an address. */
const ofHosts: ReadonlySet<number> = new Set([
  kind.tcp,
  kind['init-ack'],
  kind.abort,
  kind.connected,
  kind.refused,
]);
const refusals: ReadonlySet<string> = new Set(['reset', 'refused', 'abort']);
