import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { badRequest, PortolanError } from '../base/errors.ts';
import type { Fact, ProgressFact } from '../model/fact.ts';
import { begin, fakeWorld, hostUp, portFact, someFacts, summary } from './fake-world.laws.ts';
import { run } from './main.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-cli-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

describe('run: exit codes', () => {
  const endings: readonly (readonly [string, number, readonly Fact[]])[] = [
    ['a complete scan', 0, someFacts()],
    ['an incomplete scan', 3, someFacts('incomplete')],
    ['a scan that says done but judged not everything', 3, someFacts('done', false)],
    ['a failed scan', 5, someFacts('failed')],
    ['a scan that stopped by itself', 3, someFacts('interrupted')],
    ['a scan without a summary', 5, [begin]],
  ];
  it.each(endings)('%s', async (_name, code, facts) => {
    expect(
      await run(
        ['host'],
        fakeWorld(() => facts),
      ),
    ).toBe(code);
  });

  it('says trouble in one line and ends with its code', async () => {
    const world = fakeWorld(() => {
      throw new PortolanError('not-permitted', 'Cannot open a raw socket', '-sT');
    });
    expect(await run(['host'], world)).toBe(4);
    expect(world.err).toBe('portolan: Cannot open a raw socket; try: -sT\n');
    expect(world.out).toBe('');
  });

  it('says faults with their place only when debugging', async () => {
    const fault = () => {
      throw new TypeError('oops \u001b[2J');
    };
    const world = fakeWorld(fault);
    expect(await run(['host'], world)).toBe(5);
    expect(world.err).toBe('portolan: fault: oops \\x1b[2J\n');
    const debugging = fakeWorld(fault);
    expect(await run(['-d', 'host'], debugging)).toBe(5);
    expect(debugging.err).toMatch(/fault: oops.*\nportolan: at .*run-scan.test/);
  });

  it('shows a hostile word of the command line harmlessly', async () => {
    const world = fakeWorld();
    expect(await run(['--\u001b[2J\u202e\n'], world)).toBe(2);
    expect(world.err).toMatch(/^portolan: [\x20-\x7e]*\n$/);
  });
});

