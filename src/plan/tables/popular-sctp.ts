/**
 * The SCTP ports most worth asking, best first: our own judgement. SCTP carries telephone signalling and the
 * control planes of mobile networks (3GPP), so those come first, then SIGTRAN (RFC 2719 and its adaptation
 * layers), then what IETF protocols allow over SCTP.
 *
 * @module
 */

import type { Tier } from './popular-tcp.ts';

/** SCTP ports by likelihood. The first {@link fastSctpCount} distinct ones make up `-F`. */
export const popularSctp: readonly Tier[] = [
  [
    'mobile networks, 4G and 5G',
    '36412,38412,36422,38422,38472,38462,36443,36444,29118,29168,29169,25471,36462,37472',
  ],
  ['Diameter and RADIUS kin', '3868,5868,3863,3864,3565,4739,4740'],
  [
    'signalling transport',
    '2904,2905,2906,2907,2908,14001,9900,9901,9902,3097,5090,5091,2944,2945,5060,5061,2097,1167',
  ],
  [
    'lawful and charging interfaces',
    '20049,25423,30100,6704,6705,6706,36423,36424,11997,11998,11999,7626,8282',
  ],
  [
    'services that may run over SCTP',
    '22,80,443,21,20,179,7,9,1021,1022,2049,4711,5672,5675,6000,6001,7701,9082,9084,8471,1528,5445',
  ],
  [
    'control of switches, storage, clusters',
    '6653,6633,6640,4333,4502,5910,5911,5912,5913,5215,3478,3479,5349,6514,29,4195,4646',
  ],
  ['numbers people pick', '1000,2000,3000,5000,5001,8000,8080,8888,9999,10000,12345,38000,50000,60000'],
];

/** How many of the first ports make up `-F`. */
export const fastSctpCount = 100;
