/**
 * Runs a scan: facts from the library to reports, screen and exit code, whatever happens on the way.
 *
 * @module
 */

import { type ExitCode, exitCode } from '../base/errors.ts';
import type { Fact, SummaryFact } from '../model/fact.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { Collector, writers } from '../report/index.ts';
import { isColored, paint } from './color.ts';
import type { Output } from './flags/flag.ts';
import { NetcatReport } from './netcat.ts';
import { optionWords } from './option-words.ts';
import { Progress } from './progress.ts';
import { inputsOf, type ScanCall } from './scan-call.ts';
import { Screen } from './screen.ts';
import { openFile, type Place, Sink } from './sink.ts';
import type { EndingSignal, World } from './world.ts';

/** Carries the scan out and returns the code to end with. */
export async function runScan(call: ScanCall, world: World): Promise<ExitCode> {
  return new ScanRun(call, world).run();
}

class ScanRun {
  readonly #call: ScanCall;
  readonly #world: World;
  readonly #screen: Screen;
  readonly #stop = new AbortController();
  readonly #sinks: Sink[] = [];
  #signal: EndingSignal | undefined;
  /** When it came. */
  #signalMs = 0;
  #isPipeClosed = false;
  #hasLostReport = false;

  constructor(call: ScanCall, world: World) {
    this.#call = call;
    this.#world = world;
    this.#screen = new Screen(world);
  }

  async run(): Promise<ExitCode> {
    const { view, outputs, netcat, request } = this.#call;
    const show = { openOnly: view.openOnly, reason: view.reason, verbosity: view.verbosity };
    const collector = new Collector(
      outputs.map((output) => ({ writer: writers[output.format](show), out: this.#open(output).out })),
      show,
    );
    const answer = netcat
      ? new NetcatReport(view.verbosity > 0, (line) => this.#screen.notice(line))
      : undefined;
    const readsInput = inputsOf(request).includes('-');
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
          this.#announce(fact);
          collector.take(fact);
          answer?.take(fact);
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
    const code = this.#judge(summary);
    return code === exitCode.done && answer?.allOpen === false ? exitCode.no : code;
  }

  #facts(): Promise<AsyncIterable<Fact>> {
    const { view, netcat } = this.#call;
    const request = netcat ? this.#call.request : { ...this.#call.request, autoJournal: true };
    const trace = (line: string) => this.#screen.notice(line);
    return this.#world.scan(request, {
      signal: this.#stop.signal,
      words: optionWords,
      ...(view.packetTrace && { trace }),
    });
  }

  /** With -v, open ports are told as soon as they are known; the table follows when the host is done. */
  #announce(fact: Fact): void {
    if (fact.type !== 'port' || fact.state !== 'open') return;
    if (this.#call.view.verbosity === 0 || this.#call.netcat) return;
    this.#screen.notice(`open: ${fact.port}/${fact.protocol} on ${fact.host}`);
  }

  #open({ path, format }: Output): Sink {
    const place = path === '-' ? this.#screenPlace(format === 'normal') : openFile(path);
    const sink = new Sink(path, place, (broken, error) => this.#lose(broken, error));
    this.#sinks.push(sink);
    return sink;
  }

  #screenPlace(isNormal: boolean): Place {
    const colored = isNormal && isColored(this.#call.view, this.#world);
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

const codeOf = {
  SIGHUP: exitCode.hungUp,
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
} as const satisfies Record<EndingSignal, ExitCode>;
/**
 * One wish to end may come as several signals: `timeout` sends its own to the command and to the group, npx hands on what
 * the terminal has sent to both. Whoever wants an end at once asks again after this time.
 */
const sameWishMs = 500;
const manyQuestions = 1_000_000;
const longMs = 1000;