describe('run: reports', () => {
  it('sends results to standard output and warnings to standard error', async () => {
    const world = fakeWorld(() => [{ type: 'warning', message: 'odd \u001b[1m' }, ...someFacts()]);
    expect(await run(['host'], world)).toBe(0);
    expect(world.out).toMatch(/22\/tcp +open/);
    expect(world.err).toBe('portolan: warning: odd \\x1b[1m\n');
  });

  it('writes several formats at once, one of them to standard output', async () => {
    const world = fakeWorld();
    const argv = ['-oX', '-', '-oJ', at('r.ndjson'), '-oG', at('r.gnmap'), '-oC', at('r.csv'), 'host'];
    expect(await run([...argv, '--html', at('r.html'), '-oN', at('r.txt')], world)).toBe(0);
    expect(world.out).toMatch(/^<\?xml[\s\S]*<\/nmaprun>\s*$/);
    expect(world.out).not.toMatch(/Portolan scan report/);
    const lines = read('r.ndjson').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Fact).type)).toEqual([
      'scan',
      'host',
      'port',
      'port',
      'summary',
    ]);
    expect(read('r.gnmap')).toMatch(/22\/open/);
    expect(read('r.csv')).toMatch(/22/);
    expect(read('r.html')).toMatch(/<\/html>\s*$/);
    expect(read('r.txt')).toMatch(/22\/tcp +open/);
  });

  it('writes each fact before the next one is asked for', async () => {
    const seen: string[] = [];
    const world = fakeWorld(async function* () {
      yield begin;
      yield hostUp;
      yield portFact(22);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(world.out);
      yield summary();
    });
    await run(['-oJ', '-', 'host'], world);
    expect(seen[0]).toMatch(/"port":22/);
  });

  it('leaves an old report alone when the scan is refused', async () => {
    writeFileSync(at('old.xml'), 'old');
    const world = fakeWorld(() => {
      throw badRequest('no such target');
    });
    expect(await run(['-oX', at('old.xml'), 'host'], world)).toBe(2);
    expect(read('old.xml')).toBe('old');
  });

  it('replaces the whole of an old report', async () => {
    writeFileSync(at('old.ndjson'), 'x'.repeat(1e5));
    await run(['-oJ', at('old.ndjson'), 'host'], fakeWorld());
    expect(read('old.ndjson')).not.toMatch(/x{10}/);
  });

  it('refuses before the scan a report that another scan is writing, until that one has ended', async () => {
    const facts = someFacts();
    let second = 0;
    const other = fakeWorld(() => facts);
    const world = fakeWorld(async function* () {
      yield* facts.slice(0, 2);
      second = await run(['-oJ', at('r.ndjson'), 'host'], other);
      yield* facts.slice(2);
    });
    expect(await run(['-oJ', at('r.ndjson'), 'host'], world)).toBe(0);
    expect(second).toBe(2);
    expect(other.err).toMatch(
      /^portolan: Cannot write ".*r\.ndjson": another scan, which still runs, is writing it\n$/,
    );
    expect(other.requests).toEqual([]);
    const whole = read('r.ndjson');
    expect(whole.split('\n')).toHaveLength(facts.filter(({ type }) => type !== 'host-done').length + 1);
    expect(await run(['-oJ', at('r.ndjson'), 'host'], other)).toBe(0);
    expect(read('r.ndjson')).toBe(whole);
  });

  it('refuses before the scan when a file cannot be opened', async () => {
    const world = fakeWorld();
    expect(await run(['-oX', at('none/r.xml'), 'host'], world)).toBe(2);
    expect(world.err).toMatch(/^portolan: Cannot write ".*none\/r\.xml": no such folder\n$/);
    expect(world.requests).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'goes on with the others when a report cannot be written any more',
    async () => {
      const world = fakeWorld();
      expect(await run(['-oX', '/dev/full', '-oJ', at('r.ndjson'), 'host'], world)).toBe(3);
      expect(world.err).toBe('portolan: Cannot go on writing "/dev/full": no space left\n');
      expect(read('r.ndjson')).toMatch(/"type":"summary"/);
    },
  );

  it('ends quietly with 0 when the reader of standard output leaves, and closes the other reports', async () => {
    let wasAborted = false;
    const world = fakeWorld(
      async function* (_request, { signal }) {
        yield begin;
        yield hostUp;
        await new Promise((resolve) => setImmediate(resolve));
        wasAborted = signal?.aborted === true;
        yield summary('interrupted');
      },
      {
        write() {
          throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
        },
      },
    );
    expect(await run(['-oX', at('r.xml'), 'host'], world)).toBe(0);
    expect(wasAborted).toBe(true);
    expect(read('r.xml')).toMatch(/<\/nmaprun>\s*$/);
  });

  it('colours states only when asked', async () => {
    const plain = fakeWorld();
    await run(['host'], plain);
    expect(plain.out).not.toContain('\u001b');
    const colored = fakeWorld();
    await run(['--color', 'always', 'host'], colored);
    expect(colored.out).toContain('\u001b[32mopen\u001b[39m');
    const never = fakeWorld(undefined, { isTerminal: () => true, environment: { NO_COLOR: '1' } });
    await run(['host'], never);
    expect(never.out).not.toContain('\u001b');
    const terminal = fakeWorld(undefined, { isTerminal: () => true });
    await run(['host'], terminal);
    expect(terminal.out).toContain('\u001b[32mopen');
  });

  it('tells open ports at once with -v, and traces packets with --packet-trace', async () => {
    const world = fakeWorld((_, { trace }) => {
      trace?.('SENT \u001b tcp');
      return someFacts();
    });
    await run(['-v', '--packet-trace', 'host'], world);
    expect(world.err).toBe('SENT \\x1b tcp\nopen: 22/tcp on 127.0.0.1\n');
  });
});

describe('run: signals', () => {
  const untilAborted = async function* (signal: AbortSignal): AsyncGenerator<Fact> {
    yield* [begin, hostUp, portFact(22)];
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield summary('interrupted');
  };

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends well with %i', async (name, code) => {
    const world = fakeWorld((_request, { signal }) => untilAborted(signal as AbortSignal));
    const ended = run(['-oX', at('r.xml'), 'host'], world);
    await vi.waitFor(() => expect(read('r.xml')).toMatch(/<nmaprun/));
    world.raise(name);
    expect(await ended).toBe(code);
    expect(read('r.xml')).toMatch(/portid="22"[\s\S]*<\/nmaprun>\s*$/);
    expect(world.out).toMatch(/22\/tcp +open/);
    expect(world.exits).toEqual([]);
  });

  it('while the plan is made ends with its code and says no fault', async () => {
    const world = fakeWorld((_request, { signal }) =>
      (async function* (): AsyncGenerator<Fact> {
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
        yield begin;
      })(),
    );
    const ended = run(['host'], world);
    await vi.waitFor(() => expect(world.requests).toHaveLength(1));
    world.raise('SIGINT');
    expect(await ended).toBe(130);
    expect(world.err).not.toContain('fault');
  });

  it('a second one ends at once, unless it is the same wish once more', async () => {
    let goOn = (): void => undefined;
    const world = fakeWorld(async function* () {
      yield begin;
      await new Promise<void>((resolve) => (goOn = resolve));
      yield summary('interrupted');
    });
    const ended = run(['-oJ', at('r'), 'host'], world);
    await vi.waitFor(() => expect(read('r')).toMatch(/scan/));
    // As from `timeout`, which tells the command and then its group, and from a terminal below npx.
    world.raise('SIGTERM');
    world.raise('SIGTERM');
    world.timeMs = 499;
    world.raise('SIGTERM');
    expect(world.exits).toEqual([]);
    world.timeMs = 500;
    world.raise('SIGINT');
    expect(world.exits).toEqual([130]);
    goOn();
    expect(await ended).toBe(143);
    expect(world.err.match(/stopping/g)).toHaveLength(1);
  });

  it('is forgotten when the scan was done all the same', async () => {
    const world = fakeWorld(async function* () {
      yield* someFacts();
      world.raise('SIGINT');
    });
    expect(await run(['host'], world)).toBe(0);
  });
});

