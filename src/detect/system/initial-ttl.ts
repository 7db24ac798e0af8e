/**
 * With which time to live a packet left, and how far it came.
 *
 * @module
 */

/** The time to live that it left with: systems begin with one of four. */
export function initialTtl(ttl: number): number {
  return usualTtls.find((usual) => ttl <= usual) ?? 255;
}

/** Hops to whoever sent it, 1 on the own link; undefined where that is too far to be told from another beginning. */
export function distanceOf(ttl: number): number | undefined {
  const hops = initialTtl(ttl) - ttl;
  return ttl > 0 && hops <= mostHops ? hops + 1 : undefined;
}

const usualTtls = [32, 64, 128, 255] as const;
/** Ways through the Internet are shorter than this, and two beginnings are no nearer to one another. */
const mostHops = 31;
