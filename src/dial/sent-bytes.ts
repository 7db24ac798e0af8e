/**
 * What the kernel sends for us, in bytes with the IP header: the kernel itself does not say.
 *
 * @module
 */

/** The SYN of a connection. */
export function connectionBytes(family: 4 | 6): number {
  return ipBytes(family) + synBytes;
}

/** A datagram with so many bytes of data. */
export function datagramBytes(family: 4 | 6, dataBytes: number): number {
  return ipBytes(family) + 8 + dataBytes;
}

function ipBytes(family: 4 | 6): number {
  return family === 4 ? 20 : 40;
}

/** With the options that Linux and others send. */
const synBytes = 40;
