/**
 * The journal of a scan: an append-only file of all that was learnt, written before anybody is shown it and
 * synced four times a second, so that nothing that was shown is lost whenever the scan ends.
 *
 * @module
 */

import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { badRequest, PortolanError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { named } from '../../base/words.ts';
import type { Plan } from '../../plan/plan.ts';
import { quoted } from '../../plan/quoted.ts';
import { writeTrouble } from '../../plan/write-trouble.ts';
import { openOutput, takeOutput } from '../../system/open-output.ts';
import { numbersOfPhases } from '../phases/index.ts';
import { recordKinds } from '../records/frame.ts';
import type { ShardTotals } from '../shard/messages.ts';
import { batchParts, blockKind, encodeBlock, endParts, firstLine } from './block.ts';
import { tablesVersion } from './tables-version.ts';

/** The first block: what is to be done, and what gives the rest its meaning. */
export interface Header {
  readonly version: string;
  readonly tables: string;
  readonly startedAt: string;
  readonly plan: Plan;
}

/**
 * The beginning of a run: what the numbers in its records mean, so that a program that knows fewer can name what it
 * does not know.
 */
export interface Session {
  readonly records: Readonly<Record<string, number>>;
  readonly phases: Readonly<Record<string, number>>;
}

/** The counters of one shard, and how long this run had lasted. */
export interface TotalsEntry {
  readonly shard: number;
  readonly elapsedMs: number;
  readonly totals: ShardTotals;
}

/** A warning that was given. */
export interface WarningEntry {
  readonly message: string;
  readonly incomplete: boolean;
}

/** A journal that is being written. Every write that fails throws a PortolanError of one line. */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  #length: number;
  #isDirty = false;
  #isSyncing = false;
  #isClosed = false;
  #trouble: PortolanError | undefined;
  /** Absent: nobody waits for the disk. */
  readonly #timer: NodeJS.Timeout | undefined;

  private constructor(path: string, descriptor: number, length: number, isSynced = true) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#length = length;
    if (!isSynced) return;
    this.#timer = setInterval(() => this.#sync(), syncMs);
    this.#timer.unref();
  }

  /** Begins a journal in a new file. */
  static create(path: string, plan: Plan, startedAt: string): Journal {
    const { descriptor, isNew } = createFile(path);
    const header: Header = { version, tables: tablesVersion(), startedAt, plan };
    const journal = new Journal(path, descriptor, 0);
    try {
      journal.#write(firstLine);
      journal.#append(blockKind.plan, Date.parse(startedAt), json(header));
      journal.#syncNow();
    } catch (error) {
      journal.abandon();
      if (isNew) unlinkSync(path);
      throw error;
    }
    return journal;
  }

  /**
   * Begins one in an open, empty file that is kept when the scan is finished. Nothing is synced: what a cut of the power
   * costs is a look back, no scan.
   */
  static keep(path: string, descriptor: number, plan: Plan, startedAt: string): Journal {
    const journal = new Journal(path, descriptor, 0, false);
    const header: Header = { version, tables: tablesVersion(), startedAt, plan };
    try {
      journal.#write(firstLine);
      journal.#append(blockKind.plan, Date.parse(startedAt), json(header));
    } catch (error) {
      journal.abandon();
      throw error;
    }
    return journal;
  }

  /** Goes on with an open journal that is whole up to `length`; what follows is cut off. */
  static goOn(path: string, descriptor: number, length: number): Journal {
    const journal = new Journal(path, descriptor, length);
    journal.#try(() => ftruncateSync(descriptor, length));
    return journal;
  }

  /** A run begins that goes on with the scan, the first one included. */
  session(): void {
    const session: Session = { records: recordKinds, phases: numbersOfPhases };
    this.#append(blockKind.session, Date.now(), json(session));
    this.#syncNow();
  }

  batch(shard: number, records: Uint8Array, timeMs = Date.now()): void {
    this.#append(blockKind.batch, timeMs, batchParts({ shard, records }));
  }

  totals(entry: TotalsEntry): void {
    this.#append(blockKind.totals, Date.now(), json(entry));
  }

  warning(entry: WarningEntry): void {
    this.#append(blockKind.warning, Date.now(), json(entry));
  }

  /** The names that hosts have: they are asked while facts are made, and stand in no record. */
  names(names: Readonly<Record<string, readonly string[]>>): void {
    this.#append(blockKind.names, Date.now(), json(names));
  }

  /** How the scan ended. */
  end(text: string): void {
    this.#append(blockKind.end, Date.now(), endParts(text));
  }

  /** What an earlier run has written, as it is. */
  copy(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  /** Brings everything to the disk and closes the file. */
  close(): void {
    try {
      if (this.#trouble === undefined) this.#syncNow();
    } finally {
      this.abandon();
    }
  }

  /** Closes the file as it is, however often it is called. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    closeSync(this.#descriptor);
  }

  #append(kind: number, timeMs: number, parts: readonly Uint8Array[]): void {
    this.#write(encodeBlock(kind, timeMs, parts));
  }

  #write(bytes: Uint8Array): void {
    // A sync in the background that failed stands for everything written before it.
    if (this.#trouble !== undefined) throw this.#trouble;
    this.#try(() => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#length + done);
      }
    });
    this.#length += bytes.length;
    this.#isDirty = true;
  }

  #sync(): void {
    if (!this.#isDirty || this.#isSyncing) return;
    this.#isDirty = false;
    this.#isSyncing = true;
    fdatasync(this.#descriptor, (error) => {
      this.#isSyncing = false;
      if (error !== null) this.#trouble ??= this.#failure(error);
    });
  }

  #syncNow(): void {
    if (this.#timer === undefined) return;
    this.#isDirty = false;
    this.#try(() => fdatasyncSync(this.#descriptor));
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#trouble = this.#failure(error as Error);
      throw this.#trouble;
    }
  }

  #failure(error: Error): PortolanError {
    return new PortolanError(
      'write-failed',
      `Cannot write the journal ${quoted(this.path)}: ${writeTrouble(error)}`,
    );
  }
}

/** Makes sure that nobody else writes this journal; the kernel forgets the lock with the process. */
export function lockJournal(path: string, descriptor: number): void {
  if (takeOutput(descriptor)) return;
  closeSync(descriptor);
  throw badRequest(`The journal ${quoted(path)} is being written by a scan that still runs`);
}

/** Opens a new or empty file: journals are never overwritten, one may be all that is left of a scan. */
function createFile(path: string): { readonly descriptor: number; readonly isNew: boolean } {
  const open = (flags: number) => openOutput(path, constants.O_RDWR | flags, 0o600);
  let [descriptor, isNew] = [-1, true];
  try {
    try {
      descriptor = open(constants.O_CREAT | constants.O_EXCL);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      isNew = false;
      descriptor = open(0);
    }
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw badRequest(`Cannot begin the journal ${quoted(path)}: ${writeTrouble(error)}`);
  }
  lockJournal(path, descriptor);
  if (fstatSync(descriptor).size === 0) return { descriptor, isNew };
  closeSync(descriptor);
  throw badRequest(
    `The journal ${quoted(path)} is there already; wanted a new file`,
    `${named('resume')} ${path}`,
  );
}

function json(value: unknown): readonly Uint8Array[] {
  return [Buffer.from(JSON.stringify(value))];
}

/** At least four times a second, whatever else the thread has to do. */
const syncMs = 150;
