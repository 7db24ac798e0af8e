/**
 * Keeps dialogues going beside packets: it asks nothing itself, and lets those who hold dialogues hear.
 *
 * @module
 */

import type { Dial } from '../../dial/dial.ts';
import { nothingCounted, type Transport, type TransportTotals } from './transport.ts';

/** A dial without attempts of its own as a transport. */
export class DialogueTransport implements Transport {
  readonly localPaths = [];
  /** Whoever holds a dialogue is busy. */
  readonly isBusy = false;
  readonly #dial: Dial;

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  get descriptors(): readonly number[] {
    return this.#dial.descriptors;
  }

  get turn(): ((timeoutMs: number) => Promise<void>) | undefined {
    return this.#dial.isAsync ? this.#wait : undefined;
  }

  receive(): number {
    return this.#dial.poll(0, nobody);
  }

  handleTimeout(): void {}

  transmit(): number {
    return 0;
  }

  dueUs(nowUs: number): number {
    return this.#dial.hasNews ? nowUs : this.#dial.dueUs;
  }

  /** Whoever holds a dialogue sees itself that nothing came. */
  voidSince(): void {}

  typicalUs(fallbackUs: number): number {
    return fallbackUs;
  }

  totals(): TransportTotals {
    const { sentPackets, sentBytes } = this.#dial;
    return { ...nothingCounted, sentPackets, sentBytes };
  }

  abort(): void {}

  close(): void {
    this.#dial.close();
  }

  readonly #wait = (timeoutMs: number): Promise<void> => this.#dial.wait(timeoutMs);
}

const nobody = (): void => undefined;
