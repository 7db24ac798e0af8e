/**
 * What is said of ports: open ones at once, the others when their host is done, alike ones in groups.
 *
 * @module
 */

import type { Unnumbered } from '../../model/fact.ts';
import { type Observation, observationKind } from '../../model/observation.ts';
import { type PortState, type Protocol, verdictOf } from '../../model/verdict.ts';
import type { GroupSpec, QuestionList } from '../shard/config.ts';
import { AnswerCounts } from './answer-counts.ts';
import type { OpenHost } from './open-host.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { PortFacts } from './port-facts.ts';
import { mostListed, Rest } from './rest.ts';
import type { SenderBook } from './sender-book.ts';
import { Unasked } from './unasked.ts';
import type { Verdicts } from './verdicts.ts';

/** What facts about ports are made with. */
export interface PortBookOptions {
  readonly questions: QuestionList;
  readonly verdicts: Verdicts;
  readonly senders: SenderBook;
  readonly serviceName: (protocol: Protocol, port: number) => string | undefined;
  readonly ungrouped: boolean;
  /** Tells a recorded fact and returns its ordinal. */
  readonly tell: (fact: Unnumbered) => number;
  /** Something could not be judged. */
  readonly unknown: () => void;
}

/** One observation as it stands in a record. */
export interface PortRecord {
  readonly question: number;
  readonly seen: Observation;
  readonly sender: number;
  /** Milliseconds since 1970; 0 where nobody looked at the clock: then it was learnt `at`. */
  readonly atMs: number;
  readonly at: string;
}

/** Tells of ports, and counts them. */
export class PortBook {
  readonly counts: Partial<Record<PortState, number>> = {};
  open = 0;
  settled = 0;
  readonly answers = new AnswerCounts();
  readonly #options: PortBookOptions;
  readonly #mostListed: number;
  readonly #facts: PortFacts;
  readonly #unasked: Unasked;

  constructor(options: PortBookOptions) {
    const { questions, senders, serviceName, ungrouped } = options;
    this.#options = options;
    this.#mostListed = ungrouped ? Number.POSITIVE_INFINITY : mostListed;
    this.#facts = new PortFacts(questions, senders, serviceName);
    this.#unasked = new Unasked(questions, this.#mostListed);
  }

  /** Takes what was seen of a port. */
  take(host: OpenHost, record: PortRecord): void {
    const code = this.#options.verdicts.of(phaseNumbers.ports, record.question, record.seen);
    if (code === 0) throw new Error('an observation without a verdict');
    this.settled++;
    host.settled++;
    if (this.answers.take(verdictOf(code), record.seen)) host.silent++;
    this.#enter(host, record, code);
  }

  /** Takes what a port that was silent has brought later, in a talk or asked again: in place of that silence. */
  revise(host: OpenHost, record: PortRecord, phase: number = phaseNumbers.services): void {
    const code = this.#options.verdicts.of(phase, record.question, record.seen);
    const { kind } = record.seen;
    if (kind === observationKind.silence || kind === observationKind.local || code === 0) return;
    const before = host.rest?.take(record.question);
    if (before === undefined) return;
    const { state } = verdictOf(before);
    this.counts[state] = (this.counts[state] ?? 1) - 1;
    if (this.counts[state] === 0) delete this.counts[state];
    host.silent--;
    this.#enter(host, record, code);
  }

  #enter(host: OpenHost, { question, seen, sender, atMs, at }: PortRecord, code: number): void {
    const { state } = verdictOf(code);
    const { ttl, attempts, rttUs } = seen;
    this.counts[state] = (this.counts[state] ?? 0) + 1;
    if (state === 'unknown') this.#options.unknown();
    const detail = code | (ttl << 16) | (attempts << 24);
    if (state !== 'open') this.#restOf(host).add(question, detail, rttUs, sender, atMs);
    else {
      this.open++;
      const record = { question, detail, rttUs, sender, atMs };
      this.#options.tell(this.#facts.one(host.name, record, at));
    }
  }

  /** Says the ports that are not open: alike ones in groups once they are more than a reader wants to see. */
  sayRest(host: OpenHost, at: string): void {
    if (host.rest === undefined) return;
    const { tell } = this.#options;
    host.cited = host.rest.groups().map((group) => ({
      reason: verdictOf(group.code).reason,
      count: group.count,
      told:
        group.records.length === 0
          ? [tell(this.#facts.group(host.name, group, at))]
          : group.records.map((record) => tell(this.#facts.one(host.name, record, at))),
    }));
  }

  /** Trouble on this side kept a host from being asked anything. */
  noneAsked(host: OpenHost, group: GroupSpec): void {
    const unasked = this.#unasked.portsOf(group);
    this.settled += unasked.count;
    this.counts.unknown = (this.counts.unknown ?? 0) + unasked.count;
    this.#options.unknown();
    host.rest = unasked.rest;
  }

  #restOf(host: OpenHost): Rest {
    host.rest ??= new Rest(this.#options.questions, this.#mostListed);
    return host.rest;
  }
}
