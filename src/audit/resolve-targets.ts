/**
 * Whom the rules of a policy are about: their targets as addresses, with the names that led to none.
 *
 * @module
 */

import { fromKey, RangeSet } from '../base/range-set.ts';
import { formatAddress } from '../model/address.ts';
import type { PlanningEnvironment } from '../plan/environment.ts';
import { quoted } from '../plan/quoted.ts';
import { readTargets } from '../plan/targets.ts';
import { mostChecks, type Policy, type PolicyTarget, type Rule } from './policy.ts';
import { PolicyText } from './policy-text.ts';

/** A rule with its hosts. */
export interface ResolvedRule {
  readonly rule: Rule;
  readonly hosts: RangeSet;
  readonly unresolved: readonly UnresolvedName[];
  /** Its names by the canonical text of the address they led to. */
  readonly askedAs: ReadonlyMap<string, string>;
}

/** A target of which no address is known. */
export interface UnresolvedName {
  readonly name: string;
  readonly why: string;
}

/** A policy whose names have been looked up. */
export interface ResolvedPolicy {
  readonly rules: readonly ResolvedRule[];
  /** All targets once more, as a request takes them: names are the addresses they led to. */
  readonly targets: readonly string[];
  readonly warnings: readonly string[];
  readonly asksNames: boolean;
}

/** How names become addresses, and which interface link-local ones are on. */
export interface Resolving {
  readonly family?: 4 | 6;
  readonly zone?: string;
}

/** Looks up what the rules name. Throws a PortolanError with its place for a target that cannot be asked. */
export async function resolvePolicy(
  policy: Policy,
  how: Resolving,
  environment: PlanningEnvironment,
): Promise<ResolvedPolicy> {
  const reader = new PolicyText(policy.file);
  const known = new Map<string, Promise<Looked>>();
  const look = (target: PolicyTarget) => {
    let looked = known.get(target.text);
    if (looked === undefined) {
      looked = lookUp(target, how, environment, reader);
      known.set(target.text, looked);
    }
    return looked;
  };
  const rules: ResolvedRule[] = [];
  let checks = 0n;
  // All names are asked at once; the first target that cannot be asked is then told.
  const looking = policy.rules.map((rule) => Promise.all(rule.targets.map(look)));
  await Promise.allSettled(looking);
  for (const [i, rule] of policy.rules.entries()) {
    const all = (await looking[i]) as readonly Looked[];
    const hosts = RangeSet.union(all.map((one) => one.hosts));
    const ports = rule.expectations.reduce((sum, one) => sum + one.ports.length, 0);
    checks += hosts.size * BigInt(ports * Math.max(1, rule.sourcePorts.length));
    if (checks > mostChecks) {
      const place = (rule.targets[0] as PolicyTarget).place;
      throw reader.wrong(
        place,
        `targets: found ${checks} checks up to here, wanted at most ${mostChecks} in one policy`,
      );
    }
    const unresolved = all.flatMap((one) => one.unresolved ?? []);
    rules.push({ rule, hosts, unresolved, askedAs: new Map(all.flatMap(({ askedAs }) => askedAs)) });
  }
  const looked = await Promise.all(known.values());
  return {
    rules,
    targets: [...new Set(looked.flatMap(({ targets }) => targets))],
    warnings: [...new Set(looked.flatMap(({ warnings }) => warnings))],
    asksNames: policy.rules.some((rule) => rule.targets.some(({ target }) => target.kind === 'name')),
  };
}

/** What one target leads to. */
interface Looked {
  readonly hosts: RangeSet;
  readonly targets: readonly string[];
  readonly askedAs: readonly (readonly [address: string, name: string])[];
  readonly warnings: readonly string[];
  readonly unresolved?: UnresolvedName;
}

async function lookUp(
  { text, target, place }: PolicyTarget,
  { family, zone }: Resolving,
  environment: PlanningEnvironment,
  reader: PolicyText,
): Promise<Looked> {
  const source = {
    texts: [text],
    files: [],
    ...(family !== undefined && { family }),
    ...(zone !== undefined && { zone }),
  };
  const { byPorts, askedAs, zones, warnings } = await readTargets(source, environment).catch((error) =>
    reader.by(place, () => {
      throw error;
    }),
  );
  const hosts = byPorts.get('') ?? RangeSet.empty;
  if (target.kind === 'addresses') {
    if (hosts.size === 0n)
      throw reader.wrong(place, `targets: found no host in ${quoted(text)}, wanted some`);
    // A plan warns of these itself.
    return { hosts, targets: [text], askedAs: [], warnings: [] };
  }
  if (hosts.size === 0n) {
    const [why = `Cannot resolve ${quoted(target.name)}`] = warnings;
    return { hosts, targets: [], askedAs: [], warnings, unresolved: { name: target.name, why } };
  }
  const targets = Array.from(hosts, (key) => {
    const address = formatAddress(fromKey(key));
    const link = zones.get(address);
    return link === undefined ? address : `${address}%${link}`;
  });
  return { hosts, targets, askedAs: [...askedAs.keys()].map((address) => [address, target.name]), warnings };
}
