/**
 * Ways past a filter: probes that differ from the plain one in one thing, and what they show of ports that it stops.
 *
 * A way is claimed only where it was answered twice, and the plain probe was stopped again between the two: the way may
 * have opened for all meanwhile. Its answer must be the host's own, as far as a TTL shows it.
 *
 * @module
 */

import { type Book, type Entry, plainQuestion, type Wish } from './book.ts';
import type { PortClass } from './classes.ts';
import { sampleOf } from './classes.ts';
import type { FirewallQuestion, Seen } from './contract.ts';
import { isReached, kindOf, routersPassed } from './look.ts';
import { lowerBound } from './port-list.ts';
import { boundaryQuestions, type Known, spreadAnswers } from './regions.ts';
import { pauseVariant, plainPorts } from './variants.ts';

/** One way, and the rule that it would show. */
export interface Way {
  readonly rule: 'stateless-filter' | 'flag-hole' | 'source-port-hole' | 'fragment-hole';
  readonly technique: FirewallQuestion['technique'];
  readonly variant: string;
}

/** What a way showed of one class. */
export interface Passage {
  readonly way: Way;
  readonly ports: PortClass;
  /** Members that answered, and whether these answers bear a claim. */
  readonly reached: readonly number[];
  readonly missed: readonly number[];
  readonly isProven: boolean;
  /** Whether the way is open to a member, asked or not. */
  readonly passes: (port: number) => boolean;
  readonly entries: readonly Entry[];
}

/** The question of a way about a port. */
function wayQuestion({ technique, variant }: Way, { protocol }: PortClass, port: number): FirewallQuestion {
  return { protocol, technique, port, variant };
}

/** Whether an answer came from the host on a port that the plain probe does not reach. */
function passesFilter(stopped: PortClass, seen: Seen, ownRouters: number | undefined): boolean {
  if (!isReached(stopped.protocol, seen)) return false;
  const passed = routersPassed(seen);
  const isOwn = ownRouters === undefined || passed === undefined || passed >= ownRouters;
  // A datagram is answered by ICMP, whose sender says whose it is.
  if (seen.answer !== 'tcp') return true;
  if (stopped.kind !== 'closed') return isOwn;
  // Where resets are forged, only what the host itself says is news.
  return isOwn && ownRouters !== undefined && passed !== routersPassed(stopped.seen);
}

/** How a way is explored. */
interface Exploration {
  /** The members that are asked at first. */
  readonly first: readonly number[];
  readonly ownRouters: number | undefined;
  /** Another way of its kind is proven for the class, so that its extent need not be looked for again. */
  readonly isKin: boolean;
  /** Members by which its extent is looked for, and the most with those at its edges. */
  readonly extent: number;
  readonly most: number;
  /** Members at which it is proven: with two, one that changes its mind does not decide. */
  readonly proofs: number;
}

/** What is still to be asked of a way: first the members given, then as many more as the answers deserve. */
export function exploreWay(
  book: Book,
  stopped: PortClass,
  way: Way,
  { first, ownRouters, isKin, extent, most, proofs }: Exploration,
): readonly Wish[] {
  const wishes: Wish[] = first.map((port) => ({ question: wayQuestion(way, stopped, port), times: 1 }));
  const { reached, known } = outcomes(book, stopped, way, ownRouters);
  if (reached.length === 0 || first.some((port) => !isAnswered(book, wayQuestion(way, stopped, port))))
    return wishes;
  for (const port of reached.slice(0, proofs)) wishes.push(...proofOf(book, stopped, way, port));
  const isSteady = reached.some((port) => isProvenAt(book, stopped, way, port, ownRouters));
  if (!isSteady || isKin) return wishes;
  const more = sampleOf(stopped.ports, extent, 3).filter((port) => !known.has(port));
  if (known.size < extent) {
    wishes.push(...more.map((port) => ({ question: wayQuestion(way, stopped, port), times: 1 })));
  } else if (known.size < most) {
    const edges = boundaryQuestions(stopped.ports, known, 4);
    wishes.push(...edges.map((port) => ({ question: wayQuestion(way, stopped, port), times: 1 })));
  }
  return wishes;
}

/**
 * The same for datagrams. Their answers mostly are ICMP errors, which come at a bounded rate: one port is asked at a time,
 * after a pause. No port is asked the same twice, since nothing in an answer would tell which is meant.
 */
export function exploreDatagrams(
  book: Book,
  stopped: PortClass,
  way: Way,
  first: readonly number[],
): readonly Wish[] {
  const wishes: Wish[] = first.map((port) => ({ question: wayQuestion(way, stopped, port), times: 1 }));
  const { reached } = outcomes(book, stopped, way, undefined);
  const [port] = reached;
  if (port === undefined || first.some((one) => !isAnswered(book, wayQuestion(way, stopped, one))))
    return wishes;
  wishes.push(...plainAgain(book, stopped, way, port));
  for (const next of [...first, ...sampleOf(stopped.ports, udpExtent, 1)]) {
    const question = wayQuestion(way, stopped, next);
    if (isAnswered(book, question)) continue;
    const pause = plainQuestion('udp', next, pauseVariant);
    wishes.push({ question: isAnswered(book, pause) ? question : pause, times: 1 });
    return wishes;
  }
  return wishes;
}

/**
 * Ways that met silence alone where another of their kind was answered: their answers may have been held back by the limit
 * that the other's used up. Each is tried at one more of `spare`, after a pause, one way at a time.
 */
