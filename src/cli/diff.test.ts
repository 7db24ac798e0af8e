import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fakeWorld } from './fake-world.laws.ts';
import { run } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = '2026-11-21T10:00:00.000Z';

/** Writes a record of one host, whose ports have these states. */
function record(name: string, states: Readonly<Record<number, string>>, attempts = 4): string {
  const lines = [
    {
      type: 'scan',
      n: 1,
      schema: 1,
      version: '0.1.0',
      startedAt: at,
      args: [],
      seed: 1,
      questions: [],
      targets: '10.0.0.5',
      excluded: '',
      options: {},
    },
    { type: 'host', n: 2, host: '10.0.0.5', name: 'db-1', state: 'up', reason: 'echo-reply', at },
    ...Object.entries(states).map(([port, state], i) => ({
      type: 'port',
      n: i + 3,
      host: '10.0.0.5',
      protocol: 'tcp',
      port: Number(port),
      technique: 'syn',
      state,
      reason: { open: 'syn-ack', closed: 'reset' }[state] ?? 'no-response',
      attempts,
      at,
    })),
    {
      type: 'summary',
      n: 9999,
      finishedAt: at,
      elapsedMs: 1,
      hosts: { up: 1, down: 0, unknown: 0, total: 1 },
      packets: { sent: 1, received: 1, retransmitted: 0 },
      bytes: { sent: 1, received: 1 },
      ports: {},
      loss: { estimate: 0, low: 0, high: 0.01, missedOpenExpected: 0 },
      complete: true,
      exit: 'done',
    },
  ];
  const path = join(folder, name);
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return path;
}

const before = record('before', { 22: 'open', 80: 'closed' });
const after = record('after', { 22: 'filtered', 80: 'open' });
const doubtful = record('doubtful', { 22: 'filtered', 80: 'closed' }, 0);

async function diff(...args: readonly string[]) {
  const world = fakeWorld();
  const code = await run(['diff', ...args], world);
  return { code, out: world.out, err: world.err };
}

describe('diff', () => {
  it('tells what changed and ends with 1', async () => {
    const { code, out } = await diff(before, after);
    expect(code).toBe(1);
    expect(out).toBe('22 on db-1 went from open to filtered (certain: asked 4 times)\n80 on db-1 opened\n');
  });

  it('ends with 0 where nothing changed, and with 3 where only uncertain things did', async () => {
    expect(await diff(before, before)).toMatchObject({ code: 0, out: '' });
    const { code, out } = await diff(before, doubtful);
    expect(code).toBe(3);
    expect(out).toBe('22 on db-1 went from open to filtered (uncertain: no answer)\n');
  });

  it('writes NDJSON and CSV, and refuses other formats', async () => {
    const file = join(folder, 'changes.csv');
    const { out } = await diff(before, after, '-oJ', '-', '-oC', file);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        type: 'change',
        n: 1,
        host: '10.0.0.5',
        name: 'db-1',
        protocol: 'tcp',
        port: 22,
        change: 'filtered',
        before: { state: 'open' },
        after: { state: 'filtered' },
        certain: true,
        at,
      },
      { type: 'change', n: 2, port: 80, change: 'opened' },
    ]);
    expect(readFileSync(file, 'utf8').split('\r\n')).toHaveLength(4);
    expect(await diff(before, after, '-oX', '-')).toMatchObject({ code: 2 });
  });

  it('refuses what it cannot read with file, line and reason, and a report over what it reads', async () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, '<nmaprun>\n<host>\n</nmaprun>');
    const { code, err } = await diff(before, broken);
    expect(code).toBe(2);
    expect(err).toMatch(/^portolan: Cannot read ".*broken": line 3: /);
    expect(await diff(before, join(folder, 'none'))).toMatchObject({ code: 2 });
    expect(await diff(before, folder)).toMatchObject({ code: 2 });
    expect(await diff(before)).toMatchObject({ code: 2 });
    expect(await diff(before, after, '-oJ', before)).toMatchObject({ code: 2 });
  });
});
