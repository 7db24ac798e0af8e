/**
 * The first fact of a scan: what was asked.
 *
 * @module
 */

import { version } from '../base/version.ts';
import type { ScanFact } from '../model/fact.ts';
import { formatPorts } from '../model/ports.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import type { Protocol } from '../model/verdict.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutKey } from '../plan/without-key.ts';
import { techniqueOf } from '../techniques/index.ts';
import type { QuestionList } from './shard/config.ts';

/** The first fact: the whole plan, as far as it is nobody's secret. */
export function scanFact(plan: Plan, questions: QuestionList | undefined, startedAt: string): ScanFact {
  const asked = plan.goal === 'ports' ? plan.techniques : [];
  const profile = asked.map((name) => techniqueOf(name).profile).find((words) => words !== undefined);
  return {
    type: 'scan',
    n: 1,
    schema: 1,
    version,
    startedAt,
    args: withoutSecrets(plan.args),
    seed: plan.seed,
    questions: asked.map((technique: PortTechniqueName) => {
      const ports = portsAsked(questions, technique).sort();
      const protocol = techniqueOf(technique).about as Protocol;
      return { technique, protocol, ports: formatPorts(ports), count: ports.length };
    }),
    targets: plan.groups.map(({ targets }) => targets).join(),
    excluded: plan.excluded,
    options: optionsOf(plan),
    ...(profile !== undefined && { profile }),
  };
}

/** The ports a technique asks for: in a plan's list they stand together. */
function portsAsked(questions: QuestionList | undefined, technique: string): Uint16Array {
  if (questions === undefined) return new Uint16Array(0);
  const { techniques, techniqueOf, portOf } = questions;
  const index = techniques.indexOf(technique);
  return portOf.slice(Math.max(0, techniqueOf.indexOf(index)), techniqueOf.lastIndexOf(index) + 1);
}

/** What else the plan says. Targets that are asked other ports than others stand in groups once more. */
function optionsOf(plan: Plan): ScanFact['options'] {
  const { groups, excluded, args, seed, warnings, incomplete, proxies, ...options } = plan;
  return {
    ...options,
    ...(groups.length > 1 && { groups }),
    ...(proxies.length > 0 && { proxies: withoutSecrets(proxies) }),
  };
}

/** Names and passwords in URLs, and keys, are nobody's business. */
export function withoutSecrets(words: readonly string[]): readonly string[] {
  return withoutKey(words).map((word) => word.replaceAll(/(\w:\/\/)[^/]*@/g, '$1'));
}
