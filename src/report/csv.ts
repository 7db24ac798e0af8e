/**
 * Comma-separated values (RFC 4180) for spreadsheets and databases. A row is a host, a port under one
 * technique, a group of ports, a service, a system, a device, a range of a filter's policy, or a finding; `type` says which, in the words of
 * NDJSON.
 *
 * @module
 */

import type { DeviceFact } from '../model/device-fact.ts';
import type { FindingFact, HostFact, PolicyFact, PortFact, PortsFact } from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { detailText } from './device-words.ts';
import { csvCell } from './escape.ts';
import { otherNames } from './phrases.ts';
import { portsIn } from './policy/rows.ts';
import { placeOf, servicesByPort } from './rows.ts';
import { certificateText, extraDetails } from './service-words.ts';
import type { HostReport, ShowOptions, Writer } from './writer.ts';

/** A writer of CSV (`-oC`). */
export function csv(_show: ShowOptions): Writer {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (_scan, out) => out(`${titles.join(',')}\r\n`),
    host: (report, out) => out(hostRecords(report)),
  };
}

function hostRecords({
  host,
  ports,
  groups,
  services,
  systems,
  device,
  policies,
  findings,
}: HostReport): string {
  const found = servicesByPort(services);
  const name = host.askedAs ?? host.name;
  // Ports have the first name; the host's own row has all, which hold no space.
  const all = [name, ...otherNames(host)].filter((one) => one !== undefined).join(' ');
  const rows = [record({ name: all, host })];
  for (const port of ports) {
    rows.push(record({ name, port, service: found.get(placeOf(port.protocol, port.port))?.[0] }));
  }
  for (const group of groups) rows.push(record({ name, group }));
  for (const service of services) rows.push(otherRecord(name, serviceFields(service)));
  for (const system of systems) rows.push(otherRecord(name, osFields(system)));
  if (device !== undefined) rows.push(otherRecord(name, deviceFields(device)));
  for (const policy of policies) rows.push(otherRecord(name, policyFields(policy)));
  for (const finding of findings) rows.push(otherRecord(name, findingFields(finding)));
  return rows.join('');
}

// Joined, not added up: a string that grows by small pieces is a tree, and 65,536 of them kept the collector busy.
function record(source: Source): string {
  const cells = columns.map(([, read]) => cellOf(read(source)));
  return `${cells.join(',')}${noneOfOthers}\r\n`;
}

/** A row of what is neither host nor port: few of them, so its fields are looked up by their titles. */
function otherRecord(name: string | undefined, fields: Fields): string {
  const all: Fields = { ...fields, name };
  return `${titles.map((title) => cellOf(all[title])).join(',')}\r\n`;
}

function cellOf(value: string | number | null | undefined): string {
  return value === undefined || value === null ? '' : csvCell(value);
}

function serviceFields(fact: ServiceFact): Fields {
  const { cpe, tls, extra: _, certificate, talk: __, rule: ___, ...fields } = fact;
  return {
    ...fields,
    count: 1,
    service: serviceCell(fact),
    cpe: cpe.join(' '),
    tls: String(tls),
    starttls: fact.starttls && 'true',
    extra: extraDetails(fact)
      .map((detail) => detail.join(': '))
      .join(' | '),
    certificate: certificate && certificateText(certificate),
    asked: fact.asked?.join(' '),
  };
}

/** The best match; the others stand in `alternatives`. */
function osFields({ type, host, matches, ports, distance, uptimeSeconds, fingerprint, at }: OsFact): Fields {
  const [best, ...others] = matches;
  return {
    type,
    host,
    port: ports,
    os: best?.name,
    family: best?.family,
    generation: best?.generation,
    device: best?.kind,
    vendor: best?.vendor,
    cpe: best?.cpe.join(' '),
    confidence: best && best.accuracy / 100,
    alternatives: others.length === 0 ? undefined : others.map(({ name }) => name).join(' | '),
    evidence: best?.evidence.join(' | '),
    distance,
    uptimeSeconds,
    fingerprint,
    at,
  };
}

