/**
 * A talk with a port while it goes on: one connection at a time, what was said and heard on all of them, and what is
 * known by that. Pure: each step is a move that somebody else carries out.
 *
 * @module
 */

import type { ServiceStop } from '../../model/service-fact.ts';
import { identify, isPrinted, isTlsPort, patienceAfter } from './candidates.ts';
import type { Asked, Protocol } from './contract.ts';
import { type Heard, nothing } from './heard.ts';
import { type Move, type Outcome, type Steps, waits } from './moves.ts';
import type { LoggedTalk, Secured } from './service.ts';
import { escaped } from './text.ts';

/** What came of a hello of TLS, or that nothing more can be done. */
export type HelloOutcome = Extract<Outcome, { was: 'secured' | 'not-secured' | 'over' }>;

/** With one port. */
export class Talk {
  readonly asked: Asked;
  readonly intensity: number;
  /** What was said, and what came of it, where nothing was understood. */
  readonly log: LoggedTalk[] = [];
  /** Somebody spoke TLS, whatever came inside, and the last that came about. */
  isTls = false;
  secured: Secured | undefined;
  /** What a server showed that refused, and that it lets nobody in without a certificate. */
  certificates: readonly Uint8Array[] = [];
  wantsCertificate = false;
  #banner: Uint8Array = nothing;
  #connections = 0;
  #rttMs = 0;
  #hungUpMs = 0;
  #stopped: ServiceStop | undefined;
  #isOver = false;

  constructor(asked: Asked, intensity: number) {
    this.asked = asked;
    // Whoever greets there is told nothing either.
    this.intensity = isPrinted(asked.port) ? 0 : intensity;
  }

  /** The first bytes that came. */
  get banner(): Uint8Array {
    return this.#banner;
  }

  get connections(): number {
    return this.#connections;
  }

  /** The bound that ended it. */
  get stopped(): ServiceStop | undefined {
    return this.#stopped;
  }

  *open(): Steps<boolean> {
    if (this.#isOver) return false;
    const outcome = yield { does: 'open' };
    this.#take(outcome);
    if (outcome.was !== 'opened') return false;
    this.#connections++;
    this.#rttMs = outcome.rttMs;
    return true;
  }

  /** Hears what a server says by itself. */
  *listen(expected: readonly Protocol[], waitMs: number): Steps<Heard> {
    const isEnough = (bytes: Uint8Array) => {
      const found = identify(bytes, expected);
      return found?.protocol.more !== undefined || found?.protocol.isWhole?.(bytes) === true;
    };
    return yield* this.exchange({ does: 'listen', waitMs, isEnough });
  }

  /** Says the request of a protocol, and hears the answer. */
  *say(word: Protocol, expected: readonly Protocol[]): Steps<Heard> {
    const bytes = word.request?.bytes(this.asked, nothing) ?? nothing;
    const waitMs = patienceAfter(word, expected);
    const isEnough = (answer: Uint8Array) => {
      const isItsOwn = word.isWhole?.(answer) === true || word.parse(answer) !== undefined;
      const found = isItsOwn ? word : identify(answer, expected)?.protocol;
      return found?.isWhole?.(answer) === true;
    };
    let toldBytes = 0;
    for (const end of expected.includes(word) ? [] : (word.request?.pieces ?? [])) {
      const piece = bytes.subarray(toldBytes, end);
      toldBytes = end;
      const heard = yield* this.exchange({
        does: 'say',
        word: word.name,
        bytes: piece,
        waitMs: this.#pieceMs,
      });
      if (heard.end !== 'quiet' || heard.bytes.length > 0) return { ...heard, toldBytes };
    }
    const rest = bytes.subarray(toldBytes);
    return yield* this.exchange({ does: 'say', word: word.name, bytes: rest, waitMs, isEnough });
  }

  /** As long as it took to hang up before: a busy server may take as long again. */
  get #pieceMs(): number {
    return Math.min(waits.mostPieceMs, waits.pieceMs + 2 * this.#hungUpMs);
  }

  *exchange(move: Extract<Move, { does: 'say' | 'listen' }>): Steps<Heard> {
    if (this.#isOver) return { bytes: nothing, end: 'over' };
    const outcome = yield { ...move, waitMs: move.waitMs + roundTrips * this.#rttMs };
    this.#take(outcome);
    if (outcome.was !== 'heard') return { bytes: nothing, end: 'over' };
    if (outcome.alert === certificateRequired) this.wantsCertificate = true;
    if (outcome.end === 'end' || outcome.end === 'reset') this.#hungUpMs = outcome.afterMs ?? 0;
    return outcome;
  }

  /** Says a hello of TLS on the connection that stands. Who has spoken TLS before does so again, however busy. */
  *secure(alpn: readonly string[], isNamed: boolean): Steps<HelloOutcome> {
    const isSure = this.isTls || isTlsPort(this.asked.port);
    const waitMs = (isSure ? waits.tlsMs : waits.strangeTlsMs) + roundTrips * this.#rttMs;
    const outcome = yield { does: 'secure', alpn, isNamed, waitMs };
    this.#take(outcome);
    return outcome.was === 'secured' || outcome.was === 'not-secured' ? outcome : { was: 'over' };
  }

  /** Keeps what may have to be told if nothing is understood. */
  note(said: string, { bytes, end, isCut = false }: Heard): void {
    this.keep(bytes);
    if (end === 'limit') this.#stopped = 'bytes';
    if (end === 'late') this.#stopped = 'timeout';
    this.log.push({ said, heard: bytes.length === 0 ? end : escaped(bytes, mostShown), isCut });
  }

  /** The first bytes that come are kept. */
  keep(bytes: Uint8Array): void {
    if (this.#banner.length === 0) this.#banner = bytes;
  }

  #take(outcome: Outcome): void {
    if (outcome.was !== 'over') return;
    this.#isOver = true;
    this.#stopped = outcome.stopped;
  }
}

/** RFC 8446, 6.2. */
const certificateRequired = 116;
/** Added to every wait: there and back, and once more for what is lost. */
const roundTrips = 3;
const mostShown = 400;
