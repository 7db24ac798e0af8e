/**
 * One packet of any IP protocol: with a proper header where a host answers only to that (TCP, UDP, SCTP,
 * ICMP), eight bytes of nothing otherwise. They are what an ICMP error must quote (RFC 792); Linux filters
 * refuse no IPv6 packet that ends with its header (nf_reject_v6_csum_ok).
 *
 * @module
 */

import { ipProtocol } from '../../wire/numbers.ts';
import type { Cookies } from '../answers/cookie.ts';
import { IcmpWriter } from './icmp-writer.ts';
import { IpStamp } from './ip-stamp.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import { SctpWriter } from './sctp-writer.ts';
import { TcpWriter } from './tcp-writer.ts';
import { UdpWriter } from './udp-writer.ts';
import type { Variant } from './variant.ts';

/** Where TCP, UDP and SCTP probes of a protocol scan go: a port that rarely listens and answers all the same. */
export const protocolProbePort = 40125;

/** Packets by protocol number, which stands where other writers have the port. */
export class ProtocolWriter implements ProbeWriter {
  readonly #path: PathInfo;
  readonly #variant: Variant;
  readonly #known: ReadonlyMap<number, ProbeWriter>;
  readonly #stamps = new Map<number, IpStamp>();

  constructor(path: PathInfo, variant: Variant) {
    this.#path = path;
    this.#variant = variant;
    const icmp = path.family === 4 ? ipProtocol.icmp : ipProtocol.icmpv6;
    this.#known = new Map<number, ProbeWriter>([
      [ipProtocol.tcp, new TcpWriter(path, variant, ackFlag)],
      [ipProtocol.udp, new UdpWriter(path, variant, () => [])],
      [ipProtocol.sctp, new SctpWriter(path, variant)],
      [icmp, new IcmpWriter(path, variant, 'echo')],
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
    if (known !== undefined) return known.write(bytes, offset, words, at, protocolProbePort, cookies, index);
    let stamp = this.#stamps.get(protocol);
    if (stamp === undefined) {
      stamp = new IpStamp(this.#path, protocol, this.#variant);
      this.#stamps.set(protocol, stamp);
    }
    const { data } = this.#variant;
    const isHeader = this.#path.family === 6 && extensionHeaders.has(protocol);
    const body = isHeader ? lastHeader : data.length > 0 ? data : nothing;
    stamp.write(bytes, offset, words, at, body.length, cookies.extra >>> 16);
    bytes.set(body, offset + stamp.headerBytes);
    return stamp.headerBytes + body.length;
  }
}

const nothing = new Uint8Array(8);
/** Hop-by-hop options, routing, fragment, destination options: here with nothing behind them (59). */
const extensionHeaders: ReadonlySet<number> = new Set([0, 43, 44, 60]);
const lastHeader = Uint8Array.of(59, 0, 0, 0, 0, 0, 0, 0);

const ackFlag = 16;
