/**
 * One run of a plan: what its shards report becomes facts, as fast as they are read.
 *
 * @module
 */

import { spoken, type Words } from '../base/words.ts';
import type { Recog } from '../detect/recog/index.ts';
import type { SearchResult } from '../dial/multicast-search.ts';
import type { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import type { Fact, ScanFact, SummaryFact } from '../model/fact.ts';
import type { Plan } from '../plan/plan.ts';
import { protocolName } from '../plan/protocol-names.ts';
import { readServices, serviceName } from '../plan/service-names.ts';
import type { LinkAnswers } from './ask-link.ts';
import type { RunJournal } from './journal/run-journal.ts';
import { phasesOf } from './phases/index.ts';
import { FactBuilder } from './records/fact-builder.ts';
import { familyHosts, joinsDevices } from './records/family-hosts.ts';
import { Numbering } from './records/numbering.ts';
import { RunTotals } from './run-totals.ts';
import { Channel, type Make } from './runner/channel.ts';
import type { Evidence } from './runner/evidence.ts';
import type { HeardConnections } from './runner/heard-connections.ts';
import { RunEvidence } from './runner/run-evidence.ts';
import type { ShardRunner } from './runner/shard-runner.ts';
import { splitShards } from './runner/split.ts';
import type { Agenda } from './shard/agenda.ts';
import type { GroupSpec } from './shard/config.ts';
import type { HostSpace } from './shard/host-source.ts';
import type { ShardReport } from './shard/messages.ts';
import type { Slice } from './shard/slice.ts';
import { zoned } from './shard/zones.ts';
import type { TraceCaller } from './trace-caller.ts';

/** Names the maker of a network card. */
export type VendorOf = (mac: Uint8Array) => string | undefined;

/** What a run needs: what is to be done, by whom, and who wants to hear of it. */
export interface RunParts {
  readonly plan: Plan;
  readonly agenda: Agenda;
  readonly space: HostSpace;
  readonly runJournal: RunJournal;
  readonly names: NameService;
  readonly runner: ShardRunner;
  /** A table that may take its time. */
  readonly vendors: Promise<VendorOf | undefined>;
  /** Fingerprints of the user's. */
  readonly recog?: Recog;
  /** What warnings call the fields of the request. */
  readonly words: Words;
  readonly evidence?: Evidence;
  /** Hears the packets that the kernel sends. */
  readonly heard?: HeardConnections;
  readonly signal?: AbortSignal;
  readonly trace?: TraceCaller;
  /** What finding the targets took. */
  readonly asked?: LinkAnswers;
  /** What answered a question to whole links, and what that took. */
  readonly searched?: SearchResult;
}

/** One run of a plan: its shards, what they said, and the totals. */
export class Run {
  readonly #announced: SearchResult['answers'] | undefined;
  readonly #plan: Plan;
  readonly #runJournal: RunJournal;
  readonly #names: NameService;
  readonly #runner: ShardRunner;
  readonly #words: Words;
  readonly #evidence: RunEvidence | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #trace: TraceCaller | undefined;
  readonly #channel = new Channel<Fact>();
  readonly #stop = new AbortController();
  readonly #slices: readonly Slice[];
  readonly #builder: FactBuilder;
  /** What the numbers in the records of each shard stand for. */
  readonly #numberings: readonly Numbering[];
  readonly #totals: RunTotals;
  readonly #recog: Recog | undefined;
  #vendorOf: VendorOf | undefined;
  /** The phase of a progress that is still to be told. */
  #phase: string | undefined;
  /** Settles when there is everything to make facts of what the shards say. */
  readonly #tables: Promise<void>;
  /** Settles when all is said and closed; undefined before the shards begin. */
  #end: Promise<void> | undefined;
  /** The journal cannot be written any more. */
  #isMute = false;
  #failure: unknown;

  constructor({
    plan,
    agenda,
    space,
    runJournal,
    names,
    runner,
    words,
    vendors,
    recog,
    evidence,
    heard,
    signal,
    trace,
    asked,
    searched,
  }: RunParts) {
    this.#plan = plan;
    this.#announced = searched?.answers;
    this.#runJournal = runJournal;
    this.#names = names;
    names.heed((message) => this.#warn({ message, incomplete: false }));
    this.#runner = runner;
    this.#words = words;
    this.#evidence =
      evidence &&
      new RunEvidence(evidence, heard, {
        warn: (entry) => this.#warn(entry),
        fail: (error) => this.#fail(error),
      });
    this.#signal = signal;
    this.#trace = trace;
    this.#recog = recog;
    trace?.heed((error) => this.#fail(error));
    const questions = agenda.ports?.portOf.length ?? 0;
    const slices = splitShards(plan, agenda, runJournal.hosts);
    this.#slices = slices;
    // At once: threads have the privileges that this one has when they are called, and it is about to give up some.
    if (!runJournal.isComplete) runner.reserve(slices.length);
    this.#numberings = slices.map(() => new Numbering());
    this.#builder = this.#makeBuilder(agenda, space);
    const { length: shards } = slices;
    this.#totals = new RunTotals({
      plan,
      questions,
      runJournal,
      builder: this.#builder,
      shards,
      before: [asked, searched],
    });
    // It may have something to say at once, which makes the scan an incomplete one.
    runJournal.heed((message, incomplete) => this.#warn({ message, incomplete }));
    this.#tables = vendors.then(
      (vendorOf) => {
        this.#vendorOf = vendorOf;
        // The shards are just about to begin: the first open port shall not wait for its name.
        if (questions > 0) readServices();
      },
      (error) => this.#missVendors(error),
    );
  }

  async *facts(first: () => ScanFact): AsyncGenerator<Fact> {
    const abort = () => {
      this.#stop.abort();
      this.#names.stop();
    };
    if (this.#signal?.aborted) abort();
    this.#signal?.addEventListener('abort', abort, { once: true });
    try {
      // The shards need not wait until somebody has read what the scan is about.
      if (!this.#runJournal.isResumed) this.#begin();
      yield first();
      yield this.#totals.progress('starting');
      if (this.#runJournal.isResumed) {
        await this.#tables;
        yield* this.#replay();
        if (this.#runJournal.isComplete) this.#end = this.#finish();
        else this.#begin();
      }
      do {
        for (const fact of this.#channel.take()) yield fact;
      } while (await this.#channel.more());
    } finally {
      // Whoever stops reading stops the scan, and nobody's name is of interest any more.
      abort();
      this.#channel.desert();
      this.#signal?.removeEventListener('abort', abort);
      // When it is left nothing is sent any more, and its files may be another's.
      if (this.#end === undefined) this.#close();
      await this.#end;
      this.#runJournal.leave();
      this.#runner.close();
    }
  }

  #makeBuilder(asked: Agenda, space: HostSpace): FactBuilder {
    const plan = this.#plan;
    const recog = this.#recog;
    const naming = phasesOf(plan).find((phase) => phase.names !== undefined);
    const reverseName = naming?.names?.(this.#names);
    return new FactBuilder({
      asked,
      nameOf: (id) => formatAddress(zoned(space.addressOf(id), plan.zones)),
      groupOf: (id) => asked.groups[space.groupOf(id)] as GroupSpec,
      askedAs: plan.askedAs,
      families: familyHosts(plan, space),
      joinsDevices: joinsDevices(plan, space.size),
      serviceName: (protocol, port) => (protocol === 'ip' ? protocolName(port) : serviceName(protocol, port)),
      vendorOf: (mac) => this.#vendorOf?.(mac),
      ...(recog !== undefined && { recognise: (service) => recog.recognise(service) }),
      ...(reverseName !== undefined && { reverseName }),
      ungrouped: plan.ungrouped,
      evidence: plan.evidence,
      tellsSystems: !plan.sweep,
      emit: (fact) => {
        this.#runJournal.note(fact);
        this.#channel.push(fact);
      },
    });
  }

  /** Without its privileges root may not read everybody's files: a program that lies in one's own folder. */
  #missVendors(error: unknown): void {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') this.#fail(error);
    else {
      const message = 'Makers of network cards are not told: their table cannot be read without privileges';
      this.#warn({ message, incomplete: false });
    }
  }

  /** Tells again what earlier runs have told. */
  async *#replay(): AsyncGenerator<Fact> {
    const past = this.#runJournal.replay({
      batch: (records, numbering, at) => void this.#build(records, numbering, at),
      warning: (entry) => this.#warn(entry),
    });
    for (const _ of past) yield* this.#channel.take();
  }

  #begin(): void {
    this.#runJournal.begin();
    const shards = this.#slices.map((slice, index) => this.#start(slice, index));
    this.#end = Promise.all(shards).then(() => this.#finish());
  }

  /** Settles when the shard has ended, however. */
  #start(slice: Slice, index: number): Promise<void> {
    const { known: before } = this.#runJournal;
    const known = {
      ...before,
      ...this.#builder.known,
      ...(this.#announced && { announced: this.#announced }),
    };
    return this.#runner
      .run({ ...slice, known }, { take: (report) => this.#take(report, index) }, this.#stop.signal)
      .then(
        () => this.#tables,
        async (error) => {
          await this.#tables;
          this.#fail(error);
        },
      );
  }

  /** Hears a report, and waits until the facts that it makes are read. What goes wrong here ends the scan. */
  async #take(report: ShardReport, index: number): Promise<void> {
    await this.#tables;
    try {
      await this.#hear(report, index);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Returns what settles when it has been read, of what a shard has to wait for. */
  #hear(report: ShardReport, index: number): Promise<void> | undefined {
    const timeMs = Date.now();
    if (!this.#keep(report, index, timeMs)) return undefined;
    switch (report.type) {
      case 'batch': {
        const at = new Date(timeMs).toISOString();
        return this.#build(report.records, this.#numberings[index] as Numbering, at);
      }
      case 'progress':
        this.#totals.take(index, report.totals);
        this.#tellProgress(report.phase);
        break;
      case 'evidence':
        this.#evidence?.take(index, report.blocks);
        break;
      case 'warning':
        this.#warn(report);
        break;
      case 'trace':
        this.#trace?.tell(report.line);
        break;
      case 'done':
        this.#totals.take(index, report.totals);
        break;
    }
    return undefined;
  }

  /** Has facts made of records when those before them are read; what cannot be made ends the scan. */
  #build(records: Uint8Array, numbering: Numbering, at: string): Promise<void> {
    return this.#make(this.#builder.reading(records, numbering, at));
  }

  #make(make: Make): Promise<void> {
    return this.#channel.make(() => {
      try {
        return make();
      } catch (error) {
        this.#fail(error);
        return false;
      }
    });
  }

  /** Says how far the scan is when the facts before have been read: whoever reads slowly hears it once. */
  #tellProgress(phase: string): void {
    const isDue = this.#phase !== undefined;
    this.#phase = phase;
    if (isDue) return;
    void this.#make(() => {
      this.#channel.push(this.#totals.progress(this.#phase as string));
      this.#phase = undefined;
      return false;
    });
  }

  #warn({ message, incomplete }: { readonly message: string; readonly incomplete: boolean }): void {
    if (incomplete) this.#builder.incomplete = true;
    this.#channel.push({ type: 'warning', message: spoken(message, this.#words) });
  }

  /** Writes down what a shard said. What cannot be written is not told: it would be told twice. */
  #keep(report: ShardReport, index: number, timeMs: number): boolean {
    if (this.#isMute) return report.type === 'done';
    try {
      this.#runJournal.keep(index, report, timeMs);
      return true;
    } catch (error) {
      this.#isMute = true;
      this.#fail(error);
      return report.type === 'done';
    }
  }

  #fail(error: unknown): void {
    // A caller's function may throw nothing at all, which is a failure like any other.
    this.#failure ??= error ?? new Error('failed without a reason');
    this.#stop.abort();
  }

  /** After a failure too, what is known is said and summed up, so that every report is closed. */
  async #finish(): Promise<void> {
    this.#close();
    const unfinished = this.#builder.flushUnfinished();
    await this.#make(() => unfinished.next().done !== true);
    await this.#builder.settle().catch((error) => this.#fail(error));
    try {
      // With a single kind of probe, hosts that only reset are no surprise.
      const message = this.#plan.discovery.length > 1 ? this.#builder.suspicion.warning() : undefined;
      if (message !== undefined)
        this.#channel.push({ type: 'warning', message: spoken(message, this.#words) });
      this.#channel.push(this.#summary());
    } catch (error) {
      this.#fail(error);
    }
    this.#channel.end(this.#failure);
  }

  /** The last fact; a scan that is kept is kept with it. */
  #summary(): SummaryFact {
    const ending = { failed: this.#failure !== undefined, interrupted: this.#signal?.aborted === true };
    const summary = this.#totals.summary(ending);
    if (ending.failed || ending.interrupted || this.#builder.incomplete) {
      if (ending.failed || ending.interrupted) this.#runJournal.leave();
      else this.#runJournal.finish(summary);
      return summary;
    }
    this.#runJournal.finish(summary);
    // It could not be kept, which makes it an incomplete one.
    return this.#builder.incomplete ? { ...summary, complete: false, exit: 'incomplete' } : summary;
  }

  #close(): void {
    try {
      this.#runJournal.close();
    } catch (error) {
      this.#fail(error);
    }
    this.#evidence?.close();
  }
}
