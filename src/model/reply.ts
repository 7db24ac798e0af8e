/**
 * The evidence a probe can bring back, in one family-neutral shape.
 *
 * @module
 */

/** TCP flags, one letter each, as tcpdump prints them, lowest bit of the header first. */
export const tcpFlags = ['F', 'S', 'R', 'P', 'A', 'U', 'E', 'C'] as const;

/** One TCP flag. */
export type TcpFlag = (typeof tcpFlags)[number];

/** ICMP and ICMPv6 errors by meaning rather than by type and code. Order is the wire order of `wire/meaning.ts`. */
export const icmpErrors = [
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

/** An ICMP error that says something about the probe it quotes. */
export type IcmpError = (typeof icmpErrors)[number];

/** A packet already proven to answer one of our probes. */
export type Reply =
  | { readonly kind: 'tcp'; readonly flags: ReadonlySet<TcpFlag>; readonly window: number }
  | { readonly kind: 'udp' }
  | { readonly kind: 'sctp'; readonly chunk: 'init-ack' | 'abort' }
  | { readonly kind: 'echo-reply' }
  | { readonly kind: 'timestamp-reply' }
  | { readonly kind: 'mask-reply' }
  | { readonly kind: 'protocol' }
  | { readonly kind: 'neighbour' }
  /** What the kernel says of a connect(); it does not tell a reset from a port-unreachable. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'icmp'; readonly error: IcmpError; readonly sender: 'target' | 'other' };
