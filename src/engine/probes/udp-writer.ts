/**
 * UDP probes, RFC 768: the payload a service would answer, or an empty datagram.
 *
 * @module
 */

import type { UdpPayload } from '../../techniques/payloads/contract.ts';
import { addBytes, finishSum, writeWord } from '../../wire/checksum.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { Cookies } from '../answers/cookie.ts';
import { IpStamp, writeFlowLabel } from './ip-stamp.ts';
import { proofOf } from './mark.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import { sourcePortOf, type Variant } from './variant.ts';

/** What to say to a port: as many payloads as are worth trying. */
export type PayloadsFor = (port: number) => readonly UdpPayload[];

/** Datagrams to the ports of services. */
export class UdpWriter implements ProbeWriter {
  readonly #ip: IpStamp;
  readonly #isV6: boolean;
  readonly #variant: Variant;
  readonly #payloadsFor: PayloadsFor;

  constructor(path: PathInfo, variant: Variant, payloadsFor: PayloadsFor) {
    this.#ip = new IpStamp(path, ipProtocol.udp, variant);
    this.#isV6 = path.family === 6;
    this.#variant = variant;
    this.#payloadsFor = payloadsFor;
  }

  packets(port: number): number {
    return this.#variant.data.length > 0 ? 1 : Math.max(1, this.#payloadsFor(port).length);
  }

  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    port: number,
    { sequence, extra, mark }: Cookies,
    index: number,
  ): number {
    const { data } = this.#variant;
    const question = data.length > 0 ? undefined : this.#payloadsFor(port)[index];
    let payload = question?.build(sequence) ?? data;
    let id = extra >>> 16;
    if (mark !== undefined) {
      const proof = proofOf(question);
      if (proof === 'tail') payload = Buffer.concat([payload, mark.tail]);
      else if (proof === 'none') id = mark.bareId;
    }
    const length = 8 + payload.length;
    const pseudo = this.#ip.write(bytes, offset, words, at, length, id);
    if (mark !== undefined && this.#isV6) writeFlowLabel(bytes, offset, id);
    const start = offset + this.#ip.headerBytes;
    const source = sourcePortOf(this.#variant, extra);
    writeWord(bytes, start, source);
    writeWord(bytes, start + 2, port);
    writeWord(bytes, start + 4, length);
    bytes.set(payload, start + 8);
    const sum = finishSum(addBytes(pseudo + source + port + length, payload, 0, payload.length));
    // Zero would mean "no checksum": it is sent as all ones (RFC 768).
    writeWord(bytes, start + 6, this.#variant.badChecksum ? sum ^ 0x5555 : sum || 0xffff);
    return this.#ip.headerBytes + length;
  }
}
