/**
 * `portolan listen` in a namespace, until it is told to end.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ArrivedFact, ListeningFact } from '../../../src/model/listener-facts.ts';
import type { Namespace } from './namespace.ts';

/** A listener that hears. */
export interface Listening {
  readonly child: ChildProcess;
  readonly first: ListeningFact;
  /** What it has said so far. */
  readonly said: () => string;
  /** Ends it by SIGINT, which it survives until all that has arrived is told; its lines but the first. */
  stop(): Promise<readonly ArrivedFact[]>;
}

/** Starts it, and returns when it listens. */
export async function startListening(namespace: Namespace, args: readonly string[]): Promise<Listening> {
  const { node, root } = namespace.paths();
  const child = namespace.spawn([node, join(root, 'bin/portolan.js'), 'listen', ...args]);
  let said = '';
  let complaint = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = once(child, 'close');
  while (!said.includes('\n')) {
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    if (child.exitCode !== null) throw new Error(`listen ended with ${child.exitCode}: ${complaint}`);
  }
  const lines = () =>
    said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    child,
    first: lines()[0] as ListeningFact,
    said: () => said,
    async stop() {
      child.kill('SIGINT');
      await ended;
      return lines().slice(1) as ArrivedFact[];
    },
  };
}

/** `syn tcp/25 plain`, each once, sorted. */
export function heard(
  arrived: readonly ArrivedFact[],
  of: (one: ArrivedFact) => string = short,
): readonly string[] {
  return [...new Set(arrived.map(of))].sort();
}

function short({ protocol, port, technique, variant }: ArrivedFact): string {
  return `${technique ?? '?'} ${protocol}/${port} ${variant}`;
}
