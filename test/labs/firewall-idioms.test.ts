/**
 * `portolan firewall` before rule sets in the idioms in which people publish theirs: the policy of every port is the
 * kernels', and the findings are those that follow from what the kernels did with single probes.
 *
 * @module
 */

import { describe, expect, it } from 'vitest';
import { createChain } from '../net/firewall/chain.ts';
import { expectedOf, unlisted } from '../net/firewall/derive.ts';
import { type Idiom, idioms } from '../net/firewall/idioms.ts';
import {
  findingFaults,
  firewall,
  merged,
  policyFaults,
  portsOf,
  recordFaults,
} from '../net/firewall/judge.ts';
import { truthOf } from '../net/firewall/truth.ts';
import { labMissing } from '../net/lab/requirements.ts';

describe.skipIf(labMissing() !== undefined)('published idioms', () => {
  it.concurrent.each(idioms().map((idiom) => [idiom.name, idiom] as const))(
    '%s',
    { timeout: 300_000 },
    async (_, idiom) => {
      const { wrong, stdout } = await judged(idiom);
      expect(wrong, stdout.slice(-8000)).toEqual([]);
    },
  );
});

async function judged(idiom: Idiom) {
  const chain = await createChain(idiom);
  try {
    await idiom.prepare?.(chain);
    const scanned = await firewall(chain, { ...idiom, finds: [] });
    const { tcp } = portsOf(idiom);
    const family = idiom.family === 6 ? 6 : 4;
    const truth = await truthOf(chain, family, [...tcp, ...unlisted], [], idiom.gapMs);
    const served = Object.keys(idiom.services?.tcp ?? {}).map(Number);
    const { must, may } = expectedOf(truth, tcp, served);
    if (idiom.family === 'both') must.add('ipv6-hole');
    // Datagrams are not derived: kernels limit what refuses them.
    const ofDatagrams = idiom.udpPorts === undefined ? [] : ['icmp-rate-limit', 'source-port-hole'];
    for (const rule of idiom.may ?? []) must.delete(rule);
    const scenario = { ...idiom, finds: [...must], may: [...may, ...ofDatagrams, ...(idiom.may ?? [])] };
    const wrong = [
      ...findingFaults(scenario, scanned),
      ...recordFaults(scanned),
      ...(await policyFaults(chain, scenario, scanned)).filter((line) => !isElsewhere(idiom, line)),
    ];
    if (scanned.status !== 0) wrong.push(`exit ${scanned.status}: ${scanned.stderr.trim()}`);
    return { wrong: merged(wrong), stdout: scanned.stdout };
  } finally {
    chain.close();
  }
}

function isElsewhere({ elsewhere = [] }: Idiom, fault: string): boolean {
  return (
    elsewhere.some((port) => fault.startsWith(`tcp/${port} over`)) &&
    / allow, but the kernels proxy$/.test(fault)
  );
}
