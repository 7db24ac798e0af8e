/**
 * The fields of every kind of recorded fact, in documented order: what a record is written by, and what it is checked
 * against when it is read.
 *
 * @module
 */

import { changeKinds } from '../model/change-facts.ts';
import { deviceKinds, deviceSources } from '../model/device-fact.ts';
import { checkResults, exposures, policyActions, type RecordedFact } from '../model/fact.ts';
import { nameSources } from '../model/name-facts.ts';
import { icmpErrors } from '../model/reply.ts';
import { serviceStops } from '../model/service-fact.ts';
import { portTechniqueNames } from '../model/technique-name.ts';
import { portStates, reasons } from '../model/verdict.ts';
import {
  address,
  all,
  count,
  counts,
  type Field,
  hops,
  listOf,
  listOfAddresses,
  must,
  number,
  object,
  oneOf,
  optional,
  orNull,
  port,
  ranges,
  text,
  texts,
  textsByName,
  time,
  truth,
} from './fields.ts';

type Shape<Type> = Readonly<
  Record<Exclude<keyof Extract<RecordedFact, { readonly type: Type }>, 'type' | 'n'>, Field>
>;

const state = oneOf(portStates);
const reason = oneOf(reasons);
const protocol = oneOf(['tcp', 'udp', 'sctp', 'ip']);
const technique = oneOf(portTechniqueNames);
const systemWords = { generation: optional(text), kind: optional(text), vendor: optional(text) };
const deviceSource = oneOf(deviceSources);

