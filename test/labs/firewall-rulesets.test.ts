/**
 * `portolan firewall` before rule sets that Debian's packages hold: findings are exactly those that follow from what the
 * kernels did with single probes, and the policy of every probed port is theirs.
 *
 * A third of them is held back: chosen by their names before any result was seen, and told apart in the summary.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { PolicyFact } from '../../src/model/fact.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { expectedOf, unlisted } from '../net/firewall/derive.ts';
import { findingsOf, merged, policyTable, recordFaults } from '../net/firewall/judge.ts';
import { type Site, truthOf } from '../net/firewall/truth.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { type PackagedRules, packagedRules, servedPorts, walledLab } from '../net/lab/rule-sets/index.ts';

const missing = labMissing();
const scores: string[] = [];
afterAll(() => console.log(scores.sort().join('\n')));

for (const rules of packagedRules.filter(({ name }) => !bansWhoScans(name))) {
  const isHere = missing === undefined && existsSync(rules.program);
  const absent = existsSync(rules.program) ? '' : ` (not installed: ${rules.package})`;
  describe.skipIf(!isHere)(`${rules.name}${absent}`, () => {
    // They wait for silence most of the time.
    test.concurrent.each([4, 6] as const)('over IPv%i', { timeout: 300_000 }, async (family) => {
      const part = isHeldBack(rules.name) ? 'held back' : 'shown';
      try {
        expect(await faultsOf(rules, family)).toEqual([]);
        scores.push(`${part}: right: ${rules.name}, IPv${family}`);
      } catch (error) {
        scores.push(`${part}: WRONG: ${rules.name}, IPv${family}`);
        throw error;
      }
    });
  });
}

async function faultsOf(rules: PackagedRules, family: 4 | 6): Promise<readonly string[]> {
  const { lab, target, close } = await walledLab(rules);
  try {
    const { scanner, router } = lab;
    // Bans are about an address: what they do shows to that one alone.
    const isBan = rules.package === 'fail2ban' || rules.package === 'sshguard';
    scanner.namespace.ip(
      'addr add 10.77.1.3/24 dev eth0',
      'addr add fd77:0:0:1::3/64 dev eth0 nodad preferred_lft 0',
    );
    const site: Site = {
      scanner: scanner.namespace,
      host: target.namespace,
      others: target === router ? [] : [router.namespace],
      address: (of) => (of === 4 ? target.v4 : target.v6),
      witness: (of) =>
        isBan ? (of === 4 ? scanner.v4 : scanner.v6) : `${of === 4 ? '10.77.1.' : 'fd77:0:0:1::'}3`,
    };
    const address = site.address(family);
    const found = await portolan(lab, ['firewall', '-n', '-Pn', '-p', ports, address]);
    const list = [...parsePortRanges(ports)];
    const truth = await truthOf(site, family, [...list, ...unlisted], []);
    const served = target === router ? [] : servedPorts;
    // Rules that stop neighbour discovery keep the router from finding the host: he refuses what waits for it, too late for
    // the truth, or drops it where too much waits.
    const { stdout: neighbour } = await router.namespace.run(['ip', 'neigh', 'show', address]);
    const isLost = target !== router && /FAILED|INCOMPLETE/.test(neighbour);
    const { must, may } = isLost ? ofLostHost : expectedOf(truth, list, served);
    const told = findingsOf(found.facts);
    const wrong = [
      ...[...must]
        .filter((rule) => !told.some((each) => each.rule === rule))
        .map((rule) => `missed: ${rule}`),
      ...told
        .filter(({ rule }) => !must.has(rule) && !may.has(rule))
        .map(({ rule, claim, confidence }) => `false: ${rule} (${confidence}): ${claim}`),
      ...recordFaults(found),
      ...(found.status === 0 ? [] : [`exit ${found.status}: ${found.stderr}`]),
    ];
    const table = policyTable(found.facts.filter((fact): fact is PolicyFact => fact.type === 'policy'));
    for (const port of list) {
      const [range, ...others] = table.get(port) ?? [];
      const fate = truth.fate('syn', port);
      if (range === undefined || others.length > 0)
        wrong.push(`tcp/${port} is in ${1 + others.length} ranges`);
      else if (isLost && (range.action === 'reject-icmp' || range.action === 'drop')) continue;
      else if (range.action !== fate && !(range.alternatives ?? []).includes(fate))
        wrong.push(`tcp/${port}: ${range.action}, but the kernels ${fate}`);
    }
    return merged(wrong);
  } finally {
    close();
  }
}

/** No filter is seen to reject or to drop. */
const ofLostHost = {
  must: new Set<string>(),
  may: new Set(['filter-location', 'icmp-rate-limit', 'default-drop']),
};

/** Whether the scan itself is banned: a true ban, whose policy stays unknown. */
function bansWhoScans(name: string): boolean {
  return name.includes('antiddos');
}

/** One of three, by what only its name decides. */
function isHeldBack(name: string): boolean {
  return createHash('sha256').update(`portolan ${name}`).digest().readUInt32BE(0) % 3 === 0;
}

/** The hundred most common ports are those that rules name; these are as many, and a stretch that none names. */
const ports =
  '7,9,13,21-23,25-26,37,53,79-81,88,106,110-111,113,119,135,139,143-144,179,199,389,427,443-445,465,513-515,543-544,548,554,587,631,646,873,990,993,995,1025-1029,1110,1433,1720,1723,1755,1900,2000-2001,2049,2121,2717,3000-3029,3128,3306,3389,3986,4899,5000,5009,5051,5060,5101,5190,5357,5432,5631,5666,5800,5900,6000-6001,6646,7070,8000,8008-8009,8080-8081,8443,8888,9100,9999-10000';
