/**
 * Which protocols come into question: by the port, by what was said, by what a server did with words that it did not
 * understand.
 *
 * @module
 */

import type { DatagramProtocol, Parsed, Protocol, Request } from './contract.ts';
import { type HeardEnd, mostWords, waits } from './moves.ts';
import { datagramProtocols, protocols } from './protocols/index.ts';

/** What a server that waits may be told: the request of a protocol, or the hello of TLS. */
export type Word = Protocol | 'tls';

/** What is expected of a port, in plain text or inside TLS. */
export function expectedAt(port: number, isInside: boolean): readonly Protocol[] {
  const inPlain = protocols.filter(({ ports }) => ports.includes(port));
  if (!isInside) return inPlain;
  return [...protocols.filter(({ tlsPorts = [] }) => tlsPorts.includes(port)), ...inPlain];
}

/** Whether TLS is expected of a port. */
export function isTlsPort(port: number): boolean {
  return protocols.some(({ tlsPorts = [] }) => tlsPorts.includes(port));
}

/**
 * What a server that waits is told, one after the other: the words of its port first, then those that most servers
 * answer so that they can be told apart (web, TLS), then the others, the cheapest first.
 */
export function agendaOf(port: number, intensity: number): readonly Word[] {
  if (intensity < 1) return [];
  const own = expectedAt(port, false).filter(({ request }) => request !== undefined);
  const others = protocols
    .filter((one) => costOf(one) <= intensity && one.request?.isHomely !== true && !own.includes(one))
    .sort((a, b) => costOf(a) - costOf(b));
  const general = others.filter((one) => costOf(one) <= costOfTls);
  const rest = others.filter((one) => costOf(one) > costOfTls);
  const tls: readonly Word[] = intensity >= costOfTls || isTlsPort(port) ? ['tls'] : [];
  const homely = isTlsPort(port) ? [...tls, ...own] : [...own];
  return [...homely, ...general, ...(isTlsPort(port) ? [] : tls), ...rest];
}

/** What is expected of a UDP port. */
export function expectedDatagrams(port: number): readonly DatagramProtocol[] {
  return datagramProtocols.filter(({ ports }) => ports.includes(port));
}

/** What a UDP port is told, one after the other: the words of its own protocols, then the others, the cheapest first. */
export function datagramAgenda(port: number, intensity: number): readonly DatagramProtocol[] {
  if (intensity < 1 || isPrinted(port)) return [];
  const own = expectedDatagrams(port).filter(({ request }) => request !== undefined);
  const others = datagramProtocols
    .filter((one) => costOf(one) <= intensity && !own.includes(one))
    .sort((a, b) => costOf(a) - costOf(b));
  return [...own, ...others].slice(0, Math.max(own.length, mostWords(intensity)));
}

/** How long an answer to a word is waited for, in milliseconds besides the round trips. */
export function patienceAfter(word: Protocol, expected: readonly Protocol[]): number {
  if (expected.includes(word)) return waits.expectedMs;
  if (word.name !== 'http') return word.request?.isSlow === true ? waits.slowWordMs : waits.wordMs;
  // Whoever has not answered the words of his port is not waited for twice as long.
  return expected.some(({ request }) => request !== undefined) ? waits.webAgainMs : waits.webMs;
}

/** How many connections one port may cost: those that cost most hang up on everything, and cost little time. */
export function mostConnections(intensity: number): number {
  if (intensity >= 7) return intensity === 7 ? 16 : 24;
  return intensity + 3;
}

/** What a server did that did not answer; `late`: it hung up after a while, out of patience or on a busy machine. */
export type Reaction = 'closes' | 'waits' | 'late';

/** What came of words that nobody answered. */
interface Silence {
  readonly word: Protocol;
  readonly reaction: Reaction;
  readonly how: HeardEnd | 'over';
  readonly toldBytes?: number;
}

/** What is left to be asked after words that nobody answered. */
export function leftAfterSilence(
  { word, reaction, how, toldBytes }: Silence,
  words: readonly Word[],
  expected: readonly Protocol[],
  intensity: number,
): readonly Word[] {
  if (word.name === 'http') return leftAfterWeb(reaction, how, words, expected, intensity);
  if (word.request?.pieces !== undefined) return leftAfterPieces(toldBytes, words, expected);
  return word.request?.isLine === true ? leftAfterLine(reaction, words, expected) : words;
}

