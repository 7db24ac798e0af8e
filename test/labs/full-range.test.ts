/**
 * All 65,535 ports of a host, every verdict of them right.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { addressIn, createLab, type Lab } from '../net/lab/lab.ts';
import type { PortTable } from '../net/lab/nmap.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('a full range with 500 open ports', () => {
  const open = '1-100,1000-1199,20000-20099,65436-65535';
  let lab: Lab<'big'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { big: { tcp: open } } });
  });
  afterAll(() => lab?.close());

  for (const family of [4, 6] as const) {
    for (const technique of ['syn', 'connect'] as const) {
      const flag = technique === 'syn' ? '-sS' : '-sT';
      it(`${flag} over IPv${family}: all 65,535 verdicts are right`, async () => {
        const host = addressIn(lab.targets.big, family);
        const found = await portolan(lab, [flag, '-Pn', '-n', '-p-', host]);
        const wrong = wrongOnes(found.ports(technique), host, parsePortRanges(open), technique);
        expect(wrong, found.stderr).toEqual([]);
        expect(found.status).toBe(0);
        const ports = { open: 500, closed: 65_035 };
        expect(found.facts.at(-1)).toMatchObject({ type: 'summary', ports, complete: true });
      });
    }
  }
});

function wrongOnes(
  found: PortTable,
  host: string,
  open: readonly number[],
  technique: 'syn' | 'connect',
): string[] {
  const isOpen = new Set(open);
  const words = technique === 'syn' ? ['open syn-ack', 'closed reset'] : ['open connected', 'closed refused'];
  const wrong = Array.from({ length: 65_535 }, (_, i) => i + 1).flatMap((port) => {
    const verdict = found.get(`${host} tcp/${port}`);
    const said = verdict === undefined ? 'nothing' : `${verdict.state} ${verdict.reason}`;
    return said === words[isOpen.has(port) ? 0 : 1] ? [] : [`${port}: ${said}`];
  });
  // A scan that found nothing would print 65,535 lines.
  return wrong.length <= 50 ? wrong : [...wrong.slice(0, 50), `and ${wrong.length - 50} more`];
}
