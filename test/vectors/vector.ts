/**
 * Captures of single techniques: made in a lab by `npx tsx test/net/make-vectors.ts`, replayed by the
 * simulation tests. Every frame is a real kernel's, or that of a small program where Linux never answers so.
 *
 * @module
 */

import type { HostTechniqueName, PortTechniqueName } from '../../src/model/technique-name.ts';

/** What was asked, and what the answers in the capture mean. */
export interface Vector {
  /** The capture beside this file. */
  readonly file: string;
  readonly technique: PortTechniqueName | HostTechniqueName;
  readonly family: 4 | 6;
  readonly source: string;
  readonly target: string;
  readonly ttl: number;
  readonly ports: readonly number[];
  /** `state reason` for each port; where nothing came, the silence of the table. */
  readonly verdicts: readonly string[];
}

/** The secret of the scans that were captured: with it the probes can be told again. */
export const vectorKey: readonly [number, number] = [0x706f_7274, 0x6f6c_616e];

/** The first of their source ports. */
export const vectorBlock = 0xf000;