/** The fields of each kind, `type` and `n` aside. */
export const factShapes = {
  scan: {
    schema: must((value) => (value === 1 ? undefined : '1')),
    version: text,
    startedAt: time,
    args: texts,
    seed: number,
    questions: listOf({ technique, protocol, ports: ranges, count }),
    targets: text,
    excluded: text,
    options: object,
    profile: optional(text),
  },
  host: {
    host: address,
    name: optional(text),
    names: optional(texts),
    askedAs: optional(text),
    state: oneOf(['up', 'down', 'unknown']),
    reason,
    ttl: optional(count),
    rttMs: optional(number),
    mac: optional(text),
    vendor: optional(orNull(text)),
    at: time,
  },
  port: {
    host: address,
    protocol,
    port,
    technique,
    state,
    reason,
    ttl: optional(count),
    from: optional(address),
    rttMs: optional(number),
    attempts: count,
    service: optional(text),
    at: time,
  },
  ports: {
    host: address,
    protocol,
    ports: ranges,
    technique,
    state,
    reason,
    count,
    attempts: optional(count),
    at: time,
  },
  service: {
    host: address,
    protocol,
    port,
    name: orNull(text),
    guess: optional(text),
    product: optional(text),
    version: optional(text),
    info: optional(text),
    os: optional(text),
    device: optional(text),
    hostname: optional(text),
    cpe: texts,
    tls: truth,
    starttls: optional(truth),
    confidence: number,
    via: optional(text),
    extra: optional(textsByName),
    certificate: optional(
      all({
        subject: text,
        names: texts,
        issuer: text,
        from: time,
        to: time,
        key: text,
        fingerprint: text,
      }),
    ),
    alpn: optional(text),
    banner: optional(text),
    asked: optional(texts),
    fingerprint: optional(text),
    talk: optional(
      listOf({ connection: count, word: optional(text), said: text, heard: text, end: optional(text) }),
    ),
    rule: optional(text),
    stopped: optional(oneOf(serviceStops)),
    connections: optional(count),
    bytes: optional(count),
    at: time,
  },
  os: {
    host: address,
    matches: listOf({
      name: text,
      family: text,
      ...systemWords,
      accuracy: number,
      cpe: texts,
      evidence: texts,
    }),
    ports: optional(ranges),
    distance: optional(count),
    uptimeSeconds: optional(count),
    fingerprint: optional(text),
    missing: optional(texts),
    at: time,
  },
  device: {
    host: address,
    name: orNull(text),
    names: listOf({ name: text, source: deviceSource }),
    kind: orNull(oneOf(deviceKinds)),
    vendor: orNull(text),
    model: orNull(text),
    facts: listOf({ field: text, value: text, source: deviceSource, measured: truth }),
    sources: must((value) =>
      Array.isArray(value) && value.every((one) => deviceSource.check(one) === undefined)
        ? undefined
        : 'a list of sources',
    ),
    sameAs: listOfAddresses,
    at: time,
  },
  probe: {
    host: address,
    protocol: oneOf(['tcp', 'udp', 'sctp', 'ip', 'icmp']),
    port: optional(port),
    technique: text,
    variant: optional(text),
    attempts: count,
    reply: orNull(all({ kind: oneOf(['tcp', 'udp', 'sctp', 'icmp', 'ip', 'connection']) })),
    trouble: optional(text),
    from: optional(address),
    rttMs: optional(number),
    at: time,
  },
  policy: {
    host: address,
    protocol: oneOf(['tcp', 'udp']),
    ports: ranges,
    action: oneOf(policyActions),
    icmp: orNull(oneOf(icmpErrors)),
    by: orNull(address),
    hop: orNull(count),
    hopRange: optional(hops),
    exposure: orNull(oneOf(exposures)),
    alternatives: optional(texts),
    confidence: number,
    at: time,
  },
  finding: {
    // A finding may be about a zone of the DNS.
    host: text,
    rule: text,
    severity: optional(oneOf(['info', 'low', 'medium', 'high'])),
    claim: text,
    confirmed: optional(truth),
    confidence: number,
    evidence: texts,
    facts: counts,
    refutedBy: text,
    at: time,
  },
  trace: {
    host: address,
    protocol: oneOf(['tcp', 'udp', 'sctp', 'ip', 'icmp']),
    port: optional(port),
    reached: truth,
    hops: listOf({
      ttl: count,
      address: orNull(address),
      name: optional(text),
      rttMs: optional(number),
    }),
    at: time,
  },
  check: {
    rule: text,
    // A name of which no address is known.
    host: text,
    protocol,
    port,
    expected: oneOf(['open', 'closed', 'filtered', 'not-open']),
    found: state,
    result: oneOf(checkResults),
    line: count,
    sourcePort: optional(port),
    name: optional(text),
    reason: optional(reason),
    attempts: optional(count),
    why: optional(text),
    arrived: optional(truth),
  },
  listening: {
    version: text,
    interface: orNull(text),
    addresses: listOfAddresses,
    tcp: ranges,
    udp: ranges,
    keyCheck: text,
    at: time,
  },
  arrived: {
    from: address,
    to: address,
    protocol: oneOf(['tcp', 'udp']),
    port,
    technique: optional(technique),
    variant: text,
    ttl: count,
    run: optional(count),
    at: time,
  },
  dns: {
    name: text,
    record: optional(text),
    value: optional(text),
    ttl: optional(count),
    answer: optional(oneOf(['NXDOMAIN', 'NODATA'])),
    undecided: optional(text),
    types: optional(texts),
    via: optional(oneOf(nameSources)),
    server: optional(text),
    at: time,
  },
  transfer: {
    zone: text,
    server: text,
    result: oneOf(['complete', 'refused', 'tsig-required', 'partial', 'timeout']),
    records: count,
    at: time,
  },
  zone: {
    zone: text,
    dnssec: all({
      chain: oneOf(['signed', 'island', 'broken', 'unsigned', 'unknown']),
      algorithms: texts,
      expiresAt: optional(time),
    }),
    mail: all({
      spf: optional(text),
      spfAll: optional(text),
      dmarc: optional(text),
      dmarcPolicy: optional(text),
    }),
    at: time,
  },
  change: {
    host: address,
    name: optional(text),
    protocol: optional(protocol),
    port: optional(port),
    change: oneOf(changeKinds),
    before: orNull(object),
    after: orNull(object),
    certain: truth,
    at: time,
  },
  kept: {
    name: text,
    startedAt: time,
    finishedAt: time,
    args: texts,
    vantage: text,
    hostsUp: count,
    open: count,
    complete: truth,
    bytes: count,
  },
  seen: { host: address, protocol, port, state, firstSeen: time, lastSeen: time, lastLooked: time },
  summary: {
    finishedAt: time,
    elapsedMs: number,
    hosts: all({ up: count, down: count, unknown: count, total: count }),
    packets: all({ sent: count, received: count, retransmitted: count }),
    bytes: all({ sent: count, received: count }),
    ports: all(Object.fromEntries(portStates.map((one) => [one, optional(count)]))),
    anomalies: optional(all({ packets: count, wrongChecksum: count })),
    silentHosts: optional(count),
    silent: optional(count),
    loss: optional(all({ estimate: number, low: number, high: number, missedOpenExpected: number })),
    checks: optional(all({ pass: count, fail: count, inconclusive: count })),
    names: optional(
      all({ asked: count, found: count, absent: count, undecided: count, leftOut: optional(object) }),
    ),
    complete: truth,
    exit: oneOf(['done', 'incomplete', 'interrupted', 'failed']),
  },
} as const satisfies { readonly [Type in RecordedFact['type']]: Shape<Type> };

/** Records hold millions of facts: their fields are listed once. */
const shapesByType: ReadonlyMap<string, readonly (readonly [string, Field])[]> = new Map(
  Object.entries(factShapes).map(([type, shape]) => [type, Object.entries(shape)]),
);

/** What keeps a value from being a recorded fact; undefined where nothing does. Fields that nobody knows may stand. */
export function shapeFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no object';
  const fields = value as Readonly<Record<string, unknown>>;
  const shape = shapesByType.get(fields['type'] as string);
  if (shape === undefined)
    return `has the type ${inShort(fields['type'])}; wanted one of ${Object.keys(factShapes).join(', ')}`;
  const n = fields['n'];
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1)
    return `has n ${inShort(n)}; wanted its ordinal from 1`;
  for (const [name, { check, isOptional }] of shape) {
    const field = fields[name];
    if (field === undefined && isOptional) continue;
    const wanted = check(field);
    if (wanted !== undefined) return `has ${name} ${inShort(field)}; wanted ${wanted}`;
  }
  return undefined;
}

/** A value in short, with no character that a terminal would obey. */
export function inShort(value: unknown): string {
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value) ?? 'nothing';
  return json.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, '?');
}
