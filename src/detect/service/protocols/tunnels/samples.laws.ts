/** What servers of these protocols have said, each with where it comes from. @module */

import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const tunnelsSamples: readonly Sample[] = [
  // Dante and Tor of Debian 12: methods, and what Tor says to a request of the web.
  { protocol: 'socks5', bytes: Uint8Array.of(5, 0), facts: { authentication: 'none' } },
  { protocol: 'socks5', bytes: Uint8Array.of(5, 0xff), facts: { authentication: 'none of those offered' } },
  {
    protocol: 'socks5',
    bytes: latin1(
      'HTTP/1.0 501 Tor is not an HTTP Proxy\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html>\n<head>\n<title>This is a SOCKS Proxy, Not An HTTP Proxy</title>\n',
    ),
    product: 'Tor',
    cpe: ['cpe:/a:torproject:tor'],
  },
  {
    protocol: 'tor-control',
    bytes: latin1(
      '250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n250 closing connection\r\n',
    ),
    facts: { authentication: ['NULL'] },
    product: 'Tor',
    version: '0.4.9.11',
    cpe: ['cpe:/a:torproject:tor:0.4.9.11'],
  },
  { protocol: 'tor-control', bytes: latin1('514 Authentication required.\r\n'), product: 'Tor' },
  {
    protocol: 'tor-control',
    bytes: latin1(
      'HTTP/1.0 501 Tor ControlPort is not an HTTP proxy\r\nContent-Type: text/html\r\n\r\n<html>\n',
    ),
    product: 'Tor',
  },
  // OpenVPN 2.6, pptpd, strongSwan 5.9, xl2tpd and Caddy of Debian 12, s_server of OpenSSL 3.0.
  {
    protocol: 'openvpn',
    bytes: hex('001a40c036306ccea45e370100000000706f72746f6c616e00000000'),
    product: 'OpenVPN',
  },
  {
    protocol: 'openvpn',
    transport: 'udp',
    bytes: hex('406b20e3b410ffc3ab0100000000706f727487038c1700000000'),
    product: 'OpenVPN',
  },
  {
    protocol: 'pptp',
    bytes: hex(
      `009c00011a2b3c4d00020000010001000000000000000000000100016c6f63616c${'00'.repeat(59)}6c696e7578${'00'.repeat(59)}`,
    ),
    facts: { hostname: 'local', firmware: '1' },
    product: 'Poptop pptpd',
  },
  {
    protocol: 'isakmp',
    transport: 'udp',
    bytes: hex('706f727487038c17de75e1683b8de1db292022200000000000000024000000080000000e'),
    facts: { version: '2', answer: 'no proposal chosen' },
  },
  {
    protocol: 'isakmp',
    transport: 'udp',
    bytes: hex('706f727487038c17aa0e25ef73044d410b1005009981b390000000280000000c000000010100000e'),
    facts: { version: '1', answer: 'no proposal chosen' },
  },
  {
    protocol: 'isakmp',
    transport: 'udp',
    bytes: hex('00000000706f727487038c1782811973e872c631292022200000000000000024000000080000000e'),
    facts: { version: '2' },
  },
  // RFC 2408 and RFC 3706: a proposal accepted, and two vendors.
  {
    protocol: 'isakmp',
    transport: 'udp',
    bytes: hex(
      '706f727487038c17aa0e25ef73044d41011002000000000000000050' +
        '0d00000c0000000100000001' +
        '0d000014882fe56d6fd20dbc2251613b2ebe5beb' +
        '00000014afcad71368a1f1c96b8696fc77570100',
    ),
    facts: { answer: 'proposal accepted', vendors: 'strongSwan, dead peer detection' },
    product: 'strongSwan',
  },
  {
    protocol: 'l2tp',
    transport: 'udp',
    bytes: hex(
      'c8020063727400000000000180080000000000028008000000020100800a0000000300000003800a00000004000000000008000000060690800800000007766d00130000000878656c6572616e63652e636f6d800800000009cae980080000000a0004',
    ),
    facts: { hostname: 'vm', vendor: 'xelerance.com', answer: 'accepted' },
    product: 'xl2tpd',
    cpe: ['cpe:/a:xelerance:xl2tpd'],
  },
  {
    protocol: 'quic',
    transport: 'udp',
    bytes: hex('a00000000008706f727487038c17088f908d8bf1746835000000017adafa3a709a50c4ff00001d'),
    facts: { versions: ['1', '0x709a50c4', 'draft 29'] },
  },
  // RFC 9000, 17.2.2 and 17.2.5: an Initial without token, of draft 29 and of version 1, and a Retry.
  {
    protocol: 'quic',
    transport: 'udp',
    bytes: hex(`c0ff00001d000808f908d8bf1746830040${'19'.repeat(26)}`),
    facts: { versions: ['draft 29'] },
  },
  {
    protocol: 'quic',
    transport: 'udp',
    bytes: hex(`c10000000108706f727487038c17080102030405060708004020${'ab'.repeat(32)}`),
    facts: { versions: ['1'] },
  },
  {
    protocol: 'quic',
    transport: 'udp',
    bytes: hex(`f0000000010008a1a2a3a4a5a6a7a8${'cd'.repeat(40)}`),
    facts: { versions: ['1'] },
  },
  {
    protocol: 'dtls',
    transport: 'udp',
    bytes: hex(
      '16feff00000000000000000023030000170000000000000017feff14e8afbe4b191a33e77dc4c48cc53f900094ed5929',
    ),
    facts: { version: '1.0', answer: 'cookie wanted' },
  },
  {
    protocol: 'dtls',
    transport: 'udp',
    bytes: hex('15fefd0000000000000000000202' + '28'),
    facts: { answer: 'alert 40' },
  },
  // 3GPP TS 29.060, 7.2.2, TS 29.274, 7.1.2 and TS 29.244, 7.4.2.2.
  {
    protocol: 'gtp-control',
    transport: 'udp',
    bytes: hex('3202000600000000def100000e01'),
    facts: { version: '1' },
  },
  {
    protocol: 'gtp-control',
    transport: 'udp',
    bytes: hex('40020009bcdef1000300010005'),
    facts: { version: '2', restarts: '5' },
  },
  { protocol: 'pfcp', transport: 'udp', bytes: hex('2002000cbcdef10000600004e8000000') },
];
