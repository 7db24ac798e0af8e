/**
 * Starts programs and waits for them: output bounded, time bounded, never through a shell.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** What a finished program left behind. */
export interface Finished {
  /** The exit code; 128 plus the signal's number when a signal ended it, as a shell reports it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Killed after this long, and the run fails with what it had printed. */
  readonly timeoutMs?: number;
  /** What it reads on standard input; nothing by default. */
  readonly input?: string;
  /** Called at once with the started process, e.g. to send it a signal or to close its pipe. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs a program to its end. A non-zero exit is a result, not an error. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [program, ...args] = argv as [string, ...string[]];
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
  });
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    let trouble: string | undefined;
    const stop = (why: string) => {
      trouble ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`still running after ${timeoutMs} ms`), timeoutMs);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        if (output[name].length > maxOutput) stop(`more than ${maxOutput} characters on ${name}`);
      });
    }
    child.on('error', reject);
    // A program that reads no input and ends early breaks this pipe; that is its right.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (trouble !== undefined) {
        const printed = `${output.stdout.slice(-2000)}${output.stderr.slice(-2000)}`;
        reject(new Error(`${argv.join(' ')}: ${trouble}\n${printed}`));
      } else resolve({ status: code ?? 128 + signalNumber(signal), ...output });
    });
    options.started?.(child);
  });
}

/** Runs a program that must succeed, at once and to its end. Returns what it printed. */
export function mustRunSync(argv: readonly string[], input = ''): string {
  const [program, ...args] = argv as [string, ...string[]];
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}${stdout}${input}`);
  return stdout;
}

/** Waits until `condition` holds, looking again and again. Fails after a time that no healthy machine needs. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`${what}: not so after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return (
    { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 }[
      signal as string
    ] ?? 0
  );
}

const defaultTimeoutMs = 120_000;
const maxOutput = 256 << 20;
const pollMs = 5;
