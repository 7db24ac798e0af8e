/** Scans where packets are dear: silence is believed sooner, unless something is seen to be lost. @module */

import { expect, test } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { runsOf } from '../runs.ts';
import type { PortBehaviour } from './network.ts';
import { type Simulation, simulate } from './run.ts';

/** As a plan for a filter's host spares its questions: all but the first two hundred. */
const chance = new SeededRandom(7);
const spared = Uint8Array.from({ length: 1000 }, (_, q) => {
  const turn = Math.floor(4 * chance.nextFloat());
  return q < 200 ? 0 : ([1, 2, 0, 2][turn] as number);
});

const ask = (seed: number, port: (port: number) => PortBehaviour, rest: Partial<Simulation> = {}) =>
  simulate({
    seed,
    path: { rttUs: 5000 },
    hosts: [{ port, echoesPerSecond: 100 }],
    ports: 1000,
    discovery: { techniques: ['ping-echo'], techniqueOf: new Uint8Array(1), portOf: new Uint16Array(1) },
    limits: { thrift: { spared } },
    ...rest,
  });

const dropping = (port: number): PortBehaviour => (port === 22 || port === 80 ? 'open' : 'drop');
const half = (port: number): PortBehaviour => (port === 22 ? 'open' : port % 2 === 0 ? 'closed' : 'drop');

test('of a host that drops nearly everything less than two transmissions a port', () => {
  const { sent, verdicts, ends } = ask(1, dropping);
  expect(sent).toBeLessThan(1950);
  expect(sent).toBeGreaterThan(1700);
  expect([verdicts.size, ends]).toEqual([1000, ['done']]);
  for (const [key, { state }] of verdicts)
    expect(state, key).toBe(dropping(Number(key.split('/')[1])) === 'open' ? 'open' : 'filtered');
});

test('of one that answers half of it, less than one and a half', () => {
  expect(ask(1, half).sent).toBeLessThan(1400);
});

test.each([dropping, half])('where packets get lost what was spared is asked again: %o', (port) => {
  let wrong = 0;
  for (let seed = 1; seed <= runsOf(8); seed++) {
    const { verdicts, timedOut } = ask(seed, port, { path: { rttUs: 5000, loss: 0.02 } });
    expect([verdicts.size, timedOut]).toEqual([1000, false]);
    for (const [key, { state }] of verdicts) {
      const behaviour = port(Number(key.split('/')[1]));
      if (state !== (behaviour === 'drop' ? 'filtered' : behaviour)) wrong++;
    }
  }
  // One port in some thousand, as the evidence for silence says.
  expect(wrong).toBeLessThanOrEqual(4);
});

test('a limit on SYNs that swallows what was spared is noticed', () => {
  const outcome = ask(2, (port) => (port % 100 === 22 ? 'open' : 'closed'), {
    hosts: [
      { port: (port) => (port % 100 === 22 ? 'open' : 'closed'), synsPerSecond: 100, echoesPerSecond: 100 },
    ],
  });
  const states = new Set(
    [...outcome.verdicts].map(([key, { state }]) => `${Number(key.split('/')[1]) % 100 === 22} ${state}`),
  );
  expect([...states].sort()).toEqual(['false closed', 'true open']);
});
