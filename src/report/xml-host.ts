/**
 * The `<host>` element of nmap's XML.
 *
 * @module
 */

import type { DeviceFact } from '../model/device-fact.ts';
import type { FindingFact, HostFact, TraceFact } from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import type { Reason } from '../model/verdict.ts';
import { detailText, deviceText, isWorthTelling } from './device-words.ts';
import { bySeverity, calendarTime, lastHeard, osText, otherNames, sureText, unixSeconds } from './phrases.ts';
import { inOrder, policyText } from './policy/rows.ts';
import { policyWords } from './policy-words.ts';
import { type HiddenPorts, joinPorts, type PortRow, tabulate, techniquesText } from './rows.ts';
import type { HostReport, ShowOptions } from './writer.ts';
import { element, elems, empty, textElement } from './xml-element.ts';
import { certificateScript, serviceElement } from './xml-service.ts';

/** Everything known of one host as an element of the DTD's order: status, addresses, names, the rest, times. */
export function hostElement(report: HostReport, show: ShowOptions): string {
  const { host } = report;
  const { rows, hidden } = tabulate(report, show);
  const ports = [...extraports(hidden), ...rows.map(portElement)];
  const scripts = [
    ...(report.systems.length > 1 ? [systemScript(report.systems)] : []),
    ...(report.device !== undefined && isWorthTelling(report.device) ? [deviceScript(report.device)] : []),
    ...(report.policies.length === 0 ? [] : [policyScript(report)]),
    ...(report.findings.length === 0 ? [] : [findingScript(report.findings)]),
  ];
  return element('host', { starttime: unixSeconds(host.at), endtime: unixSeconds(lastHeard(report)) }, [
    empty('status', { state: host.state, reason: nmapReason(host.reason), reason_ttl: host.ttl ?? 0 }),
    ...addresses(host),
    hostnames(host),
    ...(ports.length === 0 ? [] : [element('ports', {}, ports)]),
    ...systemElements(report.systems, rows),
    ...(scripts.length === 0 ? [] : [element('hostscript', {}, scripts)]),
    ...report.traces.map(traceElement),
    ...times(host),
  ]);
}

function addresses({ host, mac, vendor }: HostFact): string[] {
  const ip = empty('address', { addr: host, addrtype: host.includes(':') ? 'ipv6' : 'ipv4' });
  if (mac === undefined) return [ip];
  return [ip, empty('address', { addr: mac.toUpperCase(), addrtype: 'mac', vendor: vendor ?? undefined })];
}

function hostnames(host: HostFact): string {
  const { name, askedAs } = host;
  return element('hostnames', {}, [
    ...(askedAs === undefined ? [] : [empty('hostname', { name: askedAs, type: 'user' })]),
    ...otherNames(host).map((one) => empty('hostname', { name: one, type: 'user' })),
    ...(name === undefined ? [] : [empty('hostname', { name, type: 'PTR' })]),
  ]);
}

/** One `extraports` per state, in it one `extrareasons` per reason and protocol. */
function extraports(hidden: readonly HiddenPorts[]): string[] {
  const byState = groupBy(hidden, ({ state }) => state);
  return [...byState].map(([state, groups]) => {
    const byReason = groupBy(groups, ({ reason, protocol }) => `${reason} ${protocol}`);
    const reasons = [...byReason.values()].map((alike) => {
      const { reason, protocol } = alike[0] as HiddenPorts;
      const ports = joinPorts(alike.map((group) => group.ports));
      return empty('extrareasons', {
        reason: nmapReason(reason),
        count: total(alike),
        proto: protocol,
        ports,
      });
    });
    return element('extraports', { state, count: total(groups) }, reasons);
  });
}

function portElement({ protocol, port, headline, judgements, service, usualService }: PortRow): string {
  const { ttl, from } = headline.type === 'port' ? headline : {};
  const elsewhere = from === headline.host ? undefined : from;
  const children = [
    empty('state', {
      state: headline.state,
      reason: nmapReason(headline.reason),
      reason_ttl: ttl ?? 0,
      reason_ip: elsewhere,
    }),
  ];
  if (service !== undefined) {
    children.push(serviceElement(service));
  } else if (usualService !== undefined) {
    children.push(empty('service', { name: usualService, method: 'table', conf: 3 }));
  }
  // One script a port: ndiff of nmap 7.93 fails where there are several, whoever wrote them.
  if (judgements.length > 1) {
    children.push(empty('script', { id: 'techniques', output: techniquesText(judgements) }));
  } else if (service?.certificate !== undefined) {
    children.push(certificateScript(service.certificate));
  }
  return element('port', { protocol, portid: port }, children);
}

/** The first system, how far it is and how long it runs; XML has room for one, the others are a script's. */
function systemElements([first]: readonly OsFact[], rows: readonly PortRow[]): readonly string[] {
  if (first === undefined) return [];
  const { distance, uptimeSeconds, at } = first;
  const boot = uptimeSeconds === undefined ? undefined : new Date(Date.parse(at) - 1000 * uptimeSeconds);
  return [
    osElement(first, rows),
    ...(boot === undefined
      ? []
      : [empty('uptime', { seconds: uptimeSeconds ?? 0, lastboot: calendarTime(boot.toISOString()) })]),
    ...(distance === undefined ? [] : [empty('distance', { value: distance })]),
  ];
}

