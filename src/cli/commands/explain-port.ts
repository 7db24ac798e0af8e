/** The `explain` command about a port of a record: what was asked, what came back, and the row that decided. @module */

import { badRequest } from '../../base/errors.ts';
import { keyOf } from '../../base/range-set.ts';
import { type Address, formatAddress } from '../../model/address.ts';
import type { HostFact, PortFact, PortsFact, ProbeFact } from '../../model/fact.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { parseRanges } from '../../model/ranges.ts';
import { quoted } from '../../plan/quoted.ts';
import { printable } from '../../report/escape.ts';
import { bySeverity } from '../../report/phrases.ts';
import { replyText, timesText } from '../../report/probe-words.ts';
import { portTechniques } from '../../techniques/index.ts';
import { describeProbe } from './describe-technique.ts';
import { describeFinding, describeOther, describePolicy } from './explain-filter.ts';
import { type Held, type RecordWorld, readHeld } from './explain-record.ts';
import { describeService } from './explain-service.ts';
import { explainVerdict } from './explain-verdict.ts';

/** What a record or a journal holds about a port, as lines of text; `-` is a record on standard input. */
export async function explainPort(file: string, place: string, world: RecordWorld): Promise<string> {
  const { host, port } = readPlace(place);
  const held = await readHeld(file, host, world);
  const { scan, hosts, ports, groups, services, policies, probes, findings } = held;
  if (scan === undefined) throw badRequest(`${held.record} holds no scan`);
  const own = ports.filter((fact) => fact.port === port);
  const among = groups.filter((fact) => holds(fact.ports, port));
  const asked = probes.filter((fact) => fact.port === port && fact.protocol !== 'icmp');
  if (own.length + among.length + asked.length === 0) throw badRequest(whyNothing(held, host, port));
  // They show that answers stopped, after the verdict.
  const later = new Set(findings.flatMap(({ rule, facts }) => (rule === 'scan-blocked' ? facts : [])));
  const evidence = (fact: PortFact | PortsFact) => {
    const seen = asked.filter((one) => isOfVerdict(one, [fact]));
    return [
      `  sent      ${wasAsked(fact) ? describeProbe(portTechniques[fact.technique].probe) : 'nothing'}`,
      ...seen.map(({ reply, trouble }) => `  answer    ${trouble ?? replyText(reply)}`),
      ...explainVerdict(
        fact,
        seen.filter(({ n }) => !later.has(n)),
      ),
    ];
  };
  const lines = [
    `${place}, by a scan of portolan ${scan.version} that began ${scan.startedAt}`,
    // A host that is told once more has its name by then, and is the same otherwise.
    ...hosts.slice(-1).map(describeHost),
    ...own.flatMap((fact) => ['', describePort(fact), ...evidence(fact)]),
    ...among.flatMap((fact) => ['', describeGroup(fact), ...evidence(fact)]),
    ...services.filter((service) => service.port === port).flatMap(describeService),
    ...policies.filter((policy) => holds(policy.ports, port)).flatMap(describePolicy),
    ...asked
      .filter((probe) => !isOfVerdict(probe, [...own, ...among]))
      .flatMap((probe) => describeOther(probe, about(probe))),
    ...bySeverity(findings).flatMap((finding) => describeFinding(finding, asked)),
    '',
    missing(asked.length > 0),
    '',
  ];
  return lines.map((line) => line.split('\n').map(printable).join('\n')).join('\n');
}

/** `10.0.0.5:22` or `[fe80::1%eth0]:22`. */
function readPlace(place: string): { readonly host: Address; readonly port: number } {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/.exec(place);
  const host = parseAddress(match?.groups?.['six'] ?? match?.groups?.['four'] ?? '');
  const port = Number(match?.groups?.['port']);
  if (host === undefined || port > 65_535)
    throw badRequest(`explain: found ${quoted(place)}, wanted HOST:PORT such as 10.0.0.5:22 or [fe80::1]:22`);
  return { host, port };
}

/** Why a record says nothing of a port: it was not asked, or what came of it is not written there. */
function whyNothing({ record, scan, hosts, ports, groups }: Held, address: Address, port: number): string {
  const host = quoted(hosts[0]?.host ?? formatAddress(address));
  const isKnown = hosts.length + ports.length + groups.length > 0;
  const { state, reason } = hosts.at(-1) ?? {};
  if (state === 'down')
    return `${host} was down (${reason}) when ${record} was written: none of its ports was asked`;
  if (!isKnown) {
    const isIn = (ranges = '') => parseRanges(ranges)?.has(keyOf(address.family, address.value)) === true;
    if (isIn(scan?.excluded)) return `${record} does not hold the host ${host}: it was excluded`;
    const why = isIn(scan?.targets)
      ? 'it is among the targets, and nothing that was learnt of it is written there'
      : 'it is none of the targets';
    return `${record} does not hold the host ${host}: ${why}`;
  }
  const isAsked = scan?.questions.some(({ ports: some }) => holds(some, port)) === true;
  const why = isAsked ? 'what came of it is not written there' : 'it was not asked';
  return `${record} does not hold port ${port} of ${host}: ${why}`;
}

function holds(ranges: string, port: number): boolean {
  if (ranges === '') return false;
  return ranges.split(',').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return port >= (first as number) && port <= (last as number);
  });
}

function describeHost({ state, reason, ttl, rttMs, at }: HostFact): string {
  return `host ${state} (${reason})${about({ ttl, rttMs })}, ${at}`;
}

function describePort(fact: PortFact): string {
  const { protocol, port, technique, state, reason, from, ttl, rttMs, attempts, at } = fact;
  return `${port}/${protocol} ${state} (${reason}) by ${technique}${about({ from, ttl, rttMs })}, ${timesText(attempts)}, ${at}`;
}

function describeGroup({ protocol, technique, state, reason, count, at }: PortsFact): string {
  return `${protocol} ${state} (${reason}) by ${technique}: one of ${count} ports with the same answer, ${at}`;
}

function isOfVerdict(probe: ProbeFact, facts: readonly (PortFact | PortsFact)[]): boolean {
  return probe.variant === undefined && facts.some(({ technique }) => technique === probe.technique);
}

function about(seen: {
  readonly from?: string | undefined;
  readonly ttl?: number | undefined;
  readonly rttMs?: number | undefined;
}): string {
  const { from, ttl, rttMs } = seen;
  return `${from === undefined ? '' : `, from ${from}`}${ttl === undefined ? '' : `, TTL ${ttl}`}${rttMs === undefined ? '' : `, ${rttMs} ms`}`;
}

/** Where no packet can be brought to a host, nothing is. */
function wasAsked(fact: PortFact | PortsFact): boolean {
  return !('attempts' in fact) || fact.attempts > 0;
}

function missing(hasProbes: boolean): string {
  return hasProbes
    ? 'Not held: the packets themselves (-oP).'
    : 'Not held: the probes and what else stood in the answers (--evidence), the packets (-oP).';
}
