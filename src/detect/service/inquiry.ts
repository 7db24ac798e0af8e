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

import { withOthers } from './beside.ts';
import {
  agendaOf,
  expectedAt,
  identify,
  isTlsPort,
  leftAfterHello,
  leftAfterSilence,
  mostConnections,
  type Word,
} from './candidates.ts';
import type { Asked, Protocol } from './contract.ts';
import type { TcpProof } from './further.ts';
import { type Heard, isTlsRecord, reactionOf } from './heard.ts';
import { askInside } from './inside.ts';
import { goOn, greeted, sayMore, tell } from './known.ts';
import { type Steps, waits } from './moves.ts';
import { bareTls, provenService, type Service, unknownService } from './service.ts';
import { Talk } from './talk.ts';
import { withUnnamed } from './unnamed.ts';

/** Finds out what listens on a port. */
export function* inquire(asked: Asked, intensity: number): Steps<Service> {
  const talk = new Talk(asked, intensity);
  const proof = yield* prove(talk);
  const first = yield* withUnnamed(serviceOf(talk, proof), asked, intensity);
  return yield* withOthers(first, asked, intensity);
}

/** What is told of a port, with the bound that ended the talk. */
function serviceOf(talk: Talk, proof?: Service): Service {
  const { asked, log, banner, isTls, secured, stopped } = talk;
  if (proof !== undefined) return stopped === 'timeout' ? { ...proof, stopped } : proof;
  if (isTls) return { ...bareTls(secured, talk), ...(stopped !== undefined && { stopped }) };
  return unknownService(`tcp/${asked.port}`, log, banner, stopped);
}

function* prove(talk: Talk): Steps<Service | undefined> {
  const { port } = talk.asked;
  if (!(yield* talk.open())) return undefined;
  const expected = expectedAt(port, false);
  const heard = yield* talk.listen(expected, patienceWith(expected, isTlsPort(port)));
  if (heard.bytes.length > 0) return yield* greeted(talk, heard, expected);
  talk.note('greeting', heard);
  return heard.end === 'quiet' ? yield* askAll(talk, expected) : undefined;
}

/** How long a greeting is waited for. */
function patienceWith(expected: readonly Protocol[], isSureToWait: boolean): number {
  if (expected.some(({ greeting }) => greeting === true)) return waits.greetingMs;
  return isSureToWait || expected.length > 0 ? waits.shortMs : waits.strangeMs;
}

/** A server that waits is told one word after the other. */
function* askAll(talk: Talk, expected: readonly Protocol[]): Steps<Service | undefined> {
  const { intensity } = talk;
  let words = agendaOf(talk.asked.port, intensity);
  for (let isFresh = true; words.length > 0; isFresh = false) {
    const [word, ...others] = words as readonly [Word, ...Word[]];
    if (!isFresh && !(yield* talk.open())) return undefined;
    if (word === 'tls') {
      const { service, plain, reaction } = yield* askInside(talk);
      if (service !== undefined || talk.isTls) return service;
      const found = plain && (yield* answered(talk, word, { bytes: plain, end: 'end' }, expected));
      if (found !== undefined) return found;
      words = reaction === undefined ? others : leftAfterHello(reaction, others, expected);
      continue;
    }
    const heard = yield* talk.say(word, expected);
    if (heard.end === 'over') return undefined;
    talk.note(word.name, heard);
    if (heard.bytes.length > 0) {
      const found = yield* answered(talk, word, heard, expected);
      if (found !== undefined) return found;
      // Words that nobody understands: only what is expected here may still be what it is.
      words = isTlsRecord(heard.bytes)
        ? ['tls']
        : others.filter((one) => one !== 'tls' && expected.includes(one));
    } else {
      const { end: how, toldBytes } = heard;
      const silence = {
        word,
        reaction: reactionOf(heard),
        how,
        ...(toldBytes !== undefined && { toldBytes }),
      };
      words = leftAfterSilence(silence, others, expected, intensity);
    }
    if (talk.connections >= mostConnections(intensity)) return undefined;
  }
  return undefined;
}

/** A server has answered to the words of a protocol, its own or another's; what it says may be a reason to ask more. */
function* answered(
  talk: Talk,
  word: Word,
  heard: Heard,
  expected: readonly Protocol[],
): Steps<Service | undefined> {
  const found = identify(heard.bytes, word === 'tls' ? expected : [word, ...expected]);
  if (found === undefined) return undefined;
  const proof: TcpProof = { ...found, via: word === 'tls' ? word : word.name };
  if (found.parsed.wantsTls === true && talk.intensity >= 2 && word !== 'tls')
    return yield* wanted(talk, proof);
  const own = ownWord(talk, proof, word);
  if (own !== undefined && (yield* talk.open())) {
    const answer = yield* talk.say(own, []);
    const parsed = own.parse(answer.bytes);
    if (parsed !== undefined) {
      const all = yield* sayMore(talk, own, answer);
      return withProductOf(proof, yield* goOn(talk, { protocol: own, parsed }, own.name, all));
    }
  }
  if (found.protocol !== word) return yield* tell(talk, proof);
  return yield* goOn(talk, found, word.name, yield* sayMore(talk, word, heard));
}

/** What a server said aside may name its product where its answer does not. */
function withProductOf(aside: TcpProof, service: Service): Service {
  const { name, product, cpe } = provenService(aside);
  const isMore = service.product === undefined && product !== undefined && name === service.name;
  return isMore ? { ...service, product, cpe } : service;
}

/** A server has said that it wants TLS. */
function* wanted(talk: Talk, proof: TcpProof): Steps<Service> {
  if (!(yield* talk.open())) return provenService(proof);
  const { service } = yield* askInside(talk);
  if (service !== undefined) return service;
  return talk.isTls ? bareTls(talk.secured, talk) : yield* tell(talk, proof);
}

/**
 * In which words a server is asked that is known already: its own tell more of whoever answered to another's, or to a
 * hello. Who answers its own words as if they were another's may repeat what it hears, as some servers of the web do
 * with any version.
 */
function ownWord(talk: Talk, { protocol, parsed }: TcpProof, word: Word): Protocol | undefined {
  if (parsed.isAside !== true && (protocol === word || word !== 'tls')) return undefined;
  if (protocol !== word) return protocol.request === undefined ? undefined : protocol;
  return agendaOf(talk.asked.port, 1).find((one) => one !== 'tls' && one.name === 'http') as
    | Protocol
    | undefined;
}
