/**
 * The table of variants that a plan speaks of: row 0 from its packet options, the others as row 0 but for what they
 * say.
 *
 * @module
 */

import { plainVariant, type Variant } from '../../engine/probes/variant.ts';
import type { Plan, PlannedVariant } from '../../plan/plan.ts';
import { bytesOf } from '../../plan/read-plan.ts';
import { randomWords } from '../../system/entropy.ts';

/** Source ports from `first` on; `size` is a power of two. */
export interface PortBlock {
  readonly first: number;
  readonly size: number;
}

/** The variants of a plan; the cookie chooses source ports of this block. */
export function variantsOf(
  plan: Pick<Plan, 'packet' | 'scanFlags' | 'variants'>,
  block: PortBlock,
): readonly Variant[] {
  const plain = plainOf(plan);
  return withPorts([plain, ...plan.variants.map((row) => changed(plain, row))], block);
}

/** The source ports that variants of a plan have, whatever the cookie says. */
export function fixedPortsOf({ packet, variants }: Plan): readonly number[] {
  const ports = [packet, ...variants].map(({ sourcePort }) => sourcePort);
  return [...new Set(ports.filter((port) => typeof port === 'number'))];
}

function plainOf({ packet, scanFlags }: Pick<Plan, 'packet' | 'scanFlags'>): Variant {
  const { data, ipOptions } = bytesOf(packet);
  const { fragmentBytes } = packet;
  return {
    ...plainVariant,
    ttl: packet.ttl ?? plainVariant.ttl,
    data: data ?? randomData(packet.dataLength ?? 0),
    badChecksum: packet.badChecksum ?? false,
    ipOptions: padded(ipOptions ?? plainVariant.ipOptions),
    sourcePort: packet.sourcePort ?? -1,
    flags: scanFlags ?? -1,
    ...(fragmentBytes !== undefined && {
      fragments: { sizes: [fragmentBytes], order: 'forward' },
      dontFragment: false,
    }),
  };
}

function changed(plain: Variant, row: PlannedVariant): Variant {
  const { sourcePort, data, ipOptions, tcpOptions, fragments, spacingMs, ...same } = row;
  const { fragments: usualFragments, ...rest } = plain;
  const own = fragments === undefined ? usualFragments : fragments;
  return {
    ...rest,
    ...(own !== undefined && own !== null && { fragments: own }),
    dontFragment: own === undefined || own === null,
    ...same,
    ...(sourcePort !== undefined && { sourcePort: sourcePort ?? -1 }),
    ...(data !== undefined && { data: bytes(data) }),
    ...(ipOptions !== undefined && { ipOptions: padded(bytes(ipOptions)) }),
    ...(tcpOptions !== undefined && { tcpOptions: padded(bytes(tcpOptions)) }),
    ...(spacingMs !== undefined && { spacingUs: spacingMs * 1000 }),
  };
}

/**
 * Shares the block out, so that no two variants have a source port in common; those that differ in nothing but TTL are
 * one conversation to whoever they reach, and share theirs. The plain one has the half, the others equal parts.
 */
function withPorts(variants: readonly Variant[], { first, size }: PortBlock): readonly Variant[] {
  const kinds = new Map<string, number>();
  for (const variant of variants) {
    const kind = kindOf(variant);
    if (variant.sourcePort < 0 && !kinds.has(kind)) kinds.set(kind, kinds.size);
  }
  const isShared = kinds.size > 1;
  const part = isShared ? size / 2 / 2 ** Math.ceil(Math.log2(kinds.size - 1)) : size;
  return variants.map((variant) => {
    const number = kinds.get(kindOf(variant)) ?? 0;
    return number === 0
      ? { ...variant, portBlock: first, portBlockSize: isShared ? size / 2 : size }
      : { ...variant, portBlock: first + size / 2 + (number - 1) * part, portBlockSize: part };
  });
}

function kindOf({ ttl: _, ...rest }: Variant): string {
  return JSON.stringify(rest);
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Options end with their list (RFC 791, 3.1; RFC 9293, 3.1), on a multiple of four bytes. */
function padded(options: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(options.length / 4) * 4);
  whole.set(options);
  return whole;
}

function randomData(length: number): Uint8Array {
  return new Uint8Array(randomWords(Math.ceil(length / 4)).buffer, 0, length);
}
