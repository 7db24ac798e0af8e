/**
 * The kernel's filter of a listener: what may be a marked probe to one of its ports, and nothing else, so that ordinary
 * traffic never comes up. It may pass too much, never too little.
 *
 * @module
 */

import { etherType, ipProtocol } from '../wire/numbers.ts';
import { Assembler, type Instruction } from './filter-assembler.ts';

/** First and last port. */
export type PortSpan = readonly [first: number, last: number];

/** The ports that are listened to, ascending and apart. */
export interface ListenedPorts {
  readonly tcp: readonly PortSpan[];
  readonly udp: readonly PortSpan[];
}

/** Assembles the filter for packets without the link's header; those that pass are cut to `snapLength` bytes. */
export function assembleProbeFilter(ports: ListenedPorts, snapLength: number): readonly Instruction[] {
  const a = new Assembler();
  a.loadEtherType();
  a.jumpIf(etherType.ipv4, 'v4');
  a.jumpIf(etherType.ipv6, 'v6');
  a.return(0);
  a.label('v4');
  a.loadByte(9);
  a.jumpIf(ipProtocol.tcp, 'v4 ours');
  a.jumpIf(ipProtocol.udp, 'v4 ours');
  a.return(0);
  a.label('v4 ours');
  a.loadHalf(6);
  a.jumpUnlessAny(anyFragment, 'v4 whole');
  a.return(snapLength);
  a.label('v4 whole');
  a.loadHeaderLength();
  a.loadByte(9);
  a.jumpIf(ipProtocol.tcp, 'tcp');
  a.loadHalfBehind(2);
  a.jump('udp port');
  a.label('v6');
  a.loadByte(6);
  a.jumpIf(ipProtocol.fragment, 'v6 fragment');
  a.jumpIf(ipProtocol.tcp, 'v6 tcp');
  a.jumpIf(ipProtocol.udp, 'v6 udp');
  a.return(0);
  a.label('v6 fragment');
  a.return(snapLength);
  a.label('v6 udp');
  a.loadHalf(42);
  a.jump('udp port');
  a.label('v6 tcp');
  a.setIndex(40);
  a.label('tcp');
  passMarkable(a);
  passSpans(a, ports.tcp, snapLength);
  a.label('udp port');
  passSpans(a, ports.udp, snapLength);
  return a.finish();
}

/**
 * Goes on with the port of a segment, which begins at X, if it may carry a mark: the window has its top bit, and a probe
 * with ACK acknowledges its own number, which no segment of a connection does.
 */
function passMarkable(a: Assembler): void {
  a.loadHalfBehind(14);
  a.jumpIfAny(0x8000, 'tcp window');
  a.return(0);
  a.label('tcp window');
  a.loadHalfBehind(2);
  a.keep(1);
  a.loadByteBehind(13);
  a.jumpUnlessAny(ackFlag, 'tcp markable');
  a.loadWordBehind(4);
  a.keep(0);
  a.loadWordBehind(8);
  a.recallIndex(0);
  a.jumpIfIndex('tcp markable');
  a.return(0);
  a.label('tcp markable');
  a.recall(1);
}

/** Decides by the port that has been loaded. */
function passSpans(a: Assembler, spans: readonly PortSpan[], bytes: number): void {
  for (const [i, [first, last]] of coarsened(spans).entries()) {
    const next = `${bytes} ${first} ${i}`;
    a.jumpIfLess(first, next);
    a.jumpIfGreater(last, next);
    a.return(bytes);
    a.label(next);
  }
  a.return(0);
}

/** As few spans as a program has room for: the smallest gaps are closed. */
function coarsened(spans: readonly PortSpan[]): readonly PortSpan[] {
  if (spans.length <= mostSpans) return spans;
  const gaps = spans.slice(1).map(([first], i) => first - (spans[i] as PortSpan)[1]);
  const least = gaps.toSorted((x, y) => y - x)[mostSpans - 2] ?? 0;
  const joined: [number, number][] = [];
  for (const [i, [first, last]] of spans.entries()) {
    const before = joined.at(-1);
    if (before === undefined || (gaps[i - 1] as number) > least) joined.push([first, last]);
    else before[1] = last;
  }
  return joined;
}

/** More fragments follow, or the place of this one is not the first. */
const anyFragment = 0x3fff;
const ackFlag = 0x10;
/** Three instructions each, of the 4096 that the kernel takes. */
const mostSpans = 500;
