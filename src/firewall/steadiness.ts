/**
 * Whether silence is what the ports have in common, or a limit on answers: silent ports among refused ones are asked
 * again, one at a time and with pauses, so that a limit has recovered.
 *
 * @module
 */

import { type Book, type Entry, plainQuestion, plainTechnique, type Wish } from './book.ts';
import { type PortClass, sampleOf } from './classes.ts';
import type { FilteredProtocol } from './contract.ts';
import { kindOf, lookOf } from './look.ts';
import { lowerBound } from './port-list.ts';
import { boundaryQuestions, type Known, spreadAnswers, touchesChange } from './regions.ts';
import { pauseVariant } from './variants.ts';

/** What the question rests on. */
export interface SilenceCase {
  readonly book: Book;
  readonly protocol: FilteredProtocol;
  /** The answers that a limit may have kept back; undefined: there are none. */
  readonly limited: PortClass | undefined;
  /** The ports that were silent in the scan, whatever they said later, ascending. */
  readonly silent: readonly number[];
}

/** What the pauses showed. */
export interface Silence {
  /** The class that silent ports belong to, all or some; undefined: their silence is their own. */
  readonly belongsTo: PortClass | undefined;
  readonly belongs: (port: number) => boolean;
  /** It lies between ports of which one belongs to the class and one does not. */
  readonly isUncertain: (port: number) => boolean;
  readonly entries: readonly Entry[];
}

/** What silent ports are to be asked again: the next when the last has its answer. */
export function pausedWishes(given: SilenceCase): readonly Wish[] {
  const { book, protocol, limited, silent } = given;
  if (limited === undefined || silent.length === 0) return [];
  const pause = (port: number) => plainQuestion(protocol, port, pauseVariant);
  const first = [limited.ports[0] as number, ...pausedSample(given, limited)];
  const unasked = first.find((port) => book.answers(pause(port)).length === 0);
  if (unasked !== undefined) return [{ question: pause(unasked), times: 1 }];
  const { known, once, asked } = pausesOf(given, limited);
  const isLimited = [...known.values()].includes(true);
  if (!isLimited || asked >= mostPauses) return [];
  // Who stays silent while others answer is asked twice.
  const [doubtful] = once;
  if (doubtful !== undefined) return [{ question: pause(doubtful), times: 2 }];
  return boundaryQuestions(silent, known, 1).map((port) => ({ question: pause(port), times: 1 }));
}

/** Judges silence among refused ports. */
export function judgeSilence(given: SilenceCase): Silence {
  const { limited, silent, book } = given;
  const no = { belongs: () => false, isUncertain: () => false };
  if (limited === undefined) return { belongsTo: undefined, ...no, entries: [] };
  const { known, entries, asked } = pausesOf(given, limited);
  // Where nobody could be asked again, a limit that the scan has seen decides.
  if (asked === 0 && book.view.limits.length > 0) {
    return { belongsTo: limited, ...no, belongs: () => true, entries };
  }
  if (![...known.values()].includes(true)) return { belongsTo: undefined, ...no, entries };
  return {
    belongsTo: limited,
    belongs: spreadAnswers(silent, known),
    isUncertain: touchesChange(silent, known),
    entries,
  };
}

/** Some silent ports: beside those that were refused, and others of the usual kinds. */
function pausedSample(
  { book, silent, limited: _, protocol }: SilenceCase,
  limited: PortClass,
): readonly number[] {
  const { view } = book;
  // As the scan had them, so that the sample stays the same while ports answer.
  const refused = limited.ports.filter((port) => kindOf(protocol, view.plain(protocol, port)) !== 'silent');
  const above = silent[lowerBound(silent, refused.at(-1) ?? 0)];
  const below = silent[lowerBound(silent, refused[0] ?? 0) - 1];
  const isMany = view.limits.includes('icmp') || refused.length >= 3;
  const others = sampleOf(silent, isMany ? 2 : 1, 1);
  return [...new Set([...others, above, isMany ? below : undefined])].filter((port) => port !== undefined);
}

/** What became of silent ports that were asked again with pauses; `once`: silent to the only question. */
function pausesOf({ book, protocol }: SilenceCase, limited: PortClass) {
  const look = lookOf(protocol, limited.seen);
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
    if (own.some(({ seen }) => lookOf(protocol, seen) === look)) known.set(port, true);
    else if (own.every(({ seen }) => seen.answer === 'silence')) {
      if (own.length > 1) known.set(port, false);
      else once.push(port);
    }
  }
  return { known: known as Known, once, entries, asked: entries.length };
}

/** Each takes more than a second. */
const mostPauses = 10;
