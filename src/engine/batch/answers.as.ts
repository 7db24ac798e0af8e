/**
 * Answers to many probes at once: see `arithmetic.as.ts`.
 *
 * @module
 */

import {
  alikeOf,
  attemptsOf,
  byPortOf,
  codesOf,
  firstKeyOf,
  openOf,
  outstandingOf,
  portBaseOf,
  portMaskOf,
  saltOf,
  secondKeyOf,
  sequenceLengthOf,
  settledOf,
  statesOf,
  timesOf,
} from './asked.as';
import { cookies } from './orders.as';
import {
  addressAt,
  cameAt,
  codeAt,
  dontFragmentAt,
  elementAt,
  endAt,
  extraAt,
  flagsAt,
  frameBytes,
  framesAt,
  ipIdAt,
  itemAt,
  localPortAt,
  nanosecondsAt,
  otherAt,
  plainAt,
  portAt,
  questionAt,
  runDontFragmentAt,
  runFlagsAt,
  runIpIdAt,
  runTtlAt,
  runWindowAt,
  saidAcknowledgementAt,
  saidSequenceAt,
  saltAt,
  secondsAt,
  sentAt,
  sequenceAt,
  sumsAt,
  ttlAt,
  windowAt,
  wireBytesAt,
} from './layout';

/**
 * Reads what a receive ring holds (struct tpacket2_hdr, packet(7)) and says of each frame whether it is a plain TCP
 * segment over IPv4, whole, unfragmented and without options of either, and if so what stands in it.
 */
export function read(count: i32): void {
  let frame: usize = framesAt;
  others = 0;
  for (let i: usize = 0; i < 4 * <usize>count; i += 4) {
    const plain = readFrame(frame, i);
    store<u32>(plainAt + i, plain);
    if (plain == 0) noteSegment(frame, i);
    frame += frameBytes;
  }
}

/** How many segments are left to others: what they say of their port must not come after what later ones say of it. */
let others: usize = 0;

/** Notes whose segment a frame holds that is not plain, if it is one over IPv4. */
function noteSegment(frame: usize, i: usize): void {
  const packet = frame + load<u16>(frame + 14);
  const end = frame + frameBytes;
  if (packet + 40 > end || load<u16>(frame + 34) != ipv4InMemory || load<u8>(packet + 9) != tcp) return;
  const segment = packet + 4 * (load<u8>(packet) & 15);
  if (segment + 2 > end) return;
  store<u32>(addressAt + i, bswap<u32>(load<u32>(packet + 12)));
  store<u32>(portAt + i, bswap<u16>(load<u16>(segment)));
  leave(i);
}

function leave(at: usize): void {
  store<u32>(otherAt + 4 * others, <u32>at);
  others++;
}

/** Whether a segment that is left to others came before from this port. */
function isBehindAnother(at: usize): bool {
  for (let k: usize = 0; k < others; k++) {
    const before = <usize>load<u32>(otherAt + 4 * k);
    const isSame =
      load<u32>(portAt + before) == load<u32>(portAt + at) &&
      load<u32>(addressAt + before) == load<u32>(addressAt + at);
    if (before < at && isSame) return true;
  }
  return false;
}

function readFrame(frame: usize, i: usize): u32 {
  const link = frame + load<u16>(frame + 12);
  const net = <usize>load<u16>(frame + 14);
  const packet = frame + net;
  const end = link + load<u32>(frame + 8);
  if (net + 40 > <usize>frameBytes || packet + 40 > end) return 0;
  // Our own copies, and frames of VLANs, which have interfaces of their own.
  const isTagged = (load<u32>(frame) & vlanValid) != 0 && (load<u16>(frame + 24) & vlanIdMask) != 0;
  if (isTagged || load<u8>(frame + 42) == outgoing || load<u16>(frame + 34) != ipv4InMemory) return 0;
  const length = <usize>bswap<u16>(load<u16>(packet + 2));
  if (load<u8>(packet) != 0x45 || load<u8>(packet + 9) != tcp || length < 40 || packet + length > end) return 0;
  const segment = packet + 20;
  if (load<u8>(segment + 12) >>> 4 != 5) return 0;
  // From itself to itself: on the loopback that may be our own packet, which its link can tell.
  const isLooped =
    load<u32>(packet + 12) == load<u32>(packet + 16) && load<u16>(segment) == load<u16>(segment + 2);
  if (isLooped) return 0;
  const fragment = load<u16>(packet + 6);
  if ((fragment & fragmentMaskInMemory) != 0) return 0;
  // What carries data is left to others, unless its checksum need not be computed.
  if ((load<u32>(frame) & checksumSeenTo) == 0 && (length != 40 || !isIntact(packet))) return 0;
  const window: u32 = bswap<u16>(load<u16>(segment + 14));
  store<u32>(addressAt + i, bswap<u32>(load<u32>(packet + 12)));
  store<u32>(portAt + i, bswap<u16>(load<u16>(segment)));
  store<u32>(localPortAt + i, bswap<u16>(load<u16>(segment + 2)));
  store<u32>(saidSequenceAt + i, bswap<u32>(load<u32>(segment + 4)));
  store<u32>(saidAcknowledgementAt + i, bswap<u32>(load<u32>(segment + 8)));
  store<u32>(flagsAt + i, load<u8>(segment + 13) | (window == 0 ? 0 : 256));
  store<u32>(windowAt + i, window);
  store<u32>(ttlAt + i, load<u8>(packet + 8));
  store<u32>(dontFragmentAt + i, (fragment & dontFragmentInMemory) != 0 ? 1 : 0);
  store<u32>(ipIdAt + i, bswap<u16>(load<u16>(packet + 4)));
  store<u32>(wireBytesAt + i, load<u32>(frame + 4) - <u32>(packet - link));
  store<u32>(secondsAt + i, load<u32>(frame + 16));
  store<u32>(nanosecondsAt + i, load<u32>(frame + 20));
  return 1;
}

