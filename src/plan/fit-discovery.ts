/**
 * What hosts are looked for by, as far as it fits the targets and the ports that may be asked.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import type { RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import type { Protocol } from '../model/verdict.ts';
import { techniqueOf } from '../techniques/index.ts';
import { wordOf } from './choose-techniques.ts';
import { families } from './fit-packets.ts';
import { askable, portTransport } from './leave-out.ts';
import type { Plan, PortSelection } from './plan.ts';
import type { Request } from './request.ts';

/** The questions of a discovery that can be asked of these targets and need no port that is left out; adds to `warnings`. */
export function fitDiscovery(
  discovery: Plan['discovery'],
  all: RangeSet,
  avoided: PortSelection,
  request: Request,
  warnings: string[],
): Plan['discovery'] {
  return withoutAvoided(ofTheirFamilies(discovery, all, request, warnings), avoided);
}

/** By which protocols with ports hosts are looked for. */
export function transportsOf(discovery: Plan['discovery']): readonly Protocol[] {
  const all = discovery.map(({ technique }) => portTransport(technique));
  return [...new Set(all)].filter((transport) => transport !== undefined);
}

/** Timestamps and address masks exist in IPv4 only (RFC 4443 has neither). */
function ofTheirFamilies(
  discovery: Plan['discovery'],
  all: RangeSet,
  request: Request,
  warnings: string[],
): Plan['discovery'] {
  if (!families(all).has(6)) return discovery;
  const fitting = discovery.filter(({ technique }) => techniqueOf(technique).onlyFamily === undefined);
  if (fitting.length === discovery.length) return discovery;
  // Each IPv4 target is still asked them; without being told to, nobody wants to hear of the others.
  const isMixed = families(all).has(4);
  if (!Array.isArray(request.discovery)) return isMixed ? discovery : fitting;
  const flags = discovery
    .filter((question) => !fitting.includes(question))
    .map(({ technique }) => wordOf(technique));
  const what = `${flags.join(' and ')} ${flags.length === 1 ? 'exists' : 'exist'} in IPv4 only`;
  if (fitting.length === 0) {
    const whose = isMixed ? 'some targets are' : 'every target is';
    throw badRequest(
      `${what}, and ${whose} IPv6; wanted ${named('discovery', 'ping-echo')} or another probe`,
    );
  }
  warnings.push(`${what}: not asked of these IPv6 targets`);
  return isMixed ? discovery : fitting;
}

function withoutAvoided(discovery: Plan['discovery'], avoided: PortSelection): Plan['discovery'] {
  const left = askable(discovery, avoided);
  if (left.length > 0 || discovery.length === 0) return left;
  throw badRequest(
    `${named('excludePorts')} takes all that hosts would be looked for by: wanted other probes or ${named('discovery', 'skip')}`,
  );
}
