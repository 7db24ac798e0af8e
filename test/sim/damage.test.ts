/** Answers whose checksums are wrong, as some middleboxes send them. @module */

import { expect, test } from 'vitest';
import type { PortBehaviour } from './network.ts';
import { simulate } from './run.ts';

const isForged = (port: number) => port % 5 === 0;

test.each([true, false])('they are no answers, and are counted; one packet at a time: %s', (isSingle) => {
  const port = (number: number): PortBehaviour =>
    number % 7 === 0 ? 'open' : number % 11 === 0 ? 'admin-prohibited' : 'closed';
  const outcome = simulate({
    seed: 3,
    path: { rttUs: 2000 },
    hosts: [{ port, damages: isForged }],
    ports: 500,
    isSingle,
  });
  expect(outcome.verdicts.size).toBe(500);
  for (const [key, { state }] of outcome.verdicts) {
    const number = Number(/\d+$/.exec(key)?.[0]);
    const true_ = port(number) === 'admin-prohibited' ? 'filtered' : port(number);
    expect(state, key).toBe(isForged(number) ? 'filtered' : true_);
  }
  // Each of the hundred ports answered so each time it was asked.
  expect(outcome.totals.damaged).toBeGreaterThan(150);
  expect(outcome.totals.anomalies).toBe(outcome.totals.damaged);
  expect(outcome.inBatches > 0).toBe(!isSingle);
  expect(outcome.loss.state(8)).toMatchObject({ estimate: 0 });
});
