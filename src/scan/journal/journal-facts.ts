/**
 * What a journal holds as facts, with every probe, by the tables as they are now: a kept scan is judged again.
 * The journal is only read, so that one of a scan that still runs can be looked at.
 *
 * @module
 */

import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import { type Address, formatAddress } from '../../model/address.ts';
import type { Fact, RecordedFact } from '../../model/fact.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import { quoted } from '../../plan/quoted.ts';
import { readable } from '../../plan/read-trouble.ts';
import { FactBuilder } from '../records/fact-builder.ts';
import { eachFrame, frameHeadBytes, isNumbering } from '../records/frame.ts';
import { Numbering } from '../records/numbering.ts';
import { scanFact } from '../scan-fact.ts';
import { agendaOf } from '../shard/agenda.ts';
import type { GroupSpec } from '../shard/config.ts';
import { HostSpace } from '../shard/host-source.ts';
import { zoned } from '../shard/zones.ts';
import { blockKind, firstLine, isJournal, readBatch, readBlocks } from './block.ts';
import type { Header } from './journal.ts';
import { Standing } from './standing.ts';

/** What a journal holds about some hosts. */
export interface JournalFacts {
  /** In their order, the scan's first. */
  readonly facts: readonly RecordedFact[];
  /** Bytes at the end that are no whole block: torn, damaged, or being written just now. */
  readonly lostBytes: number;
}

/** Whether a file is a journal. What is no file (a pipe, a device) is none, and is not opened: that would be heard. */
export function isJournalFile(path: string): boolean {
  return readable(quoted(path), () => statSync(path).isFile()) && withFile(path, isJournal);
}

/** Whether bytes begin as those of a journal do. */
export function beginsJournal(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, firstLine.length), firstLine) === 0;
}

/** The facts of a journal about the hosts that are wanted; an address has its zone. */
export function journalFacts(path: string, isWanted: (host: Address) => boolean): JournalFacts {
  return withFile(path, (descriptor) => readFacts(path, descriptor, isWanted));
}

function readFacts(path: string, descriptor: number, isWanted: (host: Address) => boolean): JournalFacts {
  const what = `The journal ${quoted(path)}`;
  const blocks = readBlocks(descriptor);
  const first = blocks.next().value;
  if (first?.kind !== blockKind.plan) throw badRequest(`${what} ends before its plan`);
  const header = JSON.parse(new TextDecoder().decode(first.payload)) as Header;
  const plan = checkPlan(header.plan);
  const agenda = agendaOf(plan);
  const space = new HostSpace(agenda.groups);
  const addressOf = (id: number) => zoned(space.addressOf(id), plan.zones);
  const facts: Fact[] = [scanFact(plan, agenda.ports, header.startedAt)];
  const builder = new FactBuilder({
    asked: agenda,
    nameOf: (id) => formatAddress(addressOf(id)),
    groupOf: (id) => agenda.groups[space.groupOf(id)] as GroupSpec,
    askedAs: plan.askedAs,
    serviceName: () => undefined,
    vendorOf: () => undefined,
    ungrouped: true,
    evidence: true,
    tellsSystems: !plan.sweep,
    emit: (fact) => facts.push(fact),
  });
  const standing = new Standing({ hosts: space.size, ...agenda });
  let numberings = new Map<number, Numbering>();
  let end = first.end;
  for (const block of blocks) {
    end = block.end;
    if (block.kind === blockKind.session) numberings = new Map();
    if (block.kind !== blockKind.batch) continue;
    const batch = readBatch(block);
    if (batch === undefined || standing.take(batch.records) !== undefined)
      throw badRequest(
        `${what} holds records that this program cannot read, or that do not belong to its plan`,
      );
    const { shard, records } = batch;
    const numbering = numberings.get(shard) ?? new Numbering();
    numberings.set(shard, numbering);
    const at = new Date(block.timeMs).toISOString();
    builder.take(
      recordsOf(records, (id) => isWanted(addressOf(id))),
      numbering,
      at,
    );
  }
  for (const _ of builder.flushUnfinished());
  return {
    facts: facts.filter((fact) => 'n' in fact),
    lostBytes: Math.max(0, fstatSync(descriptor).size - end),
  };
}

/** The records about some hosts, and those that say what numbers stand for. */
function recordsOf(records: Uint8Array, isWanted: (host: number) => boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  eachFrame(records, (kind, view, start, end) => {
    if (isNumbering(kind) || isWanted(view.getUint32(start, true)))
      kept.push(records.subarray(start - frameHeadBytes, end));
  });
  return Buffer.concat(kept);
}

function withFile<Result>(path: string, read: (descriptor: number) => Result): Result {
  return readable(quoted(path), () => {
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      return read(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}
