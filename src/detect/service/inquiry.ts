/**
 * How it is found out what listens on a port: which moves are made, one after the other, and what follows from what
 * came of each. Pure: whoever carries the moves out holds the connection and the clock.
 *
 * A server is listened to first, briefly unless its port is one of those that greet. One that waits is told the words of
 * its port, then those that most servers answer in a way of their own. What an answer excludes is not asked: who greets
 * in unknown words is asked nothing else, who answers strangers has answered, who closes on them does not wait.
 *
 * @module
 */

import type { ServiceStop } from '../../model/service-fact.ts';
import { joined } from '../../wire/bytes.ts';
import { withOthers } from './beside.ts';
import {
  agendaOf,
  expectedAt,
  type Found,
  identify,
  isPrinted,
  isTlsPort,
  leftAfterHello,
  leftAfterSilence,
  leftInside,
  mostConnections,
  patienceAfter,
  type Reaction,
  type Word,
} from './candidates.ts';
import type { Asked, Protocol } from './contract.ts';
import { askFurther, type TcpProof } from './further.ts';
import { type Heard, isTlsRecord, nothing, quietly, reactionOf } from './heard.ts';
import { type Move, type Outcome, waits } from './moves.ts';
import { http2 } from './protocols/web/http2.ts';
import type { LoggedTalk, Secured, Service } from './service.ts';
import { bareTls, provenService, unknownService } from './service.ts';
import { escaped } from './text.ts';

/** Finds out what listens on a port. */
export function* inquire(asked: Asked, intensity: number): Steps<Service> {
  return yield* withOthers(yield* new Inquiry(asked, intensity).run(), asked, intensity);
}

type Steps<Result> = Generator<Move, Result, Outcome>;

class Inquiry {
  readonly #asked: Asked;
  readonly #intensity: number;
  /** What was said, and what came of it, where nothing was understood. */
  readonly #log: LoggedTalk[] = [];
  #banner: Uint8Array = nothing;
  #connections = 0;
  #rttMs = 0;
  #stopped: ServiceStop | undefined;
  #isOver = false;
  /** Somebody spoke TLS, whatever came inside. */
  #secured: Secured | undefined;
  #isTls = false;
  /** What was done at a hello of TLS that nobody answered. */
  #atHello: Reaction | undefined;

  constructor(asked: Asked, intensity: number) {
    this.#asked = asked;
    // Whoever greets there is told nothing either.
    this.#intensity = isPrinted(asked.port) ? 0 : intensity;
  }

