/**
 * What is told of scans over time: what changed from one to another, which are kept, and when each state was seen.
 *
 * @module
 */

import type { PortState, Protocol, Reason } from './verdict.ts';

/** Every kind of change. */
export const changeKinds = [
  'opened',
  'closed',
  'filtered',
  'unfiltered',
  'appeared',
  'vanished',
  'moved',
  'flapping',
  'service',
  'os',
  'device',
  'name',
  'certificate',
  'policy',
  'finding',
] as const;

/** One of {@link changeKinds}. */
export type ChangeKind = (typeof changeKinds)[number];

/** One thing that differs between two records. */
export interface ChangeFact {
  readonly type: 'change';
  readonly n: number;
  /** Where it is now; of a host that vanished, where it was. */
  readonly host: string;
  /** What the host is called, where it has a name. */
  readonly name?: string;
  /** Absent where the whole host is meant. */
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly change: ChangeKind;
  /** What was seen, and what is; null: there is nothing of the kind. */
  readonly before: ChangeSide | null;
  readonly after: ChangeSide | null;
  /** Whether it is more than silence, or a silence that the stated loss does not explain. */
  readonly certain: boolean;
  /** When the later of the two saw it. */
  readonly at: string;
}

/** One side of a change: of a port its state, of a service its words, of a host its ports. */
export interface ChangeSide {
  readonly state?: PortState | 'up' | 'down';
  readonly reason?: Reason;
  /** How often was asked. */
  readonly attempts?: number;
  /** Where a host was, or is. */
  readonly host?: string;
  readonly mac?: string;
  readonly names?: readonly string[];
  /** Of a host: its open ports. */
  readonly ports?: readonly ChangedPort[];
  /** Of `flapping`: how often it changed, in how many scans. */
  readonly times?: number;
  readonly scans?: number;
  /** What else is known: a service, a system, a certificate, a range of a policy, a finding. */
  readonly [field: string]: unknown;
}

/** An open port of a host that appeared or vanished. */
export interface ChangedPort {
  readonly protocol: Protocol;
  readonly port: number;
  readonly state: PortState;
  readonly service?: string;
}

/** A scan that is kept. */
export interface KeptFact {
  readonly type: 'kept';
  readonly n: number;
  /** What it can be called by: `@1` is the newest. */
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The words of its command. */
  readonly args: readonly string[];
  /** From where it looked. */
  readonly vantage: string;
  readonly hostsUp: number;
  readonly open: number;
  readonly complete: boolean;
  readonly bytes: number;
}

/** When a state of a port was seen. */
export interface SeenFact {
  readonly type: 'seen';
  readonly n: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly state: PortState;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** When the port was last asked, whatever came of it. */
  readonly lastLooked: string;
}
