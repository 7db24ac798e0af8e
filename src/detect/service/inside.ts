/**
 * TLS from the first byte on, and what is spoken inside: a hello on the connection that stands, again without what a
 * server may refuse, and then words as in plain text.
 *
 * @module
 */

import { agendaOf, expectedAt, identify, leftInside, type Reaction } from './candidates.ts';
import type { Protocol } from './contract.ts';
import { isTlsRecord, quietly, reactionOf } from './heard.ts';
import { greeted, tell } from './known.ts';
import { type Steps, waits } from './moves.ts';
import { http2 } from './protocols/web/http2.ts';
import type { Secured, Service } from './service.ts';
import type { HelloOutcome, Talk } from './talk.ts';

/** What came of a hello; all absent: it is TLS in which nothing was understood, or nothing more can be done. */
export interface Hello {
  readonly service?: Service;
  /** It was answered in plain text. */
  readonly plain?: Uint8Array;
  /** It was not answered, and this was done. */
  readonly reaction?: Reaction;
}

/** Begins TLS, and asks inside. */
export function* askInside(talk: Talk): Steps<Hello> {
  const expected = expectedAt(talk.asked.port, true);
  const isWeb = expected.length === 0 || expected[0]?.name === 'http';
  const alpn = isWeb ? webProtocols : [];
  let wasNamed = true;
  let outcome = yield* talk.secure(alpn, true);
  // Who does not speak HTTP/1.1 may speak HTTP/2, or what nobody asks for by name.
  const others = isWeb ? [secondWebProtocols, []] : [[]];
  while (outcome.was === 'not-secured') {
    const isNamed = outcome.alert !== unrecognizedName;
    const other = isNamed ? others.shift() : alpn;
    if ((isNamed && outcome.alert !== noProtocol) || other === undefined || !wasNamed) break;
    if (!(yield* talk.open())) return {};
    wasNamed = isNamed;
    outcome = yield* talk.secure(other, isNamed);
  }
  if (outcome.was === 'not-secured') return notSecured(talk, outcome);
  if (outcome.was !== 'secured') return {};
  talk.isTls = true;
  talk.secured = outcome;
  const service = yield* inside(talk, outcome, expected);
  return service === undefined ? {} : { service };
}

/** An alert is TLS as well; what came in plain text is an answer. */
function notSecured(
  talk: Talk,
  {
    reason,
    alert,
    heard,
    certificates = [],
    wantsCertificate,
  }: Extract<HelloOutcome, { was: 'not-secured' }>,
): Hello {
  talk.log.push({ said: 'tls', heard: alert === undefined ? reason : `alert ${alert}` });
  // Who hangs up after his part of a handshake speaks TLS too, whatever became of the alert.
  if (alert !== undefined || reason === 'protocol' || isTlsRecord(heard)) {
    talk.isTls = true;
    talk.certificates = certificates;
    talk.wantsCertificate = wantsCertificate === true;
    return {};
  }
  if (heard.length === 0) return { reaction: reason === 'timeout' ? 'waits' : 'closes' };
  talk.keep(heard);
  return { plain: heard };
}

function* inside(talk: Talk, secured: Secured, expected: readonly Protocol[]): Steps<Service | undefined> {
  const isSecond = secured.alpn === secondWebProtocols[0];
  const isWeb = isSecond || secured.alpn?.startsWith('http/') === true;
  const greets = !isWeb && expected.some(({ greeting }) => greeting === true);
  const heard = isWeb ? quietly : yield* talk.listen(expected, greets ? waits.greetingMs : waits.shortMs);
  if (heard.bytes.length > 0) return yield* greeted(talk, heard, expected, secured);
  // Who hangs up on those that agreed on nothing wants HTTP/2 to be agreed on.
  const mayWantSecond = secured.alpn === undefined && expected.length === 0;
  if (heard.end === 'end' && mayWantSecond) return yield* offerSecond(talk);
  if (heard.end !== 'quiet' || talk.intensity < 1) return undefined;
  const words = agendaOf(talk.asked.port, talk.intensity).filter((word) => word !== 'tls');
  const own = expected.find(({ request }) => request !== undefined);
  const web = isWeb || own === undefined ? words.find(({ name }) => name === 'http') : own;
  const word = isSecond ? http2 : web;
  if (word === undefined) return undefined;
  // What was agreed on is waited for like what is expected of a port.
  const answer = yield* talk.say(word, isSecond ? [word, ...expected] : expected);
  talk.note(`tls ${word.name}`, answer);
  if (answer.bytes.length === 0 && word.name === 'http' && !isWeb) {
    const others = leftInside(reactionOf(answer), words, secured.certificates.length > 0);
    const service = yield* othersInside(talk, others, expected);
    // A busy one has not hung up before it was asked.
    return service === undefined && answer.end === 'end' && mayWantSecond
      ? yield* offerSecond(talk)
      : service;
  }
  const found = identify(answer.bytes, [word, ...expected]);
  return found && (yield* tell(talk, { ...found, via: word.name }, secured, true));
}

/** HTTP/2 on a new connection, and what is said inside if it is agreed on. */
function* offerSecond(talk: Talk): Steps<Service | undefined> {
  const second = yield* secureAnew(talk, secondWebProtocols);
  return second?.alpn === undefined ? undefined : yield* inside(talk, second, []);
}

/** TLS on a new connection. */
function* secureAnew(talk: Talk, alpn: readonly string[]): Steps<Secured | undefined> {
  if (!(yield* talk.open())) return undefined;
  const outcome = yield* talk.secure(alpn, true);
  return outcome.was === 'secured' ? outcome : undefined;
}

/** Other words inside TLS, a connection each. */
function* othersInside(
  talk: Talk,
  words: readonly Protocol[],
  expected: readonly Protocol[],
): Steps<Service | undefined> {
  for (const word of words.slice(0, mostInside)) {
    const secured = yield* secureAnew(talk, []);
    if (secured === undefined) return undefined;
    const answer = yield* talk.say(word, expected);
    talk.note(`tls ${word.name}`, answer);
    const found = identify(answer.bytes, [word, ...expected]);
    if (found !== undefined) return yield* tell(talk, { ...found, via: word.name }, secured, true);
    if (answer.bytes.length > 0) return undefined;
  }
  return undefined;
}

const webProtocols = ['http/1.1'];
const secondWebProtocols = ['h2'];
/** RFC 6066, 3 and RFC 7301, 3.2. */
const unrecognizedName = 112;
const noProtocol = 120;
const mostInside = 3;
