import { describe, expect, it } from 'vitest';

import { describeForecast } from './dry-run.ts';
import { fakeWorld } from './fake-world.laws.ts';
import { run } from './main.ts';

describe('dry run', () => {
  it('prints every figure of the forecast and what it rests on', () => {
    const told = {
      hosts: 256,
      questions: 256_000,
      allAnswer: {
        packets: 256_256,
        bytes: 15_400_000,
        durationMs: 12_800,
        perTarget: { packets: 1001, bytes: 60_156 },
      },
      noneAnswers: {
        packets: 768_256,
        bytes: 46_100_000,
        durationMs: 3_600_000,
        perTarget: { packets: 3001, bytes: 180_078 },
      },
      nobodyThere: {
        packets: 768,
        bytes: 999,
        durationMs: 3000,
        perTarget: { packets: 3.5, bytes: 5.5 },
      },
      rate: 'found' as const,
      assumptions: ['round trips of 20 ms', 'odd \u001b text'],
    };
    expect(describeForecast(told)).toBe(`Forecast; nothing was sent.

Targets:     256
Questions:   256,000 (ports of targets, by technique)

                        packets   bytes       time, about   per target
if every port answers   256,256   15.4 MB     13 s          1,001 packets, 60.2 kB
if no port answers      768,256   46.1 MB     1:00:00       3,001 packets, 180 kB
if nobody is there      768       999 bytes   3.0 s         3.5 packets, 6 bytes

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
