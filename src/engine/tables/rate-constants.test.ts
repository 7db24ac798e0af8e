/** The table of the rate control's numbers is whole, and what can be calculated of its reasons is right. @module */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as constants from './rate-constants.ts';

const folder = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const table = read('tables/rate-constants.ts');
const entries = [...table.matchAll(/\/\*\*(?<doc>(?:(?!\*\/)[\s\S])*)\*\/\nexport const (?<name>\w+) = /g)];
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.includes('.test.') && !path.startsWith('tables'),
);
const modules = paths.map((path) => read(path));

describe('the table of constants', () => {
  test('says of each on what it rests', () => {
    expect(entries.map(({ groups }) => groups?.['name']).sort()).toEqual(Object.keys(constants).sort());
    for (const { groups } of entries) {
      expect(groups?.['doc'], groups?.['name']).toMatch(
        /\b(?:Source|Measured|Reasoned): \S|\(RFC \d+, [\d.]+\)/,
      );
    }
  });

  test('holds none that nobody uses', () => {
    const used = new Set(
      modules.flatMap((text) =>
        /import \{([^}]*)\} from '\.{1,2}\/tables\/rate-constants\.ts'/.exec(text)?.[1]?.match(/\w+/g),
      ),
    );
    expect(Object.keys(constants).filter((name) => !used.has(name))).toEqual([]);
  });

  test.each([
    [
      'back-off',
      'bans',
      'error-meter',
      'error-source',
      'error-watch',
      'host-pace',
      'host-queue',
      'host-rates',
      'limit-hold',
      'limit-hunt',
    ],
    [
      'limited-answers',
      'liveness',
      'loss',
      'no-ways',
      'path-feedback',
      'patience',
      'rate-finder',
      'rounds',
      'rtt',
      'runs',
    ],
    [
      'path-samples',
      'sample-doubt',
      'sampling',
      'step-down',
      'scheduler',
      'scheduler-options',
      'sender',
      'sentinels',
      'slow-lane',
      'task-picker',
      'cooldown',
    ],
  ])('is where %s and others have all theirs from', (...names) => {
    for (const name of names) {
      const path = paths.find((one) => `/${one}`.endsWith(`/${name}.ts`)) as string;
      expect(read(path), name).not.toMatch(/^(?:export )?const \w+ = -?[\d(]/m);
    }
  });
});

describe('reasons that can be calculated', () => {
  test('chances are what they are called', () => {
    expect(10_000 * Math.exp(-constants.silenceEvidence)).toBeCloseTo(1, 1);
    expect(1e6 * Math.exp(-constants.sentinelEvidence)).toBeCloseTo(1, 1);
    expect(constants.clearLogRatio).toBe(3 ** 2 / 2);
    expect(constants.suspiciousOdds / (1 + constants.suspiciousOdds)).toBeCloseTo(0.45, 2);
  });

  test('three silences are enough where nothing is known, and two are not', () => {
    const each = Math.log(constants.lossPrior);
    expect(3 * each).toBeGreaterThan(constants.silenceEvidence);
    expect(2 * each).toBeLessThan(constants.silenceEvidence);
  });

  test('careful rounds win back what a delay takes, and fruitless cuts halve the rate', () => {
    expect(constants.delayFactor * constants.carefulGrowth ** constants.carefulRounds).toBeCloseTo(1, 2);
    expect(constants.delayFactor ** constants.fruitlessCuts).toBeLessThan(0.5);
    const calm = constants.calmGrowth ** (constants.calmRounds - constants.carefulRounds);
    expect(constants.carefulGrowth ** constants.carefulRounds * calm).toBeCloseTo(3, 0);
  });

  test('the noise of a window is a tenth of its share', () => {
    expect(constants.noiseDeviations / Math.sqrt(constants.windowAnswers)).toBeCloseTo(0.1, 10);
    expect(constants.probeGrowth).toBeCloseTo(constants.unswallowedShare / constants.aimedShare, 2);
  });

  test('the wheel turns in a power of two, and looks ahead less than a turn', () => {
    expect(Number.isInteger(Math.log2(constants.wheelSlots))).toBe(true);
    expect(constants.lookAheadUs).toBeLessThan(constants.wheelSlots * constants.paceTickUs);
  });
});
