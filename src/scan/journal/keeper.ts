/**
 * Keeping scans: whoever keeps them opens a file before privileges are given up, and hears what becomes of it.
 *
 * @module
 */

/** Where the journal of one scan is kept. */
export interface KeptFile {
  readonly path: string;
  /** Open to be written to. */
  readonly descriptor: number;
  /** The scan is finished, and its file is whole and closed. */
  finish(): void;
  /** It is not, or it cannot be written: nothing is to be kept. The file is closed. */
  discard(): void;
}

/** Keeps scans. */
export interface Keeper {
  /** Opens a file for a scan that begins now. Throws a PortolanError where none can be. */
  open(startedAtMs: number): KeptFile;
  /** From where a scan of these targets looks, in words that tell it from other places. */
  vantageOf(targets: string): string;
}