/** After words in pieces those come first whose usual server hangs up on the same piece: on the last or never, if none is. */
function leftAfterPieces(
  toldBytes: number | undefined,
  words: readonly Word[],
  expected: readonly Protocol[],
): readonly Word[] {
  const rank = (word: Word) => {
    if (word === 'tls' || expected.includes(word)) return 0;
    if (word.request?.hangsUp !== 'end' && word.request?.hangsUp !== 'either') return 2;
    return word.request.hangsUpAfter === toldBytes ? 0 : 1;
  };
  return words.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * What is left to be asked after a server has closed on a request of the web, or has gone on waiting. Who answers
 * strangers would have answered, and who speaks TLS does not wait: an alert or the end comes at once, so that a hello is
 * said late then, and only where much is asked. Those whose servers hang up in the same way (`how`) come first. What is
 * expected of the port is asked all the same.
 */
function leftAfterWeb(
  end: Reaction,
  how: HeardEnd | 'over',
  words: readonly Word[],
  expected: readonly Protocol[],
  intensity: number,
): readonly Word[] {
  const rank = (word: Word) => {
    if (word === 'tls' || expected.includes(word)) return 0;
    // Whoever starts somebody who answers is waited for longest: the others may be found before the time is up.
    if (end === 'waits') return word.request?.isSlow === true ? 2 : 1;
    const usual = word.request?.hangsUp;
    if (usual === undefined) return 1;
    return usual === how || usual === 'either' ? 0 : 2;
  };
  const left = words
    .filter((word): word is Protocol => word !== 'tls' && (expected.includes(word) || isLeftBy(end, word)))
    .sort((a, b) => rank(a) - rank(b));
  if (!words.includes('tls')) return left;
  if (end === 'waits') {
    if (intensity < costOfLateTls) return left;
    const before = left.filter((word) => expected.includes(word) || costOf(word) < costOfLateTls);
    return [...before, 'tls', ...left.filter((word) => !before.includes(word))];
  }
  const patient = left.filter((word) => !isLeftBy('closes', word));
  return [...patient, 'tls', ...left.filter((word) => !patient.includes(word))];
}

/** What is left after a hello of TLS, by what came of it: who takes it for a line waits, and others do not. */
export function leftAfterHello(
  end: Reaction,
  words: readonly Word[],
  expected: readonly Protocol[],
): readonly Word[] {
  return leftBy(end, words, expected, ({ staysAtHello }) => staysAtHello === true);
}

/** What is left after a line that said nothing to a server. */
function leftAfterLine(
  end: Reaction,
  words: readonly Word[],
  expected: readonly Protocol[],
): readonly Word[] {
  const isLeft = (word: Word) =>
    word !== 'tls' && (word.request?.staysAtLine === true || expected.includes(word));
  if (end === 'waits') return words.filter(isLeft);
  // A line may be longer than what they wait for, and then they hang up as well.
  return words.toSorted((a, b) => Number(isLeft(a)) - Number(isLeft(b)));
}

/**
 * What may stand inside TLS where the web has not answered: those that do as the server did first. The others follow, as
 * a busy server hangs up later than it would. Who shows no certificate is one of those that go without.
 */
export function leftInside(
  end: Reaction,
  words: readonly Word[],
  hasCertificate: boolean,
): readonly Protocol[] {
  const may = words.filter(
    (word): word is Protocol =>
      word !== 'tls' && word.tlsPorts !== undefined && word.request?.toStrangers !== undefined,
  );
  const rank = (one: Protocol) =>
    (one.goesUncertified === true) === hasCertificate ? 2 : isLeftBy(end, one) ? 0 : 1;
  return may.sort((a, b) => rank(a) - rank(b));
}

function isLeftBy(end: Reaction, { request }: Protocol): boolean {
  if (request?.toStrangers === undefined) return false;
  return end === 'late' || request.toStrangers === end || request.toStrangers === 'varies';
}

/** Those that wait come first where a server has waited; where it has not, they are none of it. */
function leftBy(
  end: Reaction,
  words: readonly Word[],
  expected: readonly Protocol[],
  isStaying: (request: Request) => boolean,
): readonly Word[] {
  const stays = (word: Word) => word !== 'tls' && word.request !== undefined && isStaying(word.request);
  if (end === 'waits') return [...words.filter(stays), ...words.filter((word) => !stays(word))];
  return words.filter((word) => word === 'tls' || expected.includes(word) || !stays(word));
}

/** Who understands what was said: what is sure before what has only a shape, what is expected before the rest. */
export function identify(
  bytes: Uint8Array,
  expected: readonly Protocol[],
  takesSigns = false,
): Found<Protocol> | undefined {
  return firstReader(bytes, [...posing, ...expected], protocols, takesSigns);
}

/** The same of a datagram. */
export function identifyDatagram(
  bytes: Uint8Array,
  expected: readonly DatagramProtocol[],
): Found<DatagramProtocol> | undefined {
  return firstReader(bytes, expected, datagramProtocols);
}

/** A protocol, and what it has read. */
export interface Found<Kind extends Protocol | DatagramProtocol> {
  readonly protocol: Kind;
  readonly parsed: Parsed;
}

function firstReader<Kind extends Protocol | DatagramProtocol>(
  bytes: Uint8Array,
  expected: readonly Kind[],
  all: readonly Kind[],
  takesSigns = false,
): Found<Kind> | undefined {
  let byShape: Found<Kind> | undefined;
  for (const protocol of [...expected, ...all]) {
    if (protocol.isOnlyAtHome === true && !expected.includes(protocol)) continue;
    const parsed = protocol.parse(bytes);
    if (parsed === undefined || (parsed.isSign === true && !takesSigns)) continue;
    if (parsed.confidence === undefined) return { protocol, parsed };
    byShape ??= { protocol, parsed };
  }
  return byShape;
}

/** Whether printers put on paper whatever comes there (raw printing, "JetDirect"): nothing is ever said to it. */
export function isPrinted(port: number): boolean {
  return port >= 9100 && port <= 9107;
}

function costOf({ request }: Protocol | DatagramProtocol): number {
  return request?.cost ?? Number.POSITIVE_INFINITY;
}

/** A hello costs little and is answered by all that speak TLS. */
const costOfTls = 2;
/** From here on it is said to those as well who have waited silently where TLS would have refused. */
const costOfLateTls = 8;

const posing = protocols.filter(({ posesAsWeb }) => posesAsWeb === true);
