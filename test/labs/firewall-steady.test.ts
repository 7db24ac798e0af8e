/**
 * What `portolan firewall` finds does not change from run to run on a way that loses a packet in fifty, nor on one whose
 * packets take up to 200 ms longer or not: six filters, twenty runs each.
 *
 * @module
 */

import { describe, expect, it } from 'vitest';
import { createChain } from '../net/firewall/chain.ts';
import { findingFaults, firewall, merged, recordFaults } from '../net/firewall/judge.ts';
import { scenarios } from '../net/firewall/scenarios.ts';
import { labMissing } from '../net/lab/requirements.ts';
import type { WireOptions } from '../net/lab/wire.ts';

const names = [
  'no filter, behind a router',
  'default drop on the host behind 1 routers',
  'default reset on the first of 1 routers',
  'default admin-prohibited on the host',
  'a filter without state on the router does not see the flags of small fragments',
  'source port 53 is trusted on the router, IPv6',
];
const ways: readonly { readonly way: string; readonly wire: WireOptions }[] = [
  { way: 'one packet in fifty is lost', wire: { delayMs: 1, loss: 0.02 } },
  { way: 'packets take 0 to 200 ms', wire: { delayMs: 0, jitterMs: 200 } },
];
const runs = 20;
const minuteMs = 60_000;

describe.skipIf(labMissing() !== undefined)('findings stay what they are', () => {
  for (const { way, wire } of ways) {
    it.concurrent.each(names)(`where ${way}: %s`, { timeout: 15 * minuteMs }, async (name) => {
      const scenario = scenarios().find((each) => each.name === name);
      if (scenario === undefined) throw new Error(`there is no scenario "${name}"`);
      const chain = await createChain({ ...scenario, wire });
      try {
        const wrong: string[] = [];
        for (let run = 1; run <= runs; run++) {
          const scanned = await firewall(chain, scenario);
          const faults = [...findingFaults(scenario, scanned), ...recordFaults(scanned)];
          if (scanned.status !== 0) faults.push(`exit ${scanned.status}: ${scanned.stderr.trim()}`);
          wrong.push(...faults.map((fault) => `run ${run}: ${fault}`));
        }
        expect(merged(wrong)).toEqual([]);
      } finally {
        chain.close();
      }
    });
  }
});
