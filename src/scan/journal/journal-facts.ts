/**
 * What a journal holds as facts, with every probe, by the tables as they are now: a kept scan is judged again.
 * The journal is only read, so that one of a scan that still runs can be looked at.
 *
 * @module
 */

import { closeSync, constants, openSync } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import { type Address, formatAddress } from '../../model/address.ts';
import type { Fact, RecordedFact } from '../../model/fact.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import { quoted } from '../../plan/quoted.ts';
import { zoned } from '../list-targets.ts';
import { FactBuilder } from '../records/fact-builder.ts';
import { eachFrame, frameHeadBytes, recordKinds } from '../records/frame.ts';
import { Numbering } from '../records/numbering.ts';
import { scanFact } from '../scan-fact.ts';
import { agendaOf } from '../shard/agenda.ts';
import { HostSpace } from '../shard/host-source.ts';
import { blockKind, isJournal, readBlocks } from './block.ts';
import type { Header } from './journal.ts';
import { Standing } from './standing.ts';

/** Whether a file is a journal. */
export function isJournalFile(path: string): boolean {
  return withFile(path, isJournal);
}

/** The facts of a journal that are about this host (its address as facts have it), the scan's first. */
export function journalFacts(path: string, host: string): readonly RecordedFact[] {
  return withFile(path, (descriptor) => readFacts(path, descriptor, host));
}

function readFacts(path: string, descriptor: number, wanted: string): readonly RecordedFact[] {
  const what = `The journal ${quoted(path)}`;
  const blocks = readBlocks(descriptor);
  const first = blocks.next().value;
  if (first?.kind !== blockKind.plan) throw badRequest(`${what} ends before its plan`);
  const header = JSON.parse(new TextDecoder().decode(first.payload)) as Header;
  const plan = checkPlan(header.plan);
  const agenda = agendaOf(plan);
  const space = new HostSpace(agenda.groups);
  const nameOf = (id: number) => formatAddress(zoned(space.addressOf(id) as Address, plan.zones));
  const facts: Fact[] = [scanFact(plan, agenda.ports, header.startedAt)];
  const builder = new FactBuilder({
    asked: agenda,
    nameOf,
    askedAs: plan.askedAs,
    serviceName: () => undefined,
    vendorOf: () => undefined,
    ungrouped: true,
    evidence: true,
    emit: (fact) => facts.push(fact),
  });
  const standing = new Standing({ hosts: space.size, ...agenda });
  let numberings = new Map<number, Numbering>();
  for (const block of blocks) {
    if (block.kind === blockKind.session) numberings = new Map();
    if (block.kind !== blockKind.batch) continue;
    const shard = new DataView(block.payload.buffer).getUint32(0, true);
    const numbering = numberings.get(shard) ?? new Numbering();
    numberings.set(shard, numbering);
    const records = block.payload.subarray(4);
    if (standing.take(records) !== undefined)
      throw badRequest(
        `${what} holds records that this program cannot read, or that do not belong to its plan`,
      );
    const at = new Date(block.timeMs).toISOString();
    builder.take(
      recordsOf(records, (id) => nameOf(id) === wanted),
      numbering,
      at,
    );
  }
  builder.flushUnfinished();
  return facts.filter((fact) => 'n' in fact);
}

/** The records about some hosts, and those that say what numbers stand for. */
function recordsOf(records: Uint8Array, isWanted: (host: number) => boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  eachFrame(records, (kind, view, start, end) => {
    const isNumbering = kind === recordKinds.sender || kind === recordKinds.options;
    if (isNumbering || isWanted(view.getUint32(start, true)))
      kept.push(records.subarray(start - frameHeadBytes, end));
  });
  return Buffer.concat(kept);
}

function withFile<Result>(path: string, read: (descriptor: number) => Result): Result {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw badRequest(`Cannot open ${quoted(path)}: ${(error as Error).message}`);
  }
  try {
    return read(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