/**
 * Whether both checksums of a packet of forty bytes are right: the words of each sum add up to all ones (RFC 1071),
 * also as a little-endian machine loads them.
 */
function isIntact(packet: usize): bool {
  const addresses = <u64>load<u32>(packet + 12) + <u64>load<u32>(packet + 16);
  const header = <u64>load<u32>(packet) + <u64>load<u32>(packet + 4) + <u64>load<u32>(packet + 8);
  let segment: u64 = pseudoInMemory;
  for (let at: usize = 20; at < 40; at += 4) segment += <u64>load<u32>(packet + at);
  return isAllOnes(header + addresses) && isAllOnes(segment + addresses);
}

// A decorator of AssemblyScript.
@inline
function isAllOnes(sum: u64): bool {
  const words = (sum & 0xffff_ffff) + (sum >>> 32);
  const halves = (words & 0xffff) + ((words >>> 16) & 0xffff) + (words >>> 32);
  return (halves & 0xffff) + (halves >>> 16) == 0xffff;
}

/**
 * Takes answers among the packets from `from` on that have the address of the first, up to one with another, and
 * returns that one's place. An answer is taken if it is plain, carries the cookie of the only transmission of a
 * question alike the first, does not say open, and no segment of that port that is left to others came before; those that
 * are not taken lose their mark. The clock says `now` and is `offset` behind the wall's.
 */
export function settle(asked: usize, from: i32, count: i32, row: u32, offset: f64, now: f64): i32 {
  const alike = load<u32>(asked, alikeOf);
  const outstanding = load<u32>(asked, outstandingOf);
  const open = load<u32>(asked, openOf);
  const byPort = <usize>load<u32>(asked, byPortOf);
  const codes = <usize>load<u32>(asked, codesOf);
  const states = <usize>load<u32>(asked, statesOf);
  const attempts = <usize>load<u32>(asked, attemptsOf);
  const salt = load<u32>(asked, saltOf);
  const address = load<u32>(addressAt + 4 * <usize>from);
  let to = from;
  for (; to < count; to++) {
    const at = 4 * <usize>to;
    if (load<u32>(plainAt + at) == 0) continue;
    if (load<u32>(addressAt + at) != address) break;
    store<u32>(plainAt + at, 0);
    const question = load<u32>(byPort + 4 * load<u32>(portAt + at));
    if (question >= alike) continue;
    const task = row + question;
    if (load<u8>(states + task) != outstanding || load<u8>(attempts + task) != 1) continue;
    const flags = load<u32>(flagsAt + at);
    const code = <u32>load<u16>(codes + 2 * flags);
    // A SYN alone echoes nothing.
    if (code == 0 || code >>> 8 == open || (flags & (resetFlag | ackFlag)) == 0) {
      leave(at);
      continue;
    }
    if (others > 0 && isBehindAnother(at)) continue;
    store<u32>(plainAt + at, code);
    store<u32>(elementAt + at, question);
    store<u32>(saltAt + at, salt);
  }
  cookies(from & ~3, to, 1, load<i32>(asked, firstKeyOf), load<i32>(asked, secondKeyOf));
  settleTied(asked, from, to, row, offset, now);
  return to;
}

