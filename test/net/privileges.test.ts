/**
 * Once probes leave, no thread that runs our code may do more than the scan needs.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const isRoot = process.getuid?.() === 0;
const program = fileURLToPath(new URL('../../bin/portolan.js', import.meta.url));
const slowly = ['-n', '-Pn', '-p1-1000', '--max-rate', '20', '-oJ', '-', '127.0.0.1'];
const looking = ['-n', '-p1-1000', '--max-rate', '20', '-oJ', '-', '127.0.0.1'];
const twoWorkers = ['-n', '-Pn', '-sT', '-p1-65535', '-oJ', '-', '127.0.0.1', '127.0.0.2'];

/** Effective capabilities of each thread of a process. */
function capabilitiesIn({ pid }: ChildProcess): readonly string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return /^CapEff:\s*0*([0-9a-f]+)$/m.exec(status)?.[1] as string;
  });
}

/** Calls `look` with a program that has said these words, and ends it. */
async function whenItSays(
  args: readonly string[],
  words: RegExp,
  look: (program: ChildProcess) => void | Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    while (!words.test(said)) said += String(await once(child.stdout, 'data'));
    await look(child);
  } finally {
    child.kill('SIGKILL');
  }
}

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot).each([
  ['a connect scan keeps nothing', ['-sT', ...slowly], 2, '0'],
  ['a connect scan by two workers keeps nothing', twoWorkers, 3, '0'],
  ['one that looks for hosts by packets first has nothing in effect', ['-sT', '-PE', ...looking], 2, '0'],
  ['a raw scan keeps CAP_NET_RAW', ['-sS', ...slowly], 2, '2000'],
  ['source ports of the system keep CAP_NET_BIND_SERVICE', ['-sT', '-g', '53', ...slowly], 2, '400'],
])('%s', { timeout: 60_000 }, async (_, args, threads, kept) => {
  let ofNode = 0;
  await whenItSays(['-e', 'console.log(1); setInterval(() => {}, 1000)'], /1/, (idle) => {
    ofNode = capabilitiesIn(idle).length;
  });
  await whenItSays([program, ...args], /"type":"host"/, async (scan) => {
    const has = (isKept: boolean) => capabilitiesIn(scan).filter((one) => (one === kept) === isKept).length;
    // Main thread, workers (the second begins later), and Node's pool of four. V8's compilers and what else Node starts
    // before us run no code of ours.
    await expect.poll(() => has(true)).toBe(threads + 4);
    expect(has(false)).toBeLessThan(ofNode);
  });
});
