/**
 * Checks that follow one another and differ by nothing but their port, told as one.
 *
 * @module
 */

import type { CheckFact } from '../../model/fact.ts';
import { formatPorts } from '../../model/ports.ts';

/** Checks that came out alike: one of them, and the ports of all. */
export interface CheckRun {
  readonly check: CheckFact;
  /** Ascending. */
  readonly ports: readonly number[];
}

/** Puts runs together. */
export class CheckRuns {
  readonly #each: (run: CheckRun) => void;
  #check: CheckFact | undefined;
  #ports: number[] = [];

  /** Calls back for each run when it has ended. */
  constructor(each: (run: CheckRun) => void) {
    this.#each = each;
  }

  take(check: CheckFact): void {
    if (this.#check !== undefined && !isAlike(this.#check, check)) this.end();
    this.#check ??= check;
    this.#ports.push(check.port);
  }

  /** Nothing follows. */
  end(): void {
    if (this.#check !== undefined) this.#each({ check: this.#check, ports: this.#ports });
    this.#check = undefined;
    this.#ports = [];
  }
}

/** `web.lab (10.0.0.1) tcp/22-25 from port 53`. */
export function whatOf({ check, ports }: CheckRun): string {
  const { host, name, protocol, sourcePort } = check;
  const who = name === undefined || name === host ? host : `${name} (${host})`;
  return `${who} ${protocol}/${formatPorts(ports)}${sourcePort === undefined ? '' : ` from port ${sourcePort}`}`;
}

/** `wanted open, found filtered (no-response)`. */
export function howOf({ expected, found, reason, why }: CheckFact): string {
  const rests = reason === undefined ? '' : ` (${reason})`;
  return `wanted ${wanted[expected]}, found ${found}${rests}${why === undefined ? '' : `: ${why}`}`;
}

function isAlike(a: CheckFact, b: CheckFact): boolean {
  return (
    a.port < b.port &&
    a.host === b.host &&
    a.rule === b.rule &&
    a.line === b.line &&
    a.protocol === b.protocol &&
    a.sourcePort === b.sourcePort &&
    a.expected === b.expected &&
    a.found === b.found &&
    a.reason === b.reason &&
    a.result === b.result &&
    a.why === b.why &&
    a.arrived === b.arrived
  );
}

const wanted = {
  open: 'open',
  closed: 'closed',
  filtered: 'filtered',
  'not-open': 'anything but open',
} as const satisfies Record<CheckFact['expected'], string>;
