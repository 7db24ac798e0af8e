/**
 * Rounds of looking at the same: what differs is asked again before it is told, once, to reports, a command and a webhook.
 *
 * @module
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExitCode, exitCode } from '../base/errors.ts';
import { type Change, compareSnapshots } from '../changes/compare.ts';
import type { Snapshot } from '../changes/snapshot.ts';
import { changeKey, freshWatch, seenTwice, type WatchState, watchRound } from '../changes/watcher.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import type { ChangeWriterName } from '../report/changes/index.ts';
import { makeFolder, type StoreFolder } from '../store/folder.ts';
import { takeSeries } from '../store/take-series.ts';
import { ChangeReport } from './change-report.ts';
import { readSnapshot } from './read-snapshot.ts';
import { Screen } from './screen.ts';
import { sendChange } from './send-change.ts';
import { codeOf, type EndingSignal, type World } from './world.ts';

/** How is watched, and who hears of changes. */
export interface Watching {
  readonly everyMs: number;
  readonly isOnce: boolean;
  readonly command?: string;
  readonly webhook?: string;
  readonly outputs: readonly { readonly format: ChangeWriterName; readonly path: string }[];
}

/** What is looked at. */
export interface Watched {
  /** Tells what is watched from all else that is. */
  readonly series: string;
  readonly folder: StoreFolder;
  /** The records that earlier looks left, the newest first. */
  records(): readonly string[];
  /** Looks; undefined where it did not end by itself. Only one that `isKept` leaves a record. */
  look(options: LookOptions): Promise<Look | undefined>;
  /** Removes what is not needed where later rounds are compared with `base`. */
  settle?(base: string): void;
}

/** How is looked. */
export interface LookOptions {
  readonly isKept: boolean;
  readonly signal: AbortSignal;
  notice(line: string): void;
}

/** What was seen, and whether that is all that was to be seen. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly isWhole: boolean;
}

/** Watches until a signal comes, or for one round; ends as `diff` does. */
export function watchRounds(watched: Watched, watching: Watching, world: World): Promise<ExitCode> {
  return new Rounds(watched, watching, world).run();
}

class Rounds {
  readonly #watched: Watched;
  readonly #watching: Watching;
  readonly #world: World;
  readonly #screen: Screen;
  readonly #stop = new AbortController();
  readonly #report: ChangeReport;
  #signal: EndingSignal | undefined;
  #unwritten: Saved | undefined;
  #hasCertain = false;
  #isIncomplete = false;

  constructor(watched: Watched, watching: Watching, world: World) {
    this.#watched = watched;
    this.#watching = watching;
    this.#world = world;
    this.#screen = new Screen(world);
    this.#report = new ChangeReport(watching.outputs, world);
  }

