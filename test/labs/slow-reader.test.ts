/**
 * Whoever reads a scan slowly makes it slow, and not large: a shard waits with its questions until what it told is read.
 *
 * @module
 */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFor, createLab, type Lab } from '../net/lab/lab.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('slow-reader-program.mjs', import.meta.url));
/** Addresses that the target answers for besides its own. */
const network = '10.99.0.0/16';
const sleepMs = 10_000;
const mostMB = 250;

describe.skipIf(missing !== undefined)(`a reader asleep for ${sleepMs / 1000} s`, () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { web: { tcp: '80' } } });
    answerFor(lab, lab.targets.web, network);
  });
  afterAll(() => lab?.close());

  it.each([
    ['a sweep of a /16', { targets: [network], ports: '80', sweep: true }, 65_536],
    [
      '2,048,000 questions by packets',
      { targets: ['10.99.0.0/21'], ports: '1-1000', discovery: 'skip' },
      2_048_000,
    ],
    [
      '256,000 questions by connections, each told alone',
      {
        targets: ['10.99.0.0/24'],
        ports: '1-1000',
        discovery: 'skip',
        techniques: ['connect'],
        ungrouped: true,
      },
      256_000,
    ],
  ])('%s', { timeout: 5 * 60_000 }, async (_, request, questions) => {
    const args = [join(root, 'dist/index.js'), JSON.stringify({ ...request, reverseNames: 'never' })];
    const { stdout } = await lab.scanner.namespace.run([process.execPath, program, ...args, `${sleepMs}`]);
    const { ports, complete, exit, peakMB } = JSON.parse(stdout);
    expect({ complete, exit }).toEqual({ complete: true, exit: 'done' });
    expect(Object.values<number>(ports).reduce((sum, count) => sum + count)).toBe(questions);
    expect(peakMB).toBeLessThan(mostMB);
  });
});
