import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/sim/clock.ts';
import { simulatedDial } from '../../test/sim/dial.ts';
import { errnos } from '../system/errnos.ts';
import type { DialTarget, Opened } from './dial.ts';
import { Dialogues } from './dialogues.ts';
import type { Endpoint, Endpoints } from './endpoint.ts';
import { Pace } from './pace.ts';

const host = { family: 4, value: 0x0a00_0001n } as const;
const target: DialTarget = { host, port: 80, transport: 'tcp', timeoutUs: 100_000 };

/** Sockets of a machine that is out of something for a while. */
function poorEndpoints(troubles: number[]): { readonly endpoints: Endpoints; readonly begun: number[] } {
  const begun: number[] = [];
  const endpoint: Endpoint = {
    opened: { outcome: 'connected', errno: 0 },
    send: (bytes) => bytes.length,
    receive: () => undefined,
    peer: () => ({}),
    packets: () => ({}),
    close: () => undefined,
  };
  const endpoints: Endpoints = {
    begin: ({ port }) => {
      const trouble = troubles.shift() ?? 0;
      if (trouble !== 0) return trouble;
      begun.push(port);
      return endpoint;
    },
    poll: () => undefined,
    descriptor: undefined,
    isAsync: false,
    close: () => undefined,
  };
  return { endpoints, begun };
}

function setUp(troubles: number[], mostOpen = 8) {
  const clock = new VirtualClock();
  const { endpoints, begun } = poorEndpoints(troubles);
  const secure = () => {
    throw new Error('no TLS here');
  };
  const dialogues = new Dialogues(
    {
      endpoints,
      secure,
      clock: () => clock.nowUs,
      pace: new Pace(Number.POSITIVE_INFINITY),
      touch: () => undefined,
    },
    { mostOpen, intervalUs: 0, isAllowed: () => true, proxies: [], complain: () => undefined },
  );
  const passUntil = async (us: number) => {
    while (clock.nowUs < us) {
      clock.advance(Math.min(us, Math.max(dialogues.dueUs, clock.nowUs)));
      dialogues.poll();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { dialogues, begun, passUntil };
}

test('descriptors that are out are waited for', async () => {
  const { dialogues, begun, passUntil } = setUp(Array<number>(10).fill(errnos.EMFILE));
  const opened: Opened[] = [];
  void dialogues.open(target).then((one) => opened.push(one));
  await passUntil(40_000);
  expect([opened, begun]).toEqual([[], []]);
  await passUntil(60_000);
  expect(opened.map(({ outcome }) => outcome)).toEqual(['connected']);
});

test('descriptors that stay out are trouble of this machine, after the time that opening may take', async () => {
  const { dialogues, passUntil } = setUp(Array<number>(1000).fill(errnos.EMFILE));
  const opened: Opened[] = [];
  void dialogues.open(target).then((one) => opened.push(one));
  await passUntil(99_999);
  expect(opened).toEqual([]);
  await passUntil(110_000);
  expect(opened).toMatchObject([{ outcome: 'local', errno: errnos.EMFILE, cost: { connections: 0 } }]);
  expect([dialogues.size, dialogues.dueUs, dialogues.sentPackets]).toEqual([0, Number.POSITIVE_INFINITY, 0]);
});

test('no route is told at once', async () => {
  const { dialogues } = setUp([errnos.ENETUNREACH]);
  expect(await dialogues.open(target)).toMatchObject({ outcome: 'local', errno: errnos.ENETUNREACH });
});

test('a port that is taken is no trouble of those behind', async () => {
  const { dialogues, begun, passUntil } = setUp([errnos.EADDRINUSE]);
  void dialogues.open({ ...target, port: 1 });
  void dialogues.open({ ...target, port: 2 });
  await passUntil(20_000);
  expect(begun).toEqual([2, 1]);
});

test('who waits for a turn until its host’s time is over is let go', async () => {
  const { dialogues, passUntil } = setUp([], 1);
  void dialogues.open(target);
  const opened: Opened[] = [];
  void dialogues.open({ ...target, untilUs: 50_000 }).then((one) => opened.push(one));
  await passUntil(49_999);
  expect(opened).toEqual([]);
  await passUntil(50_000);
  expect(opened).toMatchObject([{ outcome: 'dropped' }]);
});

test('deadlines are those of the clock that was handed in, to the microsecond', async () => {
  const clock = new VirtualClock();
  const dial = simulatedDial({
    clock,
    seed: 1,
    path: { rttUs: 1000 },
    hostOf: () => ({ port: () => 'open' }),
  });
  const turn = async () => {
    dial.poll(0, () => undefined);
    while (dial.isAsync) await dial.wait(0);
  };
  const kinds: string[] = [];
  void dial.open(target).then(async (opened) => {
    if (opened.outcome === 'connected') kinds.push((await opened.dialogue.read(1, 7_777_777)).kind);
  });
  clock.advance(1000);
  await turn();
  clock.advance(7_777_776);
  await turn();
  expect(kinds).toEqual([]);
  clock.advance(7_777_777);
  await turn();
  expect(kinds).toEqual(['timeout']);
});
