import { expect, test, vi } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { observation } from '../model/observation.laws.ts';
import { verdictCode } from '../model/verdict.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { fakeEnvironment, unprivileged } from '../plan/fake-environment.laws.ts';
import { Collector, writers } from '../report/index.ts';
import { Records } from './records/records.ts';
import type { ShardListener } from './runner/worker-pool.ts';
import { run } from './scan.ts';
import type { ShardConfig } from './shard/config.ts';
import { recordKind, type ShardMessage } from './shard/messages.ts';

const { say } = vi.hoisted(() => ({ say: vi.fn<() => ShardMessage[]>() }));

/** Workers that only say what a test wants heard. */
vi.mock('./runner/worker-pool.ts', () => ({
  WorkerPool: class {
    run(_config: ShardConfig, listener: ShardListener): void {
      for (const message of say()) listener.hear(message);
    }
    reserve(): void {}
    dismiss(): void {}
  },
}));

test.each([
  ['a fault', { code: 'fault', message: 'table is full' }],
  ['trouble of the system', { code: 'system-failed', message: 'Cannot read from "eth0": ENETDOWN' }],
])('%s half-way: what is known is summed up as failed, then thrown', async (_, failure) => {
  say.mockReturnValue([openPort(), { type: 'failed', ...failure }]);
  const { facts, error } = await scanTarget();
  expect(facts.find(({ type }) => type === 'port')).toMatchObject({ port: 22, state: 'open' });
  expect(facts.at(-1)).toMatchObject({
    type: 'summary',
    exit: 'failed',
    complete: false,
    ports: { open: 1 },
    hosts: { up: 1, total: 1 },
  });
  expect(error).toMatchObject({ message: failure.message });
});

test('a failure half-way leaves every report closed', async () => {
  say.mockReturnValue([openPort(), { type: 'failed', code: 'fault', message: 'table is full' }]);
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

async function scanTarget(): Promise<{ facts: readonly Fact[]; error: unknown }> {
  const request = {
    targets: [target],
    ports: '22',
    discovery: 'skip' as const,
    reverseNames: 'never' as const,
  };
  const plan = await buildPlan(request, fakeEnvironment(unprivileged));
  const facts: Fact[] = [];
  try {
    for await (const fact of run(plan)) facts.push(fact);
  } catch (error) {
    return { facts, error };
  }
  return { facts, error: undefined };
}

/** Port 22 of the first host is open; nothing is said of how the host ended. */
function openPort(): ShardMessage {
  const records = new Records();
  records.append(0, recordKind.hostState, verdictCode('open', 'connected'), 0, 0);
  records.observed(0, 0, observation({ code: verdictCode('open', 'connected') }));
  return { type: 'batch', records: records.take(), senders: [target] };
}

const target = '10.7.0.1';
