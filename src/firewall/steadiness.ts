/**
 * Whether silence is what the ports have in common, or a limit on answers: silent ports among refused ones are asked
 * again, one at a time and with pauses, so that a limit has recovered.
 *
 * @module
 */

import { type Entry, plainQuestion, type Wish } from './book.ts';
import { type PortClass, sampleOf } from './classes.ts';
import type { FilteredProtocol } from './contract.ts';
import { kindOf, lookOf } from './look.ts';
import type { Scene } from './scene.ts';
import { pauseVariant } from './variants.ts';

/** What silent ports are to be asked again. */
export function steadinessWishes(scene: Scene, protocol: FilteredProtocol): readonly Wish[] {
  const limited = scene.limited(protocol);
  if (limited !== undefined) return pausedWishes(scene, protocol, limited);
  const silent = scene.silent(protocol);
  const answering = scene.kind(protocol, 'closed').reduce((sum, { ports }) => sum + ports.length, 0);
  if (silent === undefined || protocol === 'udp' || answering < silent.ports.length) return [];
  // Few silent ports among answering ones may be loss.
  return silent.ports
    .slice(0, fewSilent)
    .map((port) => ({ question: plainQuestion(protocol, port), times: 1 }));
}

/** One question at a time: the next when the last has its answer. */
function pausedWishes(scene: Scene, protocol: FilteredProtocol, limited: PortClass): readonly Wish[] {
  const sample = pausedSample(scene, protocol);
  if (sample.length === 0) return [];
  const control = plainQuestion(protocol, limited.ports[0] as number, pauseVariant);
  const questions = [control, ...sample.map((port) => plainQuestion(protocol, port, pauseVariant))];
  const next = questions.find((question) => scene.book.answers(question).length === 0);
  return next === undefined ? [] : [{ question: next, times: 1 }];
}

/**
 * Silent ports that are asked again with pauses. It depends on the scan alone, so that it stays the same while ports
 * answer.
 */
function pausedSample(scene: Scene, protocol: FilteredProtocol): readonly number[] {
  const { view } = scene;
  const silent: number[] = [];
  for (const port of view.ports[protocol]) {
    if (kindOf(protocol, view.plain(protocol, port)) === 'silent') silent.push(port);
  }
  const refused = scene.limited(protocol)?.ports.length ?? 0;
  return sampleOf(silent, view.limits.includes('icmp') || refused >= 3 ? 4 : 2, 2);
}

/** What the pauses showed of silent ports among refused ones. */
export interface Limited {
  /** The class that silent ports belong to; undefined: their silence is their own. */
  readonly belongsTo: PortClass | undefined;
  /** Silent ports that stayed silent when a limit should have recovered. */
  readonly exceptions: readonly number[];
  readonly entries: readonly Entry[];
}

/** Judges silence among refused ports. */
export function judgeSilence(scene: Scene, protocol: FilteredProtocol): Limited {
  const limited = scene.limited(protocol);
  if (limited === undefined) return { belongsTo: undefined, exceptions: [], entries: [] };
  const look = lookOf(protocol, limited.seen);
  const entries = scene.book.of(protocol === 'tcp' ? 'syn' : 'udp', pauseVariant).filter((entry) => {
    return entry.question.protocol === protocol;
  });
  const asked = entries.filter(({ question }) => {
    return kindOf(protocol, scene.view.plain(protocol, question.port)) === 'silent';
  });
  const answered = asked.filter(({ seen }) => lookOf(protocol, seen) === look);
  const silent = asked.filter(({ seen }) => seen.answer === 'silence');
  // Where nobody could be asked again, a limit that the scan has seen decides.
  const isShown = asked.length === 0 ? scene.view.limits.length > 0 : answered.length >= silent.length;
  const belongsTo = isShown ? limited : undefined;
  return { belongsTo, exceptions: isShown ? silent.map(({ question }) => question.port) : [], entries };
}

const fewSilent = 12;
