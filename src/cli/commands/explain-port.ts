/** The `explain` command about a port of a record: what was asked, what came back, and the row that decided. @module */

import { createReadStream } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import type { HostFact, PortFact, PortsFact, ProbeFact, ProbeReply, RecordedFact } from '../../model/fact.ts';
import { type IcmpError, icmpErrors } from '../../model/reply.ts';
import { quoted } from '../../plan/quoted.ts';
import { printable } from '../../report/escape.ts';
import { readFacts } from '../../report/index.ts';
import { isJournalFile, journalFacts } from '../../scan/journal/journal-facts.ts';
import { portTechniques } from '../../techniques/index.ts';
import { describePattern, describeProbe } from './describe-technique.ts';

/** What a record or a journal holds about a port, as lines of text. */
export async function explainPort(file: string, place: string): Promise<string> {
  const { host, port } = readPlace(place);
  const known = await gather(file, host);
  const { scan, hosts, ports, groups, probes, findings } = known;
  if (scan === undefined) throw badRequest(`${quoted(file)} holds no scan`);
  if (hosts.length + ports.length + groups.length + probes.length === 0)
    throw badRequest(`${quoted(file)} does not hold the host ${quoted(host)}`);
  const own = ports.filter((fact) => fact.port === port);
  const among = groups.filter((fact) => holds(fact.ports, port));
  const asked = probes.filter((fact) => fact.port === port && fact.protocol !== 'icmp');
  if (own.length + among.length + asked.length === 0)
    throw badRequest(`${quoted(file)} does not hold port ${port} of ${quoted(host)}`);
  const lines = [
    `${place}, by a scan of portolan ${scan.version} that began ${scan.startedAt}`,
    ...hosts.map(describeHost),
    ...own.flatMap((fact) => describePort(fact, asked)),
    ...among.flatMap((fact) => describeGroup(fact, asked)),
    ...asked.filter((probe) => !isOfVerdict(probe, [...own, ...among])).flatMap(describeOther),
    ...findings.map(({ rule, claim, facts }) => {
      const rests = asked.filter(({ n }) => facts.includes(n));
      return `\nfinding ${rule}: ${claim}${rests.length > 0 ? ' (it rests on a probe above)' : ''}`;
    }),
    '',
    missing(asked.length > 0),
    '',
  ];
  return lines.map((line) => line.split('\n').map(printable).join('\n')).join('\n');
}

/** What of a record is about one host. */
interface Known {
  scan: Extract<RecordedFact, { type: 'scan' }> | undefined;
  readonly hosts: HostFact[];
  readonly ports: PortFact[];
  readonly groups: PortsFact[];
  readonly probes: ProbeFact[];
  readonly findings: Extract<RecordedFact, { type: 'finding' }>[];
}

async function gather(file: string, host: string): Promise<Known> {
  const known: Known = { scan: undefined, hosts: [], ports: [], groups: [], probes: [], findings: [] };
  const facts = isJournalFile(file) ? journalFacts(file, host) : readFacts(createReadStream(file));
  for await (const fact of facts) {
    if (fact.type === 'scan') known.scan = fact;
    if (!('host' in fact) || fact.host !== host) continue;
    if (fact.type === 'host') known.hosts.push(fact);
    else if (fact.type === 'port') known.ports.push(fact);
    else if (fact.type === 'ports') known.groups.push(fact);
    else if (fact.type === 'probe') known.probes.push(fact);
    else if (fact.type === 'finding') known.findings.push(fact);
  }
  return known;
}

/** `10.0.0.5:22` or `[fe80::1%eth0]:22`. */
function readPlace(place: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/.exec(place);
  const host = match?.groups?.['six'] ?? match?.groups?.['four'];
  const port = Number(match?.groups?.['port']);
  if (host === undefined || port > 65_535)
    throw badRequest(`explain: found ${quoted(place)}, wanted HOST:PORT such as 10.0.0.5:22 or [fe80::1]:22`);
  return { host, port };
}

