/**
 * Keeps the record of one run: writes its journal, and knows what an earlier run left to be done.
 *
 * @module
 */

import type { RangeSet } from '../../base/range-set.ts';
import { named } from '../../base/words.ts';
import type { Fact, SummaryFact, WarningFact } from '../../model/fact.ts';
import type { Plan } from '../../plan/plan.ts';
import { quoted } from '../../plan/quoted.ts';
import { phasesOf } from '../phases/index.ts';
import type { Asked } from '../records/verdicts.ts';
import type { HostSet } from '../shard/host-set.ts';
import { HostSource, type HostSpace } from '../shard/host-source.ts';
import type { ShardReport, ShardTotals } from '../shard/messages.ts';
import type { Known } from '../shard/slice.ts';
import { Journal } from './journal.ts';
import type { Keeper } from './keeper.ts';
import { Keeping } from './keeping.ts';
import type { Past, PastReader } from './past.ts';
import { journalPlace } from './place.ts';
import type { Standing } from './standing.ts';

/** A scan that goes on, and what has been excluded since it began. */
export interface Resumption {
  readonly past: Past;
  readonly excluded: RangeSet;
}

/** What a run's record begins with. */
export interface RunJournalOptions {
  readonly resumption?: Resumption | undefined;
  readonly keeper?: Keeper | undefined;
}

/** The record of one run. Whatever cannot be written is thrown as a PortolanError of one line. */
export class RunJournal {
  readonly startedAt: string;
  /** What a user should hear about the journal. */
  readonly notices: readonly WarningFact[];
  /** Hosts of this run's share, those excluded since it began left out. */
  readonly hosts: number;
  #journal: Journal | undefined;
  /** Nobody asked for the journal: the scan goes on without it. */
  readonly #isKindness: boolean;
  /** Told what a user should hear while the scan runs. */
  #notice: (message: string) => void = () => undefined;
  readonly #past: Past | undefined;
  readonly #standing: Standing | undefined;
  readonly #skip: HostSet | undefined;
  readonly #started = performance.now();
  /** Where the scan is kept when it is finished. */
  readonly #keeping: Keeping | undefined;

