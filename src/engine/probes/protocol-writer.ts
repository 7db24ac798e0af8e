/**
 * One packet of any IP protocol: with a proper header where a host answers only to that (TCP, UDP, SCTP,
 * ICMP), empty otherwise.
 *
 * @module
 */

import type { Cookies } from '../cookie.ts';
import { IcmpWriter } from './icmp-writer.ts';
import { IpStamp } from './ip-stamp.ts';
import type { Dress, PathInfo, ProbeWriter } from './probe-writer.ts';
import { SctpWriter } from './sctp-writer.ts';
import { TcpWriter } from './tcp-writer.ts';
import { UdpWriter } from './udp-writer.ts';

/** Packets by protocol number, which stands where other writers have the port. */
export class ProtocolWriter implements ProbeWriter {
  readonly #path: PathInfo;
  readonly #dress: Dress;
  readonly #known: ReadonlyMap<number, ProbeWriter>;
  readonly #stamps = new Map<number, IpStamp>();

  constructor(path: PathInfo, dress: Dress) {
    this.#path = path;
    this.#dress = dress;
    const icmp = path.family === 4 ? 1 : 58;
    this.#known = new Map<number, ProbeWriter>([
      [6, new TcpWriter(path, dress, ackFlag)],
      [17, new UdpWriter(path, dress, () => [])],
      [132, new SctpWriter(path, dress)],
      [icmp, new IcmpWriter(path, dress, 'echo')],
    ]);
  }

  packets(): number {
    return 1;
  }

  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    protocol: number,
    cookies: Cookies,
    index: number,
  ): number {
    const known = this.#known.get(protocol);
    if (known !== undefined) return known.write(bytes, offset, words, at, probePort, cookies, index);
    let stamp = this.#stamps.get(protocol);
    if (stamp === undefined) {
      stamp = new IpStamp(this.#path, protocol, this.#dress);
      this.#stamps.set(protocol, stamp);
    }
    stamp.write(bytes, offset, words, at, this.#dress.data.length, cookies.extra >>> 16);
    bytes.set(this.#dress.data, offset + stamp.headerBytes);
    return stamp.headerBytes + this.#dress.data.length;
  }
}

const ackFlag = 16;
/** Where TCP, UDP and SCTP probes of a protocol scan go: a port that rarely listens and answers all the same. */
const probePort = 40125;
