/**
 * Where a scan stood when its journal ended: which hosts are done, and what is settled about the others.
 *
 * @module
 */

import { verdictOf } from '../../model/verdict.ts';
import { isPretence } from '../phases/responder-check/pretence-fact.ts';
import { HostSet } from '../shard/host-set.ts';
import { lowestKind, recordKind, recordWords, traceProtocols } from '../shard/messages.ts';

/** How many hosts and questions there are: what lies beyond is no record of this scan. */
export interface Extent {
  readonly hosts: number;
  readonly questions: number;
}

/** A host that is not done. */
interface OpenHost {
  /** Known to be up, so that it need not be looked for again. */
  isUp: boolean;
  /** One bit for each question that has its verdict; absent before the first. */
  settled: Uint8Array | undefined;
}

/** Follows the records of a journal. */
export class Standing {
  readonly done = new HostSet();
  readonly extent: Extent;
  readonly #open = new Map<number, OpenHost>();

  constructor(extent: Extent) {
    this.extent = extent;
  }

  /** Takes a batch; false when it holds what no scan of this extent says. */
  take(records: Uint32Array): boolean {
    for (let i = 0; i + recordWords <= records.length; i += recordWords) {
      if (!this.#isValid(records, i)) return false;
      this.#record(records[i] as number, records[i + 1] as number, records[i + 2] as number);
    }
    return records.length % recordWords === 0;
  }

  /** Hosts known to be up and not done: the questions that are settled, one bit each. */
  known(): ReadonlyMap<number, Uint8Array> {
    const known = new Map<number, Uint8Array>();
    for (const [id, { isUp, settled }] of this.#open) if (isUp) known.set(id, settled ?? this.#noneSettled());
    return known;
  }

  #record(id: number, kind: number, detail: number): void {
    if (this.done.has(id)) return;
    let host = this.#open.get(id);
    if (host === undefined) {
      host = { isUp: false, settled: undefined };
      this.#open.set(id, host);
    }
    if (kind < lowestKind) {
      host.settled ??= this.#noneSettled();
      host.settled[kind >> 3]! |= 1 << (kind & 7);
    } else if (kind === recordKind.hostState) {
      if (verdictOf(detail & 0xffff).state === 'open') host.isUp = true;
    } else if (kind === recordKind.hostDone) {
      this.done.add(id);
      this.#open.delete(id);
    }
  }

  #isValid(records: Uint32Array, i: number): boolean {
    const kind = records[i + 1] as number;
    if ((records[i] as number) >= this.extent.hosts) return false;
    if (kind === recordKind.trace) return (records[i + 2] as number) >>> 1 < traceProtocols.length;
    if (kind === recordKind.pretender) return isPretence(records[i + 2] as number);
    if (kind >= lowestKind) return kind !== recordKind.hostState || isVerdict(records[i + 2] as number);
    return kind < this.extent.questions && isVerdict(records[i + 2] as number);
  }

  #noneSettled(): Uint8Array {
    return new Uint8Array(Math.ceil(this.extent.questions / 8));
  }
}

function isVerdict(detail: number): boolean {
  const { state, reason } = verdictOf(detail & 0xffff);
  return state !== undefined && reason !== undefined;
}
