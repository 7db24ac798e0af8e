/**
 * What was found out about filters, as facts. Where a run asks both families of what may be one host, an address waits
 * for those of the other family: a port that one family stops may be open by the other.
 *
 * @module
 */

import { compareFamilies, type FamilyHole } from '../../firewall/families.ts';
import { portRanges, readRanges } from '../../firewall/port-list.ts';
import type { Unnumbered } from '../../model/fact.ts';
import { observationKind } from '../../model/observation.ts';
import { macText } from '../../wire/address-text.ts';
import type { CitedProbes } from './cited-probes.ts';
import type { FindingRecord } from './finding-record.ts';
import type { OpenHost } from './open-host.ts';
import { phaseNumbers } from './phase-numbers.ts';
import type { PhasePolicy, PolicyRecord } from './policy-record.ts';
import type { ProbeRecord } from './probe-record.ts';
import type { PhaseService } from './service-record.ts';

/** An address that is asked, which may be one of a host that has others. */
export interface FamilyHost {
  readonly name: string;
  readonly family: 4 | 6;
  /** The names by which it was asked for. */
  readonly askedAs: readonly string[];
}

/** What facts about filters are made with. */
export interface FilterFactsOptions {
  readonly tell: (fact: Unnumbered) => number;
  readonly probes: CitedProbes;
  /** Addresses that may be those of one host; empty where one family alone is asked. */
  readonly families: readonly FamilyHost[];
}

/** Tells facts about filters. */
export class FilterFacts {
  readonly #options: FilterFactsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: FilterFactsOptions) {
    this.#options = options;
    for (const host of options.families) {
      const entry = {
        ...{ ...host, mac: undefined, policies: [], findings: [], isDone: false, told: undefined },
        ...{ greetings: new Map(), keys: new Set<string>() },
      };
      this.#entries.set(host.name, entry);
    }
  }

  /** Takes what a filter does with ports of a host. */
  policy(host: OpenHost, { policy }: PolicyRecord, at: string): void {
    const entry = this.#entries.get(host.name);
    if (entry === undefined) this.#options.tell({ type: 'policy', host: host.name, ...policy, at });
    else entry.policies.push({ policy, at });
  }

  /** Takes what a phase has found out. */
  finding(host: OpenHost, record: FindingRecord, at: string): void {
    const entry = this.#entries.get(host.name);
    if (entry === undefined) this.#tellFinding(host, record, at);
    else entry.findings.push({ record, at });
  }

  /** Takes what a service said by itself when it was connected to. */
  greeted({ name }: OpenHost, { phase, protocol, port, seen: { kind, data } }: ProbeRecord): void {
    const entry = this.#entries.get(name);
    // What is said to somebody who asks is no greeting.
    if (entry === undefined || kind !== observationKind.connected || phase === phaseNumbers.identity) return;
    const said = Buffer.from(data).toString('latin1');
    const host = ownName.exec(said)?.[0];
    if (host !== undefined) entry.greetings.set(`${protocol}/${port}`, { said, name: host });
  }

  /** Takes what a service is known by: its host keys of SSH, its certificate. */
  served({ name }: OpenHost, { name: spoken, extra, certificate }: PhaseService): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    const hostKeys = (spoken === 'ssh' && extra?.['hostKeys']) || [];
    const keys = [
      ...[hostKeys].flat().map((key) => `the SSH host key ${key}`),
      ...(certificate === undefined ? [] : [`the certificate with the SHA-256 ${certificate.fingerprint}`]),
    ];
    for (const key of keys) if (entry.keys.size < mostKeys) entry.keys.add(key);
  }

  /** Everything is known of a host. */
  done({ name, mac }: OpenHost): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.isDone = true;
    entry.mac = mac && macText(mac);
  }

  /** Whether what was found out about a host that is done waits for another. */
  isWaiting({ name }: OpenHost): boolean {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.told !== undefined || entry.policies.length === 0) return false;
    for (const other of this.#entries.values()) {
      // What services say or show counts only where nobody else of the run does the same.
      if (!other.isDone && (entry.greetings.size > 0 || entry.keys.size > 0)) return true;
      if (other.family === entry.family) continue;
      if (!other.isDone && mayBeOne(entry, other)) return true;
      // What IPv6 leaves open is told with IPv4, and rests on both.
      if (entry.family === 4 && other.isDone && other.told === undefined && this.#sameBy(entry, other))
        return true;
    }
    return false;
  }

  /** Tells what was found out about a host; nothing more may be learnt of it. */
  tell(host: OpenHost): void {
    const entry = this.#entries.get(host.name);
    if (entry === undefined || entry.told !== undefined) return;
    const { tell } = this.#options;
    const holes = this.#holesOf(entry);
    entry.told = entry.policies
      .flatMap(({ policy, at }) => withHoles(policy, holes).map((part) => ({ policy: part, at })))
      .map(({ policy, at }) => tell({ type: 'policy', host: host.name, ...policy, at }));
    for (const { hole, partner } of holes) {
      const { cites: _, ...finding } = hole.finding;
      const facts = [...entry.told, ...(partner.told ?? [])].sort((a, b) => a - b);
      tell({ type: 'finding', host: host.name, ...finding, facts, at: entry.policies.at(-1)?.at ?? '' });
    }
    for (const { record, at } of entry.findings) this.#tellFinding(host, record, at);
  }

  #tellFinding({ name, probes }: OpenHost, { phase, finding }: FindingRecord, at: string): void {
    const { cites, ...said } = finding;
    const facts = this.#options.probes.cite(probes.ofPhase(phase, cites));
    this.#options.tell({ type: 'finding', host: name, ...said, facts, at });
  }

  /** What the IPv6 addresses of the host of an IPv4 address leave open. */
  #holesOf(entry: Entry): readonly { readonly hole: FamilyHole; readonly partner: Entry }[] {
    if (entry.family === 6) return [];
    return [...this.#entries.values()].flatMap((partner) => {
      const sameBy = partner.isDone ? this.#sameBy(entry, partner) : undefined;
      if (partner.family === 4 || sameBy === undefined) return [];
      const hole = compareFamilies(policyOf(entry), policyOf(partner), sameBy);
      return hole === undefined ? [] : [{ hole, partner }];
    });
  }

  /** By what two addresses are known to be one host's; undefined where they are not. */
  #sameBy(a: Entry, b: Entry): string | undefined {
    const name = a.askedAs.find((one) => b.askedAs.includes(one));
    const marks = [
      ...(a.mac !== undefined && a.mac === b.mac && this.#isOfOne(a.mac)
        ? [`the hardware address ${a.mac}`]
        : []),
      ...(name === undefined ? [] : [`the name ${name}`]),
      ...this.#equalKeys(a, b),
      ...this.#equalGreetings(a, b),
    ];
    return marks.length === 0 ? undefined : marks.join(' and ');
  }

  /** Keys and certificates that services of both show: of an image that several were made of, a third shows them too. */
  #equalKeys(a: Entry, b: Entry): readonly string[] {
    return [...a.keys].filter(
      (key) =>
        b.keys.has(key) &&
        [...this.#entries.values()].every((one) => one === a || one === b || !one.keys.has(key)),
    );
  }

  /** Services of both that greet by the name of their host, in the same words: nobody else of the run may say them. */
  #equalGreetings(a: Entry, b: Entry): readonly string[] {
    const equal = [...a.greetings].find(
      ([port, { said }]) =>
        b.greetings.get(port)?.said === said &&
        [...this.#entries.values()].every(
          (one) => one === a || one === b || one.greetings.get(port)?.said !== said,
        ),
    );
    return equal === undefined ? [] : [`the greeting of ${equal[0]}, which names ${equal[1].name}`];
  }

  /** Who answers for several IPv4 addresses may do so for other hosts. */
  #isOfOne(mac: string): boolean {
    return [...this.#entries.values()].filter((one) => one.family === 4 && one.mac === mac).length === 1;
  }
}

