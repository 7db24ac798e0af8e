/**
 * What a journal says of a scan that ended early: its plan, where it stood, and all its records once more.
 *
 * @module
 */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { badRequest, type PortolanError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { quoted } from '../../plan/quoted.ts';
import { readable } from '../../plan/read-trouble.ts';
import { numbersOfAskingPhases } from '../phases/index.ts';
import { eachFrame, frameHeadBytes, isNumbering, recordKinds } from '../records/frame.ts';
import { Numbering } from '../records/numbering.ts';
import { phaseOfProbe } from '../records/probe-record.ts';
import type { ShardTotals } from '../shard/messages.ts';
import { type Batch, type Block, blockKind, isJournal, readBatch, readBlocks } from './block.ts';
import {
  type Header,
  Journal,
  lockJournal,
  type Session,
  type TotalsEntry,
  type WarningEntry,
} from './journal.ts';
import type { KeptEnd } from './kept-end.ts';
import { type Extent, type Foreign, Standing } from './standing.ts';
import { tablesVersion } from './tables-version.ts';

/** Takes what the journal holds, in its order. */
export interface PastReader {
  batch(records: Uint8Array, numbering: Numbering, at: string): void;
  warning(entry: WarningEntry): void;
}

/** The past of a scan, as its journal has it. */
export class Past {
  readonly path: string;
  readonly plan: Plan;
  readonly startedAt: string;
  /** How long the runs before this one took together. */
  elapsedMs = 0;
  /** The last counters of every shard of those runs. */
  totals: readonly ShardTotals[] = [];
  /** Bytes at the end that were torn or damaged: what they held is asked again. */
  lostBytes = 0;
  /** When its last block was written, milliseconds since 1970. */
  lastMs = 0;
  /** Of a kept scan: how it ended, and the names that hosts had. */
  end: KeptEnd | undefined;
  readonly names = new Map<string, readonly string[]>();
  #planEnd = 0;
  readonly #descriptor: number;
  #length = 0;
  #session: Session | undefined;

  private constructor(path: string, descriptor: number, plan: Plan, startedAt: string) {
    this.path = path;
    this.#descriptor = descriptor;
    this.plan = plan;
    this.startedAt = startedAt;
  }

  /** Opens a journal, locks it and reads its plan. */
  static open(path: string): Past {
    const what = `the journal ${quoted(path)}`;
    const descriptor = readable(what, () => openSync(path, constants.O_RDWR));
    lockJournal(path, descriptor);
    try {
      const [header, plan] = readable(what, () => readHeader(path, descriptor));
      return new Past(path, descriptor, plan, header.startedAt);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Opens a journal to look at it: others may read it, and be writing it. The tables may be others: it is judged again. */
  static look(path: string): Past {
    const what = `the journal ${quoted(path)}`;
    const descriptor = readable(what, () => openSync(path, constants.O_RDONLY));
    try {
      const [header, plan] = readable(what, () => readHeader(path, descriptor, false));
      return new Past(path, descriptor, plan, header.startedAt);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Reads everything once, to know where the scan stood. */
  stand(extent: Extent): Standing {
    const standing = new Standing(extent);
    const sums = new Map<string, TotalsEntry>();
    let session = 0;
    let elapsedMs = 0;
    for (const block of readBlocks(this.#descriptor)) {
      if (block.kind === blockKind.session) {
        session++;
        standing.session();
        this.#session = this.#parse<Session>(block);
        this.elapsedMs += elapsedMs;
        elapsedMs = 0;
      } else if (block.kind === blockKind.batch) {
        const { records, shard } = this.#batch(block);
        const foreign = standing.take(records, shard);
        if (foreign !== undefined) throw this.#foreign(foreign);
      } else if (block.kind === blockKind.names) {
        for (const [host, names] of Object.entries(this.#parse<Record<string, readonly string[]>>(block)))
          this.names.set(host, names);
      } else if (block.kind === blockKind.end) {
        this.end = this.#parse<KeptEnd>(block);
      } else if (block.kind === blockKind.totals) {
        const entry = this.#parse<TotalsEntry>(block);
        elapsedMs = Math.max(elapsedMs, entry.elapsedMs);
        sums.set(`${session} ${entry.shard}`, entry);
      }
      if (block.kind === blockKind.plan) this.#planEnd = block.end;
      this.#length = block.end;
      this.lastMs = block.timeMs;
    }
    this.elapsedMs += elapsedMs;
    this.totals = [...sums.values()].map(({ totals }) => totals);
    this.lostBytes = fstatSync(this.#descriptor).size - this.#length;
    return standing;
  }

  /**
   * Reads everything once more, for the report. Each host that is done ends once, whatever shards it had; what
   * will be told again of the others (the ways to them) is left out.
   */
  *replay(standing: Standing, reader: PastReader): Generator<void> {
    const again = new Standing({ ...standing.extent, wantsLooks: false });
    let numberings = new Map<number, Numbering>();
    for (const block of readBlocks(this.#descriptor)) {
      if (block.end > this.#length) return;
      if (block.kind === blockKind.session) numberings = new Map();
      if (block.kind === blockKind.warning) reader.warning(this.#parse<WarningEntry>(block));
      else if (block.kind === blockKind.batch) {
        const { shard, records } = this.#batch(block);
        const numbering = numberings.get(shard) ?? new Numbering();
        numberings.set(shard, numbering);
        reader.batch(filter(records, standing, again), numbering, new Date(block.timeMs).toISOString());
        yield;
      }
    }
  }

  /** Its bytes behind the plan, piece by piece. */
  *pieces(): Generator<Uint8Array> {
    const buffer = new Uint8Array(pieceBytes);
    for (let at = this.#planEnd; at < this.#length; ) {
      const count = readSync(this.#descriptor, buffer, 0, Math.min(buffer.length, this.#length - at), at);
      if (count === 0) return;
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Goes on writing where the journal ends. */
  goOn(): Journal {
    return Journal.goOn(this.path, this.#descriptor, this.#length);
  }

  #batch(block: Block): Batch {
    const batch = readBatch(block);
    if (batch === undefined) throw this.#foreign('foreign');
    return batch;
  }

  #parse<T>({ payload }: Block): T {
    return JSON.parse(new TextDecoder().decode(payload)) as T;
  }

  #foreign(foreign: Foreign): PortolanError {
    const journal = `The journal ${quoted(this.path)}`;
    if (foreign === 'foreign') return badRequest(`${journal} holds records that do not belong to its plan`);
    const [what, number, names] =
      'kind' in foreign
        ? ['records of the kind', foreign.kind, this.#session?.records]
        : ['records of the phase', foreign.phase, this.#session?.phases];
    const name = Object.entries(names ?? {}).find(([, one]) => one === number)?.[0] ?? `${number}`;
    return badRequest(`${journal} holds ${what} ${quoted(name)}, which portolan ${version} does not know`);
  }
}

/**
 * The records of a batch that belong into the report: each host ends once, and nothing is said of it after
 * that. `again` follows the journal a second time, `standing` knows how it ends.
 */
function filter(records: Uint8Array, standing: Standing, again: Standing): Uint8Array {
  const kept = new Uint8Array(records.length);
  let length = 0;
  eachFrame(records, (kind, view, start, end) => {
    if (!isNumbering(kind)) {
      const host = view.getUint32(start, true);
      const wasDone = again.done.has(host);
      again.frame(kind, view, start, end);
      if (wasDone || (kind === recordKinds['host-done'] && !again.done.has(host))) return;
      if (!standing.done.has(host) && isToldAgain(kind, view, start)) return;
    }
    const frame = records.subarray(start - frameHeadBytes, end);
    kept.set(frame, length);
    length += frame.length;
  });
  return kept.subarray(0, length);
}

/** Whether what a record says of a host is found out anew where the host is not done. */
function isToldAgain(kind: number, view: DataView, start: number): boolean {
  if (toldAtTheEnd.has(kind)) return true;
  return kind === recordKinds.probe && numbersOfAskingPhases.has(phaseOfProbe(view, start));
}

const toldAtTheEnd: ReadonlySet<number> = new Set([
  recordKinds.trace,
  recordKinds.finding,
  recordKinds.policy,
  recordKinds.device,
]);

/** The plan, if this program can carry it out as the one that wrote it would have. */
function readHeader(path: string, descriptor: number, asksTables = true): readonly [Header, Plan] {
  const what = quoted(path);
  if (!fstatSync(descriptor).isFile() || !isJournal(descriptor)) {
    throw badRequest(`${what} is no journal of a scan`);
  }
  const [block] = readBlocks(descriptor);
  if (block?.kind !== blockKind.plan) {
    throw badRequest(`The journal ${what} ends before its plan: nothing had been sent; wanted the scan anew`);
  }
  const header = JSON.parse(new TextDecoder().decode(block.payload)) as Header;
  const tables = tablesVersion();
  if (asksTables && header.tables !== tables) {
    throw badRequest(
      `The journal ${what} was written under other tables: found ${header.tables} of portolan ${header.version}, wanted ${tables} of ${version}`,
    );
  }
  try {
    return [header, checkPlan(header.plan)];
  } catch (error) {
    throw badRequest(`The journal ${what} holds no plan that can be read: ${(error as Error).message}`);
  }
}

const pieceBytes = 2 ** 18;
