/**
 * What a scan by SYN and by ACK shows of a filter without looking for one: where bare ACKs get through to ports at which SYN is
 * stopped, a few of both are repeated, and the rule of such filters judges.
 *
 * @module
 */

import type { Wish } from './book.ts';
import { textOf } from './book.ts';
import type { Conclusions, FirewallQuestion, FirewallView, Inference, Seen } from './contract.ts';
import { kindOf } from './look.ts';
import { statelessFilter } from './rules/stateless-filter.ts';
import { Scene } from './scene.ts';
import { strayAcks } from './steps/ways.ts';

/** Begins it for a host whose ports were scanned; `ackOf` is what a bare ACK of the scan brought. */
export function beginComparison(view: FirewallView, ackOf: (port: number) => Seen | undefined): Inference {
  return new Comparison(view, ackOf);
}

/** Compares what SYNs and ACKs brought of one host. */
class Comparison implements Inference {
  readonly #scene: Scene;
  /** How many answers are the scan's own. */
  readonly #known: number;
  readonly #isWorthwhile: boolean;
  readonly #asked = new Map<string, number>();

  constructor(view: FirewallView, ackOf: (port: number) => Seen | undefined) {
    this.#scene = new Scene(view);
    const { book } = this.#scene;
    for (const port of this.#scene.silentAtFirst('tcp')) {
      const seen = ackOf(port);
      if (seen !== undefined && seen.answer !== 'unknown')
        book.record({ protocol: 'tcp', technique: 'ack', port, variant: '' }, seen);
    }
    this.#known = book.entries.length;
    this.#isWorthwhile =
      !view.isBlocked &&
      view.pretence === undefined &&
      book.entries.some(({ seen }) => kindOf('tcp', seen) === 'closed');
  }

  agenda(): readonly FirewallQuestion[] {
    if (!this.#isWorthwhile || this.#scene.book.entries.length - this.#known > mostAsked) return [];
    return strayAcks.wishes(this.#scene).flatMap((wish) => this.#missing(wish));
  }

  fold(question: FirewallQuestion, seen: Seen): void {
    this.#scene.book.record(question, seen);
  }

  conclude(): Conclusions {
    const findings = this.#isWorthwhile ? statelessFilter.infer(this.#scene) : [];
    // What it rests on of the scan's own answers stands at their ports.
    const cites = Array.from({ length: this.#scene.book.entries.length - this.#known }, (_, place) => place);
    return {
      policy: [],
      findings: findings.map((finding) => ({ ...finding, cites })),
      changed: [],
      leftOut: [],
    };
  }

  /** A wish as often as it was neither answered by the scan nor given yet. */
  #missing({ question, times }: Wish): readonly FirewallQuestion[] {
    const text = textOf(question);
    const known = this.#scene.book.answers(question).filter(({ index }) => index < this.#known).length;
    const asked = known + (this.#asked.get(text) ?? 0);
    if (asked >= times) return [];
    this.#asked.set(text, times - known);
    return Array.from({ length: times - asked }, () => question);
  }
}

const mostAsked = 40;
