/** What a record says of the filter before a port: its range of the policy, probes of variants, and findings. @module */

import type { FindingFact, PolicyFact, ProbeFact } from '../../model/fact.ts';
import { someRanges, sureText } from '../../report/phrases.ts';
import { fateText, portsIn } from '../../report/policy/rows.ts';
import { replyText, timesText } from '../../report/probe-words.ts';
import { portTechniques } from '../../techniques/index.ts';
import type { Technique } from '../../techniques/technique.ts';
import { describeProbe } from './describe-technique.ts';

/** What a filter does with the port, and how many share that. */
export function describePolicy(policy: PolicyFact): readonly string[] {
  const { protocol, ports, action, confidence, at } = policy;
  const sure = action === 'unknown' ? '' : ` (${Math.round(confidence * 100)} % sure)`;
  const count = portsIn(ports);
  const share = count === 1 ? 'this port alone' : `one of ${count} ports: ${someRanges(ports, shortly)}`;
  return ['', `policy ${protocol} ${fateText(policy)}${sure}, ${share}, ${at}`];
}

/** A probe that gave no verdict, as those of variants. `seen` are the words for its sender and times. */
export function describeOther(probe: ProbeFact, seen: string): readonly string[] {
  const { technique, variant, attempts, trouble, reply, at } = probe;
  const table = Object.values<Technique>(portTechniques).find(({ name }) => name === technique);
  const as = variant === undefined ? '' : `, ${variant}`;
  const sent = attempts === 0 ? 'nothing' : table === undefined ? technique : describeProbe(table.probe);
  return [
    '',
    `a probe by ${technique}${as}${seen}, ${timesText(attempts)}, ${at}`,
    `  sent      ${sent}${attempts === 0 ? '' : as}`,
    `  answer    ${trouble ?? replyText(reply)}`,
  ];
}

/** A finding about the host, and whether it rests on probes of this port. */
export function describeFinding(finding: FindingFact, asked: readonly ProbeFact[]): readonly string[] {
  const { rule, severity, claim, facts, evidence, refutedBy } = finding;
  const cited = asked.filter(({ n }) => facts.includes(n)).length;
  const rests =
    cited === 0 ? '' : cited === 1 ? '; it rests on a probe above' : `; it rests on ${cited} probes above`;
  return [
    '',
    `finding ${rule}${severity === undefined ? '' : ` [${severity}]`}: ${claim} (${sureText(finding)}${rests})`,
    ...evidence.map((sentence) => `  evidence  ${sentence}`),
    `  refuted   ${refutedBy}`,
  ];
}

/** Long lists of ports are shortened; the record has them. */
const shortly = { openOnly: false, reason: false, verbosity: 0 };
