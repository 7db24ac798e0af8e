/**
 * Collects a shard's records in one growing buffer and hands it over whole.
 *
 * @module
 */

import { readAnswer } from '../../engine/answers/read-answer.ts';
import type { AnswerRun } from '../../engine/batch/batch.ts';
import { noSender, Observation } from '../../model/observation.ts';
import { frameHeadBytes, type RecordCodec, recordKinds } from './frame.ts';
import { hostCodec, noQuestion } from './host-records.ts';
import { areAlike, itemBytes, writeItem } from './look.ts';
import { optionsCodec, senderCodec } from './numbering.ts';
import { headBytes, writeCount, writeHead } from './observations.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { type ProbeRecord, probeCodec } from './probe-record.ts';

/** What the numbers in observations stand for, in the order of the numbers; options from 1 on. */
export interface Numbered {
  readonly senders: readonly Uint8Array[];
  readonly options: readonly Uint8Array[];
}

/** Hears what questions about ports came to, while it is recorded. */
export interface PortListener {
  /** `data` is what came in a datagram. */
  note(host: number, question: number, code: number, data?: Uint8Array): void;
  /** Hears all that was seen, too; absent: what it came to is enough. */
  readonly look?: ((host: number, question: number, seen: Observation) => void) | undefined;
}

/** A batch being filled. */
export class Records {
  /** Set where somebody wants to know. */
  listener: PortListener | undefined;
  #bytes = new Uint8Array(firstBytes);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #numbered: Numbered;
  #sendersSaid = 0;
  #optionsSaid = 0;
  /** Milliseconds since 1970 when the scan's clock stood at 0. */
  readonly #wallOffsetMs: number;
  /** The record of observations that may still grow, by where its frame begins; -1: there is none. */
  #growing = -1;
  #growingHost = 0;
  #growingPhase = 0;
  #growingCount = 0;
  readonly #look = new Observation();

  constructor(numbered: Numbered = { senders: [], options: [] }, wallOffsetMs = 0) {
    this.#numbered = numbered;
    this.#wallOffsetMs = wallOffsetMs;
  }

  /** Bytes written. */
  get length(): number {
    return this.#length;
  }

  /** Appends what was seen of a question. */
  observed(host: number, question: number, seen: Observation, phase: number = phaseNumbers.ports): void {
    this.#openFor(host, phase, seen);
    this.#makeRoom(itemBytes(seen));
    this.#length = writeItem(question, seen, this.#view, this.#length);
    this.#growingCount++;
    if (phase !== phaseNumbers.ports || this.listener === undefined) return;
    this.listener.note(host, question, seen.code, seen.data);
    this.listener.look?.(host, question, seen);
  }

  /** Appends answers to first transmissions, which the host itself gave. */
  run(host: number, run: AnswerRun): void {
    let first = 0;
    for (let stretch = 0; stretch < run.stretches; stretch++) {
      const end = run.ends[stretch] as number;
      readAnswer(run, first, read);
      this.#openFor(host, phaseNumbers.ports, read);
      const items = run.items.subarray(first * runItemBytes, end * runItemBytes);
      this.#makeRoom(items.length);
      this.#bytes.set(items, this.#length);
      this.#length += items.length;
      this.#growingCount += end - first;
      first = end;
    }
    if (this.listener !== undefined) this.#tellRun(this.listener, host, run);
  }

  #tellRun(listener: PortListener, host: number, run: AnswerRun): void {
    const { look } = listener;
    for (let i = 0; i < run.count; i++) {
      const question = run.questions[i] as number;
      listener.note(host, question, run.codes[i] as number);
      if (look === undefined) continue;
      readAnswer(run, i, read);
      look(host, question, read);
    }
  }

  /** Appends that a host is up or down by what was seen, of a question if it is given. */
  host(
    host: number,
    seen: Observation,
    question: number = noQuestion,
    phase: number = phaseNumbers.discovery,
  ): void {
    this.explain(seen);
    this.append(hostCodec, { host, phase, question, atMs: this.wallMs(seen.atUs), seen });
  }

  /** Appends a probe that is no question of the user's. */
  probe(probe: Omit<ProbeRecord, 'atMs'>): void {
    this.explain(probe.seen);
    this.append(probeCodec, { ...probe, atMs: this.wallMs(probe.seen.atUs) });
  }

  /** Appends a record of any other kind. */
  append<Body>(codec: RecordCodec<Body>, body: Body): void {
    this.#close();
    const length = codec.length(body);
    this.#makeRoom(frameHeadBytes + length);
    this.#writeFrameHead(this.#length, recordKinds[codec.name], length);
    codec.emit(body, this.#view, this.#length + frameHeadBytes);
    this.#length += frameHeadBytes + length;
  }

  /** Appends a record as it stands. */
  adopt(frame: Uint8Array): void {
    this.#close();
    this.#makeRoom(frame.length);
    this.#bytes.set(frame, this.#length);
    this.#length += frame.length;
  }

  /** Says what the numbers of an observation stand for, if that was not said yet. */
  explain({ sender, options }: Pick<Observation, 'sender' | 'options'>): void {
    const { senders, options: known } = this.#numbered;
    while (sender < noSender && this.#sendersSaid < Math.min(senders.length, sender + 1)) {
      const number = this.#sendersSaid++;
      this.append(senderCodec, { number, bytes: senders[number] as Uint8Array });
    }
    while (this.#optionsSaid < Math.min(known.length, options)) {
      const bytes = known[this.#optionsSaid++] as Uint8Array;
      this.append(optionsCodec, { number: this.#optionsSaid, bytes });
    }
  }

  /** When something was seen, milliseconds since 1970; 0 where nobody looked at the clock. */
  wallMs(atUs: number): number {
    return atUs === 0 ? 0 : this.#wallOffsetMs + atUs / 1000;
  }

  /** The batch so far, to be transferred; a new one begins. */
  take(): Uint8Array<ArrayBuffer> {
    this.#close();
    const batch = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return batch;
  }

  /** Begins a record of observations, unless the one that grows has the same look. */
  #openFor(host: number, phase: number, seen: Observation): void {
    const isMore =
      this.#growing >= 0 &&
      this.#growingHost === host &&
      this.#growingPhase === phase &&
      areAlike(seen, this.#look);
    if (isMore) return;
    this.#close();
    this.explain(seen);
    this.#makeRoom(frameHeadBytes + headBytes + seen.data.length);
    this.#growing = this.#length;
    this.#growingHost = host;
    this.#growingPhase = phase;
    this.#growingCount = 0;
    this.#look.copy(seen);
    const start = this.#length + frameHeadBytes;
    this.#length = writeHead(this.#view, start, host, phase, this.wallMs(seen.atUs), seen);
  }

  /** Ends the record that was growing. */
  #close(): void {
    const at = this.#growing;
    if (at < 0) return;
    this.#growing = -1;
    this.#writeFrameHead(at, recordKinds.observations, this.#length - at - frameHeadBytes);
    writeCount(this.#view, at + frameHeadBytes, this.#growingCount);
  }

  #writeFrameHead(at: number, kind: number, bodyBytes: number): void {
    this.#view.setUint32(at, bodyBytes + 1, true);
    this.#view.setUint8(at + 4, kind);
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

const read = new Observation();
/** Question, round trip, IP identification. */
const runItemBytes = 12;
const firstBytes = 65_536;
