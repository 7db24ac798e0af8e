/**
 * Probes that did not get there: a router says that they are too long for the way, or this system would not send them.
 * Neither says anything of the target, so they are sent again where that helps, and else cannot be judged.
 *
 * @module
 */

import type { Trouble } from '../../model/observation.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import type { Variant } from '../probes/variant.ts';
import { transportNumber } from '../questions/questions.ts';
import type { Asked } from './asked.ts';
import type { Cookies } from './cookie.ts';
import { isIcmp, isPortProtocol, isQuoted } from './echo.ts';

/**
 * Learns that packets to an address (4 or 16 bytes at `bytes[at…]`) may have `mtu` bytes at most. False: one of
 * `length` bytes fits into that, or cannot be made smaller.
 */
export type ShrinkTo = (family: 4 | 6, bytes: Uint8Array, at: number, length: number, mtu: number) => boolean;

/** Finds the questions that such packets asked. */
export class Undelivered {
  readonly #asked: Asked;
  readonly #cookies: Cookies;
  readonly #variants: readonly Variant[];
  readonly #shrinkTo: ShrinkTo;

  constructor(
    asked: Asked,
    cookies: Cookies,
    variants: readonly Variant[],
    shrinkTo: ShrinkTo = () => false,
  ) {
    this.#asked = asked;
    this.#cookies = cookies;
    this.#variants = variants;
    this.#shrinkTo = shrinkTo;
  }

  /** Takes an ICMP error that `reader` has read; false for one that says something else, or is about no probe. */
  handle(reader: PacketReader, bytes: Uint8Array): boolean {
    const { family, icmpType, icmpCode, quote, payloadOffset } = reader;
    const isTooBig = family === 4 ? icmpType === 3 && icmpCode === 4 : icmpType === 2;
    if (!isTooBig || quote.family !== family) return false;
    const isV4 = family === 4;
    const length = wordAt(bytes, payloadOffset + (isV4 ? 2 : 4)) + (isV4 ? 0 : 40);
    // RFC 1191, section 4: routers of before leave the field empty.
    const told = isV4 ? reader.icmpSequence : reader.icmpId * 0x1_0000 + reader.icmpSequence;
    return this.#settle(reader, bytes, 'too-big', () =>
      this.#shrinkTo(isV4 ? 4 : 6, bytes, quote.destinationOffset, length, told),
    );
  }

  /** This system would not send the packet that stands in the reader's quote; `mayTryAgain`: another time it may. */
  refused(reader: PacketReader, bytes: Uint8Array, mayTryAgain: boolean): void {
    this.#settle(reader, bytes, 'local-error', () => mayTryAgain);
  }

  /** Finds the question of the quoted packet, and asks it again or gives it up. */
  #settle(reader: PacketReader, bytes: Uint8Array, trouble: Trouble, mayTryAgain: () => boolean): boolean {
    const asked = this.#asked;
    const { quote } = reader;
    if (!asked.select(quote.family, bytes, quote.destinationOffset)) return false;
    const transport = isIcmp(quote) ? transportNumber.icmp : quote.protocol;
    const port = isPortProtocol(quote.protocol) ? quote.destinationPort : 0;
    do {
      const question =
        this.#quotedBy(reader, asked.about(transport, port)) ??
        this.#quotedBy(reader, asked.about(transportNumber.ip, quote.protocol));
      if (question === undefined) continue;
      if (mayTryAgain()) asked.askAgain(question);
      else asked.giveUp(question, trouble);
      return true;
    } while (asked.selectNext());
    return false;
  }

  #quotedBy(reader: PacketReader, about: readonly number[]): number | undefined {
    const asked = this.#asked;
    return about.find((question) => {
      const variant = this.#variants[asked.variantOf(question)] as Variant;
      const latest = asked.attempts(question);
      for (let attempt = latest; attempt > 0 && attempt > latest - rememberedAttempts; attempt--) {
        asked.recall(question, attempt);
        if (isQuoted(reader, this.#cookies, variant)) return true;
      }
      return false;
    });
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

const rememberedAttempts = 16;
