/**
 * What a variant says and a probe has no place for: refused, so that nothing is asked that would mean something else.
 *
 * @module
 */

import type { Family } from '../../model/address.ts';
import type { Technique } from '../../techniques/technique.ts';
import type { Variant } from './variant.ts';

/**
 * What tells a variant from the plain one and has no effect on a technique's probes to a host of this family; undefined:
 * nothing.
 */
export function misfitOf(
  { probe, about }: Technique,
  variant: Variant,
  plain: Variant,
  family: Family,
): string | undefined {
  const { transport } = probe;
  const hasPlace: Readonly<Record<(typeof fields)[number], boolean>> = {
    ipOptions: family === 4,
    ipId: family === 4,
    sourcePort: transport === 'tcp' || transport === 'udp' || transport === 'sctp',
    flags: about === 'tcp',
    window: transport === 'tcp',
    tcpOptions: transport === 'tcp',
    // An INIT stands alone in its packet (RFC 9260, 6.10).
    data: transport !== 'sctp',
  };
  return fields.find((field) => !hasPlace[field] && String(variant[field]) !== String(plain[field]));
}

/** What not every probe has. */
const fields = ['ipOptions', 'ipId', 'sourcePort', 'flags', 'window', 'tcpOptions', 'data'] as const;
