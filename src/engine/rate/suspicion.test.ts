/** What is done about a host that loses more than chance explains. @module */

import { describe, expect, test } from 'vitest';
import { taskState } from '../board.ts';
import type { Host } from '../hosts/host.ts';
import { hostOf, hostRate, meetLimit } from '../hosts/test-hosts.laws.ts';
import { PathSamples } from './path-samples.ts';
import { Suspicion, type SuspicionOptions } from './suspicion.ts';

/** A suspicion whose surroundings tell what is done to them; samples show the path where `samplesBegin`. */
function setUp(
  host: Host,
  { samplesBegin = false, firstAnswerSettles = false, patient = (_task: number): boolean => false } = {},
) {
  const done: unknown[] = [];
  const options: SuspicionOptions = {
    limits: { hostRate } as SuspicionOptions['limits'],
    firstAnswerSettles,
    link: {
      leaveToHosts: (nowUs: number) => done.push(['leave', nowUs]),
    } as unknown as SuspicionOptions['link'],
    board: host.board,
    closing: {
      each(_host: Host, visit: (task: number, question: number) => void) {
        for (let task = 0; task < host.board.questions; task++) visit(task, task);
      },
      askAgain: (_host: Host, task: number) => done.push(['again', task]),
    } as unknown as SuspicionOptions['closing'],
    patience: { hasEnough: (_host: Host, task: number) => patient(task) } as SuspicionOptions['patience'],
    rates: { add: (added: Host) => done.push(['rate', added.id]) } as unknown as SuspicionOptions['rates'],
    sampling: { begins: () => samplesBegin },
  };
  return { suspicion: new Suspicion(options), done };
}

/** A host that refused so many, so many of these only when asked again; so many more said open, of which none was late. */
function refusing(host: Host, refusals: number, late: number, opens = 0): Host {
  host.answers = refusals + opens;
  host.opens = opens;
  for (let i = 0; i < refusals; i++) host.loss.judge(i < late);
  for (let i = 0; i < opens; i++) host.loss.judge(false, true);
  return host;
}

/** Lets so many questions of a host be silent. */
function silence(host: Host, count: number): void {
  for (let task = 0; task < count; task++) {
    host.board.state[task] = taskState.silent;
    host.board.silences[task] = 3;
  }
  host.silent = count;
}

describe('losses of a host', () => {
  test('are left to samples where these begin, unless it was refusals that were late', () => {
    const sampled = hostOf(100, 'own');
    setUp(sampled, { samplesBegin: true }).suspicion.suspect(sampled, 1000);
    expect(sampled.finder?.hunt.isOn).toBe(false);
    const late = refusing(hostOf(100, 'own'), 10, 8);
    setUp(late, { samplesBegin: true }).suspicion.suspect(late, 1000);
    expect(late.finder?.hunt.isOn).toBe(true);
  });

  test('are hunted where no samples begin, and those that there were are given up', () => {
    const host = hostOf(100, 'own');
    host.samples = new PathSamples(host.sentinels);
    const { suspicion, done } = setUp(host);
    suspicion.suspect(host, 1000);
    expect([host.finder?.hunt.isOn, host.samples, done]).toEqual([true, undefined, []]);
  });

  test('give a host of sixteen questions a pace of its own, which the link leaves it to, and one of fifteen none', () => {
    const host = hostOf(16);
    const { suspicion, done } = setUp(host);
    suspicion.suspect(host, 1000);
    expect([host.finder?.hunt.isOn, host.finder?.rtt === host.rtt]).toEqual([true, true]);
    expect(done).toEqual([
      ['rate', 0],
      ['leave', 1000],
    ]);
    const few = hostOf(15);
    const other = setUp(few);
    other.suspicion.suspect(few, 1000);
    expect([few.finder, other.done]).toEqual([undefined, []]);
  });

  test('give none where the first answer is all that is wanted', () => {
    const host = hostOf(16);
    const { suspicion, done } = setUp(host, { firstAnswerSettles: true });
    suspicion.suspect(host, 1000);
    expect([host.finder, done]).toEqual([undefined, []]);
  });
});

describe('silence at the end', () => {
  test('is doubted once where refusals were late: it is asked again under a hunt', () => {
    const host = refusing(hostOf(100, 'own'), 10, 8, 5);
    silence(host, 11);
    host.board.state[50] = taskState.settled;
    const { suspicion, done } = setUp(host);
    expect(suspicion.doubtSilence(host, 1000)).toBe(true);
    expect(host.finder?.hunt.isOn).toBe(true);
    expect(done).toEqual(Array.from({ length: 11 }, (_, task) => ['again', task]));
    expect([...host.board.silences.subarray(0, 12)]).toEqual(Array(12).fill(0));
    expect(suspicion.doubtSilence(host, 2000)).toBe(false);
  });

  test('is not where no more are silent than have refused: a limit has let most through', () => {
    const host = refusing(hostOf(100, 'own'), 10, 8, 5);
    silence(host, 10);
    const { suspicion, done } = setUp(host);
    expect([suspicion.doubtSilence(host, 1000), done]).toEqual([false, []]);
  });

  test('is not where refusals came in time', () => {
    const host = refusing(hostOf(100, 'own'), 10, 1);
    silence(host, 50);
    expect(setUp(host).suspicion.doubtSilence(host, 1000)).toBe(false);
    expect(host.finder?.hunt.isOn).toBe(false);
  });

  test('is not where no hunt can be begun, nor where one has found its limit', () => {
    const few = refusing(hostOf(15), 4, 4);
    silence(few, 8);
    expect(setUp(few).suspicion.doubtSilence(few, 1000)).toBe(false);
    const limited = refusing(hostOf(100, 'own'), 4, 4);
    silence(limited, 8);
    meetLimit(limited);
    const { suspicion, done } = setUp(limited);
    expect([suspicion.doubtSilence(limited, 1000), done]).toEqual([false, []]);
  });

  test('about the way to the host is not asked again with the rest', () => {
    const host = refusing(hostOf(100, 'own'), 2, 2);
    silence(host, 3);
    host.noWay = { kept: new Map([[1, undefined]]) } as unknown as NonNullable<Host['noWay']>;
    const { suspicion, done } = setUp(host);
    expect(suspicion.doubtSilence(host, 1000)).toBe(true);
    expect(done).toEqual([
      ['again', 0],
      ['again', 2],
    ]);
  });
});

describe('sentinels that were lost', () => {
  test('have silent questions asked again that were not asked often enough for such a loss', () => {
    const host = hostOf(63);
    silence(host, 3);
    const { suspicion, done } = setUp(host, { patient: (task) => task === 1 });
    suspicion.doubt(host, 2);
    expect(host.loss.lost).toBe(2);
    suspicion.doubt(host, 3);
    expect(host.loss.lost).toBe(5);
    expect(done.slice(0, 2)).toEqual([
      ['again', 0],
      ['again', 2],
    ]);
  });

  test('say nothing of a host with 64 questions, which has its own pace', () => {
    const host = hostOf(64);
    silence(host, 3);
    const { suspicion, done } = setUp(host);
    suspicion.doubt(host, 2);
    expect([host.loss.lost, done]).toEqual([0, []]);
  });
});
