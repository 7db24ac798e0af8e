/** Hosts that say open for every port, and honest ones, on good and bad paths. @module */

import { describe, expect, test } from 'vitest';
import type { Talk } from '../../src/dial/talk.laws.ts';
import { runsOf } from '../runs.ts';
import type { HostModel, PortBehaviour } from './network.ts';
import { simulate, simulateChecked, tally } from './run.ts';

const all = (): PortBehaviour => 'open';
const reset: Talk = { steps: [{ ends: 'reset' }] };

const pretenders: Readonly<Record<string, HostModel & { readonly really?: number }>> = {
  'syn-proxy': {
    port: all,
    window: 0,
    talk: (port) => (port === 80 ? { window: 64_240 } : reset),
    really: 80,
  },
  'redirect-all': { port: all, isLedElsewhere: true },
  tarpit: {
    port: all,
    window: 10,
    talk: () => ({ window: 10 }),
  },
};
const greeter: HostModel = {
  port: all,
  talk: (port) => ({
    steps: [{ says: port === 22 ? 'SSH-2.0-x\r\n' : `220 session ${port} ready\r\n` }],
  }),
};

describe('pretenders', () => {
  for (const [rule, { really, ...host }] of Object.entries(pretenders)) {
    test.each([0, 0.05])(`${rule} is found, loss %d, and no port open that is not`, async (loss) => {
      for (let seed = 1; seed <= runsOf(10); seed++) {
        const path = { rttUs: 20_000, loss, jitterUs: 2000 };
        const outcome = await simulateChecked({ seed, path, hosts: [host], ports: 500 });
        const open = [...outcome.verdicts].filter(([, { state }]) => state === 'open').map(([key]) => key);
        expect([...outcome.pretences.values()], `seed ${seed}`).toEqual([rule]);
        expect(open, `seed ${seed}`).toEqual(really === undefined ? [] : [`0/${really}`]);
        expect([outcome.repeated, outcome.late, outcome.ends], `seed ${seed}`).toEqual([0, 0, ['done']]);
        expect(outcome.verdicts.size).toBe(500);
      }
    });
  }

  test('one listener that greets is known by its words, and a service by its own', async () => {
    const outcome = await simulateChecked({
      seed: 3,
      path: { rttUs: 5000 },
      hosts: [greeter],
      ports: 200,
    });
    expect([...outcome.pretences.values()]).toEqual(['redirect-all']);
    expect(tally(outcome)).toEqual({ open: 1, 'open|filtered': 199 });
    expect(outcome.verdicts.get('0/22')?.state).toBe('open');
  });

  test('a thousand connections at most, however fast they end', async () => {
    const host: HostModel = { port: all, window: 0, talk: () => reset };
    const outcome = await simulateChecked({
      seed: 1,
      path: { rttUs: 1000 },
      hosts: [host],
      ports: 5000,
    });
    expect(outcome.connections).toBe(1003);
    expect(tally(outcome)).toEqual({ 'open|filtered': 5000 });
  });

  test('packets and connections together keep to the most a second', async () => {
    const rate = { startPps: 200, minPps: 1, maxPps: 200 };
    const outcome = await simulateChecked({
      seed: 1,
      path: { rttUs: 1000 },
      hosts: [pretenders['syn-proxy'] as HostModel, { port: () => 'closed' }],
      ports: 300,
      limits: { hostRate: rate, linkRate: rate },
    });
    expect(outcome.connections).toBeGreaterThan(100);
    // Some milliseconds that were missed may be made up for.
    expect(outcome.totals.sentPackets).toBeLessThanOrEqual((outcome.elapsedMs / 1000) * 200 + 5);
  });

  test('what is not confirmed two seconds after the last answer stays unconfirmed', async () => {
    const host: HostModel = { port: all, window: 0, talk: () => ({ window: 64_240 }) };
    const outcome = await simulateChecked({
      seed: 1,
      path: { rttUs: 1000 },
      hosts: [host],
      ports: 5000,
    });
    expect(outcome.elapsedMs).toBeLessThan(6000);
    expect(tally(outcome)['open']).toBeLessThanOrEqual(1000);
    expect(tally(outcome)['open']).toBeGreaterThan(100);
    expect(outcome.verdicts.size).toBe(5000);
  });
});

describe('honest hosts', () => {
  const few = (other: PortBehaviour) => (port: number) => (port % 100 === 22 ? 'open' : other);

  test.each([
    ['everything open', all],
    ['few open, the rest closed', few('closed')],
    ['few open, the rest dropped', few('drop')],
    ['few open, the rest rejected', few('admin-prohibited')],
  ] as const)('%s: believed, whatever the path loses', async (_, port) => {
    for (const loss of [0, 0.05]) {
      for (let seed = 1; seed <= 5; seed++) {
        const path = { rttUs: 20_000, loss, jitterUs: 2000 };
        const outcome = await simulateChecked({ seed, path, hosts: [{ port }], ports: 1000 });
        const told = tally(outcome);
        const truth = Array.from({ length: 1000 }, (_, i) => port(i + 1)).filter((each) => each === 'open');
        expect(outcome.pretences.size, `seed ${seed}`).toBe(0);
        // Of ten thousand open ports one may be missed where packets get lost.
        expect(told['open'], `seed ${seed}`).toBeGreaterThanOrEqual(truth.length - (loss > 0 ? 3 : 0));
        expect(told['open|filtered'], `seed ${seed}`).toBeUndefined();
        expect([outcome.repeated, outcome.late, outcome.ends], `seed ${seed}`).toEqual([0, 0, ['done']]);
      }
    }
  });

  test('an open port behind a filter that drops is told after 20 ms', async () => {
    const hosts = [{ port: few('drop') }];
    const outcome = await simulateChecked({ seed: 2, path: { rttUs: 1000 }, hosts, ports: 1000 });
    const doubted = simulate({ seed: 2, path: { rttUs: 1000 }, hosts, ports: 1000 });
    const first = (map: ReadonlyMap<string, number>, verdicts: typeof outcome.verdicts) =>
      Math.min(...[...map].filter(([key]) => verdicts.get(key)?.state === 'open').map(([, atUs]) => atUs));
    const delayUs = first(outcome.toldAtUs, outcome.verdicts) - first(doubted.toldAtUs, doubted.verdicts);
    expect(delayUs).toBeGreaterThan(0);
    expect(delayUs).toBeLessThan(60_000);
    // Three canaries, and none of them twice; the path is sampled as long as the scan lasts, a little shorter or longer.
    expect(outcome.sent - doubted.sent).toBeLessThan(20);
  });

  test('a host that says closed first is asked nothing more', async () => {
    const port = (port: number): PortBehaviour => (port > 65_000 ? 'open' : 'closed');
    const hosts = [{ port }];
    const simulation = { seed: 4, path: { rttUs: 1000 }, hosts, ports: 1000 };
    expect((await simulateChecked(simulation)).sent).toBe(simulate(simulation).sent);
  });

  test('a ban in the middle ends every doubt', async () => {
    const hosts = [{ port: all, banAfter: 2 }];
    const outcome = await simulateChecked({ seed: 6, path: { rttUs: 20_000 }, hosts, ports: 200 });
    expect([outcome.ends, outcome.late, outcome.repeated]).toEqual([['blocked'], 0, 0]);
    expect(outcome.verdicts.size).toBe(200);
  });
});
