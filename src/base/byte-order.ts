/**
 * The order of bytes in this machine's numbers, which the kernel's structures have.
 *
 * @module
 */

/** Whether a number's lowest byte stands first. */
export const littleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
