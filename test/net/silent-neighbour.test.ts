/**
 * `-Pn` takes every host to be up: a neighbour that is not there has silent ports, whichever way they are asked.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab } from './lab/lab.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('a neighbour that is not there', () => {
  let lab: Lab<'near'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { near: { at: 'near', tcp: '22' } } });
  });
  afterAll(() => lab?.close());

  for (const family of ['v4', 'v6'] as const) {
    it.each([
      ['-sS', 'filtered'],
      ['-sT', 'filtered'],
      ['-sU', 'open|filtered'],
      ['-sF', 'open|filtered'],
    ] as const)(`over ${family}, %s: its ports are %s`, async (flag, state) => {
      const nobody = lab.scanner[family].replace(/[^.:]+$/, family === 'v4' ? '231' : 'e231');
      const { near } = lab.targets;
      const scan = await portolan(lab, ['-Pn', '-n', flag, '-p22,80', nobody, near[family]]);
      const told = [...scan.ports()].filter(([key]) => key.startsWith(`${nobody} `));
      expect(told.map(([, verdict]) => verdict)).toEqual([
        { state, reason: 'no-response' },
        { state, reason: 'no-response' },
      ]);
      expect(scan.summary).toMatchObject({ hosts: { up: 2, down: 0, unknown: 0 }, exit: 'done' });
      expect(scan.status).toBe(0);
    });
  }

  it.each(['v4', 'v6'] as const)('over %s, connections say the same of all its ports', async (family) => {
    const nobody = lab.scanner[family].replace(/[^.:]+$/, family === 'v4' ? '232' : 'e232');
    const scan = await portolan(lab, ['-Pn', '-n', '-sT', '-F', nobody]);
    const reasons = new Set([...scan.ports().values()].map(({ state, reason }) => `${state} ${reason}`));
    // Linux says of some of what waited for a neighbour that it is unreachable, and drops the rest without a word.
    expect([...reasons]).toEqual(['filtered no-response']);
    expect(scan.ports().size).toBe(100);
    expect(scan.status).toBe(0);
  });

  it('is down to whoever asks whether it is there', async () => {
    const nobody = lab.scanner.v4.replace(/\d+$/, '231');
    const { summary } = await portolan(lab, ['-n', '-p22', nobody]);
    expect(summary).toMatchObject({ hosts: { up: 0, down: 1 } });
  });
});
