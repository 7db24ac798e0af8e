/**
 * Runs a scenario and compares what Portolan says with what the kernels did.
 *
 * @module
 */

import type { FindingFact, PolicyFact, RecordedFact } from '../../../src/model/fact.ts';
import { parsePortRanges } from '../../../src/model/ports.ts';
import { portolanIn, type Scanned } from '../lab/portolan.ts';
import { type Chain, createChain, hostName, type Place } from './chain.ts';
import { type Scenario, usualPorts } from './scenario.ts';
import { type Truth, truthOf, ways } from './truth.ts';

/** What came of a scenario: all that is wrong, one line each, and what it cost. */
export interface Judged {
  readonly wrong: readonly string[];
  readonly scanned: Scanned;
  readonly seconds: number;
}

/** Builds the lab of a scenario, runs `firewall` in it, asks the kernels, and says what differs. */
export async function judge(scenario: Scenario): Promise<Judged> {
  const chain = await createChain(scenario);
  try {
    await scenario.prepare?.(chain);
    const startedMs = performance.now();
    const scanned = await firewall(chain, scenario);
    const seconds = (performance.now() - startedMs) / 1000;
    const wrong = [
      ...findingFaults(scenario, scanned),
      ...recordFaults(scanned),
      ...costFaults(scenario, scanned),
    ];
    if (scanned.status !== (scenario.status ?? 0))
      wrong.push(`exit ${scanned.status}: ${scanned.stderr.trim()}`);
    if (scenario.isPretence !== true) wrong.push(...merged(await policyFaults(chain, scenario, scanned)));
    return { wrong, scanned, seconds };
  } finally {
    chain.close();
  }
}

/** `portolan firewall` as the scenario has it. */
export function firewall(chain: Chain, scenario: Scenario, more: readonly string[] = []): Promise<Scanned> {
  const { ports = usualPorts, udpPorts } = scenario;
  const udp = udpPorts === undefined ? ['-p', ports] : ['-sU', '-p', `T:${ports},U:${udpPorts}`];
  // Behind a router only its name shows that two addresses are one host.
  const isNamed = scenario.family === 'both' && scenario.routers > 0;
  const targets = isNamed ? [hostName] : familiesOf(scenario).map((family) => chain.address(family));
  return portolanIn(chain.scanner, ['firewall', '-n', '-Pn', ...udp, ...more, ...targets]);
}

/** The findings of a record. */
export function findingsOf(facts: readonly RecordedFact[]): readonly FindingFact[] {
  return facts.filter((fact) => fact.type === 'finding');
}

/** What is missing among the findings of a scenario, and what should not be there. */
export function findingFaults({ finds, may = [], trusts }: Scenario, { facts }: Scanned): string[] {
  const found = findingsOf(facts);
  const told = new Set(found.map(({ rule }) => rule as string));
  const wrong = [
    ...finds
      .filter((rules) => !rules.split('|').some((rule) => told.has(rule)))
      .map((rule) => `missed: ${rule}`),
    ...found
      .filter(({ rule }) => !finds.some((rules) => rules.split('|').includes(rule)) && !may.includes(rule))
      .map(({ rule, claim, confidence }) => `false: ${rule} (${confidence}): ${claim}`),
  ];
  if (trusts !== undefined) {
    const claims = found
      .filter(({ rule }) => rule === 'source-port-hole')
      .map(({ claim }) => claim)
      .join('; ');
    for (const port of [20, 53, 67, 68, 80, 88, 123, 443, 500]) {
      const isTold = new RegExp(`source ports?\\b[^;]*\\b${port}\\b`).test(claims);
      if (isTold !== trusts.includes(port))
        wrong.push(`source port ${port} is ${isTold ? '' : 'not '}told: ${claims}`);
    }
  }
  return wrong;
}

/** What holds for every record of the command. */
export function recordFaults({ facts }: Scanned): string[] {
  const known = new Map(facts.map((fact) => [fact.n, fact.type]));
  return findingsOf(facts).flatMap(({ rule, facts: cited, refutedBy, severity, confidence, evidence }) => [
    ...(cited.length === 0 ? [`${rule} cites nothing`] : []),
    ...cited
      .filter((n) => !['probe', 'port', 'ports', 'trace', 'policy'].includes(known.get(n) ?? 'nothing'))
      .map((n) => `${rule} cites ${n}, which is ${known.get(n) ?? 'nothing'}`),
    ...(evidence.length === 0 || (refutedBy ?? '') === ''
      ? [`${rule} has no evidence or no refutation`]
      : []),
    ...(['info', 'low', 'medium', 'high'].includes(severity ?? 'none')
      ? []
      : [`${rule}: severity ${severity}`]),
    ...(confidence > 0 && confidence <= 1 ? [] : [`${rule}: confidence ${confidence}`]),
  ]);
}

/** Four packets a probed port, and two hundred for a host. */
function costFaults(scenario: Scenario, { summary }: Scanned): string[] {
  const { tcp, udp } = portsOf(scenario);
  const hosts = familiesOf(scenario).length;
  const most = hosts * (4 * (tcp.length + udp.length) + 200);
  const sent = summary?.packets.sent ?? Number.POSITIVE_INFINITY;
  return sent > most && scenario.isCostly !== true
    ? [`${sent} packets were sent, ${most} at most are right`]
    : [];
}