/** Settles what carries its cookie, among packets that have the verdict they lead to as their mark. */
function settleTied(asked: usize, from: i32, to: i32, row: u32, offset: f64, now: f64): void {
  const outstanding = load<u32>(asked, outstandingOf);
  const settled = load<u32>(asked, settledOf);
  const states = <usize>load<u32>(asked, statesOf);
  const times = <usize>load<u32>(asked, timesOf);
  const base = load<u32>(asked, portBaseOf);
  const mask = load<u32>(asked, portMaskOf);
  const length = load<u32>(asked, sequenceLengthOf);
  let taken: f64 = 0;
  let bytes: f64 = 0;
  let latest: f64 = 0;
  let run: usize = 0;
  let stretches: usize = 0;
  for (let at = 4 * <usize>from; at < 4 * <usize>to; at += 4) {
    const code = load<u32>(plainAt + at);
    if (code == 0) continue;
    const sequence = load<u32>(sequenceAt + at);
    const flags = load<u32>(flagsAt + at);
    const acknowledged = load<u32>(saidAcknowledgementAt + at) - sequence;
    // Some resets acknowledge the probe's own number.
    const isEcho =
      (flags & ackFlag) != 0
        ? acknowledged == length || (acknowledged == 0 && (flags & resetFlag) != 0)
        : load<u32>(saidSequenceAt + at) == sequence;
    if (!isEcho || load<u32>(localPortAt + at) != base + (load<u32>(extraAt + at) & mask)) {
      store<u32>(plainAt + at, 0);
      continue;
    }
    store<u32>(plainAt + at, 1);
    taken += 1;
    bytes += <f64>load<u32>(wireBytesAt + at);
    const question = load<u32>(elementAt + at);
    const task = row + question;
    // One that comes twice changes nothing.
    if (load<u8>(states + task) != outstanding) continue;
    store<u8>(states + task, <u8>settled);
    const wall = <f64>load<u32>(secondsAt + at) * 1e6 + <f64>(load<u32>(nanosecondsAt + at) / 1000);
    const came = min<f64>(wall - offset, now);
    // Times of sending are kept modulo 2^32.
    const roundTrip = <u32>(<i64>(came - <f64>load<u32>(times + 4 * task)));
    const sent = came - <f64>roundTrip;
    store<u32>(questionAt + run, question);
    store<u32>(codeAt + run, code);
    store<u32>(runTtlAt + run, load<u32>(ttlAt + at));
    store<u32>(runFlagsAt + run, flags & 255);
    store<u32>(runWindowAt + run, load<u32>(windowAt + at));
    store<u32>(runDontFragmentAt + run, load<u32>(dontFragmentAt + at));
    store<u32>(runIpIdAt + run, load<u32>(ipIdAt + at));
    store<f64>(cameAt + 2 * run, came);
    store<f64>(sentAt + 2 * run, sent);
    const item = itemAt + 3 * run;
    store<u32>(item, question);
    store<u32>(item, roundTrip, 4);
    store<u32>(item, load<u32>(ipIdAt + at), 8);
    if (run == 0 || !looksAlike(run)) stretches++;
    run += 4;
    store<u32>(endAt + 4 * (stretches - 1), <u32>run / 4);
    latest = max<f64>(latest, sent);
  }
  store<f64>(sumsAt, taken);
  store<f64>(sumsAt + 8, bytes);
  store<f64>(sumsAt + 16, <f64>(run / 4));
  store<f64>(sumsAt + 24, latest);
  store<f64>(sumsAt + 32, <f64>stretches);
}

/** Whether the answer at a place of the planes looks like the one before it. */
function looksAlike(run: usize): boolean {
  return (
    load<u32>(runFlagsAt + run) == load<u32>(runFlagsAt + run - 4) &&
    load<u32>(runWindowAt + run) == load<u32>(runWindowAt + run - 4) &&
    load<u32>(runTtlAt + run) == load<u32>(runTtlAt + run - 4) &&
    load<u32>(runDontFragmentAt + run) == load<u32>(runDontFragmentAt + run - 4)
  );
}

/** Takes their mark from the packets from `from` on that have its address, up to one with another; its place. */
export function dismiss(from: i32, count: i32): i32 {
  const address = load<u32>(addressAt + 4 * <usize>from);
  let to = from;
  for (; to < count; to++) {
    const at = 4 * <usize>to;
    if (load<u32>(plainAt + at) == 0) continue;
    if (load<u32>(addressAt + at) != address) break;
    store<u32>(plainAt + at, 0);
  }
  return to;
}

const resetFlag: u32 = 4;
const ackFlag: u32 = 16;

/** TP_STATUS_CSUMNOTREADY, TP_STATUS_CSUM_VALID. */
const checksumSeenTo: u32 = 0x88;
/** Of the pseudo header: the protocol, 6, and the length of the segment, 20. */
const pseudoInMemory: u64 = 0x1a00;
/** TP_STATUS_VLAN_VALID, PACKET_OUTGOING. */
const vlanValid: u32 = 0x10;
const vlanIdMask: u16 = 0x0fff;
const outgoing: u8 = 4;
const tcp: u8 = 6;
/** Network order, as a little-endian machine loads it. */
const ipv4InMemory: u16 = 0x0008;
const fragmentMaskInMemory: u16 = 0xff3f;
const dontFragmentInMemory: u16 = 0x0040;
