/**
 * Portolan as a user starts it, inside a lab, and its record read back.
 *
 * @module
 */

import { join } from 'node:path';
import type { PortFact, RecordedFact, SummaryFact } from '../../../src/model/fact.ts';
import { parsePortRanges } from '../../../src/model/ports.ts';
import type { Lab } from './lab.ts';
import type { EnterOptions, Namespace } from './namespace.ts';
import type { PortTable } from './nmap.ts';
import type { Finished } from './process.ts';

/** What a run left behind, and its record. */
export interface Scanned extends Finished {
  readonly facts: readonly RecordedFact[];
  /** The last of them. */
  readonly summary: SummaryFact | undefined;
  /** Every verdict, by `address protocol/port`; of a technique's name where several were asked. */
  ports(technique?: string): PortTable;
}

/** The summary of a run that must have one. */
export function summaryOf({ summary }: Scanned): SummaryFact {
  if (summary === undefined) throw new Error('the record has no summary');
  return summary;
}

/** State and reason of each host. */
export function hostsOf({ facts }: Scanned): Record<string, string> {
  return Object.fromEntries(
    facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, `${fact.state} ${fact.reason}`]] : [])),
  );
}

/** Runs `portolan ARGS -oJ -` in the scanner's namespace. */
export function portolan(lab: Lab, args: readonly string[], options: EnterOptions = {}): Promise<Scanned> {
  return portolanIn(lab.scanner.namespace, args, options);
}

/** The same in any namespace. */
export async function portolanIn(
  namespace: Namespace,
  args: readonly string[],
  options: EnterOptions = {},
): Promise<Scanned> {
  const finished = await namespace.run(commandIn(namespace, [...args, '-oJ', '-'], options.user), options);
  const facts = finished.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedFact);
  const last = facts.at(-1);
  return {
    ...finished,
    facts,
    summary: last?.type === 'summary' ? last : undefined,
    ports: (technique) => tableOf(facts, technique),
  };
}

/** The command line that starts this checkout's Portolan. */
export function portolanCommand(
  lab: Lab,
  args: readonly string[],
  user: 'root' | 'nobody' = 'root',
): string[] {
  return commandIn(lab.scanner.namespace, args, user);
}

function commandIn(namespace: Namespace, args: readonly string[], user?: EnterOptions['user']): string[] {
  const { node, root } = namespace.paths(user);
  return [node, join(root, 'bin/portolan.js'), ...args];
}

/** The record port by port. A port told twice under one technique is a fault of the record. */
function tableOf(facts: readonly RecordedFact[], technique?: string): PortTable {
  const table = new Map<string, Pick<PortFact, 'state' | 'reason'>>();
  for (const fact of facts) {
    if (fact.type !== 'port' && fact.type !== 'ports') continue;
    if (technique !== undefined && fact.technique !== technique) continue;
    for (const port of fact.type === 'port' ? [fact.port] : parsePortRanges(fact.ports)) {
      const key = `${fact.host} ${fact.protocol}/${port}`;
      if (table.has(key)) throw new Error(`the record tells ${key} (${fact.technique}) twice`);
      table.set(key, { state: fact.state, reason: fact.reason });
    }
  }
  return table;
}
