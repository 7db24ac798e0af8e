/**
 * Infers the filter before one host: asks in stages, each of which is worked out anew from what is known, and concludes.
 *
 * @module
 */

import { plainTechnique, textOf, type Wish } from './book.ts';
import { conclude } from './conclude.ts';
import type { Conclusions, FirewallQuestion, FirewallView, Inference, Seen } from './contract.ts';
import { mostAttempts, packetsFor, packetsOf } from './cost.ts';
import { beginLocation } from './place.ts';
import { Scene } from './scene.ts';
import { afterwards } from './steps/afterwards.ts';
import { canaries } from './steps/canaries.ts';
import { checksum } from './steps/checksum.ts';
import { honesty } from './steps/honesty.ts';
import { limitedKind } from './steps/limited-kind.ts';
import { proof } from './steps/proof.ts';
import { repetition } from './steps/repetition.ts';
import { state } from './steps/state.ts';
import { steadiness, udpSteadiness } from './steps/steadiness.ts';
import type { Step } from './steps/step.ts';
import {
  fragments,
  otherFlags,
  particularPorts,
  sourcePorts,
  strayAcks,
  udpSourcePorts,
} from './steps/ways.ts';

/** Begins the inference for a host whose ports were scanned. `budget`: packets that may still be sent. */
export function beginFirewall(view: FirewallView, options: { readonly budget?: number } = {}): Inference {
  return new FirewallMind(view, options);
}

/** The inference for one host. */
class FirewallMind implements Inference {
  readonly #scene: Scene;
  readonly #asked = new Map<string, number>();
  /** Questions that are not answered yet, and what they may cost. */
  #outstanding = 0;
  #reserved = 0;
  /** What the search for the place has asked for that had to wait for others' answers. */
  #put: FirewallQuestion[] = [];
  #stage = 0;
  #isSpent = false;

  constructor(view: FirewallView, { budget }: { readonly budget?: number }) {
    this.#scene = new Scene(view);
    const before = view.sentPackets();
    const most = packetsFor(view, before, budget);
    this.#scene.isTight = most < spaciousPackets;
    const { book } = this.#scene;
    // Whoever asks may send more than questions: what shows that the way is still there.
    this.#scene.packetsLeft = () =>
      most - Math.max(book.packets, view.sentPackets() - before + book.connectionPackets);
  }

