/** What servers of these protocols have said, each with where it comes from. @module */

import { hex, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const mediaSamples: readonly Sample[] = [
  // Coturn of Debian 12.
  {
    protocol: 'stun',
    bytes: coturnAnswer(),
    product: 'Coturn',
    version: '4.6.1',
    cpe: ['cpe:/a:coturn_project:coturn:4.6.1'],
  },
  { protocol: 'stun', transport: 'udp', bytes: coturnAnswer(), product: 'Coturn', version: '4.6.1' },
];

function coturnAnswer(): Uint8Array {
  return hex(
    '0101003c2112a442706f727487038c17a833156a002000080001a33e5e12a443000100080001822c7f000001802b000800010d967f00000180220014436f7475726e2d342e362e312027476f72737427',
  );
}