/** What differs between the policy of a record and what the kernels did, a line each. */
export async function policyFaults(chain: Chain, scenario: Scenario, { facts }: Scanned): Promise<string[]> {
  const { tcp, udp } = portsOf(scenario);
  const wrong: string[] = [];
  for (const family of familiesOf(scenario)) {
    const truth = await truthOf(chain, family, tcp, udp, scenario.gapMs);
    const policy = facts.filter(
      (fact): fact is PolicyFact => fact.type === 'policy' && fact.host === chain.address(family),
    );
    for (const [protocol, ports] of [
      ['tcp', tcp],
      ['udp', udp],
    ] as const) {
      const table = policyTable(policy.filter((fact) => fact.protocol === protocol));
      for (const port of ports) {
        const [range, ...others] = table.get(port) ?? [];
        const at = `${protocol}/${port} over IPv${family}`;
        if (range === undefined || others.length > 0) wrong.push(`${at} is in ${1 + others.length} ranges`);
        if (range !== undefined)
          wrong.push(...rangeFaults(chain, scenario, truth, range, port).map((line) => `${at}: ${line}`));
      }
      const extra = [...table.keys()].filter((port) => !ports.includes(port));
      if (extra.length > 0) wrong.push(`${protocol} ports ${extra} were not asked`);
    }
  }
  return wrong;
}

function rangeFaults(
  chain: Chain,
  scenario: Scenario,
  truth: Truth,
  range: PolicyFact,
  port: number,
): string[] {
  const way = range.protocol === 'tcp' ? 'syn' : 'udp';
  const fate = truth.fate(way, port);
  const { action, alternatives = [], exposure } = range;
  const wrong: string[] = [];
  // What a datagram meets that nobody answers is not to be told from outside.
  const isMute = way === 'udp' && truth.answer(way, port) === undefined && action === 'unknown';
  if (action !== fate && !alternatives.includes(fate) && !isMute)
    wrong.push(`${action}, but the kernels ${fate}`);
  const mayBe = exposuresOf(scenario, truth, way, port);
  const isSure = action === fate && way === 'syn';
  if (isSure && !mayBe.includes(String(exposure))) wrong.push(`${exposure}, not ${mayBe.join(' or ')}`);
  if (action === fate && fate !== 'allow') wrong.push(...placeFaults(chain, scenario, range));
  return wrong;
}

/** What a port's exposure may be called. */
function exposuresOf(
  { services = {}, finds }: Scenario,
  truth: Truth,
  way: 'syn' | 'udp',
  port: number,
): readonly string[] {
  const open = way === 'syn' ? Object.keys(services.tcp ?? {}).map(Number) : (services.udp ?? []);
  const isServed = open.includes(port);
  if (truth.fate(way, port) === 'allow') return [isServed ? 'exposed' : 'unprotected'];
  // By IPv6 the service can be reached.
  if (finds.includes('ipv6-hole') && isServed) return ['hole'];
  const isHole = ways.some(
    ({ name }) => /^(fragments|source-port)/.test(name) && truth.fate(name, port) === 'allow',
  );
  if (isHole) return ['hole'];
  const isFlagHole = ['ack', 'fin', 'null', 'xmas'].some((each) => truth.fate(each, port) === 'allow');
  return isFlagHole ? ['protected', 'hole'] : ['protected'];
}

/** The hop where probes end, in scenarios with one filter. */
function placeFaults({ plan }: Chain, { rules = {} }: Scenario, { hop, hopRange }: PolicyFact): string[] {
  const places = Object.keys(rules) as Place[];
  if (places.length !== 1) return [];
  const at = places[0] === 'host' ? plan.routers + 1 : Number(places[0]?.slice(1));
  const [low, high] = hopRange ?? [hop, hop];
  const isRight = low === null || high === null || (low <= at && at <= high);
  return isRight ? [] : [`hop ${hop}, between ${hopRange}, but it is ${at}`];
}

/** The ranges in which each port is. */
export function policyTable(policy: readonly PolicyFact[]): ReadonlyMap<number, readonly PolicyFact[]> {
  const table = new Map<number, PolicyFact[]>();
  for (const fact of policy)
    for (const port of parsePortRanges(fact.ports)) table.set(port, [...(table.get(port) ?? []), fact]);
  return table;
}

/** Lines that differ in their port alone are one, with the ports' number. */
export function merged(lines: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const key = line.replace(/^(tcp|udp)\/\d+/, '$1');
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((group) =>
    group.length === 1
      ? (group[0] as string)
      : `${group.length} ports (${group.slice(0, 12).map((line) => /\/(\d+)/.exec(line)?.[1])}…): ${group[0]}`,
  );
}

/** What is probed. */
export function portsOf({ ports = usualPorts, udpPorts }: Pick<Scenario, 'ports' | 'udpPorts'>) {
  return {
    tcp: [...parsePortRanges(ports)],
    udp: udpPorts === undefined ? [] : [...parsePortRanges(udpPorts)],
  };
}

function familiesOf({ family = 4 }: Scenario): readonly (4 | 6)[] {
  return family === 'both' ? [4, 6] : [family];
}
