/**
 * What lies around the command line: descriptors, signals, the environment. Tests hand in another world.
 *
 * @module
 */

import { fstatSync } from 'node:fs';

import type { AuditRequest } from '../audit/request.ts';
import { type ExitCode, exitCode } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import type { Request } from '../plan/request.ts';
import type { AuditOptions } from '../scan/audit.ts';
import type { HeardFact, ListenOptions, ListenRequest } from '../scan/listen/listen.ts';
import type { NamesRequest } from '../scan/names/names-request.ts';
import type { FoundRequest } from '../scan/names/scan-found.ts';
import type { NamesOptions } from '../scan/names/search-names.ts';
import type { Ahead } from '../scan/runner/call-ahead.ts';
import { callAhead } from '../scan/runner/thread-runner.ts';
import type { ScanOptions } from '../scan/scan.ts';
import { isHangUpIgnored } from '../system/hang-up.ts';
import { isAbandoned } from '../system/is-abandoned.ts';
import { writeAll } from '../system/write-all.ts';

/** A signal that asks a scan to end. */
export type EndingSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/** The code that a command ends with where a signal has ended it. */
export const codeOf = {
  SIGHUP: exitCode.hungUp,
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
} as const satisfies Record<EndingSignal, ExitCode>;

/** The world as the commands see it. */
export interface World {
  /** Writes all of `text` before it returns; throws the system's error. */
  write(descriptor: 1 | 2, text: string): void;
  /** Standard input, for whoever reads from it. */
  readonly stdin: AsyncIterable<Uint8Array>;
  isTerminal(descriptor: 0 | 1 | 2): boolean;
  /** Width of the terminal behind standard error. */
  columns(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls back for each signal to end until the returned function is called; not for SIGHUP below nohup. */
  onSignal(listener: (signal: EndingSignal) => void): () => void;
  /** Calls back for each key pressed, where there is a keyboard, until the returned function is called. */
  onKey(listener: () => void): () => void;
  /** A clock that only goes on. */
  nowMs(): number;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Starts a worker for a scan that will probably come. */
  callAhead(): void;
  /** Trades time for memory from here on: the scan is a longer one. Threads that start later want it said again. */
  saveMemory(): void;
  scan(request: Request, options: ScanOptions): Promise<AsyncIterable<Fact>>;
  audit(request: AuditRequest, options: AuditOptions): Promise<AsyncIterable<Fact>>;
  names(request: NamesRequest, options: NamesOptions): Promise<AsyncIterable<Fact>>;
  /** Learns about names and scans the addresses that are found. */
  namesAndScan(
    request: NamesRequest,
    found: FoundRequest,
    options: ScanOptions,
  ): Promise<AsyncIterable<Fact>>;
  listen(request: ListenRequest, options: ListenOptions): Promise<AsyncIterable<HeardFact>>;
  /** Whether nobody reads standard output any more. */
  isAbandoned(): boolean;
}

/** The process's own world. */
export function ownWorld(ahead?: Ahead): World {
  return {
    write: writeAll,
    // Touching process.stdin opens it.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    isTerminal,
    columns: () => process.stderr.columns ?? 80,
    environment: process.env,
    onSignal(listener) {
      const hangUp = isHangUpIgnored(process.env['_']) ? () => undefined : listener;
      process.on('SIGHUP', hangUp).on('SIGINT', listener).on('SIGTERM', listener);
      // What hangs up below nohup stays without effect to the very end.
      return () => process.off('SIGINT', listener).off('SIGTERM', listener).off('SIGHUP', listener);
    },
    onKey(listener) {
      let stop: (() => void) | undefined;
      let isOver = false;
      // Loaded late: few runs have a keyboard and a person at it.
      import('./keyboard.ts').then(({ watchKeyboard }) => {
        if (!isOver) stop = watchKeyboard(listener);
      });
      return () => {
        isOver = true;
        stop?.();
      };
    },
    nowMs: () => performance.now(),
    exit: (code) => process.exit(code),
    callAhead: () => callAhead(ahead),
    saveMemory() {
      // V8 lets its heaps grow to several times what lives in them before it looks for garbage, and those of new
      // things to 16 MB; each thread that starts takes the latter back. Loaded late: short scans do without.
      import('node:v8').then(({ setFlagsFromString }) => {
        setFlagsFromString('--heap-growing-percent=30');
        setFlagsFromString('--semi-space-growth-factor=1');
      });
    },
    async scan(request, options) {
      const { scan } = await import('../scan/scan.ts');
      return scan(request, { ...options, ownsProcess: true });
    },
    async audit(request, options) {
      const { audit } = await import('../scan/audit.ts');
      return audit(request, { ...options, ownsProcess: true });
    },
    async namesAndScan(request, found, options) {
      const { searchAndScan } = await import('../scan/names/scan-found.ts');
      return searchAndScan(request, found, { ...options, ownsProcess: true });
    },
    async names(request, options) {
      const { searchNames } = await import('../scan/names/search-names.ts');
      return searchNames(request, options);
    },
    async listen(request, options) {
      const { listen } = await import('../scan/listen/listen.ts');
      return listen(request, { ...options, ownsProcess: true });
    },
    isAbandoned: () => isAbandoned(1),
  };
}

function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    // Touching process.stdout loads the terminal and network modules, which costs what a pipe never needs.
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  const stream = descriptor === 0 ? process.stdin : descriptor === 1 ? process.stdout : process.stderr;
  return stream.isTTY === true;
}
