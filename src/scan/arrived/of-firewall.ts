/**
 * A listener beside `firewall`: what the policy of a host says of a port is corrected by what arrived on the inside.
 *
 * @module
 */

import type { Arrival } from '../../audit/arrival.ts';
import { RangeSet } from '../../base/range-set.ts';
import type { Fact, PolicyAction, PolicyFact, RecordedFact } from '../../model/fact.ts';
import { formatPorts, parsePortRanges } from '../../model/ports.ts';
import type { Plan } from '../../plan/plan.ts';
import { targetsOf } from '../../plan/read-plan.ts';
import { addresseesIn } from './addressees.ts';
import type { ArrivalFeed } from './feed.ts';

/**
 * The same facts; policies are told when the probes of their host have had time to be heard of. Ordinals are given anew,
 * since a range may fall into several.
 */
export async function* joinArrived(
  facts: AsyncIterable<Fact>,
  feed: ArrivalFeed,
  { groups }: Pick<Plan, 'groups'>,
): AsyncGenerator<Fact, void> {
  const others = addresseesIn(RangeSet.union(groups.map(targetsOf)));
  const arrivalOf = ({ host, protocol }: PolicyFact, port: number): Arrival | undefined => {
    const [to = host] = host.split('%');
    const technique = protocol === 'tcp' ? 'syn' : 'udp';
    const probe = { to, protocol, port, technique, variant: 'plain' };
    const arrival = feed.arrivals.of(probe, others, new Set(['plain']));
    return feed.hasEnded && arrival === 'not-arrived' ? undefined : arrival;
  };
  const ordinals = new Shifted();
  let settled: string | undefined;
  try {
    for await (const fact of facts) {
      if (fact.type === 'policy') {
        if (settled !== fact.host) await feed.settle();
        settled = fact.host;
        for (const range of joined(fact, (port) => arrivalOf(fact, port))) yield ordinals.next(range, fact.n);
      } else if ('n' in fact) {
        if (fact.type === 'summary') for (const message of feed.warnings) yield { type: 'warning', message };
        yield ordinals.next(fact, fact.n);
      } else yield fact;
    }
  } finally {
    feed.stop();
  }
}

/** A range by what arrived of it. */
export function joined(
  fact: PolicyFact,
  arrivalOf: (port: number) => Arrival | undefined,
): readonly PolicyFact[] {
  const parts = new Map<Arrival | undefined, number[]>();
  for (const port of parsePortRanges(fact.ports)) {
    const found = arrivalOf(port);
    const arrival = found === 'perhaps' ? undefined : found;
    const part = parts.get(arrival);
    if (part === undefined) parts.set(arrival, [port]);
    else part.push(port);
  }
  return Array.from(parts, ([arrival, ports]) => ({
    ...corrected(fact, arrival),
    ports: formatPorts(ports),
  }));
}

function corrected(fact: PolicyFact, arrival: Arrival | undefined): PolicyFact {
  if (arrival === undefined) return fact;
  const { alternatives: _, hopRange: __, ...sure } = fact;
  const nowhere = { icmp: null, by: null, hop: null } as const;
  const confidence = Math.max(fact.confidence, heardConfidence);
  if (arrival === 'arrived') {
    if (fact.action === 'allow') return { ...sure, confidence };
    // It passed every filter on the way: what stops it then, if anything does, stands behind the listener.
    const alternatives: readonly PolicyAction[] = fact.action === 'unknown' ? [] : [fact.action];
    return {
      ...sure,
      ...nowhere,
      action: 'allow',
      exposure: fact.exposure === 'hole' ? 'hole' : null,
      ...(alternatives.length > 0 && { alternatives }),
      confidence,
    };
  }
  switch (fact.action) {
    case 'allow':
      // A reset in the host's name, of a probe that it never saw.
      return fact.exposure === 'unprotected'
        ? { ...sure, ...nowhere, action: 'reject-rst', exposure: 'protected', confidence }
        : fact;
    case 'unknown':
      return fact;
    default: {
      // That it was stopped says not how.
      const others = (fact.alternatives ?? []).filter((one) => one !== 'allow' && one !== 'proxy');
      return {
        ...sure,
        ...(fact.hopRange !== undefined && { hopRange: fact.hopRange }),
        exposure: fact.exposure ?? 'protected',
        ...(others.length > 0 && { alternatives: others }),
        confidence: others.length > 0 ? fact.confidence : confidence,
      };
    }
  }
}

/** Ordinals that go on where more facts are told than came. */
class Shifted {
  #last = 0;
  #lastN = 0;
  /** From this ordinal on so much is added, ascending. */
  readonly #shifts: { readonly from: number; readonly by: number }[] = [{ from: 0, by: 0 }];

  next<F extends RecordedFact>(fact: F, n: number): F {
    this.#last++;
    const by = this.#last - n;
    // Who cites a range that has fallen into parts cites the first of them.
    const from = n === this.#lastN ? n + 1 : n;
    this.#lastN = n;
    if (by !== this.#shifts.at(-1)?.by) this.#shifts.push({ from, by });
    const numbered = { ...fact, n: this.#last };
    return fact.type === 'finding'
      ? { ...numbered, facts: fact.facts.map((one) => this.#of(one)) }
      : numbered;
  }

  #of(n: number): number {
    return n + (this.#shifts.findLast(({ from }) => from <= n)?.by ?? 0);
  }
}

const heardConfidence = 0.97;
