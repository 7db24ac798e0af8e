/**
 * Facts from the library to reports, screen and exit code, whatever happens on the way.
 *
 * @module
 */

import { type ExitCode, exitCode } from '../base/errors.ts';
import type { Fact, SummaryFact } from '../model/fact.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { Collector, type ShowOptions, type Writer } from '../report/index.ts';
import type { ScanOptions } from '../scan/scan.ts';
import { isColored, paint } from './color.ts';
import type { View } from './flags/flag.ts';
import { optionWords } from './option-words.ts';
import { Progress } from './progress.ts';
import type { Screen } from './screen.ts';
import { openFile, type Place, Sink } from './sink.ts';
import { codeOf, type EndingSignal, type World } from './world.ts';

/** What is to be told, to whom. */
export interface Telling {
  readonly view: View;
  readonly show: ShowOptions;
  readonly reports: readonly Report[];
  /** Standard input is read, so it is no keyboard. */
  readonly readsInput: boolean;
  facts(options: ScanOptions): Promise<AsyncIterable<Fact>>;
  /** Hears besides what is recorded. */
  hear?(fact: Fact): void;
}

/** A report: what writes it, and where it goes (`-` is standard output). */
export interface Report {
  readonly path: string;
  readonly writer: Writer;
  /** What is for reading may be coloured. */
  readonly isText: boolean;
}

/** How it ended: the code to end with, and the last fact. */
export interface Told {
  readonly code: ExitCode;
  readonly summary: SummaryFact | undefined;
}

/** Tells what facts say. Throws what they throw. */
export function tellFacts(telling: Telling, screen: Screen, world: World): Promise<Told> {
  return new FactRun(telling, screen, world).run();
}

class FactRun {
  readonly #telling: Telling;
  readonly #world: World;
  readonly #screen: Screen;
  readonly #stop = new AbortController();
  readonly #sinks: Sink[] = [];
  #signal: EndingSignal | undefined;
  /** When it came. */
  #signalMs = 0;
  #isPipeClosed = false;
  #hasLostReport = false;

  constructor(telling: Telling, screen: Screen, world: World) {
    this.#telling = telling;
    this.#screen = screen;
    this.#world = world;
  }

  async run(): Promise<Told> {
    const { view, show, reports, readsInput } = this.#telling;
    const collector = new Collector(
      reports.map((report) => ({ writer: report.writer, out: this.#open(report).out })),
      show,
    );
    const progress = new Progress(view, this.#world, this.#screen, readsInput);
    const ignoreSignals = this.#world.onSignal((signal) => this.#interrupt(signal));
    let summary: SummaryFact | undefined;
    try {
      for await (const fact of await this.#facts()) {
        if (fact.type === 'progress') {
          // A short scan is over before that would pay: it costs one of a near host 20 ms.
          if (fact.total >= manyQuestions || fact.elapsedMs >= longMs) this.#world.saveMemory();
          progress.update(fact);
        } else if (fact.type === 'warning') {
          this.#screen.notice(`portolan: ${fact.isNotice === true ? '' : 'warning: '}${fact.message}`);
        } else {
          if (fact.type === 'summary') summary = fact;
          this.#telling.hear?.(fact);
          collector.take(fact);
        }
      }
    } catch (error) {
      // There was no plan yet, so there is nothing to say of it.
      if (!this.#stop.signal.aborted || error !== this.#stop.signal.reason) throw error;
    } finally {
      progress.stop();
      for (const sink of this.#sinks) sink.close();
      ignoreSignals();
    }
    return { code: this.#judge(summary), summary };
  }

  #facts(): Promise<AsyncIterable<Fact>> {
    const trace = (line: string) => this.#screen.notice(line);
    return this.#telling.facts({
      signal: this.#stop.signal,
      words: optionWords,
      ...(this.#telling.view.packetTrace && { trace }),
    });
  }

  #open({ path, isText }: Report): Sink {
    const place = path === '-' ? this.#screenPlace(isText) : openFile(path);
    const sink = new Sink(path, place, (broken, error) => this.#lose(broken, error));
    this.#sinks.push(sink);
    return sink;
  }

  #screenPlace(isText: boolean): Place {
    const colored = isText && isColored(this.#telling.view, this.#world);
    return { write: (text) => this.#screen.results(colored ? paint(text) : text), close: () => undefined };
  }

  /** A report can no longer be written: the others go on, unless it was a pipe whose reader has left. */
  #lose(sink: Sink, error: NodeJS.ErrnoException): void {
    if (sink.path === '-' && error.code === 'EPIPE') {
      this.#isPipeClosed = true;
      this.#stop.abort();
      return;
    }
    this.#hasLostReport = true;
    const where = sink.path === '-' ? 'standard output' : quoted(sink.path);
    this.#screen.notice(`portolan: Cannot go on writing ${where}: ${writeTrouble(error)}`);
  }

  #interrupt(signal: EndingSignal): void {
    const nowMs = this.#world.nowMs();
    if (this.#signal !== undefined) {
      if (nowMs - this.#signalMs >= sameWishMs) this.#world.exit(codeOf[signal]);
      return;
    }
    this.#signal = signal;
    this.#signalMs = nowMs;
    this.#screen.notice('portolan: stopping; once more ends at once');
    this.#stop.abort();
  }

  #judge(summary: SummaryFact | undefined): ExitCode {
    if (this.#isPipeClosed) return exitCode.done;
    if (this.#signal !== undefined && summary?.exit !== 'done') return codeOf[this.#signal];
    if (summary === undefined) throw new Error('the scan ended without a summary');
    if (summary.exit === 'failed') return exitCode.failed;
    if (summary.exit !== 'done' || !summary.complete || this.#hasLostReport) return exitCode.incomplete;
    return exitCode.done;
  }
}

/**
 * One wish to end may come as several signals: `timeout` sends its own to the command and to the group, npx hands on what
 * the terminal has sent to both. Whoever wants an end at once asks again after this time.
 */
const sameWishMs = 500;
const manyQuestions = 1_000_000;
const longMs = 1000;