  async run(): Promise<ExitCode> {
    makeFolder(this.#watched.folder);
    const release = takeSeries(join(this.#watched.folder.path, `watch-${this.#watched.series}.lock`));
    const ignoreSignals = this.#world.onSignal((signal) => {
      if (this.#signal !== undefined) this.#world.exit(codeOf[signal]);
      this.#signal = signal;
      this.#stop.abort();
    });
    try {
      for (;;) {
        const begunMs = this.#world.nowMs();
        await this.#round();
        if (this.#watching.isOnce || this.#stop.signal.aborted) break;
        await this.#wait(this.#watching.everyMs - (this.#world.nowMs() - begunMs));
        if (this.#stop.signal.aborted) break;
      }
    } finally {
      ignoreSignals();
      release();
      this.#report.end();
    }
    if (this.#signal !== undefined) return codeOf[this.#signal];
    if (this.#hasCertain) return exitCode.no;
    return this.#report.count > 0 || this.#isIncomplete ? exitCode.incomplete : exitCode.done;
  }

  /** One look, compared with the last that counts; what differs is asked again before it is told. */
  async #round(): Promise<void> {
    const { state, base } = await this.#past();
    const earlier = new Set(this.#watched.records());
    const first = await this.#look(true);
    if (first === undefined) return;
    // By its name, not by its time: clocks are set back.
    const newest = this.#watched.records().find((path) => !earlier.has(path));
    if (base === undefined) {
      this.#keep({ ...freshWatch, round: state.round + 1 }, newest);
      return;
    }
    const changes = [...compareSnapshots(base, first)];
    const isNews = changes.some((change) => !state.told.includes(changeKey(change)));
    const again = isNews ? await this.#look(false) : undefined;
    if (isNews && again === undefined) return;
    const second = again === undefined ? changes : [...compareSnapshots(base, again)];
    const sure = again === undefined ? changes : seenTwice(changes, second);
    const { tell, state: next } = watchRound(state, sure);
    for (const change of tell) await this.#tell(change);
    // What was seen once only must not become what later rounds are compared with.
    const isWhole = sure.length === changes.length && newest !== undefined;
    const told = isWhole ? [] : next.told;
    this.#keep({ ...next, told }, isWhole ? newest : undefined);
  }

  async #look(isKept: boolean): Promise<Snapshot | undefined> {
    const { signal } = this.#stop;
    const notice = (line: string) => this.#screen.notice(`portolan: ${line}`);
    const look = await this.#watched.look({ isKept, signal, notice });
    if (look?.isWhole === false) this.#isIncomplete = true;
    return look?.snapshot;
  }

  async #tell(change: Change): Promise<void> {
    const fact = this.#report.tell(change);
    this.#report.flush();
    if (change.certain) this.#hasCertain = true;
    const { command, webhook } = this.#watching;
    const notice = (line: string) => this.#screen.notice(`portolan: ${line}`);
    await sendChange(fact, { command, webhook, environment: this.#world.environment, notice });
  }

  /** What earlier rounds left, those of an earlier process too. */
  async #past(): Promise<{ readonly state: WatchState; readonly base: Snapshot | undefined }> {
    const records = this.#watched.records();
    // The first round, or nothing that could be read: the newest record is compared with.
    const saved = this.#saved ?? {};
    const base = records.find((path) => path === saved.base) ?? records[0];
    if (base === undefined) return { state: freshWatch, base: undefined };
    const warn = (message: string) => this.#screen.notice(`portolan: warning: ${message}`);
    const snapshot = await readSnapshot(base, { stdin: this.#world.stdin, warn });
    return { state: { ...freshWatch, ...saved.state }, base: snapshot };
  }

  #keep(state: WatchState, newBase: string | undefined): void {
    const base = newBase ?? this.#saved?.base;
    const saved: Saved = { state, base };
    const path = `${this.#statePath}.${process.pid}`;
    try {
      writeFileSync(path, JSON.stringify(saved), { mode: 0o600 });
      renameSync(path, this.#statePath);
      this.#unwritten = undefined;
    } catch (error) {
      this.#unwritten = saved;
      this.#isIncomplete = true;
      rmSync(path, { force: true });
      this.#screen.notice(
        `portolan: warning: Cannot keep what was told: ${writeTrouble(error)}; a watch that is started again may tell it once more`,
      );
    }
    if (base !== undefined) this.#watched.settle?.(base);
  }

  /** What lies on the disk, unless there was no room for it; undefined: nothing that can be read. */
  get #saved(): Partial<Saved> | undefined {
    if (this.#unwritten !== undefined) return this.#unwritten;
    try {
      return JSON.parse(readFileSync(this.#statePath, 'utf8')) as Saved;
    } catch {
      return undefined;
    }
  }

  get #statePath(): string {
    return join(this.#watched.folder.path, `watch-${this.#watched.series}.json`);
  }

  /** Waits for the next round, or for a signal. */
  #wait(timeMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#stop;
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(0, timeMs));
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}

/** What lies on the disk from one round to the next. */
interface Saved {
  readonly state: WatchState;
  /** The record that rounds are compared with. */
  readonly base: string | undefined;
}
