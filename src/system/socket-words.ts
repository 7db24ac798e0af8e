/** The words of socket(2) and setsockopt(2) as Linux numbers them. @module */

/** AF_INET and AF_INET6, AF_NETLINK, AF_PACKET. */
export const inetFamily = 2;
export const inet6Family = 10;
export const netlinkFamily = 16;
export const packetFamily = 17;

/** SOCK_STREAM, SOCK_DGRAM, SOCK_RAW. */
export const streamType = 1;
export const datagramType = 2;
export const rawType = 3;

/** SOL_SOCKET. */
export const socketLevel = 1;

/** SO_LINGER: what becomes of a connection that is closed. */
export const linger = 13;

/** MSG_DONTWAIT: a full queue is told, not waited for. */
export const dontWait = 0x40;

/** A socket option's int. */
export function int(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
