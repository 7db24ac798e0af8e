/**
 * How it is found out what listens on a UDP port. What the scan of ports has heard there is read first, and often that
 * is all. Where it told nothing, or too little, or where the port was silent, it is asked in the words of its own protocol
 * and then of the others, one soon after the other: the answer shows by itself to which of them it is one. Pure, like
 * `inquiry.ts`.
 *
 * @module
 */

import type { ServiceStop } from '../../model/service-fact.ts';
import { datagramAgenda, expectedDatagrams, type Found, identifyDatagram } from './candidates.ts';
import type { Asked, DatagramProtocol } from './contract.ts';
import { datagramWaits, type Outcome, type Steps } from './moves.ts';
import { provenService, type Service, unknownService } from './service.ts';
import { escaped } from './text.ts';

/** Finds out what listens on a UDP port, which has given this answer to the scan of ports, or none. */
export function inquireDatagrams(
  asked: Asked,
  intensity: number,
  answer: Uint8Array | undefined,
): Steps<Service> {
  return new DatagramInquiry(asked, intensity).run(answer);
}

class DatagramInquiry {
  readonly #asked: Asked;
  readonly #intensity: number;
  readonly #expected: readonly DatagramProtocol[];
  /** What was said, and what came of it, where nothing was understood. */
  readonly #log: { readonly said: string; heard: string }[] = [];
  #banner: Uint8Array | undefined;
  #stopped: ServiceStop | undefined;

  constructor(asked: Asked, intensity: number) {
    this.#asked = asked;
    this.#intensity = intensity;
    this.#expected = expectedDatagrams(asked.port);
  }

  *run(answer: Uint8Array | undefined): Steps<Service> {
    const found = answer && this.#read(scanned, answer, []);
    const words = this.#wordsAfter(found);
    const better = words.length > 0 && this.#intensity > 0 ? yield* this.#askAll(words) : undefined;
    if (better !== undefined) return better;
    return found === undefined ? this.#unknown() : provenService({ ...found, via: scanned });
  }

  /** What is left to be said: nothing where the answer tells enough, its own words where it tells little. */
  #wordsAfter(found: Found<DatagramProtocol> | undefined): readonly DatagramProtocol[] {
    if (found === undefined) return datagramAgenda(this.#asked.port, this.#intensity);
    const { request, more } = found.protocol;
    if (found.parsed.isAside === true) return request === undefined ? [] : [found.protocol];
    if (more === undefined || more.cost > this.#intensity) return [];
    return [{ ...found.protocol, request: more }];
  }

  /** Says all the words, and listens between them. */
  *#askAll(words: readonly DatagramProtocol[]): Steps<Service | undefined> {
    const opened = yield { does: 'open' };
    if (opened.was !== 'opened') return this.#end(opened);
    let said: DatagramProtocol | undefined;
    for (const [i, word] of words.entries()) {
      const bytes = word.request?.bytes(this.#asked, nothing) ?? nothing;
      said = word;
      this.#log.push({ said: word.name, heard: 'quiet' });
      const isAwaited = i === words.length - 1 || this.#expected.includes(word);
      const waitMs = isAwaited ? datagramWaits.answerMs : datagramWaits.nextMs;
      let outcome = yield { does: 'say', word: word.name, bytes, waitMs };
      // One answer may belong to words said before, and some answer with more than one datagram.
      for (let reads = 0; reads < mostAnswers; reads++) {
        if (outcome.was !== 'heard') return this.#end(outcome);
        if (outcome.bytes.length === 0) break;
        const found = this.#read(said.name, outcome.bytes, [word]);
        if (found !== undefined) return provenService({ ...found, via: found.protocol.name });
        outcome = yield { does: 'listen', waitMs: datagramWaits.nextMs };
      }
      if (outcome.was !== 'heard') return this.#end(outcome);
      // An ICMP error: nobody listens, or nothing more gets through.
      if (outcome.end !== 'quiet') return undefined;
    }
    return undefined;
  }

  /** Who understands a datagram; what nobody does is kept. */
  #read(
    said: string,
    bytes: Uint8Array,
    words: readonly DatagramProtocol[],
  ): Found<DatagramProtocol> | undefined {
    const found = identifyDatagram(bytes, [...words, ...this.#expected]);
    if (found !== undefined) return found;
    this.#banner ??= bytes;
    const heard = escaped(bytes, mostShown);
    const entry = this.#log.findLast((one) => one.said === said);
    if (entry === undefined) this.#log.push({ said, heard });
    else entry.heard = heard;
    return undefined;
  }

  #end(outcome: Outcome): undefined {
    if (outcome.was === 'over') this.#stopped = outcome.stopped;
    return undefined;
  }

  #unknown(): Service {
    return unknownService(`udp/${this.#asked.port}`, this.#log, this.#banner, this.#stopped);
  }
}

/** How the answer is called that the scan of ports had got. */
const scanned = 'scan';
const nothing = new Uint8Array(0);
const mostShown = 400;
const mostAnswers = 4;
