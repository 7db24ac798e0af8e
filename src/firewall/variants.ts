/**
 * The ways in which a firewall is asked the same thing differently. The order is the number that a variant has in a plan,
 * so rows are appended, never moved; a plan bears 63.
 *
 * @module
 */

import type { FragmentPlan } from '../model/fragment-plan.ts';

/** One way to send a probe; every field but the name is one of a plan's variant. */
export interface FirewallVariant {
  /** What the user reads, and what a question names. */
  readonly name: string;
  readonly sourcePort?: number;
  readonly ttl?: number;
  readonly fragments?: FragmentPlan;
  readonly badChecksum?: boolean;
  /** TCP: the eight flag bits. */
  readonly flags?: number;
  /** How long the host is left alone after such a probe. */
  readonly spacingMs?: number;
}

/** Ports that filters are known to trust, because answers of a service come from them. */
export const trustedPorts = [20, 53, 67, 68, 80, 88, 123, 443, 500] as const;

/** Ports that no filter trusts and no kernel gives out by itself: what passes from them passes from anywhere. */
export const plainPorts = [31007, 31013] as const;

/** Bytes of each fragment: with 8 the flags of TCP are in the second, with 16 they are in the first. */
export const fragmentSizes = [8, 16, 24] as const;

/** The farthest hop that is asked for. */
export const farthestHop = 24;

/** A plain probe after which the host is left alone, for longer than Linux takes until it sends another ICMP error. */
export const pauseVariant = 'pause';
const pauseMs = 1100;
/** Between probes that end on the way: each of a round ends at another router, and each of those sends six errors at once. */
const hopSpacingMs = 20;

/** All variants. */
export const firewallVariants: readonly FirewallVariant[] = [
  ...[...trustedPorts, ...plainPorts].map((sourcePort) => ({
    name: `source-port ${sourcePort}`,
    sourcePort,
  })),
  ...fragmentSizes.flatMap((size) => [
    { name: `fragments ${size}`, fragments: { sizes: [size], order: 'forward' } } as const,
    { name: `fragments ${size} backward`, fragments: { sizes: [size], order: 'backward' } } as const,
  ]),
  { name: 'bad-checksum', badChecksum: true },
  ...Array.from({ length: farthestHop }, (_, hop) => ({
    name: `ttl ${hop + 1}`,
    ttl: hop + 1,
    spacingMs: hopSpacingMs,
  })),
  { name: 'flags P', flags: 0x08 },
  { name: 'flags PA', flags: 0x18 },
  { name: pauseVariant, spacingMs: pauseMs },
];
