/**
 * A policy and what was found become checks: one for each port of each host that a rule speaks of.
 *
 * @module
 */

import { fromKey } from '../base/range-set.ts';
import { formatAddress } from '../model/address.ts';
import type { CheckFact, HostFact, Unnumbered } from '../model/fact.ts';
import type { Answers, HostAnswers } from './answers.ts';
import type { Arrival, Heard } from './arrival.ts';
import { judge } from './judge.ts';
import type { AuditProtocol, Expectation, Rule } from './policy.ts';
import { sourcePortsOf } from './questions.ts';
import type { ResolvedPolicy } from './resolve-targets.ts';

/** What was found, and what keeps it from being all. */
export interface Findings {
  /** By source port; undefined stands for any. */
  readonly answers: ReadonlyMap<number | undefined, Answers>;
  /** Interfaces of link-local addresses, by their canonical text. */
  readonly zones: Readonly<Record<string, string>>;
  /** Why an address was not asked, if that is known. */
  readonly whyNot: (key: bigint) => string | undefined;
  /** What a listener on the inside says; absent: there is none. */
  readonly heard?: Heard;
}

/** Makes the checks one by one: nobody keeps all of them. Rules in their order, each with its hosts ascending. */
export function* checksOf(
  { rules }: ResolvedPolicy,
  { answers, zones, whyNot, heard }: Findings,
): Generator<Unnumbered<CheckFact>> {
  for (const { rule, hosts, unresolved, askedAs } of rules) {
    for (const sourcePort of sourcePortsOf(rule)) {
      for (const { name, why } of unresolved) {
        yield* eachPort(rule, name, sourcePort, () => ({ found: 'unknown', result: 'inconclusive', why }));
      }
      for (const key of hosts) {
        const address = formatAddress(fromKey(key));
        const zone = zones[address];
        const host = zone === undefined ? address : `${address}%${zone}`;
        const all = [...answers.values()].flatMap((one) => one.of(host) ?? []);
        const own = answers.get(sourcePort);
        const name = askedAs.get(address);
        const found = {
          own: own?.of(host),
          loss: own?.loss ?? 0,
          // A filter may let nothing through but what comes from one port: then that is what shows the host.
          isReached: all.some(({ isReached }) => isReached) || heard?.isReached(address) === true,
          whyNot: whyNot(key),
          // A listener hears no SCTP.
          arrivalOf: (protocol: AuditProtocol, port: number) =>
            protocol === 'sctp' ? undefined : heard?.arrival(address, protocol, port, sourcePort),
        };
        for (const check of eachPort(rule, host, sourcePort, (one, port) => look(one, port, found))) {
          yield name === undefined ? check : { ...check, name };
        }
      }
    }
  }
}

/** What is known of a host, for one way of asking. */
interface Known {
  readonly own: HostAnswers | undefined;
  readonly loss: number;
  readonly isReached: boolean;
  readonly whyNot: string | undefined;
  readonly arrivalOf: (protocol: AuditProtocol, port: number) => Arrival | undefined;
}

type Outcome = Pick<CheckFact, 'found' | 'result' | 'reason' | 'attempts' | 'why' | 'arrived'>;

function look(
  { protocol, expected }: Expectation,
  port: number,
  { own, loss, isReached, whyNot, arrivalOf }: Known,
): Outcome {
  const verdict = own?.verdict(protocol, port);
  if (own === undefined || verdict === undefined) {
    const why = whyNot ?? hostTroubles[own?.host?.state ?? 'up'];
    return { found: 'unknown', result: 'inconclusive', why };
  }
  const attempts = own.attempts(protocol, port);
  const lossChance = loss ** Math.max(1, attempts);
  const arrival = arrivalOf(protocol, port);
  const { result, why } = judge(expected, protocol, verdict, {
    isReached,
    lossChance,
    ...(arrival !== undefined && { arrival }),
  });
  return {
    found: verdict.state,
    result,
    reason: verdict.reason,
    ...(attempts > 0 && { attempts }),
    ...(why !== undefined && { why }),
    ...((arrival === 'arrived' || arrival === 'not-arrived') && { arrived: arrival === 'arrived' }),
  };
}

function* eachPort(
  rule: Rule,
  host: string,
  sourcePort: number | undefined,
  outcomeOf: (expectation: Expectation, port: number) => Outcome,
): Generator<Unnumbered<CheckFact>> {
  for (const expectation of rule.expectations) {
    const { protocol, expected, line } = expectation;
    for (const port of expectation.ports) {
      const { found, result, ...more } = outcomeOf(expectation, port);
      const from = sourcePort !== undefined && { sourcePort };
      yield {
        type: 'check',
        rule: rule.name,
        host,
        protocol,
        port,
        expected,
        found,
        result,
        line,
        ...from,
        ...more,
      };
    }
  }
}

/** Why a port of a host in such a state has no verdict. */
const hostTroubles = {
  up: 'it was not asked: the run ended before',
  down: 'the host does not answer: it may be down, asleep or out of reach',
  unknown: 'the host cannot be reached from here',
} as const satisfies Record<HostFact['state'], string>;
