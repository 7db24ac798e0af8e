/**
 * Infers the filter before one host: asks in stages, each of which is worked out anew from what is known, and concludes.
 *
 * @module
 */

import { textOf, type Wish } from './book.ts';
import { conclude } from './conclude.ts';
import type { Conclusions, FirewallQuestion, FirewallView, Inference, Seen } from './contract.ts';
import { beginLocation } from './place.ts';
import { Scene } from './scene.ts';
import { canaries } from './steps/canaries.ts';
import { checksum } from './steps/checksum.ts';
import { honesty } from './steps/honesty.ts';
import { limitedKind } from './steps/limited-kind.ts';
import { proof } from './steps/proof.ts';
import { repetition } from './steps/repetition.ts';
import { state } from './steps/state.ts';
import { steadiness, udpSteadiness } from './steps/steadiness.ts';
import type { Step } from './steps/step.ts';
import { fragments, otherFlags, sourcePorts, strayAcks, udpSourcePorts } from './steps/ways.ts';

/** Begins the inference for a host whose ports were scanned. `budget`: packets that may still be sent. */
export function beginFirewall(view: FirewallView, options: { readonly budget?: number } = {}): Inference {
  return new FirewallMind(view, options);
}

/** The inference for one host. */
class FirewallMind implements Inference {
  readonly #scene: Scene;
  readonly #budget: number;
  readonly #asked = new Map<string, number>();
  #outstanding = 0;
  #stage = 0;
  #isSpent = false;

  constructor(view: FirewallView, { budget }: { readonly budget?: number }) {
    this.#scene = new Scene(view);
    const { tcp, udp } = view.ports;
    this.#budget = Math.min(budget ?? Number.POSITIVE_INFINITY, fixedPackets + tcp.length + udp.length);
  }

  agenda(): readonly FirewallQuestion[] {
    const { isBlocked, pretence } = this.#scene.view;
    // Who says open for every port answers all else as he likes.
    if (isBlocked || pretence !== undefined || this.#isSpent) return [];
    while (this.#stage < stages.length) {
      const questions = this.#affordable(this.#questions(stages[this.#stage] as Stage));
      if (questions.length > 0 || this.#outstanding > 0 || this.#isSpent) return questions;
      this.#stage++;
    }
    return [];
  }

  fold(question: FirewallQuestion, seen: Seen): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    const { index } = this.#scene.book.record(question, seen);
    this.#scene.location?.finder.fold(question, seen, index);
  }

  conclude(): Conclusions {
    return conclude(this.#scene, this.#leftOut());
  }

  #questions(stage: Stage): readonly FirewallQuestion[] {
    if (stage === 'place') {
      this.#scene.location ??= beginLocation(this.#scene);
      return this.#scene.location.finder.agenda();
    }
    return stage.flatMap((step) => step.wishes(this.#scene)).flatMap((wish) => this.#missing(wish));
  }

  /** A wish as often as it was not given yet. */
  #missing({ question, times }: Wish): readonly FirewallQuestion[] {
    const text = textOf(question);
    const asked = this.#asked.get(text) ?? 0;
    if (asked >= times) return [];
    this.#asked.set(text, times);
    return Array.from({ length: times - asked }, () => question);
  }

  /** As many as the budget bears, each counted as often as a silent one is sent. */
  #affordable(questions: readonly FirewallQuestion[]): readonly FirewallQuestion[] {
    let left = this.#budget - this.#scene.book.packets - this.#outstanding * usualAttempts;
    const given: FirewallQuestion[] = [];
    for (const question of questions) {
      left -= question.technique === 'connect' ? connectionPackets : usualAttempts;
      if (left < 0) {
        this.#isSpent = true;
        break;
      }
      given.push(question);
    }
    this.#outstanding += given.length;
    return given;
  }

  /** What no budget was left for, or what came to an end before it was asked. */
  #leftOut(): readonly string[] {
    const { isBlocked, pretence } = this.#scene.view;
    if (isBlocked || pretence !== undefined) return [];
    const left = stages.slice(this.#stage).flatMap((stage) => {
      return stage === 'place' ? ['the place of the filter'] : stage.map(({ about }) => about);
    });
    return [...new Set(left)];
  }
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
  [proof],
];
/** However ports differ, no host is asked for more than this and one packet a port. */
const fixedPackets = 260;
const usualAttempts = 2;
const connectionPackets = 6;
