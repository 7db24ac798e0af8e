/**
 * A program: carries frames between two interfaces, each after a delay. Prints `ready` when it does.
 *
 * Frames travel with the kernel's virtio header (PACKET_VNET_HDR), so that packets whose checksum or
 * segmentation the sender left to the hardware stay whole.
 *
 * @module
 */

import { addressOf, errno, libc } from '../../../src/system/ffi.ts';
import type { WireOptions } from './wire.ts';

interface Waiting {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly dueMs: number;
}

interface Direction {
  readonly from: number;
  readonly to: number;
  readonly waiting: Waiting[];
  /** How many of `waiting` are sent already; the array is cut when they are all gone. */
  sent: number;
}

const [leftName, rightName, optionsText] = process.argv.slice(2) as [string, string, string];
const options = JSON.parse(optionsText) as WireOptions;
const packetFamily = 17;
const rawNonblocking = 3 | 0o4000;
const solPacket = 263;
const packetVnetHeader = 15;
const packetIgnoreOutgoing = 23;
const receiveBufferForce = 33;
const solSocket = 1;
const everyProtocol = 0x0003;
const largestFrame = 10 + 14 + 65_535 + 64;
const { recv, send, poll } = libc();
const fullErrnos: ReadonlySet<number> = new Set([11, 105]);

const left = open(leftName);
const right = open(rightName);
const directions: readonly Direction[] = [
  { from: left, to: right, waiting: [], sent: 0 },
  { from: right, to: left, waiting: [], sent: 0 },
];
const scratch = new Uint8Array(largestFrame);
const scratchAt = addressOf(scratch);
const descriptors = new Int32Array([left, 1, right, 1]);
process.stdout.write('ready\n');

// Pipes of a process are written by the event loop: leave it one turn, then keep the thread for frames.
setImmediate(() => {
  for (;;) {
    const nextDueMs = Math.min(...directions.map((each) => each.waiting[each.sent]?.dueMs ?? Infinity));
    const restMs = nextDueMs - performance.now();
    poll(descriptors, 2, restMs === Infinity ? 1000 : Math.max(0, Math.floor(restMs)));
    for (const direction of directions) take(direction);
    for (const direction of directions) deliver(direction);
  }
});

function take({ from, waiting, sent }: Direction): void {
  for (let i = 0; i < 256; i++) {
    const length = Number(recv(from, scratchAt, scratch.length, 0));
    if (length <= 0) return;
    if (Math.random() < (options.loss ?? 0)) continue;
    const dueMs = performance.now() + options.delayMs + Math.random() * (options.jitterMs ?? 0);
    // In the order in which they are due: without jitter each is the last.
    let at = waiting.length;
    while (at > sent && (waiting[at - 1] as Waiting).dueMs > dueMs) at--;
    waiting.splice(at, 0, { bytes: scratch.slice(0, length), length, dueMs });
  }
}

function deliver(direction: Direction): void {
  const nowMs = performance.now();
  for (;;) {
    const next = direction.waiting[direction.sent];
    if (next === undefined || next.dueMs > nowMs) break;
    // A full queue (ENOBUFS, EAGAIN) keeps the frame for the next round: this wire loses nothing.
    if (Number(send(direction.to, next.bytes, next.length, 0)) < 0 && fullErrnos.has(errno())) break;
    direction.sent++;
  }
  if (direction.sent > 1024 || direction.sent === direction.waiting.length) {
    direction.waiting.splice(0, direction.sent);
    direction.sent = 0;
  }
}

function open(name: string): number {
  const { socket, bind, setsockopt, if_nametoindex } = libc();
  const fd = check('socket', socket(packetFamily, rawNonblocking, 0));
  for (const [level, option, value] of [
    [solPacket, packetVnetHeader, 1],
    [solPacket, packetIgnoreOutgoing, 1],
    [solSocket, receiveBufferForce, 64 << 20],
  ] as const) {
    check('setsockopt', setsockopt(fd, level, option, new Int32Array([value]), 4));
  }
  // struct sockaddr_ll: family, protocol in network order, interface index, the rest unused.
  const address = new DataView(new ArrayBuffer(20));
  address.setUint16(0, packetFamily, true);
  address.setUint16(2, everyProtocol);
  address.setInt32(4, if_nametoindex(name), true);
  check('bind', bind(fd, address, 20));
  return fd;
}

function check(call: string, result: number): number {
  if (result < 0) throw new Error(`${call}: errno ${errno()}`);
  return result;
}