describe('run: progress', () => {
  const progress = (elapsedMs: number): ProgressFact => ({
    type: 'progress',
    phase: 'ports',
    done: 1,
    total: 4,
    elapsedMs,
    etaMs: 3000,
    ratePps: 100.4,
    hostsUp: 1,
    open: 2,
  });
  const line = '0:00:01 elapsed, ports 25.0%, ETA 0:00:03, 100 packets/s, 1 host up, 2 open';

  it('is a live line on a terminal, cleared before results and at the end', async () => {
    const facts = async function* (): AsyncGenerator<Fact> {
      yield* [begin, hostUp, progress(1000), portFact(22), { type: 'host-done', host: '127.0.0.1' } as const];
      await new Promise((resolve) => setImmediate(resolve));
      yield summary();
    };
    const world = fakeWorld(facts, { isTerminal: () => true, columns: () => 40 });
    await run(['--color=never', 'host'], world);
    const err = world.writes.filter(([to]) => to === 2).map(([, text]) => text);
    expect(err[0]).toBe(line.slice(0, 39));
    expect(err[1]).toBe('\r\u001b[K');
    let isShown = false;
    for (const [to, text] of world.writes) {
      if (to === 1) expect(isShown).toBe(false);
      else isShown = text !== '\r\u001b[K';
    }
    expect(isShown).toBe(false);
  });

  it.each([[['--no-progress'], true] as const, [[], false] as const])(
    'is silent with %j on a terminal: %s',
    async (more, isTerminal) => {
      const world = fakeWorld(() => [begin, progress(1000), summary()], {
        isTerminal: (to) => isTerminal && to === 2,
      });
      await run([...more, 'host'], world);
      expect(world.err).toBe('');
    },
  );

  it('is a line now and then with --stats-every', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const world = fakeWorld(async function* () {
      vi.advanceTimersByTime(2000);
      yield begin;
      yield progress(1000);
      await Promise.resolve();
      vi.advanceTimersByTime(4000);
      yield summary();
    });
    await run(['--stats-every', '2s', 'host'], world);
    expect(world.err).toBe(`status: starting\nstatus: ${line}\nstatus: ${line}\n`);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['a short scan', { total: 65_535, elapsedMs: 999 }, 0],
    ['a long one', { total: 65_535, elapsedMs: 1000 }, 1],
    ['a large one, at once', { total: 1_000_000, elapsedMs: 0 }, 1],
  ])('saves memory in longer scans: %s', async (_, over, times) => {
    const saveMemory = vi.fn();
    await run(
      ['host'],
      fakeWorld(() => [begin, { ...progress(0), ...over }, summary()], { saveMemory }),
    );
    expect(saveMemory).toHaveBeenCalledTimes(times);
  });

  it('is told when a key is pressed at a terminal that is not the list of targets', async () => {
    const facts = async function* (): AsyncGenerator<Fact> {
      yield begin;
      yield progress(1000);
      await Promise.resolve();
      world.press();
      yield summary();
    };
    let world = fakeWorld(facts, { isTerminal: (to) => to !== 1 });
    await run(['--no-progress', 'host'], world);
    expect(world.err).toContain(`status: ${line}\n`);
    world = fakeWorld(facts, { isTerminal: (to) => to !== 1 });
    await run(['--no-progress', '-iL', '-'], world);
    expect(world.err).toBe('');
  });

  it('is told in full with -dd', async () => {
    const world = fakeWorld(() => [begin, progress(1000), summary()]);
    await run(['-dd', 'host'], world);
    expect(world.err).toBe(`status: ${line}\n`);
  });
});

describe('run: a worker is called ahead', () => {
  const calledBy = async (...args: string[]) => {
    const world = fakeWorld();
    await run(args, world);
    return world.called;
  };

  it('for scans', async () => {
    expect(await calledBy('host')).toBe(1);
  });

  it.each([['-sL', 'host'], ['--dry-run', 'host'], ['--help'], ['doctor']])('not by %s', async (...args) => {
    expect(await calledBy(...args)).toBe(0);
  });
});
