/**
 * What is known of a host that is not done.
 *
 * @module
 */

import type { Reason } from '../../model/verdict.ts';
import { KeptProbes } from './kept-probes.ts';
import type { Rest } from './rest.ts';
import type { SystemNotes } from './system-book.ts';

/** A host while records of it come. A sweep has tens of thousands of them: what few hosts need is made when it comes. */
export interface OpenHost {
  readonly name: string;
  /** Its ports that are not open; undefined: none yet. */
  rest: Rest | undefined;
  /** Not known to be down: ports may follow. */
  isUp: boolean;
  mac: Uint8Array | undefined;
  readonly probes: KeptProbes;
  /** Questions about its ports that are decided, and how many of them by silence. */
  settled: number;
  silent: number;
  /** What was told of its ports that are not open. */
  cited: readonly ToldPorts[];
  hostSaid: Promise<void> | undefined;
  /** What shows of its systems; undefined: nothing yet. */
  system: SystemNotes | undefined;
  /** The counter by which its answer to a ping was identified. */
  echoCounter: EchoCounter | undefined;
  /** It is this machine itself. */
  isOwn: boolean;
}

/** A counter that numbers answers to pings, and the hosts that answered by it. */
export interface EchoCounter {
  readonly first: number;
  last: number;
  hosts: number;
  /** Of them those whose answer was before another that came earlier. */
  overtaken: number;
  /** The ordinals of the facts of the first of these. */
  readonly facts: number[];
  /** The first that was done when there were enough. */
  kept: OpenHost | undefined;
}

/** Facts about ports of one reason, by their ordinals. */
export interface ToldPorts {
  readonly reason: Reason;
  /** How many ports. */
  readonly count: number;
  readonly told: readonly number[];
}

/** A host of which nothing is known. */
export function openHost(name: string): OpenHost {
  return {
    name,
    rest: undefined,
    isUp: true,
    mac: undefined,
    probes: new KeptProbes(),
    settled: 0,
    silent: 0,
    cited: [],
    hostSaid: undefined,
    system: undefined,
    echoCounter: undefined,
    isOwn: false,
  };
}
