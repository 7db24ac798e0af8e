/**
 * What is known of a host's ports that are not open, until the host is done: a bit for each, because closed ports
 * come by the ten thousand, and singly only what may be told singly.
 *
 * @module
 */

import { PortRanges } from '../../model/ports.ts';
import { verdictOf } from '../../model/verdict.ts';
import type { QuestionList } from '../shard/config.ts';

/** A verdict of which more is known than its state. */
export interface RestRecord {
  readonly question: number;
  /** The verdict's code, with the TTL and the number of transmissions above it. */
  readonly detail: number;
  readonly rttUs: number;
  readonly sender: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Ports that one technique judged alike. */
export interface RestGroup {
  readonly technique: number;
  /** State and reason, as of `verdictCode`. */
  readonly code: number;
  readonly count: number;
  /** As a range list; empty where they are told one by one. */
  readonly ports: string;
  /** How often each was asked at least. */
  readonly attempts: number;
  /** One for each port, in their order; empty where the ports are told together. */
  readonly records: readonly RestRecord[];
}

/** A host's verdicts other than open. */
export class Rest {
  readonly #questions: QuestionList;
  readonly #mostListed: number;
  #groups: readonly Group[] = [];

  /** Groups of at most `mostListed` ports are told port by port. */
  constructor(questions: QuestionList, mostListed: number) {
    this.#questions = questions;
    this.#mostListed = mostListed;
  }

  add(question: number, detail: number, rttUs: number, sender: number, atMs: number): void {
    const technique = this.#questions.techniqueOf[question] as number;
    const group = this.#group(technique, detail & 0xffff);
    group.attempts = Math.min(group.attempts, detail >>> 24);
    if (++group.count <= this.#mostListed) {
      // Literals are as long as what they hold, and most hosts of a sweep have one answer.
      if (group.listed === undefined) group.listed = [question, detail, rttUs, sender, atMs];
      else group.listed.push(question, detail, rttUs, sender, atMs);
      return;
    }
    group.marks ??= this.#marksOf(group);
    group.listed = undefined;
    mark(group.marks, question);
  }

  /** Takes back the silence that was entered of a question; the verdict's code, or undefined where it was not silent. */
  take(question: number): number | undefined {
    const technique = this.#questions.techniqueOf[question] as number;
    for (const group of this.#groups) {
      if (group.technique !== technique || verdictOf(group.code).reason !== 'no-response') continue;
      if (!removed(group, question)) continue;
      if (--group.count === 0) this.#groups = this.#groups.filter((one) => one !== group);
      return group.code;
    }
    return undefined;
  }

  /** The groups, in the order in which their first port became known. */
  groups(): readonly RestGroup[] {
    const { portOf } = this.#questions;
    return this.#groups.map((group) => ({
      technique: group.technique,
      code: group.code,
      count: group.count,
      attempts: group.attempts,
      ports: group.marks === undefined ? '' : this.#portsOf(group.marks),
      records: recordsOf(group.listed).sort((a, b) => portOf[a.question]! - portOf[b.question]!),
    }));
  }

  #group(technique: number, code: number): Group {
    for (const group of this.#groups) if (group.code === code && group.technique === technique) return group;
    const group: Group = { technique, code, count: 0, attempts: 255, marks: undefined, listed: undefined };
    this.#groups = [...this.#groups, group];
    return group;
  }

  /** A bit for each question that is listed. */
  #marksOf({ listed = [] }: Group): Int32Array {
    const marks = new Int32Array((this.#questions.portOf.length + 31) >> 5);
    for (let i = 0; i < listed.length; i += fieldsListed) mark(marks, listed[i] as number);
    return marks;
  }

  /** A technique's questions stand in the order of their ports, mostly one port after the other. */
  #portsOf(marks: Int32Array): string {
    const { portOf } = this.#questions;
    const ranges = new PortRanges();
    for (let word = 0; word < marks.length; word++) {
      const first = portOf[32 * word] as number;
      const last = portOf[32 * word + 31] as number;
      if (marks[word] === allMarked && last - first === 31) {
        ranges.add(first, last);
        continue;
      }
      for (let left = marks[word] as number; left !== 0; left &= left - 1) {
        const port = portOf[32 * word + 31 - Math.clz32(left & -left)] as number;
        ranges.add(port, port);
      }
    }
    return ranges.text;
  }
}

interface Group {
  readonly technique: number;
  readonly code: number;
  count: number;
  attempts: number;
  /** Its questions, a bit each, once there are too many to be told singly. */
  marks: Int32Array | undefined;
  /** Until then the fields of its records, one after the other: 40 bytes a record, where an object takes 100. */
  listed: number[] | undefined;
}

function mark(marks: Int32Array, question: number): void {
  marks[question >> 5]! |= 1 << (question & 31);
}

/** Whether a question was in a group, which it is no longer. */
function removed({ listed, marks }: Group, question: number): boolean {
  if (marks !== undefined) {
    const bit = 1 << (question & 31);
    const word = marks[question >> 5] as number;
    marks[question >> 5] = word & ~bit;
    return (word & bit) !== 0;
  }
  for (let i = 0; i < (listed?.length ?? 0); i += fieldsListed) {
    if (listed?.[i] !== question) continue;
    listed.splice(i, fieldsListed);
    return true;
  }
  return false;
}

function recordsOf(listed: readonly number[] = []): RestRecord[] {
  const records: RestRecord[] = [];
  for (let i = 0; i < listed.length; i += fieldsListed) {
    const [question, detail, rttUs, sender, atMs] = listed.slice(i, i + fieldsListed) as Fields;
    records.push({ question, detail, rttUs, sender, atMs });
  }
  return records;
}

type Fields = [number, number, number, number, number];
const fieldsListed = 5;
const allMarked = -1;

/** nmap's own measure: up to this many ports of a kind are shown one by one. */
export const mostListed = 25;
