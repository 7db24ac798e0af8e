/**
 * From observations to verdicts, on the side that reads records: by the tables of the techniques as they are now.
 *
 * @module
 */

import { observationKind as kind, type Observation, troubles } from '../../model/observation.ts';
import { type Reason, type Verdict, verdictCode, verdictOf } from '../../model/verdict.ts';
import { compile, judge, type ReplyTable } from '../../techniques/reply-table.ts';
import type { QuestionList } from '../shard/config.ts';
import { askedTechnique } from '../shard/question-list.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { type ProbeWords, probeWords } from './probe-facts.ts';

/** The lists of questions that observations are about. */
export interface Asked {
  readonly discovery: QuestionList | undefined;
  readonly ports: QuestionList | undefined;
}

/** A list with its techniques' tables. */
interface JudgedList extends QuestionList {
  readonly tables: readonly ReplyTable[];
}

/** Judges observations. */
export class Verdicts {
  /** By the number of the phase. */
  readonly #lists: (JudgedList | undefined)[] = [];

  constructor({ discovery, ports }: Asked) {
    const withTables = (list: QuestionList | undefined): JudgedList | undefined =>
      list && { ...list, tables: list.techniques.map((name) => compile(askedTechnique(name))) };
    this.#lists[phaseNumbers.discovery] = withTables(discovery);
    this.#lists[phaseNumbers.ports] = withTables(ports);
    // What a talk has brought about ports that were silent before.
    this.#lists[phaseNumbers.services] = this.#lists[phaseNumbers.ports];
  }

  /** The verdict on a question, see `verdictCode`; 0 where there is no such question or no such verdict. */
  of(phase: number, question: number, seen: Observation): number {
    const list = this.#lists[phase];
    const table = list?.tables[list.techniqueOf[question] ?? -1];
    return table === undefined ? 0 : judge(table, seen);
  }

  /** What was asked by a question; undefined where there is none. */
  wordsOf(phase: number, question: number): ProbeWords | undefined {
    const list = this.#lists[phase];
    const name = list?.techniques[list.techniqueOf[question] ?? -1];
    return name === undefined
      ? undefined
      : probeWords(askedTechnique(name), list?.portOf[question] as number);
  }

  /** What an observation says of its host: `open` is up, `filtered` down. Undefined where it says nothing. */
  ofHost(phase: number, question: number, seen: Observation): Verdict | undefined {
    const reason = known.get(seen.kind);
    if (reason !== undefined) return { state: 'open', reason };
    if (seen.kind === kind.silence) return { state: 'filtered', reason: 'no-response' };
    const code = seen.kind === kind.local ? troubleCode(seen) : this.of(phase, question, seen);
    // Whoever answers for itself is up, whatever that says of the port.
    if (code === 0) return undefined;
    const verdict = verdictOf(code);
    return verdict.state === 'unknown' ? verdict : { state: 'open', reason: verdict.reason };
  }
}

/** By what a host is found without a question. */
const known: ReadonlyMap<number, Reason> = new Map([
  [kind.arp, 'arp-response'],
  [kind.neighbour, 'nd-response'],
  [kind.localhost, 'localhost'],
  [kind.named, 'user-set'],
]);
/** Of a host: what a bound of the user's left unasked is no failure; whatever else kept it from being asked is one here. */
function troubleCode({ trouble }: Observation): number {
  return verdictCode('unknown', troubles[trouble] === 'budget' ? 'user-set' : 'local-error');
}
