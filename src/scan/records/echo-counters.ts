/**
 * One machine that answers pings for many addresses shows by the identifications of its answers: they are one counter's,
 * whichever address they come from. Machines that answer for themselves each count for themselves.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import type { EchoCounter, OpenHost } from './open-host.ts';

/** Who answered pings by which counter. */
export class EchoCounters {
  /** The one that went on last stands last. */
  readonly #counters: EchoCounter[] = [];

  /** A host is up by an answer to a ping, of this identification; 0 and less: it has none. */
  answered(host: OpenHost, id: number): void {
    if (id <= 0) return;
    const at = this.#counters.findLastIndex(({ last }) => isNear(last, id));
    const [counter = { first: id, last: id, hosts: 0, overtaken: 0, facts: [], kept: undefined }] =
      at < 0 ? [] : this.#counters.splice(at, 1);
    const isForward = forward(counter.last, id) < half;
    if (isForward) counter.last = id;
    else counter.overtaken++;
    counter.hosts++;
    host.echoCounter = counter;
    this.#counters.push(counter);
    if (this.#counters.length <= mostCounters) return;
    const oldest = this.#counters.findIndex(({ hosts }) => hosts < fewestHosts);
    this.#counters.splice(Math.max(0, oldest), 1);
  }

  /** The fact that says so of a host has this ordinal. */
  told({ echoCounter }: OpenHost, n: number): void {
    if (echoCounter !== undefined && echoCounter.facts.length < mostCited) echoCounter.facts.push(n);
  }

  /** Whether a host's end waits for the end of the scan: it will be told there of the machine that answered for it. */
  keeps(host: OpenHost): boolean {
    const { echoCounter } = host;
    if (echoCounter === undefined || !isOneMachines(echoCounter)) return false;
    // Of a scan by several threads each hears a part of it.
    if (this.#counters.some((one) => one.kept !== undefined && areOne(one, echoCounter))) return false;
    echoCounter.kept = host;
    return true;
  }

  /** What there is to tell at the end, and of whom. */
  *tell(at: string): Generator<readonly [OpenHost, Unnumbered<FindingFact>]> {
    for (const counter of this.#counters) {
      if (counter.kept === undefined) continue;
      const parts = this.#counters.filter((one) => isOneMachines(one) && areOne(one, counter));
      const hosts = parts.reduce((sum, one) => sum + one.hosts, 0);
      const facts = parts.flatMap((one) => one.facts).slice(0, mostCited);
      yield [counter.kept, findingOf(counter.kept.name, hosts, facts, at)];
    }
  }
}

/** Whether it goes on for many, one after the other: of counters that are near one another by chance half are behind. */
function isOneMachines({ first, last, hosts, overtaken }: EchoCounter): boolean {
  const isInOrder = overtaken * 8 <= hosts && forward(first, last) >= hosts - overtaken - 1;
  return hosts >= fewestHosts && isInOrder;
}

function areOne(a: EchoCounter, b: EchoCounter): boolean {
  return a === b || isWithin(a, b.first) || isWithin(b, a.first);
}

function isWithin({ first, last }: EchoCounter, id: number): boolean {
  return forward(first, id) <= forward(first, last);
}

function findingOf(
  host: string,
  hosts: number,
  facts: readonly number[],
  at: string,
): Unnumbered<FindingFact> {
  return {
    type: 'finding',
    host,
    rule: 'proxy-arp',
    severity: 'low',
    claim: `one machine answers pings for ${hosts} addresses: consistent with a firewall that answers for addresses that it does not hold, or a machine that holds them all`,
    confidence: 0.9,
    evidence: [
      `answers to pings whose IP identifications go on in steps of one counter, from as many addresses: ${hosts}`,
      'that there is a machine behind each of them is not shown by its answer to a ping',
    ],
    facts,
    refutedBy: 'an answer of another kind from these addresses, whose identifications are counted apart',
    at,
  };
}

/** How far it is from one identification to another. */
function forward(from: number, to: number): number {
  return (to - from) & 0xffff;
}

function isNear(last: number, id: number): boolean {
  const step = forward(last, id);
  return step !== 0 && (step <= mostSteps || step >= 0x10000 - mostSteps);
}

const half = 0x8000;
/** It answers others between, too. By chance one in a thousand identifications is so near to a counter. */
const mostSteps = 32;
/** That so many of a thousand machines are near to one another by chance happens once in 10¹² scans. */
const fewestHosts = 16;
/** Of machines that count for themselves each begins one. */
const mostCounters = 64;
const mostCited = 256;