  agenda(): readonly FirewallQuestion[] {
    const { isBlocked, pretence } = this.#scene.view;
    // Who says open for every port answers all else as he likes.
    if (isBlocked || pretence !== undefined || this.#isSpent) return [];
    while (this.#stage < stages.length) {
      const questions = this.#questions(stages[this.#stage] as Stage);
      if (questions.length > 0 || this.#outstanding > 0 || this.#isSpent) return questions;
      this.#stage++;
    }
    return [];
  }

  fold(question: FirewallQuestion, seen: Seen): void {
    if (this.#outstanding > 0) {
      this.#outstanding--;
      this.#reserved -= packetsOf(question, mostAttempts);
    }
    const { book, location } = this.#scene;
    const { index } = book.record(question, seen);
    location?.finder.fold(question, seen, index);
  }

  conclude(): Conclusions {
    return conclude(this.#scene, this.#leftOut());
  }

  #questions(stage: Stage): readonly FirewallQuestion[] {
    if (stage === 'place') {
      this.#scene.location ??= beginLocation(this.#scene);
      this.#put.push(...this.#scene.location.finder.agenda());
      return this.#put.splice(0, this.#affordable(this.#put));
    }
    const missing = this.#missing(stage.flatMap((step) => step.wishes(this.#scene)));
    const given = missing.slice(0, this.#affordable(missing));
    for (const question of given) {
      const text = textOf(question);
      this.#asked.set(text, (this.#asked.get(text) ?? 0) + 1);
    }
    return this.#isLossless ? given.map(onceAsked) : given;
  }

  /** Whether so many ports were answered without a loss that hardly any can be. */
  get #isLossless(): boolean {
    const { view } = this.#scene;
    if (view.loss !== 0 || view.limits.length > 0) return false;
    const answering = [...this.#scene.kind('tcp', 'open'), ...this.#scene.kind('tcp', 'closed')];
    return answering.reduce((sum, { ports }) => sum + ports.length, 0) >= manyAnswers;
  }

  /** Wishes as often as they were not given yet. */
  #missing(wishes: readonly Wish[]): readonly FirewallQuestion[] {
    const counted = new Map<string, number>();
    return wishes.flatMap(({ question, times }) => {
      const text = textOf(question);
      const asked = counted.get(text) ?? this.#asked.get(text) ?? 0;
      counted.set(text, Math.max(asked, times));
      return Array.from({ length: Math.max(0, times - asked) }, () => question);
    });
  }

  /**
   * How many of these may be asked now, each counted as often as a silent one is sent at most. What does not fit beside those
   * that are not answered yet waits for their answers, which mostly cost less.
   */
  #affordable(questions: readonly FirewallQuestion[]): number {
    let count = 0;
    const left = this.#scene.packetsLeft();
    for (const question of questions) {
      const cost = packetsOf(question, mostAttempts);
      if (this.#reserved + cost > left) break;
      this.#reserved += cost;
      count++;
    }
    if (count < questions.length && count === 0 && this.#outstanding === 0) this.#isSpent = true;
    this.#outstanding += count;
    return count;
  }

  /** What no budget was left for, or what came to an end before it was asked. */
  #leftOut(): readonly string[] {
    const { isBlocked, pretence } = this.#scene.view;
    if (isBlocked || pretence !== undefined) return [];
    const left = stages.slice(this.#stage).flatMap((stage) => {
      if (stage === 'place') return ['the place of the filter'];
      return stage
        .filter(({ wishes }) => this.#missing(wishes(this.#scene)).length > 0)
        .map(({ about }) => about);
    });
    return [...new Set(left)];
  }
}

/**
 * A question of which one silence will do: what no claim rests on alone, or is asked again anyway. Not what shows whether the
 * way is still as it was, nor what ends on the way, whose answers come at a bounded rate.
 */
function onceAsked(question: FirewallQuestion): FirewallQuestion {
  const { protocol, technique, variant } = question;
  const isPlain = technique === plainTechnique(protocol) && variant === '';
  return protocol === 'udp' || technique === 'connect' || isPlain ? question : { ...question, isOnce: true };
}

type Stage = readonly Step[] | 'place';

/** Nothing of the step where ICMP errors are limited: what it uses up, the next stage would lack. */
function whereUnlimited(step: Step): Step {
  const isUnlimited = (scene: Scene) => scene.limited('tcp') === undefined;
  return { ...step, wishes: (scene) => (isUnlimited(scene) ? step.wishes(scene) : []) };
}

/** Of a host that has never answered, nothing that is asked can use up an answer: the sooner the better. */
function whereMute(step: Step): Step {
  const isMute = ({ view, book }: Scene) =>
    !view.hasAnswered && book.entries.every(({ seen }) => seen.answer === 'silence');
  return { ...step, wishes: (scene) => (isMute(scene) ? step.wishes(scene) : []) };
}

/** What is asked together, for each stage waits for silence. Steps whose answers a limit may hold back come first. */
const stages: readonly Stage[] = [
  [repetition],
  [steadiness, udpSteadiness],
  [limitedKind],
  [
    canaries,
    strayAcks,
    honesty,
    whereUnlimited(sourcePorts),
    whereUnlimited(fragments),
    whereMute(otherFlags),
  ],
  'place',
  [sourcePorts, otherFlags, state, fragments, checksum, udpSourcePorts],
  [particularPorts],
  [proof],
  [afterwards],
];
/** Where two packets in a hundred are lost in either direction, one of so many shows it in all but two cases of a hundred. */
const manyAnswers = 96;
/** What a look at a usual filter may take where silent questions are asked thrice. */
const spaciousPackets = 270;
