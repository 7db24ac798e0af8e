/**
 * What a scan tells of the system that a host runs.
 *
 * @module
 */

/**
 * One system of a host, and what it is known by. Where several answer behind one address each has a fact of its own, which
 * names its ports.
 */
export interface OsFact {
  readonly type: 'os';
  readonly n: number;
  readonly host: string;
  /** Best first; empty: unknown, and `fingerprint` says how it answers. */
  readonly matches: readonly OsMatch[];
  /** Where several systems answer: the ports of this one, as ranges. */
  readonly ports?: string;
  /** Hops, 1 on the own link, 0 for this machine itself. */
  readonly distance?: number;
  readonly uptimeSeconds?: number;
  /** Its features, as signatures write them. */
  readonly fingerprint?: string;
  /** What it was to be asked besides, and why that could not be. */
  readonly missing?: readonly string[];
  readonly at: string;
}

/** A system that it may be. */
export interface OsMatch {
  readonly name: string;
  readonly family: string;
  /** The narrowest range that the evidence carries. */
  readonly generation?: string;
  /** What kind of device runs it, in nmap's words: `general purpose`, `printer`, `router`. */
  readonly kind?: string;
  readonly vendor?: string;
  /** 80 and more: of this family. */
  readonly accuracy: number;
  readonly cpe: readonly string[];
  /** What it rests on, in sentences. */
  readonly evidence: readonly string[];
}
