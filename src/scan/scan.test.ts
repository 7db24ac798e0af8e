import { expect, onTestFinished, test, vi } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import { observation } from '../model/observation.laws.ts';
import { fromTarget, noSender } from '../model/observation.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { fakeEnvironment } from '../plan/fake-environment.laws.ts';
import type { Plan } from '../plan/plan.ts';
import { Collector, writers } from '../report/index.ts';
import { Records } from './records/records.ts';
import type { ShardRunner, ShardSink } from './runner/shard-runner.ts';
import { run, type ScanOptions } from './scan.ts';
import type { ShardReport, ShardTotals } from './shard/messages.ts';
import type { Slice } from './shard/slice.ts';

const { say } = vi.hoisted(() => ({ say: vi.fn<() => readonly (ShardReport | Error)[]>() }));

/** Shards that only say what a test wants heard; an error is how they end. */
vi.mock('./runner/thread-runner.ts', () => ({
  ThreadRunner: class implements ShardRunner {
    async run(_slice: Slice, sink: ShardSink): Promise<void> {
      for (const message of say()) {
        if (message instanceof Error) throw message;
        taken.push(sink.take(message));
      }
      await held;
    }
    reserve(): void {}
    close(): void {}
  },
}));

/** What shards wait for at their end. */
let held: Promise<void> | undefined;

test.each([
  ['a fault', new Error('table is full')],
  ['trouble of the system', new PortolanError('system-failed', 'Cannot read from "eth0": ENETDOWN')],
])('%s half-way: what is known is summed up as failed, then thrown', async (_, failure) => {
  say.mockReturnValue([openPort(), failure]);
  const { facts, error } = await scanTarget();
  expect(facts.find(({ type }) => type === 'port')).toMatchObject({ port: 22, state: 'open' });
  expect(facts.at(-1)).toMatchObject(failed);
  expect(error).toBe(failure);
});

/** What can be waited for and is no promise of Node's own. */
function withThen(then: PropertyDescriptor): object {
  return Object.defineProperty({}, 'then', then);
}

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('the screen is gone');
    },
  ],
  ['fails later', async () => Promise.reject(new Error('the screen is gone'))],
  [
    'fails as a promise of another maker',
    () =>
      withThen({ value: (_: unknown, fail: (why: Error) => void) => fail(new Error('the screen is gone')) }),
  ],
  [
    'cannot even be waited for',
    () =>
      withThen({
        get: () => {
          throw new Error('the screen is gone');
        },
      }),
  ],
  ['fails without a reason', async () => Promise.reject()],
])('a trace that %s ends the scan, not the program', async (name, fail) => {
  const line = { type: 'trace', line: 'SENT tcp' } as const;
  say.mockReturnValue([line, openPort(), line, { type: 'done', totals }]);
  const lines: string[] = [];
  const { facts, error } = await scanTarget({
    trace: (told) => {
      lines.push(told);
      return fail() as undefined;
    },
  });
  expect(lines[0]).toBe('SENT tcp');
  expect(facts.at(-1)).toMatchObject(failed);
  const message = name.endsWith('reason') ? 'failed without a reason' : 'the screen is gone';
  expect(error).toMatchObject({ message });
});

test.each<[object, string]>([
  [{ sginal: undefined }, 'The options have no field "sginal"'],
  [{ signal: {} }, 'signal of type object: wanted an AbortSignal'],
  [{ trace: 'line' }, 'trace "line": wanted a function'],
])('options that are none are refused before anything is sent: %j', async (options, problem) => {
  const { facts, error } = await scanTarget(options);
  expect(facts).toEqual([]);
  expect(error).toMatchObject({ exit: 2, message: expect.stringContaining(problem) });
});

test('what cannot be made a fact ends the scan, not the program', async () => {
  say.mockReturnValue([openPort(), { type: 'batch', records: undefined as never }]);
  const { facts, error } = await scanTarget();
  expect(facts.at(-1)).toMatchObject(failed);
  expect(error).toBeInstanceOf(TypeError);
});