  constructor(plan: Plan, space: HostSpace, asked: Asked, { resumption, keeper }: RunJournalOptions = {}) {
    const { past, excluded } = resumption ?? {};
    this.#past = past;
    this.startedAt = past?.startedAt ?? new Date().toISOString();
    this.#standing = past?.stand({
      hosts: space.size,
      ...asked,
      wantsLooks: phasesOf(plan).some((phase) => phase.wantsLooks),
      wantsSilent: phasesOf(plan).some((phase) => phase.wantsSilent),
    });
    const share = new HostSource(space, { seed: plan.seed, inOrder: plan.inOrder, slice: plan.shard });
    let hosts = share.left;
    if (this.#standing !== undefined && excluded !== undefined) {
      this.#skip = this.#standing.done.copy();
      for (const id of space.idsIn(excluded)) if (share.owns(id) && this.#skip.add(id)) hosts--;
    }
    this.hosts = hosts;
    const notices: WarningFact[] = [];
    this.#isKindness = past === undefined && plan.journal?.path === undefined;
    this.#journal = past?.goOn() ?? begin(plan, this.startedAt, notices);
    if (past !== undefined && past.lostBytes > 0) {
      const what = `the last ${past.lostBytes} bytes of the journal were torn: what they held is asked again`;
      notices.push({ type: 'warning', message: what });
    }
    this.#keeping = keeper && Keeping.begin({ keeper, plan, startedAt: this.startedAt, past, notices });
    this.notices = notices;
  }

  /** What the shards need not do again. */
  get known(): Pick<Known, 'skip' | 'known' | 'said' | 'looks' | 'told' | 'sentPackets'> {
    if (this.#skip === undefined || this.#standing === undefined) return {};
    const looks = this.#standing.looks();
    return {
      skip: this.#skip.pages,
      known: this.#standing.known(),
      said: this.#standing.said(),
      ...(looks !== undefined && { looks }),
      told: this.#standing.told(),
      sentPackets: this.totals.reduce((sum, one) => sum + one.sentPackets, 0),
    };
  }

  /** Whether this run goes on with an earlier one. */
  get isResumed(): boolean {
    return this.#past !== undefined;
  }

  /** Whether nothing is left to be asked. */
  get isComplete(): boolean {
    return this.#standing !== undefined && this.#standing.done.size >= this.hosts;
  }

  /** How long the scan has lasted, earlier runs included. */
  get elapsedMs(): number {
    return (this.#past?.elapsedMs ?? 0) + performance.now() - this.#started;
  }

  /** The counters of the shards of earlier runs. */
  get totals(): readonly ShardTotals[] {
    return this.#past?.totals ?? [];
  }

  /** Tells what earlier runs learnt, batch by batch. */
  *replay(reader: PastReader): Generator<void> {
    if (this.#past !== undefined && this.#standing !== undefined) {
      yield* this.#past.replay(this.#standing, reader);
    }
  }

  /** Calls `notice` with what a user should hear while the scan runs. */
  heed(notice: (message: string, isLoss: boolean) => void): void {
    this.#notice = (message) => notice(message, false);
    this.#keeping?.heed((message) => notice(message, true));
  }

  /** A run begins. */
  begin(): void {
    this.#write((journal) => journal.session());
    this.#keeping?.write((journal) => journal.session());
  }

  /** Writes down what a shard said, before anybody is told. */
  keep(shard: number, message: ShardReport, timeMs: number): void {
    const write = (journal: Journal) => {
      if (message.type === 'batch') journal.batch(shard, message.records, timeMs);
      else if (message.type === 'warning') {
        journal.warning({ message: message.message, incomplete: message.incomplete });
      } else if (message.type === 'progress' || message.type === 'done') {
        const elapsedMs = Math.round(performance.now() - this.#started);
        journal.totals({ shard, elapsedMs, totals: message.totals });
      }
    };
    this.#write(write);
    this.#keeping?.write(write);
  }

  /** Hears of a fact what no record holds. */
  note(fact: Fact): void {
    if (fact.type === 'host') this.#keeping?.note(fact);
  }

  /** The scan is finished: what was kept of it is whole. Whatever cannot be written is told, and counts as not done. */
  finish(summary: SummaryFact): void {
    this.#keeping?.finish(summary);
  }

  /** Brings the journal to the disk and closes it. */
  close(): void {
    this.#write((journal) => journal.close());
  }

  /** What is not finished by now is not kept. */
  leave(): void {
    this.#keeping?.discard();
  }

  #write(act: (journal: Journal) => void): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    try {
      act(journal);
    } catch (error) {
      if (!this.#isKindness) throw error;
      this.#journal = undefined;
      journal.abandon();
      this.#notice(`${(error as Error).message}: the scan goes on and can be resumed from there at best`);
    }
  }
}

/** A journal that was asked for must be possible; one that was not is a kindness. */
function begin(plan: Plan, startedAt: string, notices: WarningFact[]): Journal | undefined {
  if (plan.journal === undefined || plan.goal === 'list') return undefined;
  if (plan.journal.path !== undefined) return Journal.create(plan.journal.path, plan, startedAt);
  try {
    const path = journalPlace(Date.parse(startedAt));
    const journal = Journal.create(path, plan, startedAt);
    notices.push({
      type: 'warning',
      isNotice: true,
      message: `this scan may take long, so it keeps a journal; to go on after an interruption: ${named('resume')} ${quoted(path)}`,
    });
    return journal;
  } catch (error) {
    const reason = (error as Error).message;
    notices.push({ type: 'warning', message: `No journal is kept, the scan cannot be resumed: ${reason}` });
    return undefined;
  }
}
