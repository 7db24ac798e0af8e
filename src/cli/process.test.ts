/** The command line as a real process: pipes, signals, a terminal. The scan itself is made up. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
let script: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-process-'));
  script = join(folder, 'main.mjs');
  const from = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  // SCAN=endless yields ports until it is aborted; SCAN=big yields 30,000; TOUCH makes standard output
  // non-blocking, as anything that looks at process.stdout does where that is a pipe or socket.
  writeFileSync(
    script,
    `import { run } from ${from('./main.ts')};
import { ownWorld } from ${from('./world.ts')};
import { begin, hostUp, portFact, summary } from ${from('./fake-world.laws.ts')};
if (process.env.TOUCH) process.stdout.writableLength;
async function* scan(_request, { signal }) {
  yield begin;
  yield hostUp;
  const many = process.env.SCAN === 'big' ? 30000 : Infinity;
  for (let i = 0; i < many && !signal.aborted; i++) {
    yield portFact(1 + (i % 65535));
    if (many === Infinity) {
      yield { type: 'progress', phase: 'ports', done: 1, total: 4, elapsedMs: 1000, ratePps: 1, hostsUp: 1, open: i };
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  yield summary(signal.aborted ? 'interrupted' : 'done');
}
process.exit(await run(process.argv.slice(2), { ...ownWorld(), callAhead() {}, scan }));
`,
  );
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

function start(
  scan: 'endless' | 'big',
  args: readonly string[],
  environment: Record<string, string> = {},
): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { ...process.env, ...environment, SCAN: scan },
    stdio: 'pipe',
  });
  children.push(child);
  return child;
}

/** Waits until what has come matches, and returns all of it. */
async function until(child: ChildProcess, wanted: RegExp): Promise<string> {
  let text = '';
  for await (const [bytes] of on(child)) {
    text += bytes;
    if (wanted.test(text)) return text;
  }
  throw new Error(`ended before ${wanted}: ${text}`);
}

async function* on(child: ChildProcess): AsyncGenerator<[string]> {
  const queue: string[] = [];
  let wake = () => {};
  let isOver = false;
  child.stdout?.on('data', (bytes: Buffer) => {
    queue.push(String(bytes));
    wake();
  });
  child.stdout?.on('end', () => {
    isOver = true;
    wake();
  });
  while (!isOver || queue.length > 0) {
    const next = queue.shift();
    if (next !== undefined) yield [next];
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function drain(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (bytes) => (out += bytes));
  child.stderr?.on('data', (bytes) => (err += bytes));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const timeout = 20_000;

describe.skipIf(process.platform === 'win32')('process', () => {
  it('ends quietly with 0 when head has seen enough', { timeout: 2 * timeout }, () => {
    const line = `{ "$0" --import tsx "$1" -oJ - host; echo "code $?" >&2; } | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, script], {
      env: { ...process.env, SCAN: 'endless' },
      encoding: 'utf8',
      timeout,
      killSignal: 'SIGKILL',
    });
    expect(stdout).toMatch(/^\{"type":"scan".*\}\n$/);
    expect(stderr).toBe('code 0\n');
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s closes the report and ends with %i', { timeout: 2 * timeout }, async (signal, code) => {
    const child = start('endless', ['-oJ', '-', 'host']);
    const begun = await until(child, /"type":"port".*\n/);
    child.kill(signal);
    const rest = await drain(child);
    const lines = (begun + rest.out).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ type: 'summary', exit: 'interrupted' });
    expect(rest.code).toBe(code);
  });

  it('ignores SIGHUP below nohup', { timeout: 2 * timeout }, async () => {
    const line = `nohup "$0" --import tsx "$1" -oJ - host`;
    const child = spawn('bash', ['-c', line, process.execPath, script], {
      env: { ...process.env, SCAN: 'endless' },
      stdio: 'pipe',
    });
    children.push(child);
    const begun = await until(child, /"type":"port".*\n/);
    child.kill('SIGHUP');
    await until(child, /"type":"port".*\n/);
    child.kill('SIGTERM');
    const rest = await drain(child);
    const lines = (begun + rest.out).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ type: 'summary', exit: 'interrupted' });
    expect(rest.code).toBe(143);
  });

  it('loses nothing into a pipe that is full and does not block', { timeout: 2 * timeout }, async () => {
    const child = start('big', ['-oJ', '-', 'host'], { TOUCH: '1' });
    // Nothing is read before it has had to wait.
    await once(child.stdout as NodeJS.ReadableStream & NodeJS.EventEmitter, 'readable');
    const { code, out, err } = await drain(child);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(30_003);
  });

  it.skipIf(spawnSync('script', ['--version']).error !== undefined)(
    'on a terminal redraws its line, answers a key and takes Ctrl-C',
    { timeout: 2 * timeout },
    async () => {
      const command = `"${process.execPath}" --import tsx "${script}" -oJ "${join(folder, 'r.ndjson')}" host`;
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        env: { ...process.env, SCAN: 'endless', TERM: 'xterm' },
        stdio: 'pipe',
      });
      children.push(child);
      await until(child, /0:00:01 elapsed, ports 25\.0%/);
      child.stdin?.write('x');
      await until(child, /status: 0:00:01 elapsed.*\r\n/);
      child.stdin?.write('\u0003');
      const { code, out } = await drain(child);
      expect(out).toContain('stopping');
      expect(code).toBe(130);
    },
  );
});
