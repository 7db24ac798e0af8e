/**
 * Whether silence is what the ports have in common, or a limit on answers: silent ports among refused ones are asked
 * again, one at a time and with pauses, so that a limit has recovered.
 *
 * @module
 */

import { type Entry, plainQuestion, plainTechnique, type Wish } from './book.ts';
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

/** One question at a time: the next when the last has its answer. Who stays silent while others answer is asked twice. */
function pausedWishes(scene: Scene, protocol: FilteredProtocol, limited: PortClass): readonly Wish[] {
  const sample = pausedSample(scene, protocol);
  if (sample.length === 0) return [];
  const control = plainQuestion(protocol, limited.ports[0] as number, pauseVariant);
  const questions = [control, ...sample.map((port) => plainQuestion(protocol, port, pauseVariant))];
  const next = questions.find((question) => scene.book.answers(question).length === 0);
  if (next !== undefined) return [{ question: next, times: 1 }];
  const { answered, silent } = pausesOf(scene, protocol, limited);
  const doubtful = silent.find(({ times }) => times < 2);
  if (answered === 0 || doubtful === undefined) return [];
  return [{ question: plainQuestion(protocol, doubtful.port, pauseVariant), times: 2 }];
}

/** What became of silent ports that were asked again with pauses. */
function pausesOf(scene: Scene, protocol: FilteredProtocol, limited: PortClass) {
  const look = lookOf(protocol, limited.seen);
  const entries = scene.book.of(plainTechnique(protocol), pauseVariant).filter(({ question }) => {
    return question.protocol === protocol;
  });
  const byPort = new Map<number, Entry[]>();
  for (const entry of entries) {
    const { port } = entry.question;
    if (kindOf(protocol, scene.view.plain(protocol, port)) !== 'silent') continue;
    byPort.set(port, [...(byPort.get(port) ?? []), entry]);
  }
  const isAnswered = (own: readonly Entry[]) => own.some(({ seen }) => lookOf(protocol, seen) === look);
  const silent = [...byPort].filter(([, own]) => own.every(({ seen }) => seen.answer === 'silence'));
  return {
    entries,
    asked: byPort.size,
    answered: [...byPort.values()].filter(isAnswered).length,
    silent: silent.map(([port, own]) => ({ port, times: own.length })),
  };
}

/** Silent ports that are asked again with pauses, as the scan had them: the sample stays the same while ports answer. */
function pausedSample(scene: Scene, protocol: FilteredProtocol): readonly number[] {
  const refused = scene.limited(protocol)?.ports.length ?? 0;
  const most = scene.view.limits.includes('icmp') || refused >= 3 ? 4 : 2;
  return sampleOf(scene.silentAtFirst(protocol), most, 2);
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
  const { entries, asked, answered, silent } = pausesOf(scene, protocol, limited);
  // Where nobody could be asked again, a limit that the scan has seen decides.
  const isShown = asked === 0 ? scene.view.limits.length > 0 : answered > 0 && answered >= silent.length;
  if (!isShown) return { belongsTo: undefined, exceptions: [], entries };
  return {
    belongsTo: limited,
    exceptions: silent.filter(({ times }) => times > 1).map(({ port }) => port),
    entries,
  };
}

const fewSilent = 12;
