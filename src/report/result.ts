/**
 * A whole scan as one object, for programs that want to wait for it.
 *
 * @module
 */

import type { Fact, PortFact, ScanFact, SummaryFact } from '../model/fact.ts';
import { Collector } from './collect.ts';
import type { HostReport, Writer } from './writer.ts';

/** What a scan told. */
export interface ScanResult {
  readonly scan: ScanFact;
  /** Every host, down ones included, in the order in which all was said about them. */
  readonly hosts: readonly HostReport[];
  /** The ports that were told one by one: the open ones, and all of a scan that is `ungrouped`. */
  readonly ports: readonly PortFact[];
  readonly warnings: readonly string[];
  readonly summary: SummaryFact;
}

/** Waits for the end of a scan and gives all that it told: `await collect(scan(request))`. */
export async function collect(facts: AsyncIterable<Fact> | Iterable<Fact>): Promise<ScanResult> {
  const hosts: HostReport[] = [];
  const warnings: string[] = [];
  let begun: ScanFact | undefined;
  let ended: SummaryFact | undefined;
  const writer: Writer = { name: 'result', mediaType: '', host: (host) => hosts.push(host) };
  const collector = new Collector([{ writer, out: () => {} }], everything);
  for await (const fact of facts) {
    if (fact.type === 'warning') warnings.push(fact.message);
    else if (fact.type === 'scan') begun = fact;
    else if (fact.type === 'summary') ended = fact;
    collector.take(fact);
  }
  if (begun === undefined || ended === undefined) {
    throw new Error(
      'these facts are no whole scan: wanted one that begins with `scan` and ends with `summary`',
    );
  }
  return { scan: begun, hosts, ports: hosts.flatMap(({ ports }) => ports), warnings, summary: ended };
}

/** Hosts that are down are part of the result, and so are probes. */
const everything = { openOnly: false, reason: true, verbosity: 1, probes: true };
