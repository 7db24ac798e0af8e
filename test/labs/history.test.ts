/**
 * Scans over time where something goes wrong: they are killed, packets are lost, a host sleeps. `PORTOLAN_ROUNDS` says how many
 * scans are killed; of scans with loss there are half as many.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Namespace } from '../net/lab/namespace.ts';
import { labMissing } from '../net/lab/requirements.ts';

const program = join(import.meta.dirname, '../../bin/portolan.js');
const rounds = Number(process.env['PORTOLAN_ROUNDS'] ?? 20);

let folder: string;
let namespaces: Namespace[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-over-time-'));
  namespaces = [];
});
afterEach(() => {
  for (const one of namespaces) one.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs it to its end, or to a signal after a time. */
async function portolan(args: readonly string[], killAfterMs?: number) {
  const [own = '', ...words] = [process.execPath, program, ...args];
  const argv = namespaces[0]?.command([own, ...words]) ?? [own, ...words];
  const child = spawn(argv[0] as string, argv.slice(1), {
    env: { ...process.env, XDG_STATE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text));
  child.stderr.on('data', (text: Buffer) => (stderr += text));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { status, stdout, stderr };
}

function kept(): readonly string[] {
  const scans = readdirSync(join(folder, 'portolan', 'scans'));
  return scans.filter((name) => name.endsWith('.journal'));
}

function lines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

describe('scans that are killed', () => {
  it(`at ${rounds} moments: readers beside them see whole ones alone, and the index opens`, async () => {
    const scan = ['-sT', '-n', '-Pn', '-p', '1-500', '127.0.0.1-40'];
    const startedAt = performance.now();
    await portolan(scan);
    const lengthMs = performance.now() - startedAt;
    let whole = 0;
    for (let i = 0; i < rounds; i++) {
      // Spread over a whole scan and a bit more, in an order that is none.
      const killAfterMs = ((i * 0.618_034) % 1) * 1.1 * lengthMs;
      const [{ status: ended }, listed, host] = await Promise.all([
        portolan(scan, killAfterMs),
        portolan(['history', '-oJ', '-']),
        portolan(['history', '127.0.0.7:22', '-oJ', '-']),
      ]);
      if (ended === 0) whole++;
      expect([listed.status, listed.stderr, host.status, host.stderr]).toEqual([0, '', 0, '']);
      for (const fact of lines(listed.stdout)) expect(fact).toMatchObject({ type: 'kept', complete: true });
      expect(lines(host.stdout)).toMatchObject([{ type: 'seen', port: 22 }]);
    }
    const { stdout } = await portolan(['history', '-oJ', '-']);
    expect(lines(stdout)).toHaveLength(kept().length);
    // One that had written all and was killed while it ended is whole as well; at most 100 are kept.
    expect(kept().length).toBeGreaterThanOrEqual(Math.min(100, whole + 1));
    for (const { name } of lines(stdout).slice(0, 10))
      expect(lines((await portolan(['show', `${name}`, '-oJ', '-'])).stdout).at(-1)).toMatchObject({
        type: 'summary',
        complete: true,
      });
  });
});

describe.skipIf(labMissing(['ip', 'nft']) !== undefined)('a lab that is watched', () => {
  /** A scanner and a target that loses so many packets of a hundred each way. */
  function makeLab(loss: number): Namespace {
    const [scanner, target] = ['a', 'b'].map(
      (side) => new Namespace(`portolan-time-${process.pid}-${side}`, folder),
    ) as [Namespace, Namespace];
    namespaces = [scanner, target];
    scanner.ip(
      `link add v0 type veth peer name v1 netns ${target.name}`,
      'addr add 10.92.0.1/24 dev v0',
      'link set v0 up',
    );
    target.ip('addr add 10.92.0.2/24 dev v1', 'addr add 10.92.0.3/24 dev v1', 'link set v1 up');
    const lose = `meta l4proto tcp numgen random mod 100 < ${loss} drop`;
    target.nft(`table inet lossy {
      chain in { type filter hook input priority 0; ${lose}; }
      chain out { type filter hook output priority 0; ${lose}; }
    }`);
    return target;
  }

  async function listen(target: Namespace, port: number): Promise<void> {
    const listener = `require('node:net').createServer((s) => s.destroy()).listen(${port}, () => console.log('up'))`;
    const child = target.spawn([process.execPath, '-e', listener]);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
  }

  const watch = ['watch', '--once', '-oJ', '-', '-n', '-sS', '-p', '1-200'];

  it(`at 5 % loss, ${rounds / 2} scans: nothing is told but the one thing that changed, at once or in the next`, async () => {
    const target = makeLab(5);
    for (const port of [22, 80, 143]) await listen(target, port);
    const changedIn = Math.floor(rounds / 4);
    const told: [number, unknown, unknown, unknown][] = [];
    for (let round = 0; round < rounds / 2; round++) {
      if (round === changedIn) await listen(target, 111);
      const { stdout } = await portolan([...watch, '-Pn', '10.92.0.2']);
      for (const { change, host, port } of lines(stdout)) told.push([round, change, host, port]);
    }
    expect(told).toHaveLength(1);
    expect(told[0]).toEqual([expect.any(Number), 'opened', '10.92.0.2', 111]);
    expect((told[0]?.[0] ?? 0) - changedIn).toBeLessThanOrEqual(1);
  });

  it('a host that sleeps in two of five scans is told to come and go, once', async () => {
    const target = makeLab(0);
    await listen(target, 22);
    const told: unknown[] = [];
    const sleeps = [false, true, false, true, false, true, false, false, true, false];
    for (const isAsleep of sleeps) {
      target.ip(isAsleep ? 'addr del 10.92.0.3/24 dev v1' : 'addr replace 10.92.0.3/24 dev v1');
      const { stdout } = await portolan([...watch, '10.92.0.2-3']);
      told.push(...lines(stdout).map(({ change, host }) => `${change} ${host}`));
    }
    // That it went is told when nobody knows yet that it will come back.
    expect(told).toEqual(['vanished 10.92.0.3', 'flapping 10.92.0.3']);
  });
});
