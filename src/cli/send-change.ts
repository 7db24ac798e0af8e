/** A change to whoever wants to hear of it: a command, an address of the web. @module */

import { spawn } from 'node:child_process';
import type { ChangeFact } from '../model/change-facts.ts';
import { ndjsonLine } from '../report/lines.ts';

/** Who is told, and who hears of those that cannot be. */
export interface Listeners {
  readonly command: string | undefined;
  readonly webhook: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  notice(line: string): void;
}

/** Tells a change. Nobody who cannot be told holds up the watch for long. */
export async function sendChange(change: ChangeFact, listeners: Listeners): Promise<void> {
  const text = ndjsonLine(change);
  const { command, webhook, notice } = listeners;
  if (command !== undefined) {
    const problem = await runCommand(command, text);
    if (problem !== undefined) notice(`the command ${problem}: change ${change.n} may not have been heard`);
  }
  if (webhook !== undefined) {
    const problem = await post(webhook, text, listeners.environment['PORTOLAN_WEBHOOK_TOKEN']);
    // Its address may hold a secret, the host's name does not.
    if (problem !== undefined)
      notice(`the webhook at ${new URL(webhook).host} ${problem}: change ${change.n} was not taken`);
  }
}

/** Runs it by a shell with the change on standard input; what it says goes to standard error. */
function runCommand(command: string, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 2, 2] });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve(`could not be run (${error.message})`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `ended with ${code}` : `was ended by ${signal}`);
    });
    // It need not read what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(text);
  });
}

async function post(url: string, body: string, token: string | undefined): Promise<string | undefined> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && token !== '' && { authorization: `Bearer ${token}` }),
  };
  let problem = 'did not answer';
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    try {
      const signal = AbortSignal.timeout(answerMs);
      const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      problem = `answered ${answer.status}`;
      // What it does not like it will not like the next time.
      if (answer.status < 500 && answer.status !== 429) return problem;
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      problem = `cannot be reached (${cause?.code ?? cause?.message ?? (error as Error).name})`;
    }
  }
  return problem;
}

const attempts = 3;
const pauseMs = 1000;
const answerMs = 10_000;
const patienceMs = 60_000;
