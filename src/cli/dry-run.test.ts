import { describe, expect, it } from 'vitest';

import { describeForecast } from './dry-run.ts';
import { fakeWorld } from './fake-world.laws.ts';
import { run } from './main.ts';

describe('dry run', () => {
  it('prints every figure of the forecast and what it rests on', () => {
    const text = describeForecast({
      hosts: 256,
      questions: 256_000,
      packets: { min: 1024, expected: 300_000, max: 2_000_000 },
      bytes: { min: 999, expected: 20_000_000, max: 150_000_000 },
      durationMs: { min: 500, expected: 15_000, max: 3_600_000 },
      perTarget: { packets: { min: 4, expected: 4, max: 4 }, bytes: { min: 5.5, expected: 1000, max: 1000 } },
      assumptions: ['round trips of 20 ms', 'odd \u001b text'],
    });
    expect(text).toBe(`Forecast; nothing was sent.

Targets:     256
Questions:   256,000 (ports of targets, by technique)
Packets:     about 300,000 (1,024 to 2,000,000)
Bytes:       about 20.0 MB (999 bytes to 150 MB)
Time:        about 15 s (0.50 s to 1:00:00)
Per target:  4 packets
             about 1.00 kB (6 bytes to 1.00 kB)

Assumed:
  - round trips of 20 ms
  - odd \\x1b text
`);
  });

  it('plans, asks no scan, and counts what would be asked', async () => {
    const world = fakeWorld();
    expect(await run(['--dry-run', '-sT', '-p', '1-10', '192.0.2.0/28'], world)).toBe(0);
    expect(world.requests).toEqual([]);
    expect(world.out).toMatch(/Targets: +16\nQuestions: +160 /);
  });

  it('refuses what a scan would refuse', async () => {
    const world = fakeWorld();
    expect(await run(['--dry-run', '-p', '99999', '192.0.2.1'], world)).toBe(2);
    expect(world.out).toBe('');
    expect(world.err).toMatch(/^portolan: .*99999.*\n$/);
  });
});
