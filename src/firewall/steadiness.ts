/**
 * Whether silence is what the ports have in common, or a limit on answers: silent ports among refused ones are asked
 * again, one at a time and with pauses, so that a limit has recovered. What was refused stands for its neighbours.
 *
 * @module
 */

import { type Book, type Entry, plainQuestion, plainTechnique, type Wish } from './book.ts';
import { type PortClass, sampleOf } from './classes.ts';
import type { FilteredProtocol } from './contract.ts';
import { kindOf, lookOf } from './look.ts';
import { has, lowerBound } from './port-list.ts';
import { boundaryQuestions, type Known, spreadAnswers, touchesChange } from './regions.ts';
import { pauseVariant } from './variants.ts';

/** What the question rests on. */
export interface SilenceCase {
  readonly book: Book;
  readonly protocol: FilteredProtocol;
  /** The answers that a limit may have kept back, the most frequent first; empty: there are none. */
  readonly limited: readonly PortClass[];
  /** The ports that were silent in the scan, whatever they said later, ascending. */
  readonly silent: readonly number[];
}

/** What the pauses showed. */
export interface Silence {
  /** Some silent ports belong to classes that answer. */
  readonly isLimited: boolean;
  /** The class that a silent port belongs to; undefined: its silence is its own. */
  readonly belongsTo: (port: number) => PortClass | undefined;
  /** The class that a port may belong to, which has its place between ports of which one does and one does not. */
  readonly mayBelongTo: (port: number) => PortClass | undefined;
  readonly entries: readonly Entry[];
}

/** What silent ports are to be asked again: the next when the last has its answer. */
export function pausedWishes(given: SilenceCase): readonly Wish[] {
  const { book, protocol, limited, silent } = given;
  const [largest] = limited;
  if (largest === undefined || silent.length === 0) return [];
  const pause = (port: number) => plainQuestion(protocol, port, pauseVariant);
  const first = [largest.ports[0] as number, ...pausedSample(given, largest)];
  const unasked = first.find((port) => book.answers(pause(port)).length === 0);
  if (unasked !== undefined) return [{ question: pause(unasked), times: 1 }];
  const { known, once, asked } = pausesOf(given);
  const isLimited = [...known.values()].includes(true);
  if (!isLimited || asked >= mostPauses) return [];
  // What the last refused port says would else hold to the end.
  const end = [silent.at(-1), silent[0]].find((port) => book.answers(pause(port as number)).length === 0);
  if (end !== undefined && limited[0]?.kind === 'refused') return [{ question: pause(end), times: 1 }];
  // Who stays silent while others answer is asked twice.
  const [doubtful] = once;
  if (doubtful !== undefined) return [{ question: pause(doubtful), times: 2 }];
  const { ports, all } = withNeighbours(given, known);
  return boundaryQuestions(ports, all, 1).map((port) => ({ question: pause(port), times: 1 }));
}

/** Judges silence among refused ports. */
export function judgeSilence(given: SilenceCase): Silence {
  const { limited, silent, book } = given;
  const nobody = () => undefined;
  const no = { isLimited: false, belongsTo: nobody, mayBelongTo: nobody };
  if (limited.length === 0 || silent.length === 0) return { ...no, entries: [] };
  const { known, once, entries, asked } = pausesOf(given);
  // Where nobody could be asked again, a limit that the scan has seen decides.
  const isLimited = [...known.values()].includes(true) || (asked === 0 && book.view.limits.length > 0);
  if (!isLimited && limited[0]?.kind !== 'refused') return { ...no, entries };
  const quiet = isLimited ? [] : once.map((port) => [port, false] as const);
  const { ports, all, nearest } = withNeighbours(given, new Map([...known, ...quiet]));
  const [belongs, isBetween] = [spreadAnswers(ports, all), touchesChange(ports, all)];
  if (isLimited) {
    // One silence while others answer says something of that port, and nothing of its neighbours.
    const isDoubtful = (port: number) => limited[0]?.kind === 'refused' && once.includes(port);
    const isOne = (port: number) => (all.size === 0 || belongs(port)) && !isDoubtful(port);
    const belongsTo = (port: number) => (isOne(port) ? nearest(port) : undefined);
    const mayBelongTo = (port: number) => (isBetween(port) || isDoubtful(port) ? nearest(port) : undefined);
    return { isLimited, belongsTo, mayBelongTo, entries };
  }
  // Nobody who was asked again answered: only who lies between refused ports and was not asked may still belong to them.
  const told = [...all.keys()].sort((a, b) => a - b);
  const [first = 0, last = 0] = [told[0], told.at(-1)];
  const isEnclosed = (port: number) =>
    port > first && port < last && !all.has(port) && belongs(port) && !isBetween(port);
  return { ...no, mayBelongTo: (port) => (isEnclosed(port) ? nearest(port) : undefined), entries };
}

