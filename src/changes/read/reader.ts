/**
 * What every reader of records has in common: bytes in, a snapshot out, and one line of refusal.
 *
 * @module
 */

import { badRequest } from '../../base/errors.ts';

/** Reads the bytes of one record, wherever they are cut. Throws a PortolanError that names the line. */
export interface RecordReader {
  take(bytes: Uint8Array): void;
  end(): void;
}

/** Refuses what stands in a line. */
export function refuse(line: number, problem: string): never {
  throw badRequest(`line ${line}: ${problem}`);
}

/** How many lines end in these bytes. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}

/** A piece of a file for a message: short, and nothing in it that a terminal would obey. */
export function inShort(text: string): string {
  return JSON.stringify(text.slice(0, 60)).replaceAll(/[^\x20-\x7e]/g, '?');
}

/** Whether a byte is a blank of JSON and XML. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;
}

const newline = 0x0a;
