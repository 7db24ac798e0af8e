/**
 * Carries out the moves of an inquiry on connections that `dial` opens: one at a time, within the time and the bytes
 * that a service may cost.
 *
 * @module
 */

import type { Move, Outcome } from '../../../detect/service/moves.ts';
import type { Dial, Dialogue, DialTarget, Opened, Read } from '../../../dial/dial.ts';
import type { Exchange } from '../../../model/service-fact.ts';
import { exchangeOf, mostExchanges } from './exchange.ts';

/** With whom it is held, and within which bounds. */
export interface Partner {
  readonly target: Pick<DialTarget, 'host' | 'scopeId' | 'port' | 'transport'>;
  /** The name to ask for inside TLS; absent: none. */
  readonly serverName?: string;
  readonly timeoutUs: number;
  /** When the host's time is over, whatever is being done; absent: never. */
  readonly untilUs?: number;
  /** A connection from a fixed port leaves no trace behind, or the next one could not be made. */
  readonly closes: 'fin' | 'reset';
  /** Absent: what is said and heard is forgotten. */
  readonly keepsTalk?: boolean;
}

/** What came of it, and how. */
export interface Conversation<Result> extends Passed {
  readonly result: Result;
}

/** What passed. */
export interface Passed {
  readonly connections: number;
  /** Of what was said, both ways. */
  readonly bytes: number;
  /** What became of the first connection; absent where none was needed. */
  readonly opened?: Opened;
  /** The first bytes that came, and how long after the last that was said; of a server that greets -1. */
  readonly heard: Uint8Array;
  readonly rttUs: number;
  /** The ICMP error that ended it. */
  readonly failed?: Extract<Read, { readonly kind: 'failed' }>;
  /** How many times something was said. */
  readonly said: number;
  /** All that was said, and what came of it. */
  readonly talk: readonly Exchange[];
}

/** Makes all moves of an inquiry. */
export async function converse<Result>(
  moves: Generator<Move, Result, Outcome>,
  partner: Partner,
  dial: Dial,
): Promise<Conversation<Result>> {
  const speaker = new Speaker(partner, dial);
  let step = moves.next();
  while (step.done !== true) step = moves.next(await speaker.make(step.value));
  return { result: step.value, ...speaker.end() };
}

/** Who holds the connection. */
class Speaker {
  readonly #partner: Partner;
  readonly #dial: Dial;
  #dialogue: Dialogue | undefined;
  #first: Opened | undefined;
  /** Until when it may take; of the service itself that is known from its first connection on. */
  #untilUs: number;
  #quietUs = quietUs;
  #connections = 0;
  #bytes = 0;
  #heard: Uint8Array | undefined;
  #rttUs = -1;
  #saidUs = -1;
  #said = 0;
  #opens = 0;
  readonly #talk: Exchange[] = [];
  #failed: Passed['failed'];

  constructor(partner: Partner, dial: Dial) {
    this.#partner = partner;
    this.#dial = dial;
    this.#untilUs = partner.untilUs ?? Number.POSITIVE_INFINITY;
  }

