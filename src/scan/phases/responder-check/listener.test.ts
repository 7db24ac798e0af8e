import { expect, test } from 'vitest';
import { VirtualClock } from '../../../../test/sim/clock.ts';
import { simulatedDial } from '../../../../test/sim/dial.ts';
import type { PortBehaviour } from '../../../../test/sim/network.ts';
import type { DialogueBounds } from '../../../dial/dialogues.ts';
import type { Talk } from '../../../dial/talk.laws.ts';
import type { Host } from '../../../engine/hosts/host.ts';
import type { Heard } from './heard.ts';
import { type Hearing, Listener } from './listener.ts';

const [host, other] = [{}, {}] as [Host, Host];

/** A listener among simulated hosts whose ports talk as they are told to. */
function setUp(talks: Readonly<Record<number, Talk | PortBehaviour>>, bounds: Partial<DialogueBounds> = {}) {
  const clock = new VirtualClock();
  const model = {
    port: (port: number): PortBehaviour => {
      const talk = talks[port];
      return typeof talk === 'string' ? talk : 'open';
    },
    talk: (port: number): Talk => {
      const talk = talks[port];
      return typeof talk === 'object' ? talk : {};
    },
  };
  const dial = simulatedDial({ clock, seed: 1, path: { rttUs: 1000 }, hostOf: () => model }, bounds);
  const listener = new Listener(dial);
  const told: string[] = [];
  const listen = (port: number, more: Partial<Hearing> = {}) =>
    listener.listen({
      host,
      address: { family: 4, value: 0x0a00_0001n },
      scopeId: 0,
      port,
      words: new Uint8Array(0),
      waitUs: 10_000,
      isUrgent: false,
      tell: ({ state, bytes }: Heard) =>
        told.push(`${port} ${state}${bytes.length > 0 ? ` ${Buffer.from(bytes)}` : ''}`),
      ...more,
    });
  const passUntil = async (us: number) => {
    while (clock.nowUs < us) {
      dial.poll(0, () => undefined);
      while (dial.isAsync) await dial.wait(0);
      clock.advance(Math.min(us, clock.nextUs, Math.max(dial.dueUs, clock.nowUs)));
    }
    dial.poll(0, () => undefined);
    while (dial.isAsync) await dial.wait(0);
  };
  return { dial, listener, told, listen, passUntil };
}

test('tells what was said, a close from a reset, and both from a refusal', async () => {
  const { told, listen, passUntil, listener } = setUp({
    1: { steps: [{ says: '220 ready' }] },
    2: { steps: [{ ends: 'fin' }] },
    3: { steps: [{ ends: 'reset' }] },
    4: 'closed',
    5: 'drop',
    6: {},
    7: 'admin-prohibited',
  });
  for (const port of [1, 2, 3, 4, 5, 6, 7]) listen(port);
  await passUntil(30_000);
  expect(told.toSorted()).toEqual([
    '1 open 220 ready',
    '2 closed',
    '3 reset',
    '4 refused',
    '5 unheard',
    '6 open',
    '7 refused',
  ]);
  // Who is silent is asked three times.
  expect(listener.started).toBe(9);
});

test('says its words once the connection stands', async () => {
  const { told, listen, passUntil } = setUp({ 80: { steps: [{ hears: 'GET', says: 'HTTP/1.0 200' }] } });
  listen(80);
  listen(80, { words: Buffer.from('GET /') });
  await passUntil(20_000);
  expect(told).toEqual(['80 open HTTP/1.0 200', '80 open']);
});

test('those that matter more go first, the others when there is room', async () => {
  const end: Talk = { steps: [{ ends: 'fin' }] };
  const { told, listen, passUntil } = setUp({ 1: end, 2: end, 3: end }, { mostOpen: 1 });
  listen(1);
  listen(2);
  listen(3, { isUrgent: true });
  await passUntil(2500);
  expect(told).toEqual(['1 closed']);
  await passUntil(20_000);
  expect(told).toEqual(['1 closed', '3 closed', '2 closed']);
});

test('nobody is listened to for longer than it is worth, from the first packet on', async () => {
  const { told, listen, passUntil } = setUp({}, { mostOpen: 1 });
  listen(1);
  listen(2);
  await passUntil(9_999);
  expect(told).toEqual([]);
  await passUntil(10_000);
  expect(told).toEqual(['1 open']);
  await passUntil(19_999);
  expect(told).toEqual(['1 open']);
  await passUntil(20_000);
  expect(told).toEqual(['1 open', '2 open']);
});

test('what is dropped is told at once as far as it was heard, and nothing of it later', async () => {
  const { dial, told, listen, listener, passUntil } = setUp(
    { 3: { steps: [{ delayUs: 5000, says: 'x' }] } },
    { mostOpen: 2 },
  );
  listen(1);
  listen(3, { host: other });
  listen(2);
  await passUntil(2000);
  listener.drop(host);
  expect(told).toEqual(['1 open', '2 unheard']);
  await passUntil(30_000);
  expect([told, dial.dialogues]).toEqual([['1 open', '2 unheard', '3 open x'], 0]);
});
