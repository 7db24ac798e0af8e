/**
 * What is changed on the way: routers quote the packets of which they say that they ended, as these arrived. Where two of
 * them quote the same probe differently, somebody from the one to the other has changed it.
 *
 * @module
 */

import type { Quote } from './contract.ts';
import type { HopPath } from './hop-path.ts';

/** What was changed, in sentences, and the places of the answers that show it. */
export interface WayChanges {
  readonly evidence: readonly string[];
  readonly cites: readonly number[];
}

/** Compares what the hops of a way quote, each with the one before. */
export function changesOn(path: HopPath): WayChanges {
  const evidence: string[] = [];
  const cites = new Set<number>();
  const { quotes } = path;
  for (const [i, there] of quotes.entries()) {
    const here = quotes[i - 1];
    const changes = here === undefined ? [] : changesBetween(here.of, there.of);
    if (here === undefined || changes.length === 0) continue;
    const from = `${here.hop} (${path.addressAt(here.hop) ?? 'several'})`;
    const to = `${there.hop} (${path.addressAt(there.hop) ?? 'several'})`;
    evidence.push(`SYNs are changed between hop ${from} and hop ${to}: ${changes.join(', ')}`);
    cites.add(here.index).add(there.index);
  }
  const { distance, farthest } = path;
  if (distance !== undefined && farthest !== undefined && farthest > distance) {
    evidence.push(
      `the host is reached with TTL ${distance} and answers from ${farthest} hops back: the way back is longer, or somebody gives probes another TTL`,
    );
    for (const cite of path.distanceCites) cites.add(cite);
  }
  return { evidence, cites: [...cites] };
}

function changesBetween(here: Quote, there: Quote): readonly string[] {
  const found: string[] = [];
  const compare = (name: string, before: unknown, after: unknown) => {
    if (before !== after) found.push(`${name} ${before} becomes ${after}`);
  };
  compare('DSCP', here.dscp, there.dscp);
  compare('ECN', here.ecn, there.ecn);
  if (here.dontFragment !== there.dontFragment) found.push(`DF is ${there.dontFragment ? 'set' : 'cleared'}`);
  // A router that quotes less says nothing of the rest.
  if (here.options === undefined || there.options === undefined) return found;
  const [before, after] = [here.options, there.options].map((options) => options.split(','));
  const gone = before?.filter((option) => option !== 'nop' && after?.includes(option) === false) ?? [];
  if (gone.length > 0) found.push(`TCP options ${gone.join(', ')} are removed`);
  else if (here.options !== there.options) found.push(`TCP options ${here.options} become ${there.options}`);
  if (here.mss !== undefined && there.mss !== undefined) compare('MSS', here.mss, there.mss);
  if (here.windowScale !== undefined && there.windowScale !== undefined)
    compare('window scale', here.windowScale, there.windowScale);
  return found;
}