test('a shard is told what was read when the reader has pulled it, and of all when the reader leaves', async () => {
  taken.length = 0;
  say.mockReturnValue([openPort(), openPort(), { type: 'done', totals }]);
  const facts = run(await planned())[Symbol.asyncIterator]();
  const settled = async () => {
    let count = 0;
    for (const one of taken) void one.then(() => count++);
    await new Promise((resolve) => setImmediate(resolve));
    return count;
  };
  let fact = (await facts.next()).value as Fact;
  while (fact.type !== 'host') fact = (await facts.next()).value as Fact;
  // Nobody waits until the last counters are read.
  expect(taken).toHaveLength(3);
  expect(await settled()).toBe(1);
  await facts.return(undefined);
  expect(await settled()).toBe(3);
});

test('who leaves a scan early is told when its shards have ended: files may be used again', async () => {
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  onTestFinished(() => {
    held = undefined;
  });
  say.mockReturnValue([openPort()]);
  const facts = run(await planned());
  await facts.next();
  let isLeft = false;
  const left = facts.return(undefined).then(() => {
    isLeft = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isLeft).toBe(false);
  release();
  await left;
});

test('what waits for a reader are records, not facts, and one word of progress', async () => {
  const progress = { type: 'progress', phase: 'ports', totals } as const;
  const firsts = [openPort(0), progress, openPort(1), progress, openPort(2), progress];
  say.mockReturnValue([...firsts, { type: 'done', totals }]);
  const { facts } = await scanTarget({}, '10.7.0.1-3');
  // Of three that were due when the reader came, one is told, and nothing after it was a fact by then.
  const told = facts.flatMap((fact) =>
    fact.type === 'progress' && fact.phase !== 'starting' ? [fact.open] : [],
  );
  expect(told).toEqual([1]);
  expect(facts.at(-1)).toMatchObject({ type: 'summary', ports: { open: 3 } });
});

test('a failure half-way leaves every report closed', async () => {
  say.mockReturnValue([openPort(), new Error('table is full')]);
  const { facts } = await scanTarget();
  const ends: Record<string, string> = {};
  const show = { openOnly: false, reason: false, verbosity: 0 };
  const sinks = Object.entries(writers).map(([name, writer]) => ({
    writer: writer(show),
    out: (text: string) => {
      ends[name] = `${ends[name] ?? ''}${text}`;
    },
  }));
  const collector = new Collector(sinks, show);
  for (const fact of facts) collector.take(fact);
  expect(ends['xml']).toMatch(/<\/nmaprun>\n$/);
  expect(ends['html']).toMatch(/<\/html>\n$/);
  expect(ends['normal']).toContain('failed');
  expect(ends['grepable']).toContain('failed');
  expect(ends['ndjson']).toMatch(/"exit":"failed"\}\n$/);
});

async function planned(targets = target): Promise<Plan> {
  const request = {
    targets: [targets],
    ports: '22',
    discovery: 'skip' as const,
    reverseNames: 'never' as const,
  };
  return buildPlan(request, fakeEnvironment());
}

async function scanTarget(
  options: ScanOptions = {},
  targets = target,
): Promise<{ facts: readonly Fact[]; error: unknown }> {
  const facts: Fact[] = [];
  try {
    for await (const fact of run(await planned(targets), options)) facts.push(fact);
  } catch (error) {
    return { facts, error };
  }
  return { facts, error: undefined };
}

/** Port 22 of a host is open; nothing is said of how the host ended. */
function openPort(host = 0): ShardReport {
  const records = new Records();
  records.host(host, observation({ kind: 'named', sender: noSender }));
  records.observed(host, 0, observation({ flags: 0x12, sender: fromTarget }));
  return { type: 'batch', records: records.take() };
}

const target = '10.7.0.1';
const taken: Promise<void>[] = [];
const totals = { sentPackets: 1, retransmitted: 0, judged: 0, firstLost: 0 } as ShardTotals;
const failed = {
  type: 'summary',
  exit: 'failed',
  complete: false,
  ports: { open: 1 },
  hosts: { up: 1, total: 1 },
};
