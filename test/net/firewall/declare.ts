/**
 * Scenarios as tests, some at a time: they wait for silence most of the time.
 *
 * @module
 */

import { describe, expect, it } from 'vitest';
import { labMissing } from '../lab/requirements.ts';
import { judge } from './judge.ts';
import type { Scenario } from './scenario.ts';

/** Declares a test for each scenario. */
export function declare(title: string, scenarios: readonly Scenario[]): void {
  describe.skipIf(labMissing() !== undefined)(title, () => {
    it.concurrent.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      { timeout: 120_000 },
      async (_, scenario) => {
        const { wrong, scanned } = await judge(scenario);
        expect(wrong, scanned.stdout.slice(-8000)).toEqual([]);
      },
    );
  });
}