/** The silent ports with those that were refused beside them, each of which stands for its neighbours. */
function withNeighbours(given: SilenceCase, paused: Known) {
  const { book, protocol, limited, silent } = given;
  if (limited[0]?.kind !== 'refused') {
    return { ports: silent, all: paused, nearest: () => limited[0] };
  }
  const border = bordersOf(given);
  const ports = [...new Set([...silent, ...border.map(({ port }) => port)])].sort((a, b) => a - b);
  const all: Known = new Map([...border.map(({ port }) => [port, true] as const), ...paused]);
  const refused = [...all].flatMap(([port, yes]) => (yes ? [port] : [])).sort((a, b) => a - b);
  const byLook = new Map(limited.map((one) => [lookOf(protocol, one.seen), one]));
  const nearest = (port: number) => {
    const at = lowerBound(refused, port);
    const [below, above] = [refused[at - 1], refused[at]];
    const isBelow = above === undefined || (below !== undefined && port - below < above - port);
    const neighbour = isBelow ? below : above;
    if (neighbour === undefined) return limited[0];
    return byLook.get(lookOf(protocol, book.plain(protocol, neighbour))) ?? limited[0];
  };
  return { ports, all, nearest };
}

interface Border {
  readonly port: number;
  /** Silent ports between it and the border before. */
  readonly gap: readonly number[];
}

/** The ports that were refused next to silent ones; ports that are let through are exceptions that say nothing of others. */
function bordersOf({ book, protocol, silent }: SilenceCase): readonly Border[] {
  const { view } = book;
  const borders: Border[] = [];
  let gap: number[] = [];
  let last: Border | undefined;
  for (const port of view.ports[protocol]) {
    if (has(silent, port)) {
      if (gap.length === 0 && last !== undefined && borders.at(-1) !== last) borders.push(last);
      gap.push(port);
      continue;
    }
    if (kindOf(protocol, view.plain(protocol, port)) !== 'refused') continue;
    last = { port, gap };
    if (gap.length > 0) borders.push(last);
    gap = [];
  }
  return borders;
}

/** Some silent ports: between and beside those that were refused, and others of the usual kinds. */
function pausedSample(given: SilenceCase, limited: PortClass): readonly number[] {
  const { book, silent, protocol } = given;
  const { view } = book;
  // As the scan had them, so that the sample stays the same while ports answer.
  const refused = limited.ports.filter((port) => kindOf(protocol, view.plain(protocol, port)) !== 'silent');
  const isMany = view.limits.includes('icmp') || refused.length >= 3;
  const others = sampleOf(silent, isMany ? 2 : 1, 1);
  if (limited.kind !== 'refused') {
    const above = silent[lowerBound(silent, refused.at(-1) ?? 0)];
    const below = silent[lowerBound(silent, refused[0] ?? 0) - 1];
    return [...new Set([...others, above, isMany ? below : undefined])].filter((port) => port !== undefined);
  }
  const borders = bordersOf(given);
  const inner = borders
    .slice(1)
    .flatMap(({ gap }) => (gap.length > 0 ? [gap[gap.length >> 1] as number] : []));
  const above = silent[lowerBound(silent, borders.at(-1)?.port ?? 0)];
  const below = silent[lowerBound(silent, borders[0]?.port ?? 0) - 1];
  const chosen = [above, ...inner.slice(0, mostInner), below, ...others];
  return [...new Set(chosen)].filter((port) => port !== undefined);
}

/** What became of silent ports that were asked again with pauses; `once`: silent to the only question. */
function pausesOf({ book, protocol, limited }: SilenceCase) {
  const looks = new Set(limited.map(({ seen }) => lookOf(protocol, seen)));
  const entries = book
    .of(plainTechnique(protocol), pauseVariant)
    .filter(({ question }) => question.protocol === protocol);
  const byPort = new Map<number, Entry[]>();
  for (const entry of entries) {
    const { port } = entry.question;
    if (kindOf(protocol, book.view.plain(protocol, port)) !== 'silent') continue;
    byPort.set(port, [...(byPort.get(port) ?? []), entry]);
  }
  const known = new Map<number, boolean>();
  const once: number[] = [];
  for (const [port, own] of byPort) {
    if (own.some(({ seen }) => looks.has(lookOf(protocol, seen)))) known.set(port, true);
    else if (own.every(({ seen }) => seen.answer === 'silence')) {
      if (own.length > 1) known.set(port, false);
      else once.push(port);
    }
  }
  return { known: known as Known, once, entries, asked: entries.length };
}

/** Each takes more than a second. */
const mostPauses = 10;
const mostInner = 3;
