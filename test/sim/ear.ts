/** Connections to simulated hosts: each brings what its host's model says. @module */

import type { Ear, Heard } from '../../src/dial/ear.ts';
import type { VirtualClock } from './clock.ts';
import type { HostModel } from './network.ts';

/** An ear on the virtual clock. A host without a model of its connections takes them and stays silent. */
export class SimulatedEar implements Ear {
  readonly #clock: VirtualClock;
  readonly #rttUs: number;
  readonly #hostOf: (address: number) => HostModel | undefined;
  readonly #heard = new Map<number, { readonly heard: Heard; readonly toldAtUs: number }>();

  constructor(clock: VirtualClock, rttUs: number, hostOf: (address: number) => HostModel | undefined) {
    this.#clock = clock;
    this.#rttUs = rttUs;
    this.#hostOf = hostOf;
  }

  start(token: number, _family: 4 | 6, address: Uint8Array, _scopeId: number, port: number): number {
    const host = this.#hostOf(new DataView(address.buffer, address.byteOffset).getUint32(0));
    const { isPrompt, ...heard } = host?.hear?.(port) ?? { ...silence, isPrompt: false };
    const toldAtUs = isPrompt ? this.#clock.nowUs + 2 * this.#rttUs : Number.POSITIVE_INFINITY;
    this.#heard.set(token, { heard, toldAtUs });
    return 0;
  }

  poll(sink: (token: number) => void): void {
    for (const [token, { toldAtUs }] of this.#heard) if (toldAtUs <= this.#clock.nowUs) sink(token);
  }

  end(token: number): Heard {
    const { heard } = this.#heard.get(token) ?? { heard: silence };
    this.#heard.delete(token);
    return heard;
  }

  close(): void {
    this.#heard.clear();
  }
}

const silence: Heard = { state: 'open', bytes: new Uint8Array(0), window: 64_240 };
