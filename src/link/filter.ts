/**
 * The kernel's filter for what a link receives: a classic BPF program (Documentation/networking/filter.rst)
 * that passes the answers to one shard's probes and nothing else.
 *
 * It may pass too much, never too little: the engine believes only what carries a cookie. A load beyond the
 * packet's end ends the program and drops the packet, so whatever passes has the fields that were looked at.
 *
 * @module
 */

import { uint32 } from '../wire/bytes.ts';
import { icmpv6Type } from '../wire/icmpv6.ts';
import { etherType, ipProtocol } from '../wire/numbers.ts';
import { Assembler, type Instruction } from './filter-assembler.ts';

/** What a link receives. */
export interface Accepted {
  /** The source ports of our probes: what TCP, UDP and SCTP answers are addressed to. Absent: none. */
  readonly localPorts?: { readonly first: number; readonly last: number };
  /** Single ports besides them, 250 at most. */
  readonly singlePorts?: readonly number[];
  /** What is sent from those ports as well. */
  readonly sentToo?: boolean;
  /** Errors that quote our probes, and replies to echo, timestamp and mask requests. */
  readonly icmp?: boolean;
  /** Only what comes in by these, by their index; absent: by any. At most 100. */
  readonly interfaces?: readonly number[];
  /** ARP and neighbour advertisements, and multicast listener reports. */
  readonly neighbours?: boolean;
  /** Every other IP protocol and every fragment, for the IP protocol scan. */
  readonly allProtocols?: boolean;
  /** Destinations that are ours, 4 or 16 bytes each. Of a family with none or with many, all but groups pass. */
  readonly addresses?: readonly Uint8Array[];
}

/**
 * Assembles the filter for packets whose network header begins after `linkBytes`: 0 on sockets of type SOCK_DGRAM,
 * the length of the link's header on those of type SOCK_RAW. Packets that pass are cut to `snapLength` bytes
 * behind it.
 */
export function assembleFilter(
  accepted: Accepted,
  snapLength: number,
  linkBytes = 0,
): readonly Instruction[] {
  const { length } = accepted.singlePorts ?? [];
  if (length > mostSinglePorts) throw new Error(`a filter for ${length} single ports: wanted 250 at most`);
  const a = new Assembler(linkBytes);
  passInterfaces(a, accepted);
  a.loadEtherType();
  a.jumpIf(etherType.ipv4, 'v4');
  a.jumpIf(etherType.ipv6, 'v6');
  a.jumpIf(etherType.arp, accepted.neighbours ? 'pass' : 'drop');
  a.jump('drop');
  a.label('v4');
  passV4(a, accepted);
  a.label('v6');
  passV6(a, accepted);
  a.label('drop');
  a.return(0);
  a.label('pass');
  a.return(linkBytes + snapLength);
  passPorts(a, accepted, linkBytes + snapLength);
  return a.finish();
}

/** Drops packets that come in elsewhere, and frames of VLANs, which come again by an interface of their own. */
function passInterfaces(a: Assembler, { interfaces }: Accepted): void {
  if (interfaces === undefined) return;
  a.loadHasVlan();
  a.jumpIfAny(1, 'elsewhere');
  a.loadInterface();
  for (const index of interfaces.slice(0, mostInterfaces)) a.jumpIf(index, 'here');
  a.label('elsewhere');
  a.return(0);
  a.label('here');
}

function passV4(a: Assembler, accepted: Accepted): void {
  passAddresses(a, accepted, 4, 16);
  const others = accepted.allProtocols ? 'pass' : 'drop';
  // A fragment behind the first has no ports.
  a.loadHalf(6);
  a.jumpIfAny(0x1fff, others);
  a.loadHeaderLength();
  a.loadByte(9);
  for (const protocol of withPorts) a.jumpIf(protocol, 'v4 ports');
  a.jumpIf(ipProtocol.icmp, 'v4 icmp');
  a.jump(others);
  a.label('v4 ports');
  passSent(a, accepted, 'v4 received', () => a.loadHalfBehind(0));
  a.loadHalfBehind(2);
  a.jump('port');
  a.label('v4 icmp');
  if (accepted.allProtocols) a.jump('pass');
  else if (!accepted.icmp) a.jump('drop');
  a.loadByteBehind(0);
  for (const type of repliesV4) a.jumpIf(type, 'pass');
  for (const type of errorsV4) a.jumpIf(type, 'v4 quote');
  a.jump('drop');
  a.label('v4 quote');
  // X is where ICMP begins; the quote begins 8 bytes on, with a header length of its own.
  a.loadByteBehind(8 + 9);
  passUnlessPorts(a, 'v4 quoted ports');
  a.loadByteBehind(8);
  a.addHeaderLength();
  a.loadHalfBehind(8);
  a.jump('port');
}

