import { mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Reports tell local times: what tests expect must not depend on where they run.
process.env['TZ'] = 'UTC';

// Scans that tests run are kept where nobody looks for his own.
process.env['XDG_STATE_HOME'] ??= mkdtempSync(join(tmpdir(), 'portolan-state-'));

const minuteMs = 60_000;

/**
 * Tests in namespaces wait for silence most of the time, three of them leave two processors idle for half of it;
 * simulations, which have a clock of their own, fill that half.
 */
const together = { maxWorkers: 4, sequence: { groupOrder: 1 } };

/** What `npm test` runs. Tests of a busy machine may take their time: none of them measures it, but for those alone. */
const everyday = [
  {
    test: {
      name: 'unit',
      // They leave nothing behind in a module: files share what is loaded, a quarter of the time is saved.
      isolate: false,
      include: ['src/**/*.test.ts', 'tools/**/*.test.mjs', 'bench/**/*.test.ts'],
      testTimeout: minuteMs,
    },
  },
  {
    test: {
      name: 'sim',
      include: ['test/sim/**/*.test.ts'],
      testTimeout: 2 * minuteMs,
      ...together,
    },
  },
  {
    test: {
      name: 'net',
      include: ['test/net/**/*.test.ts'],
      exclude: alone(),
      testTimeout: 3 * minuteMs,
      hookTimeout: 2 * minuteMs,
      ...together,
    },
  },
  {
    test: {
      name: 'alone',
      include: alone(),
      testTimeout: 3 * minuteMs,
      hookTimeout: 2 * minuteMs,
      maxWorkers: 1,
      sequence: { groupOrder: 2 },
    },
  },
];

/** What `npm run labs` runs, which says which files: tools/labs.mjs. */
const labs = [
  {
    test: {
      name: 'labs',
      include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
      testTimeout: 5 * minuteMs,
      hookTimeout: 5 * minuteMs,
      maxWorkers: 1,
      // They wait for silence, too, and each in namespaces of its own.
      maxConcurrency: 8,
    },
  },
];

export default defineConfig({
  test: {
    // One fewer than there are processors is vitest's own choice: one, on a machine of two.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: process.env['PORTOLAN_LABS'] === undefined ? everyday : labs,
  },
});

/** Labs that do something at a certain moment of a scan, which a neighbour would move. */
function alone(): string[] {
  return ['test/net/resume.test.ts'];
}