export function retryDatagrams(
  book: Book,
  stopped: PortClass,
  ways: readonly Way[],
  spare: readonly number[],
): readonly Wish[] {
  const results = ways.map((way) => ({ way, ...outcomes(book, stopped, way, undefined) }));
  if (results.every(({ reached }) => reached.length === 0)) return [];
  for (const [place, { way, known, entries }] of results.entries()) {
    const port = spare[place % spare.length];
    if (port === undefined || known.has(port) || entries.some(({ seen }) => seen.answer !== 'silence'))
      continue;
    const pause = plainQuestion('udp', port, pauseVariant);
    return [{ question: isAnswered(book, pause) ? wayQuestion(way, stopped, port) : pause, times: 1 }];
  }
  return [];
}

/** What a way has shown of a class; undefined where it was not asked. */
export function passageOf(
  book: Book,
  stopped: PortClass,
  way: Way,
  ownRouters: number | undefined,
): Passage | undefined {
  const { reached, missed, known, entries } = outcomes(book, stopped, way, ownRouters);
  if (known.size === 0) return undefined;
  const proven =
    stopped.protocol === 'udp'
      ? provenDatagrams(book, stopped, way, reached)
      : reached.filter((port) => isProvenAt(book, stopped, way, port, ownRouters));
  const isProven = proven.length > 0;
  const repeats = isProven
    ? proven.flatMap((port) => book.answers(plainQuestion(stopped.protocol, port)))
    : [];
  const passes = isProven ? spreadAnswers(stopped.ports, known) : () => false;
  return { way, ports: stopped, reached, missed, isProven, passes, entries: [...entries, ...repeats] };
}

/** Two answers, and the plain probe between them. */
function proofOf(book: Book, stopped: PortClass, way: Way, port: number): readonly Wish[] {
  const question = wayQuestion(way, stopped, port);
  const [plain, ...controls] = plainAgain(book, stopped, way, port);
  if (plain === undefined) return [];
  const isRepeated = book.answers(plain.question).length >= plain.times;
  return [plain, ...controls, ...(isRepeated ? [{ question, times: 2 }] : [])];
}

/** The plain probe once more since the way was answered; a source port also against one that nobody trusts. */
function plainAgain(book: Book, stopped: PortClass, way: Way, port: number): readonly Wish[] {
  const plain = plainQuestion(stopped.protocol, port);
  const since = book.answers(wayQuestion(way, stopped, port))[0]?.index ?? 0;
  const before = book.answers(plain).filter(({ index }) => index < since).length;
  const repeated = { question: plain, times: before + 1 };
  if (way.rule !== 'source-port-hole') return [repeated];
  return [repeated, { question: { ...plain, variant: controlVariant }, times: 1 }];
}

function isProvenAt(
  book: Book,
  stopped: PortClass,
  way: Way,
  port: number,
  ownRouters: number | undefined,
): boolean {
  const { protocol } = stopped;
  const answers = book.answers(wayQuestion(way, stopped, port));
  const plain = plainQuestion(protocol, port);
  const controls = [plain, { ...plain, variant: controlVariant }].flatMap((one) => book.answers(one));
  const passed = answers.filter(({ seen }) => passesFilter(stopped, seen, ownRouters));
  const [since, until] = [passed[0]?.index ?? 0, passed.at(-1)?.index ?? 0];
  return (
    passed.length >= 2 &&
    book
      .answers(plain)
      .some(({ index, seen }) => index > since && index < until && kindOf(protocol, seen) !== 'unknown') &&
    controls.every(({ seen }) => !passesFilter(stopped, seen, ownRouters))
  );
}

/** Members that were reached, where two were, one of them after a plain probe was stopped again. */
function provenDatagrams(
  book: Book,
  stopped: PortClass,
  way: Way,
  reached: readonly number[],
): readonly number[] {
  if (reached.length < Math.min(2, stopped.ports.length)) return [];
  const passed = reached.flatMap((port) => book.answers(wayQuestion(way, stopped, port)));
  const since = Math.min(...passed.map(({ index }) => index));
  const until = Math.max(...passed.map(({ index }) => index));
  const plains = reached.flatMap((port) => book.answers(plainQuestion('udp', port)));
  const controls = reached.flatMap((port) => book.answers(plainQuestion('udp', port, controlVariant)));
  const isStopped = [...plains, ...controls].every(({ seen }) => !passesFilter(stopped, seen, undefined));
  const isBetween = plains.some(
    ({ index }) => index > since && (index < until || stopped.ports.length === 1),
  );
  return isStopped && isBetween ? reached : [];
}

function outcomes(book: Book, stopped: PortClass, way: Way, ownRouters: number | undefined) {
  const known = new Map<number, boolean>();
  const entries: Entry[] = [];
  for (const entry of book.of(way.technique, way.variant)) {
    const { protocol, port } = entry.question;
    if (protocol !== stopped.protocol || entry.seen.answer === 'unknown') continue;
    if (stopped.ports[lowerBound(stopped.ports, port)] !== port) continue;
    known.set(port, known.get(port) === true || passesFilter(stopped, entry.seen, ownRouters));
    entries.push(entry);
  }
  const reached = [...known].filter(([, yes]) => yes).map(([port]) => port);
  const missed = [...known].filter(([, yes]) => !yes).map(([port]) => port);
  return { known: known as Known, reached, missed, entries };
}

function isAnswered(book: Book, question: FirewallQuestion): boolean {
  return book.answers(question).length > 0;
}

/** Members by which the extent of a way is looked for where each takes a pause. */
const udpExtent = 4;
const controlVariant = `source-port ${plainPorts[0]}`;