function deviceFields({
  type,
  host,
  name,
  kind,
  vendor,
  model,
  facts,
  sources,
  sameAs,
  at,
}: DeviceFact): Fields {
  return {
    type,
    host,
    vendor,
    at,
    via: sources.join(' '),
    hostname: name,
    device: kind,
    extra: facts.map(detailText).join(' | '),
    model,
    sameAs: sameAs.join(' '),
  };
}

function policyFields(policy: PolicyFact): Fields {
  const { type, host, protocol, ports, action, icmp, by, hop, hopRange } = policy;
  const { exposure, alternatives, confidence, at } = policy;
  return {
    type,
    host,
    protocol,
    port: ports,
    count: portsIn(ports),
    action,
    icmp,
    by,
    hop: hop ?? hopRange?.join('-'),
    exposure,
    alternatives: alternatives?.join(' '),
    confidence,
    at,
  };
}

function findingFields(finding: FindingFact): Fields {
  const { type, host, rule, severity, claim, confirmed, confidence, evidence, refutedBy, at } = finding;
  return {
    type,
    host,
    rule,
    severity,
    claim,
    confirmed: confirmed === undefined ? undefined : String(confirmed),
    confidence,
    evidence: evidence.join(' | '),
    refutedBy,
    at,
  };
}

type Fields = Readonly<Record<string, string | number | null | undefined>>;

/** What one row is about: a host, or a port or group of ports with its service. */
interface Source {
  readonly name: string | undefined;
  readonly host?: HostFact;
  readonly port?: PortFact;
  readonly group?: PortsFact;
  readonly service?: ServiceFact | undefined;
}

type Column = readonly [title: string, read: (source: Source) => string | number | null | undefined];

/** Titles with what stands under them; a group has its range list for a port. */
const columns: readonly Column[] = [
  ['type', ({ host, port, group }) => (host ?? port ?? group)?.type],
  ['host', ({ host, port, group }) => (host ?? port ?? group)?.host],
  ['name', ({ name }) => name],
  ['protocol', ({ port, group }) => (port ?? group)?.protocol],
  ['port', ({ port, group }) => port?.port ?? group?.ports],
  ['count', ({ port, group }) => (port === undefined ? group?.count : 1)],
  ['technique', ({ port, group }) => (port ?? group)?.technique],
  ['state', ({ host, port, group }) => (host ?? port ?? group)?.state],
  ['reason', ({ host, port, group }) => (host ?? port ?? group)?.reason],
  ['ttl', ({ host, port }) => (host ?? port)?.ttl],
  ['from', ({ port }) => port?.from],
  ['rttMs', ({ host, port }) => (host ?? port)?.rttMs],
  ['attempts', ({ port }) => port?.attempts],
  ['service', ({ port, service }) => (service === undefined ? port?.service : serviceCell(service))],
  ['product', ({ service }) => service?.product],
  ['version', ({ service }) => service?.version],
  ['info', ({ service }) => service?.info],
  ['cpe', ({ service }) => service?.cpe.join(' ')],
  ['tls', ({ service }) => service && String(service.tls)],
  ['mac', ({ host }) => host?.mac],
  ['vendor', ({ host }) => host?.vendor],
  ['at', ({ host, port, group }) => (host ?? port ?? group)?.at],
];

/** What is only usual on the port has a question mark. */
function serviceCell({ name, guess }: ServiceFact): string | undefined {
  return name ?? (guess === undefined ? undefined : `${guess}?`);
}

/** What only rows of a policy, a finding, a service or a system have. */
const otherTitles = [
  'action',
  'icmp',
  'by',
  'hop',
  'exposure',
  'alternatives',
  'confidence',
  'rule',
  'severity',
  'claim',
  'confirmed',
  'evidence',
  'refutedBy',
  'via',
  'starttls',
  'hostname',
  'os',
  'device',
  'extra',
  'certificate',
  'alpn',
  'banner',
  'asked',
  'fingerprint',
  'stopped',
  'connections',
  'bytes',
  'family',
  'generation',
  'distance',
  'uptimeSeconds',
  'model',
  'sameAs',
];
const noneOfOthers = ','.repeat(otherTitles.length);
const titles: readonly string[] = [...columns.map(([title]) => title), ...otherTitles];
