/**
 * Filters that ban whoever sends a few SYNs, and drop what he sends then: what was asked afterwards is judged by nobody, and no
 * port of such a host is called filtered. Real kernels with their limits on.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressIn, createLab, type Lab } from '../net/lab/lab.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();
const open: ReadonlySet<number> = new Set([22, 80, 443]);

describe.skipIf(missing !== undefined)('behind a filter that bans by dropping', () => {
  let lab: Lab<'banning'>;
  beforeAll(async () => {
    lab = await createLab({ wire: { delayMs: 1 }, targets: { banning: { tcp: [...open].join() } } });
  });
  afterAll(() => lab?.close());

  describe.each(['-sS', '-sT'])('%s', (flag) => {
    /** SYNs that look for the host. */
    const looking = flag === '-sS' ? 1 : 2;
    it.each([
      { ports: '23,443', syns: looking, family: 4 },
      { ports: '23,443', syns: looking, family: 6 },
      { ports: '1-21,23,80,443', syns: looking + 1, family: 4 },
      { ports: '1-100,443', syns: looking + 40, family: 6 },
    ] as const)('-p $ports over IPv$family, banned after $syns SYNs', async ({ ports, syns, family }) => {
      const target = lab.targets.banning;
      target.namespace.nft(banningAfter(syns));
      const found = await portolan(lab, ['-n', flag, '--ungrouped', '-p', ports, addressIn(target, family)]);
      const table = [...found.ports()].map(([key, { state }]) => [Number(key.split('/')[1]), state] as const);
      for (const [port, state] of table)
        expect([port, open.has(port) ? ['open', 'unknown'] : ['closed', 'unknown']]).toEqual([
          port,
          expect.arrayContaining([state]),
        ]);
      expect(table.some(([, state]) => state === 'unknown')).toBe(true);
      const rules = found.facts.flatMap((fact) => (fact.type === 'finding' ? [fact.rule] : []));
      expect([rules, found.status], found.stderr).toEqual([['scan-blocked'], 3]);
    });
  });
});

/** Rules that drop all TCP of an address that has sent more SYNs than these. */
function banningAfter(syns: number): string {
  const sets = ['ip', 'ip6'].flatMap((family) => {
    const type = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    const set = `{ type ${type}; flags dynamic,timeout; timeout 60s; size 100; }`;
    return [`set banned-${family} ${set}`, `set asked-${family} ${set}`];
  });
  const rules = ['ip', 'ip6'].flatMap((family) => [
    `${family} saddr @banned-${family} meta l4proto tcp drop`,
    `tcp flags & (syn|ack) == syn add @asked-${family} { ${family} saddr limit rate over 1/hour burst ${syns} packets } add @banned-${family} { ${family} saddr } drop`,
  ]);
  return `flush ruleset
table inet ban {
  ${sets.join('\n  ')}
  chain input {
    type filter hook input priority 0;
    ${rules.join('\n    ')}
  }
}`;
}