function passV6(a: Assembler, accepted: Accepted): void {
  const others = accepted.allProtocols ? 'pass' : 'drop';
  // Neighbours answer multicast groups too, so whom they address does not matter.
  if (accepted.neighbours) {
    a.loadByte(6);
    a.jumpUnless(ipProtocol.icmpv6, 'v6 reports');
    a.loadByte(40);
    a.jumpIf(icmpv6Type.neighbourAdvertisement, 'pass');
    a.jump('v6 ours');
    // Listener reports stand behind a router alert, 8 bytes of hop-by-hop options (RFC 3810, section 5).
    a.label('v6 reports');
    a.jumpUnless(ipProtocol.hopByHop, 'v6 ours');
    a.loadByte(40);
    a.jumpUnless(ipProtocol.icmpv6, 'v6 ours');
    a.loadByte(48);
    for (const type of listenerReports) a.jumpIf(type, 'pass');
    a.label('v6 ours');
  }
  passAddresses(a, accepted, 6, 24);
  a.loadByte(6);
  for (const protocol of withPorts) a.jumpIf(protocol, 'v6 ports');
  // Ports lie behind extension headers where a program without loops cannot follow.
  for (const header of extensionHeaders) a.jumpIf(header, 'pass');
  a.jumpIf(ipProtocol.icmpv6, 'v6 icmp');
  a.jump(others);
  a.label('v6 ports');
  passSent(a, accepted, 'v6 received', () => a.loadHalf(40));
  a.loadHalf(42);
  a.jump('port');
  a.label('v6 icmp');
  if (accepted.allProtocols) a.jump('pass');
  else if (!accepted.icmp) a.jump('drop');
  a.loadByte(40);
  a.jumpIf(icmpv6Type.echoReply, 'pass');
  a.jumpIfAny(0x80, 'drop');
  a.loadByte(48 + 6);
  passUnlessPorts(a, 'v6 quoted ports');
  a.loadHalf(88);
  a.jump('port');
}

/** Passes what comes from a port of ours, where that is wanted; goes on at `label` with the rest. */
function passSent(a: Assembler, { sentToo, localPorts }: Accepted, label: string, load: () => void): void {
  if (sentToo !== true || localPorts === undefined) return;
  load();
  a.jumpIfLess(localPorts.first, label);
  a.jumpIfGreater(localPorts.last, label);
  a.jump('pass');
  a.label(label);
}

/** Drops packets that are not addressed to us; goes on with the others. */
function passAddresses(a: Assembler, accepted: Accepted, family: 4 | 6, at: number): void {
  const ours = (accepted.addresses ?? []).filter((address) => address.length === (family === 4 ? 4 : 16));
  if (ours.length === 0 || ours.length > mostAddresses) {
    // Answers to probes are never sent to groups.
    a.loadByte(at);
    if (family === 4) a.jumpIfGreater(lastUnicastV4, 'drop');
    else a.jumpIf(multicastV6, 'drop');
    return;
  }
  for (const [i, address] of ours.entries()) {
    for (let offset = 0; offset < address.length; offset += 4) {
      a.loadWord(at + offset);
      a.jumpUnless(uint32(address, offset), `v${family} address ${i + 1}`);
    }
    a.jump(`v${family} is ours`);
    a.label(`v${family} address ${i + 1}`);
  }
  a.jump('drop');
  a.label(`v${family} is ours`);
}

/** Decides by the port that has been loaded. It stands last, since ports may be many and jumps lead forward only. */
function passPorts(a: Assembler, { localPorts, singlePorts = [] }: Accepted, bytes: number): void {
  a.label('port');
  for (const port of singlePorts) a.jumpIf(port, 'port is ours');
  if (localPorts !== undefined) {
    a.jumpIfLess(localPorts.first, 'port is not ours');
    a.jumpIfGreater(localPorts.last, 'port is not ours');
    a.jump('port is ours');
  }
  a.label('port is not ours');
  a.return(0);
  a.label('port is ours');
  a.return(bytes);
}

/** Goes on at `label` if the loaded protocol has ports; passes other quotes, which only the engine can judge. */
function passUnlessPorts(a: Assembler, label: string): void {
  for (const protocol of withPorts) a.jumpIf(protocol, label);
  a.jump('pass');
  a.label(label);
}

const withPorts = [ipProtocol.tcp, ipProtocol.udp, ipProtocol.sctp] as const;
const extensionHeaders = [
  ipProtocol.hopByHop,
  ipProtocol.routing,
  ipProtocol.fragment,
  ipProtocol.authentication,
  ipProtocol.destinationOptions,
] as const;

/** Unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
const errorsV4 = [3, 4, 5, 11, 12] as const;
/** Replies to echo, timestamp, information (RFC 792) and mask requests (RFC 950). */
const repliesV4 = [0, 14, 16, 18] as const;
/** Versions 1 and 2. ICMPv6 errors are the types below 128 (RFC 4443). */
const listenerReports = [icmpv6Type.listenerReport, icmpv6Type.listenerReportV2] as const;

/** First bytes of addresses: beyond 223 lie multicast, reserved and broadcast addresses. */
const lastUnicastV4 = 223;
const multicastV6 = 0xff;

const mostInterfaces = 100;
/** Conditional jumps reach 255 instructions. */
const mostSinglePorts = 250;
/** More comparisons than this cost more than they save, and conditional jumps reach 255 instructions. */
const mostAddresses = 8;