  async make(move: Move): Promise<Outcome> {
    if (move.does === 'open') this.#opens++;
    const outcome = await this.#carryOut(move);
    if (this.#partner.keepsTalk === true && this.#talk.length < mostExchanges) {
      const exchange = exchangeOf(this.#opens, move, outcome);
      if (exchange !== undefined) this.#talk.push(exchange);
    }
    return outcome;
  }

  async #carryOut(move: Move): Promise<Outcome> {
    if (this.#dial.nowUs >= this.#untilUs) return timeIsUp;
    if (move.does === 'open') return this.#open();
    const dialogue = this.#dialogue;
    if (dialogue === undefined) return { was: 'over' };
    if (move.does === 'secure') return this.#secure(dialogue, move);
    if (move.does === 'say') {
      if (!dialogue.send(move.bytes)) return { was: 'heard', bytes: nothing, end: 'reset' };
      this.#said++;
      this.#saidUs = this.#dial.nowUs;
    }
    return this.#hear(dialogue, move);
  }

  end(): Passed {
    this.#close();
    return {
      connections: this.#connections,
      bytes: this.#bytes,
      ...(this.#first !== undefined && { opened: this.#first }),
      heard: this.#heard ?? nothing,
      rttUs: this.#rttUs,
      ...(this.#failed !== undefined && { failed: this.#failed }),
      said: this.#said,
      talk: this.#talk,
    };
  }

  async #open(): Promise<Outcome> {
    this.#close();
    const { target, timeoutUs } = this.#partner;
    const opened = await this.#dial.open({
      ...target,
      timeoutUs: Math.min(timeoutUs, openingUs),
      // What was begun is brought to its end before anything else begins.
      isUrgent: this.#first !== undefined,
      untilUs: this.#untilUs,
      mostBytes: mostRawBytes,
    });
    const isFirst = this.#first === undefined;
    this.#first ??= opened;
    if (opened.outcome !== 'connected') {
      this.#count(opened.cost);
      const isLate = opened.outcome === 'timeout' || this.#dial.nowUs >= this.#untilUs;
      return isLate ? timeIsUp : { was: 'over' };
    }
    const { dialogue } = opened;
    this.#dialogue = dialogue;
    if (isFirst) this.#untilUs = Math.min(this.#untilUs, dialogue.begunUs + timeoutUs);
    const rttUs = Math.max(0, this.#dial.nowUs - dialogue.begunUs);
    this.#quietUs = quietUs + 2 * rttUs;
    return { was: 'opened', rttMs: rttUs / 1000 };
  }

  /** Reads until it is enough, nothing more comes, or there is no more room. */
  async #hear(
    dialogue: Dialogue,
    { waitMs, isEnough, ...move }: Extract<Move, { does: 'say' | 'listen' }>,
  ): Promise<Outcome> {
    const most = (move.does === 'say' ? move.mostBytes : undefined) ?? mostHeardBytes;
    const bytes = new Uint8Array(most);
    let length = 0;
    let lookedAt = 0;
    let deadlineUs = this.#dial.nowUs + 1000 * waitMs;
    let enoughUs = this.#untilUs;
    let isCut = false;
    const startedUs = this.#dial.nowUs;
    const heard = (end: Extract<Outcome, { was: 'heard' }>['end'], alert?: number): Outcome => {
      const all = bytes.slice(0, length);
      if (length > 0) this.#keep(all);
      const afterMs = (this.#dial.nowUs - startedUs) / 1000;
      return { was: 'heard', bytes: all, end, isCut, afterMs, ...(alert !== undefined && { alert }) };
    };
    const isDatagram = this.#partner.target.transport === 'udp';
    for (;;) {
      if (length === most) return heard('limit');
      const read = await dialogue.read(most - length, Math.min(deadlineUs, this.#untilUs));
      if (read.kind !== 'bytes') {
        if (read.kind === 'end' || read.kind === 'limit') return heard(read.kind);
        if (read.kind === 'reset') return heard('reset', read.alert);
        if (read.kind === 'failed' && isDatagram) {
          this.#failed ??= read;
          return heard('reset');
        }
        if (read.kind !== 'timeout') return length > 0 ? heard('reset') : { was: 'over' };
        if (this.#dial.nowUs < this.#untilUs) return heard('quiet');
        return length === 0 ? timeIsUp : heard('late');
      }
      if (length === 0) enoughUs = Math.min(enoughUs, this.#dial.nowUs + mostTalkUs + 2 * this.#quietUs);
      bytes.set(read.bytes, length);
      length += read.bytes.length;
      if (isDatagram) return heard('quiet');
      const isLong = this.#dial.nowUs >= enoughUs;
      // Whoever sends byte by byte must not have all of it read again for each.
      if (isLong || length - lookedAt > lookedAt >> 3) {
        lookedAt = length;
        if (isEnough?.(bytes.subarray(0, length)) === true) return heard('quiet');
      }
      // Who comes to his end about now is waited for as others are; who still talks is cut.
      if (isLong) {
        isCut = true;
        return heard('quiet');
      }
      deadlineUs = this.#dial.nowUs + this.#quietUs;
    }
  }

  async #secure(
    dialogue: Dialogue,
    { alpn, isNamed, waitMs }: Extract<Move, { does: 'secure' }>,
  ): Promise<Outcome> {
    const { serverName } = this.#partner;
    const wish = {
      ...(alpn.length > 0 && { alpn }),
      ...(isNamed && serverName !== undefined && { serverName }),
    };
    const result = await dialogue.upgrade(wish, Math.min(this.#dial.nowUs + 1000 * waitMs, this.#untilUs));
    if (result.kind === 'session') {
      const { version, cipher, alpn: chosen, certificates } = result;
      return { was: 'secured', version, cipher, certificates, ...(chosen !== undefined && { alpn: chosen }) };
    }
    const { kind, ...failure } = result;
    if (failure.heard.length > 0) this.#keep(failure.heard);
    return { was: 'not-secured', ...failure };
  }

  #keep(heard: Uint8Array): void {
    if (this.#heard !== undefined) return;
    this.#heard = heard;
    if (this.#saidUs >= 0) this.#rttUs = this.#dial.nowUs - this.#saidUs;
  }

  #close(): void {
    if (this.#dialogue === undefined) return;
    this.#dialogue.close(this.#partner.closes);
    this.#count(this.#dialogue.cost);
    this.#dialogue = undefined;
  }

  #count({ connections, bytesIn, bytesOut }: Dialogue['cost']): void {
    this.#connections += connections;
    this.#bytes += bytesIn + bytesOut;
  }
}

const timeIsUp: Outcome = { was: 'over', stopped: 'timeout' };
const nothing = new Uint8Array(0);
/** As much of an answer as is read: what tells servers apart stands at its beginning. */
const mostHeardBytes = 4096;
/** The same with what TLS needs besides: certificates above all. */
const mostRawBytes = 1 << 16;
/** A kernel sends its SYN again after one and after three seconds. */
const openingUs = 4_000_000;
/** Who has begun to answer and does not come to an end is not heard for longer. */
const mostTalkUs = 1_500_000;
/** Who has begun to answer goes on within this time and two round trips. */
const quietUs = 250_000;