  *run(): Steps<Service> {
    const proof = yield* this.#prove();
    if (proof === undefined && this.#isTls) return bareTls(this.#secured);
    if (proof === undefined)
      return unknownService(`tcp/${this.#asked.port}`, this.#log, this.#banner, this.#stopped);
    return this.#stopped === 'timeout' ? { ...proof, stopped: this.#stopped } : proof;
  }

  *#prove(): Steps<Service | undefined> {
    const { port } = this.#asked;
    if (!(yield* this.#open())) return undefined;
    const expected = expectedAt(port, false);
    const heard = yield* this.#listen(expected, this.#patience(expected, isTlsPort(port)));
    if (heard.bytes.length > 0) return yield* this.#greeted(heard, expected, undefined);
    this.#note('greeting', heard);
    return heard.end === 'quiet' ? yield* this.#askAll(expected) : undefined;
  }

  /** How long a greeting is waited for. */
  #patience(expected: readonly Protocol[], isSureToWait: boolean): number {
    if (expected.some(({ greeting }) => greeting === true)) return waits.greetingMs;
    return isSureToWait || expected.length > 0 ? waits.shortMs : waits.strangeMs;
  }

  /** A server that waits is told one word after the other. */
  *#askAll(expected: readonly Protocol[]): Steps<Service | undefined> {
    const { port } = this.#asked;
    let words = agendaOf(port, this.#intensity);
    for (let isFresh = true; words.length > 0; isFresh = false) {
      const [word, ...others] = words as readonly [Word, ...Word[]];
      if (!isFresh && !(yield* this.#open())) return undefined;
      if (word === 'tls') {
        const found = yield* this.#askInside();
        if (found !== undefined || this.#isTls) return found;
        words = this.#atHello === undefined ? others : leftAfterHello(this.#atHello, others, expected);
        continue;
      }
      const heard = yield* this.#say(word, expected);
      if (heard.end === 'over') return undefined;
      this.#note(word.name, heard);
      if (heard.bytes.length > 0) {
        const found = yield* this.#answered(word, heard, expected);
        if (found !== undefined) return found;
        // Words that nobody understands: only what is expected here may still be what it is.
        words = isTlsRecord(heard.bytes)
          ? ['tls']
          : others.filter((one) => one !== 'tls' && expected.includes(one));
      } else {
        const silence = { word, reaction: reactionOf(heard), how: heard.end };
        words = leftAfterSilence(silence, others, expected, this.#intensity);
      }
      if (this.#connections >= mostConnections(this.#intensity)) return undefined;
    }
    return undefined;
  }

  /** A server has answered to the words of a protocol, its own or another's; what it says may be a reason to ask more. */
  *#answered(word: Word, heard: Heard, expected: readonly Protocol[]): Steps<Service | undefined> {
    const found = identify(heard.bytes, word === 'tls' ? expected : [word, ...expected]);
    if (found === undefined) return undefined;
    const proof: TcpProof = { ...found, via: word === 'tls' ? word : word.name };
    if (found.parsed.wantsTls === true && this.#intensity >= 2 && word !== 'tls') {
      if (!(yield* this.#open())) return provenService(proof, undefined, false);
      const inside = yield* this.#askInside();
      if (inside?.tls === true) return inside;
      return this.#isTls ? bareTls(this.#secured) : yield* this.#tell(proof, undefined, false);
    }
    const own = this.#ownWord(proof, word);
    if (own !== undefined && (yield* this.#open())) {
      const answer = yield* this.#say(own, []);
      const parsed = own.parse(answer.bytes);
      if (parsed !== undefined)
        return yield* this.#goOn({ protocol: own, parsed }, own.name, yield* this.#sayMore(own, answer));
    }
    if (found.protocol !== word) return yield* this.#tell(proof, undefined, false);
    return yield* this.#goOn(found, word.name, yield* this.#sayMore(word, heard));
  }

  /**
   * In which words a server is asked that is known already: its own tell more of whoever answered to another's, or to a
   * hello. Who answers its own words as if they were another's may repeat what it hears, as some servers of the web do
   * with any version.
   */
  #ownWord({ protocol, parsed }: TcpProof, word: Word): Protocol | undefined {
    if (parsed.isAside !== true && (protocol === word || word !== 'tls')) return undefined;
    if (protocol !== word) return protocol.request === undefined ? undefined : protocol;
    return agendaOf(this.#asked.port, 1).find((one) => one !== 'tls' && one.name === 'http') as
      | Protocol
      | undefined;
  }

  /** The service that a proof shows, with what only a connection of its own tells. */
  *#tell(proof: TcpProof, secured: Secured | undefined, isInside: boolean): Steps<Service> {
    const all = yield* askFurther(proof, this.#asked, this.#intensity, isInside);
    return provenService(all, secured, isInside);
  }

  /** A server that spoke first. */
  *#greeted(
    heard: Heard,
    expected: readonly Protocol[],
    secured: Secured | undefined,
  ): Steps<Service | undefined> {
    const found = identify(heard.bytes, expected);
    const protocol =
      found?.protocol ?? expected.find(({ greeting, more }) => greeting === true && more !== undefined);
    const all = protocol === undefined ? heard : yield* this.#sayMore(protocol, heard);
    this.#note('greeting', all);
    const parsed = protocol?.parse(all.bytes) ?? found?.parsed;
    if (protocol === undefined || parsed === undefined) return undefined;
    const proof = { protocol, parsed };
    if (secured !== undefined) return yield* this.#tell({ ...proof, via: 'greeting' }, secured, true);
    return yield* this.#goOn(proof, 'greeting', all);
  }

  /** What a protocol tells when it is known, on the same connection: all that was heard, with what came before. */
  *#sayMore(protocol: Protocol, heard: Heard): Steps<Heard> {
    let all = heard;
    for (let more = protocol.more; more !== undefined && more.cost <= this.#intensity; more = more.next) {
      if (all.end !== 'quiet') break;
      const before = all.bytes;
      const { isAnswered = protocol.isWhole } = more;
      const isEnough = (later: Uint8Array) => isAnswered?.(joined(before, later)) === true;
      const bytes = more.bytes(this.#asked, before);
      if (bytes.length === 0) break;
      const later = yield* this.#exchange({ does: 'say', bytes, waitMs: waits.moreMs, isEnough });
      all = { ...later, bytes: joined(before, later.bytes) };
      if (later.bytes.length === 0) break;
    }
    return all;
  }

  /** The service that is proven by all that was heard, and TLS where it can be begun on the same connection. */
  *#goOn({ protocol, parsed: first }: Found<Protocol>, via: string, { bytes, end }: Heard): Steps<Service> {
    const parsed = protocol.parse(bytes) ?? first;
    const isFresh = protocol.starttls?.isFresh === true;
    const secured = isFresh || end === 'quiet' ? yield* this.#startTls({ protocol, parsed }) : undefined;
    const more = secured && protocol.starttls?.more;
    if (more === undefined || more.cost > this.#intensity)
      return yield* this.#tell({ protocol, parsed, via }, secured, false);
    const inside = yield* this.#exchange({
      does: 'say',
      bytes: more.bytes(this.#asked, bytes),
      waitMs: waits.moreMs,
    });
    const told = protocol.parse(joined(bytes, inside.bytes)) ?? parsed;
    return yield* this.#tell({ protocol, parsed: told, via }, secured, false);
  }

  /** Begins TLS on a connection that has begun in plain text, or on one of its own. */
  *#startTls({ protocol: { starttls }, parsed: { facts } }: Found<Protocol>): Steps<Secured | undefined> {
    if (
      starttls === undefined ||
      starttls.cost > this.#intensity ||
      !(starttls.isWorthAsking ?? starttls.isOffered)(facts)
    )
      return undefined;
    if (starttls.isFresh === true && !(yield* this.#open())) return undefined;
    if (starttls.bytes !== undefined) {
      const agreed = yield* this.#exchange({
        does: 'say',
        bytes: starttls.bytes,
        waitMs: starttls.isSilent ? 0 : waits.moreMs,
        isEnough: starttls.isAgreed,
      });
      if (!starttls.isAgreed(agreed.bytes) || agreed.end !== 'quiet') return undefined;
    }
    const outcome = yield { does: 'secure', alpn: [], isNamed: true, waitMs: waits.tlsMs };
    return outcome.was === 'secured' ? outcome : undefined;
  }

  /** TLS on the connection that stands, again without what a server may refuse, and what is spoken inside. */
  *#askInside(): Steps<Service | undefined> {
    const { port } = this.#asked;
    const expected = expectedAt(port, true);
    const isWeb = expected.length === 0 || expected[0]?.name === 'http';
    const alpn = isWeb ? webProtocols : [];
    let wasNamed = true;
    let outcome = yield { does: 'secure', alpn, isNamed: true, waitMs: this.#tlsPatience() };
    // Who does not speak HTTP/1.1 may speak HTTP/2, or what nobody asks for by name.
    const others = isWeb ? [secondWebProtocols, []] : [[]];
    while (outcome.was === 'not-secured') {
      const isNamed = outcome.alert !== unrecognizedName;
      const other = isNamed ? others.shift() : alpn;
      if ((isNamed && outcome.alert !== noProtocol) || other === undefined || !wasNamed) break;
      if (!(yield* this.#open())) return undefined;
      wasNamed = isNamed;
      outcome = yield { does: 'secure', alpn: other, isNamed, waitMs: this.#tlsPatience() };
    }
    if (outcome.was === 'not-secured') return yield* this.#notSecured(outcome);
    if (outcome.was !== 'secured') {
      this.#take(outcome);
      return undefined;
    }
    this.#isTls = true;
    this.#secured = outcome;
    return yield* this.#inside(outcome, expected);
  }

  /** An alert is TLS as well; what came in plain text is an answer. */
  *#notSecured({
    reason,
    alert,
    heard,
  }: Extract<Outcome, { was: 'not-secured' }>): Steps<Service | undefined> {
    this.#log.push({ said: 'tls', heard: alert === undefined ? reason : `alert ${alert}` });
    if (alert !== undefined || reason === 'protocol') {
      this.#isTls = true;
      return undefined;
    }
    if (heard.length === 0) {
      this.#atHello = reason === 'timeout' ? 'waits' : 'closes';
      return undefined;
    }
    if (this.#banner.length === 0) this.#banner = heard;
    return yield* this.#answered('tls', { bytes: heard, end: 'end' }, expectedAt(this.#asked.port, false));
  }

  *#inside(secured: Secured, expected: readonly Protocol[]): Steps<Service | undefined> {
    const isSecond = secured.alpn === secondWebProtocols[0];
    const isWeb = isSecond || secured.alpn?.startsWith('http/') === true;
    const greets = !isWeb && expected.some(({ greeting }) => greeting === true);
    const heard = isWeb ? quietly : yield* this.#listen(expected, greets ? waits.greetingMs : waits.shortMs);
    if (heard.bytes.length > 0) return yield* this.#greeted(heard, expected, secured);
    // Who hangs up on those that agreed on nothing wants HTTP/2 to be agreed on.
    if (heard.end === 'end' && secured.alpn === undefined && expected.length === 0) {
      const second = yield* this.#secureAnew(secondWebProtocols);
      return second?.alpn !== undefined ? yield* this.#inside(second, expected) : undefined;
    }
    if (heard.end !== 'quiet' || this.#intensity < 1) return undefined;
    const words = agendaOf(this.#asked.port, this.#intensity).filter((word) => word !== 'tls');
    const own = expected.find(({ request }) => request !== undefined);
    const word = isSecond
      ? http2
      : isWeb || own === undefined
        ? words.find(({ name }) => name === 'http')
        : own;
    if (word === undefined) return undefined;
    const answer = yield* this.#say(word, expected);
    this.#note(`tls ${word.name}`, answer);
    if (answer.bytes.length === 0 && word.name === 'http' && !isWeb)
      return yield* this.#othersInside(leftInside(reactionOf(answer), words), expected);
    const found = identify(answer.bytes, [word, ...expected]);
    return found && (yield* this.#tell({ ...found, via: word.name }, secured, true));
  }

  /** TLS on a new connection. */
  *#secureAnew(alpn: readonly string[]): Steps<Secured | undefined> {
    if (!(yield* this.#open())) return undefined;
    const outcome = yield { does: 'secure', alpn, isNamed: true, waitMs: this.#tlsPatience() };
    return outcome.was === 'secured' ? outcome : undefined;
  }

  /** Other words inside TLS, a connection each. */
  *#othersInside(words: readonly Protocol[], expected: readonly Protocol[]): Steps<Service | undefined> {
    for (const word of words.slice(0, mostInside)) {
      const secured = yield* this.#secureAnew([]);
      if (secured === undefined) return undefined;
      const answer = yield* this.#say(word, expected);
      this.#note(`tls ${word.name}`, answer);
      const found = identify(answer.bytes, [word, ...expected]);
      if (found !== undefined) return yield* this.#tell({ ...found, via: word.name }, secured, true);
      if (answer.bytes.length > 0) return undefined;
    }
    return undefined;
  }

  *#open(): Steps<boolean> {
    if (this.#isOver) return false;
    const outcome = yield { does: 'open' };
    this.#take(outcome);
    if (outcome.was !== 'opened') return false;
    this.#connections++;
    this.#rttMs = outcome.rttMs;
    return true;
  }

  *#listen(expected: readonly Protocol[], waitMs: number): Steps<Heard> {
    const isEnough = (bytes: Uint8Array) => {
      const found = identify(bytes, expected);
      return found?.protocol.more !== undefined || found?.protocol.isWhole?.(bytes) === true;
    };
    return yield* this.#exchange({ does: 'listen', waitMs, isEnough });
  }

  *#say(word: Protocol, expected: readonly Protocol[]): Steps<Heard> {
    const bytes = word.request?.bytes(this.#asked, nothing) ?? nothing;
    const waitMs = patienceAfter(word, expected);
    const isEnough = (answer: Uint8Array) => {
      const found = word.isWhole?.(answer) === true ? word : identify(answer, expected)?.protocol;
      return found?.isWhole?.(answer) === true;
    };
    return yield* this.#exchange({ does: 'say', word: word.name, bytes, waitMs, isEnough });
  }

  *#exchange(move: Extract<Move, { does: 'say' | 'listen' }>): Steps<Heard> {
    if (this.#isOver) return { bytes: nothing, end: 'over' };
    const outcome = yield { ...move, waitMs: move.waitMs + roundTrips * this.#rttMs };
    this.#take(outcome);
    return outcome.was === 'heard' ? outcome : { bytes: nothing, end: 'over' };
  }

  #take(outcome: Outcome): void {
    if (outcome.was !== 'over') return;
    this.#isOver = true;
    this.#stopped = outcome.stopped;
  }

  #tlsPatience(): number {
    // Who has spoken it before does so again, however busy.
    const isSure = this.#isTls || isTlsPort(this.#asked.port);
    return (isSure ? waits.tlsMs : waits.strangeTlsMs) + roundTrips * this.#rttMs;
  }

  /** Keeps what may have to be told if nothing is understood. */
  #note(said: string, { bytes, end, isCut = false }: Heard): void {
    if (bytes.length > 0 && this.#banner.length === 0) this.#banner = bytes;
    if (end === 'limit') this.#stopped = 'bytes';
    if (end === 'late') this.#stopped = 'timeout';
    this.#log.push({ said, heard: bytes.length === 0 ? end : escaped(bytes, mostShown), isCut });
  }
}

const webProtocols = ['http/1.1'];
const secondWebProtocols = ['h2'];
/** RFC 6066, 3 and RFC 7301, 3.2. */
const unrecognizedName = 112;
const noProtocol = 120;
/** Added to every wait: there and back, and once more for what is lost. */
const roundTrips = 3;
const mostShown = 400;
const mostInside = 3;