function holds(ranges: string, port: number): boolean {
  return ranges.split(',').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return port >= (first as number) && port <= (last as number);
  });
}

function describeHost({ state, reason, ttl, rttMs, at }: HostFact): string {
  return `host ${state} (${reason})${about({ ttl, rttMs })}, ${at}`;
}

function describePort(fact: PortFact, probes: readonly ProbeFact[]): readonly string[] {
  const { protocol, port, technique, state, reason, from, ttl, rttMs, attempts, at } = fact;
  return [
    '',
    `${port}/${protocol} ${state} (${reason}) by ${technique}${about({ from, ttl, rttMs })}, ${times(attempts)}, ${at}`,
    ...evidence(fact, probes),
  ];
}

function describeGroup(fact: PortsFact, probes: readonly ProbeFact[]): readonly string[] {
  const { protocol, technique, state, reason, count, at } = fact;
  return [
    '',
    `${protocol} ${state} (${reason}) by ${technique}: one of ${count} ports with the same answer, ${at}`,
    ...evidence(fact, probes),
  ];
}

/** What was sent and came back, and the row of the table that made a verdict of it. */
function evidence(fact: PortFact | PortsFact, probes: readonly ProbeFact[]): readonly string[] {
  const { name, probe, replies, silence } = portTechniques[fact.technique];
  const seen = probes.filter((one) => isOfVerdict(one, [fact]));
  const isReason = (word: string) => word === fact.reason;
  const row = replies.findIndex((one) =>
    'reason' in one ? isReason(one.reason) : icmpErrors.includes(fact.reason as IcmpError),
  );
  const decided =
    fact.state === 'unknown'
      ? 'no row: nothing could be learnt'
      : fact.reason === 'no-response'
        ? `silence, which ${name} takes for ${silence}`
        : row < 0
          ? `no row of ${name} as it is now`
          : `row ${row + 1} of ${name}: ${describePattern((replies[row] as (typeof replies)[number]).when)}`;
  const doubt = fact.state === 'open|filtered' && fact.reason === 'syn-ack';
  return [
    `  sent      ${describeProbe(probe)}`,
    ...seen.map(({ reply, trouble }) => `  answer    ${trouble ?? describeReply(reply)}`),
    `  decided   ${decided}`,
    ...(doubt ? ['  doubted   so says every port of the host, and no service showed itself here'] : []),
  ];
}

function describeOther(probe: ProbeFact): readonly string[] {
  const variant = probe.variant === undefined ? '' : `, ${probe.variant}`;
  return [
    '',
    `a probe by ${probe.technique}${variant}${about(probe)}, ${times(probe.attempts)}, ${probe.at}`,
    `  answer    ${probe.trouble ?? describeReply(probe.reply)}`,
  ];
}

function isOfVerdict(probe: ProbeFact, facts: readonly (PortFact | PortsFact)[]): boolean {
  return probe.variant === undefined && facts.some(({ technique }) => technique === probe.technique);
}

/** Every field of an answer, in words. */
function describeReply(reply: ProbeReply | null): string {
  if (reply === null) return 'nothing';
  const { kind, ...fields } = reply;
  return [kind, ...Object.entries(fields).map(([name, value]) => `${name} ${value}`)].join(', ');
}

function about(seen: {
  readonly from?: string | undefined;
  readonly ttl?: number | undefined;
  readonly rttMs?: number | undefined;
}): string {
  const { from, ttl, rttMs } = seen;
  return `${from === undefined ? '' : `, from ${from}`}${ttl === undefined ? '' : `, TTL ${ttl}`}${rttMs === undefined ? '' : `, ${rttMs} ms`}`;
}

function times(attempts: number): string {
  return attempts === 1 ? 'asked once' : `asked ${attempts} times`;
}

function missing(hasProbes: boolean): string {
  return hasProbes
    ? 'Not held: the packets themselves (-oP).'
    : 'Not held: the probes and what else stood in the answers (--evidence), the packets (-oP).';
}
