/**
 * The codes by which marks name variants, and the words for them: scanner and listener read the same table.
 *
 * @module
 */

import { markCode } from '../../engine/probes/mark.ts';
import { plainVariant, type Variant } from '../../engine/probes/variant.ts';
import { firewallVariants } from '../../firewall/variants.ts';

/** The code of a variant: that of the row of the table that differs from the plain one in the same. */
export function codeOf(variant: Variant): number {
  const look = lookOf(variant);
  if (look === plainLook) return markCode.plain;
  const row = rows.indexOf(look);
  if (row >= 0) return row + 1;
  const { sourcePort } = variant;
  return sourcePort >= 0 && look === lookOf({ ...plainVariant, sourcePort })
    ? markCode.sourcePort
    : markCode.other;
}

/** The words for a code; `sourcePort` is told where the variant is known by it. */
export function wordsOf(code: number, sourcePort: number): string {
  if (code === markCode.plain) return 'plain';
  if (code === markCode.sourcePort) return `source-port ${sourcePort}`;
  return firewallVariants[code - 1]?.name ?? 'other';
}

/** What a variant differs in, as far as a packet shows it. */
function lookOf({ sourcePort, ttl, fragments, badChecksum, flags, data, ipOptions, ecn }: Variant): string {
  const others = data.length + ipOptions.length + ecn;
  return JSON.stringify([sourcePort, ttl, fragments ?? null, badChecksum, flags, others]);
}

const plainLook = lookOf(plainVariant);
const rows = firewallVariants.map(({ name: _, ...row }) => lookOf({ ...plainVariant, ...row }));