interface Entry extends FamilyHost {
  mac: string | undefined;
  /** What services said by themselves that name their host, by protocol and port. */
  readonly greetings: Map<string, { readonly said: string; readonly name: string }>;
  /** What services are known by that nobody else can show, in words. */
  readonly keys: Set<string>;
  readonly policies: { readonly policy: PhasePolicy; readonly at: string }[];
  readonly findings: { readonly record: FindingRecord; readonly at: string }[];
  isDone: boolean;
  /** The ordinals of its policies, once they are told. */
  told: readonly number[] | undefined;
}

/** Whether an address of which not everything is known may turn out to be one of the same host. */
function mayBeOne(entry: Entry, other: Entry): boolean {
  return entry.mac !== undefined || entry.askedAs.some((name) => other.askedAs.includes(name));
}

function policyOf({ name, family, policies }: Entry) {
  return { host: name, family, policy: policies.map(({ policy }) => policy) };
}

/** Two ports have few: each service of SSH has some kinds of keys. */
const mostKeys = 16;

/** A name with its domain, as hosts have them: a version has no letters behind its last dot. */
const ownName = /\b[a-z][a-z0-9-]*(?:\.[a-z0-9-]+){0,4}\.[a-z]{2,24}\b/i;

/** A range, those of its ports apart that IPv6 leaves open. */
function withHoles(
  policy: PhasePolicy,
  holes: readonly { readonly hole: FamilyHole }[],
): readonly PhasePolicy[] {
  const open = new Set(holes.flatMap(({ hole }) => hole.ports[policy.protocol]));
  if (open.size === 0 || policy.exposure === 'hole') return [policy];
  const all = readRanges(policy.ports);
  const [rest, reached] = [all.filter((port) => !open.has(port)), all.filter((port) => open.has(port))];
  return [
    ...(rest.length > 0 ? [{ ...policy, ports: portRanges(rest) }] : []),
    ...(reached.length > 0 ? [{ ...policy, ports: portRanges(reached), exposure: 'hole' as const }] : []),
  ];
}
