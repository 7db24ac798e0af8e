/**
 * The assigned numbers that tie one layer to the next.
 *
 * @module
 */

/** IP protocol and IPv6 next-header numbers (IANA "Assigned Internet Protocol Numbers"). */
export const ipProtocol = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipInIp: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  authentication: 51,
  icmpv6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  sctp: 132,
} as const;

/** EtherTypes (IANA "IEEE 802 Numbers"). */
export const etherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  serviceVlan: 0x88a8,
} as const;
