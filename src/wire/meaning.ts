/**
 * What an ICMP error means, in words shared by ICMPv4 (RFC 792, RFC 1812) and ICMPv6 (RFC 4443).
 *
 * @module
 */

/** The meanings; {@link icmpMeaningIndex} counts in this order. */
export const icmpMeanings = [
  'net-unreach',
  'host-unreach',
  'proto-unreach',
  'port-unreach',
  'net-prohibited',
  'host-prohibited',
  'admin-prohibited',
  'time-exceeded',
  'no-route',
  'beyond-scope',
  'policy-failed',
  'reject-route',
] as const;

/** What an ICMP error says about the packet it quotes. */
export type IcmpMeaning = (typeof icmpMeanings)[number];

/** The meaning of an ICMP message; undefined where it proves nothing about a port or a path. */
export function icmpMeaning(family: number, type: number, code: number): IcmpMeaning | undefined {
  return icmpMeanings[icmpMeaningIndex(family, type, code)];
}

/** The position of the meaning in {@link icmpMeanings}, -1 for none. Allocates nothing. */
export function icmpMeaningIndex(family: number, type: number, code: number): number {
  if (family === 4) {
    if (type === 3) return code < unreachable4.length ? unreachable4[code]! : -1;
    return type === 11 ? timeExceeded : -1;
  }
  if (type === 1) return code < unreachable6.length ? unreachable6[code]! : -1;
  if (type === 3) return timeExceeded;
  // Parameter problem, code 1: unrecognized next header (RFC 4443, section 3.4).
  return type === 4 && code === 1 ? protoUnreach : -1;
}

const protoUnreach = 2;
const timeExceeded = 7;

/** ICMPv4 type 3 by code. 3/4 (fragmentation needed) to 3/8 and 3/11, 3/12 (type of service) tell nothing. */
const unreachable4 = Int8Array.of(0, 1, protoUnreach, 3, -1, -1, -1, -1, -1, 4, 5, -1, -1, 6);

/** ICMPv6 type 1 by code. */
const unreachable6 = Int8Array.of(8, 6, 9, 1, 3, 10, 11);
