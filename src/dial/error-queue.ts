/**
 * A socket's error queue: the ICMP errors that came back for it, with type, code and sender (ip(7),
 * IP_RECVERR). TCP sockets have it while they connect since Linux 5.12.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { addressOf, libc } from '../system/ffi.ts';
import { dontWait } from '../system/socket-words.ts';
import { namesAddress, readAddress, readPort } from './socket-address.ts';

/** Reads error queues; the fields hold the last error read. Nothing is made per call but a sender. */
export class ErrorQueue {
  /** The errno the kernel made of it. */
  errno = 0;
  /** Whether it came by ICMP; else this machine made it up itself. */
  isIcmp = false;
  type = 0;
  code = 0;
  /** Who sent the ICMP message, 4 or 16 bytes; empty when the kernel does not say. */
  sender: Uint8Array = nobody;
  /** The port the failed packet went to. */
  port = 0;
  readonly #libc = libc();
  readonly #bytes = new Uint8Array(bufferBytes);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #lengths = new BigUint64Array(this.#bytes.buffer, 0, 7);
  readonly #address = addressOf(this.#bytes);

  constructor() {
    // struct msghdr: name, its length, iovecs, their count, control, its length, flags.
    this.#lengths[0] = this.#address + BigInt(nameAt);
    this.#lengths[2] = this.#address + BigInt(iovecAt);
    this.#lengths[3] = 1n;
    this.#lengths[4] = this.#address + BigInt(controlAt);
    // The packet's own bytes are of no use here: the rest of them is cut off.
    const iovec = new BigUint64Array(this.#bytes.buffer, iovecAt, 2);
    iovec[0] = this.#address + BigInt(dataAt);
    iovec[1] = BigInt(dataBytes);
  }

  /** Takes the oldest error off the queue of `fd`; false when there is none. */
  read(fd: number, family: 4 | 6): boolean {
    this.#lengths[1] = nameLength;
    this.#lengths[5] = controlLength;
    if (Number(this.#libc.recvmsg(fd, this.#address, errorQueueFlags)) < 0) return false;
    this.errno = 0;
    this.isIcmp = false;
    this.sender = nobody;
    this.port = readPort(this.#bytes, nameAt);
    this.#readControl(family);
    return true;
  }

  #readControl(family: 4 | 6): void {
    const view = this.#view;
    const end = controlAt + Math.min(Number(this.#lengths[5]), controlBytes);
    for (let at = controlAt; at + controlHeaderBytes + errorBytes <= end; ) {
      const length = Number(view.getBigUint64(at, littleEndian));
      const level = view.getInt32(at + 8, littleEndian);
      const type = view.getInt32(at + 12, littleEndian);
      if (level === levelOf(family) && type === receiveErrorsOf(family)) {
        this.#readError(at + controlHeaderBytes, Math.min(at + length, end), family);
        return;
      }
      if (length < controlHeaderBytes) return;
      at += (length + 7) & ~7;
    }
  }

  /** struct sock_extended_err: errno, origin, type, code, padding, info, data; the offender stands behind. */
  #readError(at: number, end: number, family: 4 | 6): void {
    this.errno = this.#view.getUint32(at, littleEndian);
    this.isIcmp = this.#bytes[at + 4] === (family === 4 ? originIcmp : originIcmp6);
    this.type = this.#bytes[at + 5] as number;
    this.code = this.#bytes[at + 6] as number;
    const offender = at + errorBytes;
    // The kernel writes family 0 (AF_UNSPEC) when nobody is to blame.
    const known = this.isIcmp && offender + 8 + (family === 4 ? 0 : 16) <= end;
    if (known) this.sender = readAddress(this.#bytes, offender, family);
  }
}

/**
 * Whether the error that was just read was made up on this machine: not by ICMP, or by our own firewall. `own` and
 * `target` are socket addresses.
 */
export function isOfThisMachine(
  { isIcmp, sender, type, code }: ErrorQueue,
  family: 4 | 6,
  own: Uint8Array,
  target: Uint8Array,
  targetAt: number,
): boolean {
  if (!isIcmp) return true;
  const isOwn =
    sender.length > 0 &&
    namesAddress(own, 0, family, sender) &&
    !namesAddress(target, targetAt, family, sender);
  // Host unreachable from ourselves: our firewall said so, or a neighbour did not answer for 3 s.
  const isNeighbour = type === (family === 4 ? 3 : 1) && code === (family === 4 ? 1 : 3);
  return isOwn && !isNeighbour;
}

/** IPPROTO_IP, IPPROTO_IPV6. */
export function levelOf(family: 4 | 6): number {
  return family === 4 ? 0 : 41;
}

/** IP_RECVERR, IPV6_RECVERR. */
export function receiveErrorsOf(family: 4 | 6): number {
  return family === 4 ? 11 : 25;
}

const nobody = new Uint8Array(0);

const iovecAt = 64;
const nameAt = 80;
const controlAt = 112;
const controlBytes = 256;
const dataAt = controlAt + controlBytes;
const dataBytes = 64;
const bufferBytes = dataAt + dataBytes;
/** The name's length is an int with padding behind it: one word of zeros on either byte order's lower half. */
const nameLength = littleEndian ? 28n : 28n << 32n;
const controlLength = BigInt(controlBytes);
const controlHeaderBytes = 16;
const errorBytes = 16;
const originIcmp = 2;
const originIcmp6 = 3;
/** MSG_ERRQUEUE, and at once. */
const errorQueueFlags = 0x2000 | dontWait;
