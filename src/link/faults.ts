/**
 * Faults on purpose: packets of a link are lost, doubled, swapped and damaged as a seed decides.
 *
 * @module
 */

import { SeededRandom } from '../base/random.ts';
import type { Link, PacketSink } from './link.ts';
import { WrappedLink } from './wrapped-link.ts';

/** How likely each fault is for each packet, 0 to 1. */
export interface Faults {
  readonly seed: number;
  /** Sent packets that never leave. */
  readonly sendLoss?: number;
  /** Received packets that are never shown, */
  readonly receiveLoss?: number;
  /** shown twice, */
  readonly duplication?: number;
  /** shown after the one that follows, */
  readonly reordering?: number;
  /** or shown with one bit turned. */
  readonly corruption?: number;
}

/** A link with faults. IP packets suffer, ARP does not. */
export function faultyLink(link: Link, faults: Faults): Link {
  return new FaultyLink(link, faults);
}

class FaultyLink extends WrappedLink {
  readonly #faults: Required<Faults>;
  readonly #random: SeededRandom;
  /** For each staged packet, oldest first, whether it is lost: then the link inside does not know of it. */
  readonly #isLost: boolean[] = [];
  #late: Received | undefined;

  constructor(link: Link, faults: Faults) {
    super(link);
    this.#faults = { sendLoss: 0, receiveLoss: 0, duplication: 0, reordering: 0, corruption: 0, ...faults };
    this.#random = new SeededRandom(faults.seed);
  }

  override stage(slot: number, length: number, neighbour: number): void {
    const isLost = this.#happens(this.#faults.sendLoss);
    if (!isLost) this.inner.stage(slot, length, neighbour);
    this.#isLost.push(isLost);
  }

  override flush(): number {
    let sent = this.inner.flush();
    let taken = 0;
    while (taken < this.#isLost.length && (this.#isLost[taken] || sent-- > 0)) taken++;
    this.#isLost.splice(0, taken);
    return taken;
  }

  override discard(): void {
    if (this.#isLost.shift() === false) this.inner.discard();
  }

  override receive(sink: PacketSink, limit: number, arp?: PacketSink): number {
    let shown = 0;
    const show: PacketSink = (...packet) => {
      sink(...packet);
      shown++;
    };
    const count = this.inner.receive(
      (bytes, start, end, atUs, wireLength) => {
        if (this.#happens(this.#faults.receiveLoss)) return;
        const packet = { bytes: bytes.slice(start, end), atUs, wireLength };
        if (packet.bytes.length > 0 && this.#happens(this.#faults.corruption)) {
          packet.bytes[this.#random.nextBelow(packet.bytes.length)]! ^= 1 << this.#random.nextBelow(8);
        }
        if (this.#late === undefined && this.#happens(this.#faults.reordering)) {
          this.#late = packet;
          return;
        }
        showPacket(packet, show);
        if (this.#happens(this.#faults.duplication)) showPacket(packet, show);
        this.#showLate(show);
      },
      limit,
      arp === undefined
        ? undefined
        : (...message) => {
            arp(...message);
            shown++;
          },
    );
    // Nothing follows: it is late enough.
    if (count === 0) this.#showLate(show);
    return shown;
  }

  #showLate(show: PacketSink): void {
    if (this.#late === undefined) return;
    const late = this.#late;
    this.#late = undefined;
    showPacket(late, show);
  }

  #happens(likelihood: number): boolean {
    return likelihood > 0 && this.#random.nextFloat() < likelihood;
  }
}

interface Received {
  readonly bytes: Uint8Array;
  readonly atUs: number;
  readonly wireLength: number;
}

function showPacket({ bytes, atUs, wireLength }: Received, show: PacketSink): void {
  show(bytes, 0, bytes.length, atUs, wireLength);
}
