/**
 * One run of a program: how long it took, process start included, and the most memory it and its children held.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnterOptions, Namespace } from '../test/net/lab/namespace.ts';
import { temporaryFolder } from './cleanup.ts';

/** A finished run. */
export interface Run {
  readonly wallMs: number;
  /** Resident memory at its highest, of the process and its descendants, in megabytes. */
  readonly peakMb: number;
  readonly status: number | null;
  /** Whether it was ended because it took too long. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a run is made. */
export interface MeasureOptions extends EnterOptions {
  /** Where it runs; without it, here. */
  readonly namespace?: Namespace;
  /** Called when it runs, with its process id. */
  readonly running?: (pid: number) => void;
}

/**
 * Runs a program to its end. Its output goes to a file, as that of a user who keeps it would: a pipe would make
 * the measuring process work beside the measured one.
 */
export async function measure(argv: readonly string[], options: MeasureOptions = {}): Promise<Run> {
  const [program, ...args] = (options.namespace?.command(argv, options) ?? argv) as [string, ...string[]];
  const paths = ['stdout', 'stderr'].map((name) => join(temporaryFolder(), name)) as [string, string];
  const files = paths.map((path) => openSync(path, 'w')) as [number, number];
  const startedAt = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', ...files],
    env: { ...plainEnvironment(), ...options.env },
  });
  const pid = child.pid as number;
  let peakKb = 0;
  let timedOut = false;
  const look = setInterval(() => {
    peakKb = Math.max(peakKb, heldKb(pid));
  }, lookMs);
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, options.timeoutMs ?? longestMs);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('exit', (code) => resolve(code)).once('error', reject);
    });
    options.running?.(pid);
    const status = await ended;
    const wallMs = performance.now() - startedAt;
    const [stdout, stderr] = paths.map((path) => readFileSync(path, 'utf8')) as [string, string];
    return { wallMs, peakMb: peakKb / 1024, status, timedOut, stdout, stderr };
  } finally {
    clearInterval(look);
    clearTimeout(timer);
    for (const file of files) closeSync(file);
  }
}

/** Runs each of several programs once a round, in turn, so that a disturbed moment meets all of them. */
export async function alternate<Result>(
  rounds: number,
  programs: readonly (() => Promise<Result>)[],
): Promise<Result[][]> {
  const results: Result[][] = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of programs.entries()) results[i]?.push(await run());
  }
  return results;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Node's own settings are left out: reading NODE_EXTRA_CA_CERTS alone was seen to triple its start, to 52 ms. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));
}

/** The high-water mark of a process and its descendants; 0 when it has just ended. */
function heldKb(pid: number): number {
  try {
    const own = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + heldKb(Number(child)), own);
  } catch {
    return 0;
  }
}

const lookMs = 20;
const longestMs = 180_000;
