/**
 * The wire of `native/wire.c`: delay, jitter, loss, duplicates, overtaking and a bottleneck between two
 * interfaces, with counters. It carries several hundred thousand packets a second.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import type { Namespace } from '../test/net/lab/namespace.ts';
import { ready } from '../test/net/lab/script.ts';
import { compile } from './native.ts';

/** How the wire behaves, each way alike. */
export interface WireOptions {
  readonly delayMs?: number;
  /** Added to the delay, evenly spread between 0 and this. */
  readonly jitterMs?: number;
  /** Shares between 0 and 1. */
  readonly loss?: number;
  readonly duplicate?: number;
  /** Share of frames that skip the delay and so overtake others. */
  readonly reorder?: number;
  /** A bottleneck: frames a second. */
  readonly ratePps?: number;
  /** Frames that may wait before the bottleneck; 200 by default. */
  readonly queue?: number;
  readonly seed?: number;
}

/** What happened to the frames of one way. */
export interface WireCounters {
  readonly received: number;
  readonly passed: number;
  readonly lost: number;
  readonly queueDropped: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Frames the wire lost by its own fault. */
  readonly missed: number;
  /** The most frames that were on their way at once. */
  readonly deepest: number;
}

/** A running wire. It ends with its namespace. */
export interface Wire {
  /** Counters since it was started: from the first interface to the second, and back. */
  counters(): Promise<{ readonly there: WireCounters; readonly back: WireCounters }>;
}

/** Joins two interfaces of a namespace. Returns when frames flow. */
export async function startWire(
  namespace: Namespace,
  left: string,
  right: string,
  options: WireOptions,
): Promise<Wire> {
  const settings = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const child = namespace.spawn([compile('wire'), left, right, ...settings]);
  await ready(`wire in ${namespace.name}`, child);
  return {
    async counters() {
      const line = nextLine(child);
      child.kill('SIGUSR1');
      return JSON.parse(await line) as Awaited<ReturnType<Wire['counters']>>;
    },
  };
}

function nextLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const ended = () => reject(new Error('the wire ended before it told its counters'));
    const listen = (text: string) => {
      heard += text;
      if (!heard.includes('\n')) return;
      child.stdout?.off('data', listen);
      child.off('close', ended);
      resolve(heard);
    };
    child.stdout?.on('data', listen);
    child.once('close', ended);
  });
}
