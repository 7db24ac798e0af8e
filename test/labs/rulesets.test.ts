/**
 * The rule sets of real firewalls, with the ICMP limits of kernels as installed: every state is what the rules say, and
 * nothing is found that is not there.
 *
 * The truth is computed from the rules and from what listens; nmap is a second opinion, which misses answers of its own.
 *
 * @module
 */

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nmap, type PortTable } from '../net/lab/nmap.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { refusesByError, ruleSets, statesOf, type Walled, walledLab } from '../net/lab/rule-sets/index.ts';

const missing = labMissing();

for (const rules of ruleSets) {
  const isHere = missing === undefined && existsSync(rules.program);
  const absent = existsSync(rules.program) ? '' : ` (not installed: ${rules.package})`;
  describe.skipIf(!isHere)(`${rules.name}${absent}`, () => {
    let walled: Walled;
    beforeAll(async () => {
      walled = await walledLab(rules);
    }, loadingMs);
    /** What each scan took, told together. */
    const took: string[] = [];
    afterAll(() => {
      walled?.close();
      console.log([rules.name, ...took].join('\n  '));
    });

    const addressOf = (family: 4 | 6) => (family === 4 ? walled.target.v4 : walled.target.v6);
    /** What the rules forbid of what was found. */
    const wrongIn = (found: PortTable, technique: 'syn' | 'connect', family: 4 | 6) =>
      [...found].flatMap(([key, { state, reason }]) => {
        const port = portOf(key);
        const states = statesOf(rules, technique, port, family);
        return states.includes(state) ? [] : [`${port} is ${state} (${reason}), not ${states.join(' or ')}`];
      });

    for (const technique of ['syn', 'connect'] as const) {
      for (const family of [4, 6] as const) {
        const flag = technique === 'syn' ? '-sS' : '-sT';
        for (const [words, count] of [
          [['-F'], 100],
          [[], 1000],
        ] as const) {
          test(`${flag} ${words.join(' ')} over IPv${family}`, async () => {
            const startedMs = performance.now();
            const scan = await portolan(walled.lab, ['-n', '-Pn', flag, ...words, addressOf(family)]);
            const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
            const probes = scan.summary?.packets.sent ?? 0;
            took.push(`${flag} ${count} ports, IPv${family}: ${seconds} s, ${probes} probes`);
            const found = scan.ports();
            expect(scan.status, scan.stderr).toBe(0);
            expect(found.size).toBe(count);
            expect(wrongIn(found, technique, family)).toEqual([]);
            const may = refusesByError(rules, [...found.keys()].map(portOf), family)
              ? ['icmp-rate-limit']
              : [];
            const told = scan.facts.flatMap((fact) => (fact.type === 'finding' ? [fact.rule] : []));
            expect(told.filter((rule) => !may.includes(rule))).toEqual([]);
            // A busy machine answers late, now and then: few samples may be called lost, and the interval says how few.
            expect(scan.summary?.loss?.low ?? 0).toBeLessThan(0.05);
          });
        }
        test(`nmap ${flag} over IPv${family} sees the same`, async () => {
          const options = family === 6 ? ['-6'] : [];
          // A port-unreachable, which comes once a second, is a refusal to its connections: it waits for each.
          const few = technique === 'connect' ? ['--top-ports', '20'] : ['-F'];
          const found = await nmap(walled.lab, [...options, '-Pn', '-T4', ...few, flag, addressOf(family)]);
          expect(found.size).toBeGreaterThan(0);
          // Where errors are limited or it hurries too much it takes an answer for none.
          const wrong = wrongIn(found, technique, family).filter(
            (line) => !line.includes('is filtered (no-response), not closed'),
          );
          expect(wrong).toEqual([]);
        });
      }
    }
  });
}

function portOf(key: string): number {
  return Number(key.split('/')[1]);
}

/** Shorewall compiles its rules in Perl, for each family anew. */
const loadingMs = 180_000;
