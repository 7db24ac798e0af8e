/**
 * Source routes, which packets carry as an IPv4 option (RFC 791, 3.1).
 *
 * @module
 */

/** The hops of a route, loose or strict, at the beginning of options, 4 bytes each; none where there is no route. */
export function sourceRoute(options: Uint8Array): readonly Uint8Array[] {
  const [kind, length = 0] = options;
  if (kind !== looseRoute && kind !== strictRoute) return [];
  const hops: Uint8Array[] = [];
  for (let at = 3; at + 4 <= Math.min(length, options.length); at += 4)
    hops.push(options.subarray(at, at + 4));
  return hops;
}

const looseRoute = 131;
const strictRoute = 137;