function osElement({ matches, fingerprint }: OsFact, rows: readonly PortRow[]): string {
  const used = ['open', 'closed'].flatMap((state) => {
    const row = rows.find(({ protocol, headline }) => protocol === 'tcp' && headline.state === state);
    return row === undefined ? [] : [empty('portused', { state, proto: 'tcp', portid: row.port })];
  });
  const found = matches.map(({ name, family, generation, kind, vendor, accuracy, cpe }) => {
    const names = cpe.map((one) => textElement('cpe', {}, one));
    const attributes = {
      type: kind,
      // cpe:/o:VENDOR:PRODUCT: the DTD wants a vendor.
      vendor: vendor ?? cpe[0]?.split(':')[2] ?? family,
      osfamily: family,
      osgen: generation,
      accuracy: Math.round(accuracy),
    };
    // `line` is required and points into a database that has no lines here.
    return element('osmatch', { name, accuracy: Math.round(accuracy), line: 0 }, [
      element('osclass', attributes, names),
    ]);
  });
  const unknown =
    fingerprint === undefined || matches.length > 0 ? [] : [empty('osfingerprint', { fingerprint })];
  return element('os', {}, [...used, ...found, ...unknown]);
}

/** The systems in words, and a table for each. */
function systemScript(systems: readonly OsFact[]): string {
  const tables = systems.map(({ matches, ports, distance, fingerprint }) => {
    const [best] = matches;
    const fields = {
      ports,
      name: best?.name,
      family: best?.family,
      accuracy: best && Math.round(best.accuracy),
      distance,
      fingerprint,
    };
    return element('table', {}, elems(fields));
  });
  const output = systems
    .map((system) => osText(system) || `unknown, on port ${system.ports ?? ''}`)
    .join('; ');
  return element('script', { id: 'portolan-systems', output }, tables);
}

/** The device in words, and all that is known of it with its sources. */
function deviceScript(device: DeviceFact): string {
  const { name, kind, vendor, model, facts, sources, sameAs } = device;
  const known = elems({
    name,
    kind,
    vendor,
    model,
    sources: sources.join(' '),
    sameAs: sameAs.length === 0 ? undefined : sameAs.join(' '),
  });
  const tables = facts.map(({ field, value, source, measured }) =>
    element('table', {}, elems({ field, value, source, measured })),
  );
  return element(
    'script',
    { id: 'portolan-device', output: [deviceText(device), ...facts.map(detailText)] },
    [...known, element('table', { key: 'facts' }, tables)],
  );
}

/** The policy in plain words, a line a range, and a table for each. */
function policyScript({ policies, findings }: HostReport): string {
  const ordered = inOrder(policies);
  const tables = ordered.map((policy) => {
    const { protocol, ports, action, icmp, by, hop, hopRange, exposure, alternatives, confidence } = policy;
    const fields = {
      protocol,
      ports,
      action,
      icmp,
      by,
      hop,
      hopRange: hopRange?.join('-'),
      exposure,
      alternatives: alternatives?.join(' '),
      confidence,
    };
    return element('table', {}, elems(fields));
  });
  return element(
    'script',
    { id: 'portolan-policy', output: [policyWords(policies, findings), ...ordered.map(policyText)] },
    tables,
  );
}

/** All findings in one script: ndiff of nmap 7.93 fails where a host has several, whoever wrote them. */
function findingScript(findings: readonly FindingFact[]): string {
  const ordered = bySeverity(findings);
  const output = ordered.map(
    (finding) => `${finding.rule}: ${finding.claim} (${sureText(finding)}); refuted by: ${finding.refutedBy}`,
  );
  return element('script', { id: 'portolan-finding', output }, ordered.map(findingTable));
}

function findingTable(finding: FindingFact): string {
  const { rule, severity, claim, confirmed, confidence, evidence, refutedBy } = finding;
  return element('table', {}, [
    ...elems({ rule, severity, claim, confirmed, confidence, refutedBy }),
    element(
      'table',
      { key: 'evidence' },
      evidence.map((item) => textElement('elem', {}, item)),
    ),
  ]);
}

/** Silent hops have no element, as in nmap: readers expect an address in each. */
function traceElement({ protocol, port, hops }: TraceFact): string {
  const heard = hops.flatMap(({ ttl, address, name, rttMs }) =>
    address === null
      ? []
      : [empty('hop', { ttl, ipaddr: address, rtt: rttMs?.toFixed(2) ?? '--', host: name })],
  );
  return element('trace', { port, proto: protocol }, heard);
}

/** Microseconds, as after a first measurement (RFC 6298, 2.2): RTTVAR is half of it, the timer at least 100 ms. */
function times({ rttMs }: HostFact): string[] {
  if (rttMs === undefined) return [];
  const srtt = Math.round(rttMs * 1000);
  const rttvar = Math.round(srtt / 2);
  return [empty('times', { srtt, rttvar, to: Math.max(100_000, srtt + 4 * rttvar) })];
}

function nmapReason(reason: Reason): string {
  return nmapWords[reason] ?? reason;
}

function total(groups: readonly HiddenPorts[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known === undefined) groups.set(keyOf(item), [item]);
    else known.push(item);
  }
  return groups;
}

/** nmap's words where they differ from ours. */
const nmapWords: Readonly<Partial<Record<Reason, string>>> = {
  connected: 'syn-ack',
  refused: 'conn-refused',
  'reset-window': 'reset',
  'mask-reply': 'addressmask-reply',
  localhost: 'localhost-response',
};
