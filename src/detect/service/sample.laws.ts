/** What one server has said, and what is to be read in it. @module */

import type { Facts } from './contract.ts';

/** An answer. */
export interface Sample {
  readonly protocol: string;
  /** Absent: TCP. */
  readonly transport?: 'udp';
  readonly bytes: Uint8Array;
  /** Facts that must be among those read. */
  readonly facts?: Facts;
  /** The name that it has in reports, where it is not the protocol's own. */
  readonly name?: string;
  readonly product?: string;
  readonly version?: string;
  readonly info?: string;
  readonly os?: string;
  readonly cpe?: readonly string[];
}

/** ASCII, or bytes one character each. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** Bytes in hexadecimal digits. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Bytes in base64. */
export function base64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
