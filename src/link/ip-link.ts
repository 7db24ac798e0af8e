/**
 * The way to our own addresses. Frames written to the loopback by a packet socket are dropped as martians, so
 * packets leave through IP-level raw sockets (raw(7); we write the IP header), and answers are seen on the loopback like
 * on any other link. So are the packets themselves: here, and nowhere else, they are told from answers.
 *
 * The kernel fills in the header checksum of IPv4, and its identification where that is zero.
 *
 * @module
 */

import { addressBytes } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { datagramType, inet6Family, inetFamily, int, rawType } from '../system/socket-words.ts';
import { ipProtocol } from '../wire/numbers.ts';
import type { BatchTaker, Link, PacketSink } from './link.ts';
import { OwnPackets } from './own-packets.ts';
import { enlargeSendQueue, openSocket, setOption, tryOption } from './packet-socket.ts';
import { nameBytes } from './send-buffer.ts';
import { type LinkOptions, SocketLink } from './socket-link.ts';

/** Opens the link to our own addresses; the interface it names is the loopback. */
export function openIpLink(options: LinkOptions): Link {
  return new IpLink(options);
}

class IpLink extends SocketLink {
  readonly mac = null;
  /** The family of each staged packet, in the order of the queue: one call takes packets of one family. */
  readonly #families: Uint8Array;
  #front = 0;
  /** Our link-local addresses, as text of their bytes, and the interface of each (RFC 4007, section 6). */
  readonly #scopes: ReadonlyMap<string, number>;
  readonly #own = new OwnPackets();
  /** Who is shown what has arrived. */
  #sink: PacketSink = () => {};

  constructor(options: LinkOptions) {
    super(options, 0, openRawSockets);
    this.#families = new Uint8Array(this.slots);
    this.#scopes = linkLocalScopes();
  }

  neighbour(_mac: Uint8Array | null, family: 4 | 6): number {
    return family;
  }

  stage(slot: number, length: number, neighbour: number): void {
    const behind = this.#front + this.buffer.staged;
    this.buffer.stage(slot, length, neighbour === 4 ? 16 : 28);
    this.#families[behind % this.slots] = neighbour;
    const packet = slot * this.slotBytes;
    this.#own.note(this.transmit, packet, packet + length);
    const name = slot * nameBytes;
    const { names } = this.buffer;
    // struct sockaddr_in: family, port (2), address (4). sockaddr_in6: family, port, flow (4), address, scope (4).
    names.set(neighbour === 4 ? inetBytes : inet6Bytes, name);
    if (neighbour === 4) {
      for (let i = 0; i < 4; i++) names[name + 4 + i] = this.transmit[packet + 16 + i]!;
    } else {
      for (let i = 0; i < 16; i++) names[name + 8 + i] = this.transmit[packet + 24 + i]!;
      names.set(int(this.#scopeOf(packet + 24)), name + 24);
    }
  }

  override flush(): number {
    let taken = 0;
    while (this.buffer.staged > 0) {
      const run = this.#run();
      const sent = this.buffer.flush(this.senders[this.#families[this.#front] === 4 ? 0 : 1] ?? -1, run);
      this.#advance(sent);
      taken += sent;
      if (sent < run) break;
    }
    if (taken > 0) this.buffer.trouble = 0;
    return taken;
  }

  override discard(): void {
    if (this.buffer.staged === 0) return;
    this.buffer.discard();
    this.#advance(1);
  }

  override receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number {
    this.#sink = sink;
    return super.receive(this.#showForeign, limit, arp, taker);
  }

  readonly #showForeign: PacketSink = (bytes, start, end, atUs, wireLength) => {
    if (!this.#own.take(bytes, start, end)) this.#sink(bytes, start, end, atUs, wireLength);
  };

  /** How many packets at the front of the queue are of one family. */
  #run(): number {
    const family = this.#families[this.#front];
    let run = 1;
    while (run < this.buffer.staged && this.#families[(this.#front + run) % this.slots] === family) run++;
    return run;
  }

  #advance(count: number): void {
    this.#front = (this.#front + count) % this.slots;
  }

  #scopeOf(at: number): number {
    if (this.transmit[at] !== 0xfe || (this.transmit[at + 1]! & 0xc0) !== 0x80) return 0;
    return this.#scopes.get(`${this.transmit.subarray(at, at + 16)}`) ?? 0;
  }
}

/**
 * One socket for each family. Both are opened at once: privileges may be given up before the first packet. They are of
 * ICMP, since a kernel says of no protocol that nobody is there while a socket is open for it (raw(7)), and hear nothing.
 */
function openRawSockets(): readonly number[] {
  const v4 = openSocket(inetFamily, rawType, ipProtocol.icmp, 'a raw IPv4 socket');
  setOption(v4, ipLevel, ipHeaderIncluded, int(1), 'write IPv4 headers');
  tryOption(v4, rawLevel, icmpFilter, int(-1));
  const v6 = openV6(v4);
  if (v6 >= 0) {
    setOption(v6, ipv6Level, ipv6HeaderIncluded, int(1), 'write IPv6 headers');
    tryOption(v6, ipProtocol.icmpv6, icmpFilter, new Uint8Array(32).fill(255));
  }
  const sockets = v6 < 0 ? [v4] : [v4, v6];
  for (const fd of sockets) enlargeSendQueue(fd);
  return sockets;
}

/** -1 where IPv6 is switched off: then there is no address of ours to send to, and no packet to send. */
function openV6(v4: number): number {
  try {
    return hasIpv6() ? openSocket(inet6Family, rawType, ipProtocol.icmpv6, 'a raw IPv6 socket') : -1;
  } catch (error) {
    libc().close(v4);
    throw error;
  }
}

function hasIpv6(): boolean {
  const fd = libc().socket(inet6Family, datagramType, 0);
  if (fd < 0) return errno() !== errnos.EAFNOSUPPORT;
  libc().close(fd);
  return true;
}

function linkLocalScopes(): ReadonlyMap<string, number> {
  const scopes = new Map<string, number>();
  for (const { index, addresses } of listInterfaces()) {
    for (const { address } of addresses) {
      if (address.zone !== undefined) scopes.set(`${addressBytes(address)}`, index);
    }
  }
  return scopes;
}

/** IPPROTO_IP and IP_HDRINCL, IPPROTO_IPV6 and IPV6_HDRINCL (Linux 4.15), SOL_RAW, ICMP_FILTER and ICMPV6_FILTER. */
const ipLevel = 0;
const ipHeaderIncluded = 3;
const ipv6Level = 41;
const ipv6HeaderIncluded = 36;
const rawLevel = 255;
const icmpFilter = 1;
/** AF_INET, AF_INET6. */
const inetBytes = new Uint8Array(Uint16Array.of(inetFamily).buffer);
const inet6Bytes = new Uint8Array(Uint16Array.of(inet6Family).buffer);
