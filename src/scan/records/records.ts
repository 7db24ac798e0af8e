/**
 * Collects a shard's records in one growing buffer and hands it over whole.
 *
 * @module
 */

import type { AnswerRun } from '../../engine/batch/batch.ts';
import { fromTarget, noSender, type Observation } from '../../model/observation.ts';
import { lowestKind, nothing, recordKind, recordWords } from '../shard/messages.ts';

/** A batch being filled. */
export class Records {
  #words = new Uint32Array(firstSize);
  #length = 0;

  /** Words written. */
  get length(): number {
    return this.#length;
  }

  /** Appends what was seen of a question. */
  observed(host: number, question: number, { code, attempts, ttl, rttUs, sender }: Observation): void {
    const detail = code | (ttl << 16) | (Math.min(attempts, 255) << 24);
    this.append(host, question, detail, rttUs < 0 ? nothing : Math.min(rttUs, nothing - 1), sender);
  }

  /** Appends the state of a host. */
  state(host: number, code: number, ttl: number, rttUs: number): void {
    const rtt = rttUs < 0 ? nothing : Math.min(rttUs, nothing - 1);
    this.append(host, recordKind.hostState, code | (ttl << 16) | (1 << 24), rtt, noSender);
  }

  /** Appends the verdicts of answers to first transmissions, which the host itself gave. */
  run(host: number, { count, questions, codes, ttls, atUs, sentUs }: AnswerRun): void {
    this.#makeRoom(count);
    const words = this.#words;
    let at = this.#length;
    for (let i = 0; i < count; i++) {
      words[at++] = host;
      words[at++] = questions[i] as number;
      words[at++] = (codes[i] as number) | ((ttls[i] as number) << 16) | (1 << 24);
      words[at++] = Math.min((atUs[i] as number) - (sentUs[i] as number), nothing - 1);
      words[at++] = fromTarget;
    }
    this.#length = at;
  }

  /** Appends a record as it is. */
  append(a: number, b: number, c: number, d: number, e: number): void {
    this.#makeRoom(1);
    const words = this.#words;
    words[this.#length++] = a;
    words[this.#length++] = b;
    words[this.#length++] = c;
    words[this.#length++] = d;
    words[this.#length++] = e;
  }

  /** Appends the records of another shard; `senders` are the numbers here of its senders. */
  adopt(records: Uint32Array, senders: readonly number[]): void {
    this.#makeRoom(records.length / recordWords);
    const words = this.#words;
    words.set(records, this.#length);
    for (let at = this.#length + recordWords - 1; at < this.#length + records.length; at += recordWords) {
      const sender = words[at] as number;
      if (words[at - 3]! < lowestKind && sender < noSender) words[at] = senders[sender] ?? noSender;
    }
    this.#length += records.length;
  }

  #makeRoom(records: number): void {
    const wanted = this.#length + records * recordWords;
    if (wanted <= this.#words.length) return;
    const larger = new Uint32Array(Math.max(wanted, this.#words.length * 2));
    larger.set(this.#words);
    this.#words = larger;
  }

  /** The batch so far, to be transferred; a new one begins. */
  take(): Uint32Array<ArrayBuffer> {
    const batch = this.#words.slice(0, this.#length);
    this.#length = 0;
    return batch;
  }
}

const firstSize = 4096 * recordWords;
