/** `watch`: scans again and again, and tells what changes. @module */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExitCode, exitCode } from '../base/errors.ts';
import { type Change, compareSnapshots } from '../changes/compare.ts';
import { Snapshot } from '../changes/snapshot.ts';
import { takeFact } from '../changes/take-fact.ts';
import { changeKey, freshWatch, seenTwice, type WatchState, watchRound } from '../changes/watcher.ts';
import type { SummaryFact } from '../model/fact.ts';
import type { Request } from '../plan/request.ts';
import { FileKeeper } from '../store/file-keeper.ts';
import { makeFolder, type StoreFolder, watchFolder } from '../store/folder.ts';
import { keptScans } from '../store/kept-files.ts';
import { vantageOf } from '../store/vantage.ts';
import { ChangeReport } from './change-report.ts';
import { seriesOf } from './keeper-of.ts';
import { optionWords } from './option-words.ts';
import { readSnapshot } from './read-snapshot.ts';
import { Screen } from './screen.ts';
import { sendChange } from './send-change.ts';
import type { WatchCall } from './watch-call.ts';
import { codeOf, type EndingSignal, type World } from './world.ts';

/** Watches until a signal comes, or for one round; ends as `diff` does. */
export async function runWatch(
  call: Extract<WatchCall, { wants: 'watch' }>,
  world: World,
): Promise<ExitCode> {
  return new Watch(call, world).run();
}

class Watch {
  readonly #call: Extract<WatchCall, { wants: 'watch' }>;
  readonly #world: World;
  readonly #screen: Screen;
  readonly #stop = new AbortController();
  readonly #folder: StoreFolder;
  readonly #series: string;
  readonly #report: ChangeReport;
  #signal: EndingSignal | undefined;
  #hasCertain = false;
  #isIncomplete = false;

  constructor(call: Extract<WatchCall, { wants: 'watch' }>, world: World) {
    this.#call = call;
    this.#world = world;
    this.#screen = new Screen(world);
    this.#folder = watchFolder(world.environment);
    this.#series = seriesOf(call.request, 'watch');
    this.#report = new ChangeReport(call.outputs, world);
  }

  async run(): Promise<ExitCode> {
    makeFolder(this.#folder);
    const ignoreSignals = this.#world.onSignal((signal) => {
      if (this.#signal !== undefined) this.#world.exit(codeOf[signal]);
      this.#signal = signal;
      this.#stop.abort();
    });
    try {
      for (;;) {
        const begunMs = this.#world.nowMs();
        await this.#round();
        if (this.#call.isOnce || this.#stop.signal.aborted) break;
        await this.#wait(this.#call.everyMs - (this.#world.nowMs() - begunMs));
        if (this.#stop.signal.aborted) break;
      }
    } finally {
      ignoreSignals();
      this.#report.end();
    }
    if (this.#signal !== undefined) return codeOf[this.#signal];
    if (this.#hasCertain) return exitCode.no;
    return this.#report.count > 0 || this.#isIncomplete ? exitCode.incomplete : exitCode.done;
  }

  /** One scan, compared with the last that counts; what differs is asked again before it is told. */
  async #round(): Promise<void> {
    const { state, base } = await this.#past();
    const first = await this.#scan(true);
    if (first === undefined) return;
    const newest = keptScans(this.#folder.path).find(({ series }) => series === this.#series)?.path;
    if (base === undefined) {
      this.#keep({ ...freshWatch, round: state.round + 1 }, newest);
      return;
    }
    const changes = [...compareSnapshots(base, first)];
    const isNews = changes.some((change) => !state.told.includes(changeKey(change)));
    const again = isNews ? await this.#scan(false) : undefined;
    if (isNews && again === undefined) return;
    const second = again === undefined ? changes : [...compareSnapshots(base, again)];
    const sure = again === undefined ? changes : seenTwice(changes, second);
    const { tell, state: next } = watchRound(state, sure);
    for (const change of tell) await this.#tell(change);
    // What was seen once only must not become what later rounds are compared with.
    const isWhole = sure.length === changes.length;
    const told = isWhole ? [] : next.told;
    this.#keep({ ...next, told }, isWhole ? newest : undefined);
  }

  /** Scans; undefined where the scan did not end by itself. */
  async #scan(isKept: boolean): Promise<Snapshot | undefined> {
    const { request, keep } = this.#call;
    const keeper = new FileKeeper({ folder: this.#folder, series: this.#series, most: keep.most, vantageOf });
    const snapshot = new Snapshot();
    let summary: SummaryFact | undefined;
    const facts = await this.#world.scan(request as Request, {
      signal: this.#stop.signal,
      words: optionWords,
      ...(isKept && { keeper }),
    });
    try {
      for await (const fact of facts) {
        if (fact.type === 'warning')
          this.#screen.notice(`portolan: ${fact.isNotice === true ? '' : 'warning: '}${fact.message}`);
        else if (fact.type === 'summary') summary = fact;
        if ('n' in fact) takeFact(snapshot, fact);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted || error !== this.#stop.signal.reason) throw error;
    }
    if (summary?.complete === false) this.#isIncomplete = true;
    return summary === undefined || this.#stop.signal.aborted ? undefined : snapshot;
  }

  async #tell(change: Change): Promise<void> {
    const fact = this.#report.tell(change);
    this.#report.flush();
    if (change.certain) this.#hasCertain = true;
    const { command, webhook } = this.#call;
    const notice = (line: string) => this.#screen.notice(`portolan: ${line}`);
    await sendChange(fact, { command, webhook, environment: this.#world.environment, notice });
  }

  /** What earlier rounds left, those of an earlier process too. */
  async #past(): Promise<{ readonly state: WatchState; readonly base: Snapshot | undefined }> {
    const kept = keptScans(this.#folder.path).filter(({ series }) => series === this.#series);
    let saved: Partial<Saved> = {};
    try {
      saved = JSON.parse(readFileSync(this.#statePath, 'utf8')) as Saved;
    } catch {
      // The first round, or nothing that could be read: the newest kept scan is compared with.
    }
    const base = kept.find(({ path }) => path === saved.base) ?? kept[0];
    if (base === undefined) return { state: freshWatch, base: undefined };
    const warn = (message: string) => this.#screen.notice(`portolan: warning: ${message}`);
    const snapshot = await readSnapshot(base.path, { stdin: this.#world.stdin, warn });
    return { state: { ...freshWatch, ...saved.state }, base: snapshot };
  }

  #keep(state: WatchState, base: string | undefined): void {
    let before: string | undefined;
    try {
      before = (JSON.parse(readFileSync(this.#statePath, 'utf8')) as Saved).base;
    } catch {
      // There is none yet.
    }
    const saved: Saved = { state, base: base ?? before };
    const path = `${this.#statePath}.${process.pid}`;
    writeFileSync(path, JSON.stringify(saved), { mode: 0o600 });
    renameSync(path, this.#statePath);
  }

  get #statePath(): string {
    return join(this.#folder.path, `watch-${this.#series}.json`);
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
  /** The kept scan that rounds are compared with. */
  readonly base: string | undefined;
}
