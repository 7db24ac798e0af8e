/**
 * Cookies that are marks as well: what proves an answer to the scanner proves the probe to a listener.
 *
 * @module
 */

import type { Technique } from '../../techniques/technique.ts';
import { Cookies, type Mark } from '../answers/cookie.ts';
import { tcpFlagsOf } from './make-writer.ts';
import { markCode, Seal, tailBytes, tcpKind, udpKind, wordOf, writeTail } from './mark.ts';
import type { Variant } from './variant.ts';

/** How probes are marked. */
export interface MarkOptions {
  /** What scanner and listener share. */
  readonly key: readonly [number, number];
  /** Tells this run from others with the same key: 4 bits. */
  readonly run: number;
  /** By variant: the code by which a listener names it, see `markCode`. */
  readonly codes: readonly number[];
}

/** The cookies of an engine; marked where that is wanted. */
export function cookiesFor({
  key,
  mark,
  variants,
}: {
  readonly key: readonly [number, number];
  readonly mark?: MarkOptions;
  readonly variants: readonly Variant[];
}): Cookies {
  return mark === undefined ? new Cookies(key[0], key[1]) : new MarkedCookies(key, mark, variants);
}

/**
 * Cookies of TCP and UDP probes become marks: the counter is what is left of the cookie, so that hosts and transmissions
 * stay different, and the source port is chosen by the cookie as before.
 */
class MarkedCookies extends Cookies {
  readonly #seal: Seal;
  readonly #run: number;
  readonly #codes: readonly number[];
  readonly #variants: readonly Variant[];
  readonly #tail = new DataView(new ArrayBuffer(tailBytes));
  readonly #mark: { -readonly [Field in keyof Mark]: Mark[Field] } = {
    window: 0,
    tail: new Uint8Array(this.#tail.buffer),
    bareId: 0,
  };

  constructor(
    key: readonly [number, number],
    { key: shared, run, codes }: MarkOptions,
    variants: readonly Variant[],
  ) {
    super(key[0], key[1]);
    this.#seal = new Seal(shared);
    this.#run = run & 15;
    this.#codes = codes;
    this.#variants = variants;
  }

  override dress(technique: Technique, variant: number, port: number): void {
    const { transport } = technique.probe;
    if (transport !== 'tcp' && transport !== 'udp') return;
    const look = this.#variants[variant] as Variant;
    const code = this.#codes[variant] ?? markCode.other;
    const isByPort = code === markCode.sourcePort;
    const from = isByPort ? look.sourcePort : 0;
    const kind = transport === 'tcp' ? tcpKind(tcpFlagsOf(technique, look)) : udpKind;
    const left = this.extra >>> 27;
    // The window has room for 15 bits of the port.
    const counter = isByPort ? ((from >>> 15) << 4) | (left & 15) : left;
    const word = wordOf({ code, run: this.#run, counter });
    const seal = this.#seal;
    const mark = this.#mark;
    const pad = seal.padOf(kind);
    if (transport === 'udp') mark.bareId = seal.bareId(port, code);
    // A datagram may have no room for the port, which may change on its way.
    seal.compute(kind, port, word, transport === 'tcp' ? from : 0);
    const hidden = word ^ (pad & 0xffff);
    if (transport === 'udp') writeTail(this.#tail, hidden, from, seal);
    const low = isByPort ? from ^ (pad >>> 16) : seal.moreProof;
    mark.window = 0x8000 | (low & 0x7fff);
    this.sequence = seal.proof;
    this.extra = ((hidden << 16) | (this.extra & 0xffff)) >>> 0;
    this.mark = mark;
  }
}
