/** No descriptor is left to ask the kernel for a way, or to open a link with: that is the trouble of those hosts alone. */

import { expect, test } from 'vitest';
import { LinkOutbox } from '../../src/link/link-outbox.ts';
import { RouteFinder } from '../../src/scan/shard/route-finder.ts';
import { errnos } from '../../src/system/errnos.ts';
import { Shortage } from '../../src/system/patience.ts';
import { VirtualClock } from './clock.ts';
import { baseAddress, configFor } from './config.ts';
import { SimulatedMachine } from './machine.ts';
import { normalLimits, simulate } from './run.ts';

const short = (): never => {
  throw new Shortage('open a routing socket', errnos.EMFILE);
};

test('a host whose way cannot be asked for is unknown, the others are judged', () => {
  const { verdicts, warnings, states } = simulate({
    seed: 1,
    path: { rttUs: 1000, loss: 0 },
    hosts: Array.from({ length: 3 }, () => ({ port: () => 'closed' as const })),
    ports: 4,
    hasRoute: (address) => address !== baseAddress + 1 || short(),
  });
  for (const [key, { state, reason }] of verdicts)
    expect([state, reason]).toEqual(key.startsWith('1/') ? ['unknown', 'local-error'] : ['closed', 'reset']);
  expect(verdicts.size).toBe(12);
  expect(states.size).toBe(3);
  expect(warnings).toEqual([{ message: expect.stringContaining('EMFILE'), incomplete: true }]);
});

test('neither a link that cannot be opened nor routes that cannot be looked at end a scan', () => {
  const clock = new VirtualClock();
  const machine = new SimulatedMachine({ clock, send: () => {}, limitUs: 1 });
  const { openLink, openRoutes } = machine;
  const warnings: string[] = [];
  const config = configFor('syn', 2, 1, { seed: 1, limits: normalLimits });
  const reporter = { warn: (message: string) => void warnings.push(message) };
  const table = openRoutes.call(machine);
  let isShort = true;
  const unlessShort =
    <Word, Said>(say: (...words: Word[]) => Said) =>
    (...words: Word[]): Said =>
      isShort ? short() : say(...words);
  machine.openRoutes = () => ({
    ...table,
    lookupFlow: unlessShort(table.lookupFlow as () => ReturnType<typeof table.lookupFlow>),
    refresh: unlessShort(table.refresh),
  });
  machine.openLink = unlessShort(
    openLink.bind(machine) as (...words: unknown[]) => ReturnType<typeof openLink>,
  );
  machine.openSideEar = short;
  const context = { config, machine, reporter } as unknown as ConstructorParameters<typeof RouteFinder>[0];
  const asker = { sender: { addPath: () => 0 }, batch: undefined, asksOwn: false };
  const routes = new RouteFinder(
    context,
    asker as unknown as ConstructorParameters<typeof RouteFinder>[1],
    new LinkOutbox(),
  );
  const told: unknown[] = [];
  const approach = () =>
    routes.approach(
      { id: 0, group: 0, family: 4, words: Uint32Array.of(baseAddress) },
      {
        reached: (_, route) => void told.push(route !== undefined),
        lost: (_, isUnknown) => void told.push(isUnknown ? 'unknown' : 'down'),
      },
    );
  approach();
  expect(told).toEqual(['unknown']);
  // A link that can be opened serves, though nothing is heard by other interfaces.
  isShort = false;
  approach();
  expect(told).toEqual(['unknown', true]);
  expect(warnings.map((line) => line.slice(0, 30))).toEqual([
    'Some targets cannot be reached',
    'Answers that come in by other ',
  ]);
  isShort = true;
  routes.tick(10_000_000);
  expect(routes.links.earDescriptors).toEqual([]);
  routes.links.close();
});
