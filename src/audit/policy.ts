/**
 * A policy as it is carried out: what was written, read and checked, each part with the line it stands on.
 *
 * @module
 */

import type { Expected } from '../model/fact.ts';
import type { TargetText } from '../plan/parse-target.ts';

/** What is expected of a network. */
export interface Policy {
  /** The file it was read from, for messages and reports. */
  readonly file: string;
  readonly name?: string;
  readonly rules: readonly Rule[];
}

/** What is expected of some hosts. */
export interface Rule {
  readonly name: string;
  readonly targets: readonly PolicyTarget[];
  /** No port stands in two of them. */
  readonly expectations: readonly Expectation[];
  /** Each port is asked from each of these; none: from any. */
  readonly sourcePorts: readonly number[];
}

/** One entry of `targets`. */
export interface PolicyTarget {
  readonly text: string;
  readonly target: TargetText;
  readonly place: Place;
}

/** What is expected of some ports, by one entry of `allow` or `deny`. */
export interface Expectation {
  readonly protocol: AuditProtocol;
  /** Ascending. */
  readonly ports: Uint16Array;
  readonly expected: Expected;
  readonly line: number;
}

/** The protocols whose ports are judged. */
export const auditProtocols = ['tcp', 'udp', 'sctp'] as const;

/** One of them. */
export type AuditProtocol = (typeof auditProtocols)[number];

/** A place in the file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** How many checks one policy may make. */
export const mostChecks = 2 ** 24;
