/**
 * What a record, from a file or standard input, or a journal holds about one host, for the `explain` command.
 *
 * @module
 */

import { createReadStream } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import type { Address } from '../../model/address.ts';
import type {
  FindingFact,
  HostFact,
  PolicyFact,
  PortFact,
  PortsFact,
  ProbeFact,
  RecordedFact,
  ScanFact,
} from '../../model/fact.ts';
import { parseAddress } from '../../model/parse-address.ts';
import type { ServiceFact } from '../../model/service-fact.ts';
import { quoted } from '../../plan/quoted.ts';
import { unreadable } from '../../plan/read-trouble.ts';
import { readFacts } from '../../report/index.ts';
import { beginsJournal, isJournalFile, journalFacts } from '../../scan/journal/journal-facts.ts';

/** What of a record is about one host. */
export interface Held {
  /** The record in messages. */
  readonly record: string;
  scan: ScanFact | undefined;
  readonly hosts: HostFact[];
  readonly ports: PortFact[];
  readonly groups: PortsFact[];
  readonly probes: ProbeFact[];
  /** What a filter does with its ports. */
  readonly services: ServiceFact[];
  readonly policies: PolicyFact[];
  readonly findings: FindingFact[];
}

/** Where records come from besides files, and who hears what is missing in one. */
export interface RecordWorld {
  readonly stdin: AsyncIterable<Uint8Array>;
  warn(message: string): void;
}

/** Reads what a record says of a host, whatever the address is written like. `-` is standard input. */
export async function readHeld(file: string, wanted: Address, world: RecordWorld): Promise<Held> {
  const record = file === '-' ? 'standard input' : quoted(file);
  const held: Held = {
    record,
    scan: undefined,
    hosts: [],
    ports: [],
    groups: [],
    probes: [],
    services: [],
    policies: [],
    findings: [],
  };
  const names = new Map<string, boolean>();
  for await (const fact of factsOf(file, record, wanted, world)) {
    if (fact.type === 'scan') held.scan = fact;
    if (!('host' in fact)) continue;
    const isWanted = names.get(fact.host) ?? isSame(parseAddress(fact.host), wanted);
    names.set(fact.host, isWanted);
    if (!isWanted) continue;
    if (fact.type === 'host') held.hosts.push(fact);
    else if (fact.type === 'port') held.ports.push(fact);
    else if (fact.type === 'ports') held.groups.push(fact);
    else if (fact.type === 'probe') held.probes.push(fact);
    else if (fact.type === 'service') held.services.push(fact);
    else if (fact.type === 'policy') held.policies.push(fact);
    else if (fact.type === 'finding') held.findings.push(fact);
  }
  const found = [...names].filter(([, isWanted]) => isWanted).map(([name]) => name);
  if (found.length > 1)
    throw badRequest(`${record} holds this host on several links: wanted one of ${found.join(', ')}`);
  return held;
}

function factsOf(
  file: string,
  record: string,
  wanted: Address,
  { stdin, warn }: RecordWorld,
): Iterable<RecordedFact> | AsyncIterable<RecordedFact> {
  if (file === '-' || !isJournalFile(file)) {
    const pieces = file === '-' ? stdin : createReadStream(file);
    return readFacts(piecesOf(pieces, record), {
      onCutOff: (problem) => warn(`${record}: ${problem}; what stands before it is used`),
    });
  }
  const { facts, lostBytes } = journalFacts(file, (host) => isSame(host, wanted));
  if (lostBytes > 0)
    warn(
      `the last ${lostBytes} bytes of the journal ${record} are torn, or being written: what they held is missing here`,
    );
  return facts;
}

/** The same pieces, if they can be read, and as long as they may be a record's. */
async function* piecesOf(pieces: AsyncIterable<Uint8Array>, record: string): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  try {
    for await (const piece of pieces) {
      if (isFirst && beginsJournal(piece))
        throw badRequest(
          `${record} is a journal: wanted the name of its file, where it is read here and there`,
        );
      isFirst = false;
      yield piece;
    }
  } catch (error) {
    throw unreadable(record, error);
  }
}

/** Without a zone every link is meant. */
function isSame(host: Address | undefined, wanted: Address): boolean {
  if (host?.family !== wanted.family || host.value !== wanted.value) return false;
  return host.zone === undefined || wanted.zone === undefined || host.zone === wanted.zone;
}
