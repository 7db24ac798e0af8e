/**
 * The simple services of old, most of which are known by their shape. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import {
  chargenDatagrams,
  daytimeDatagrams,
  echoDatagrams,
  quote,
  quoteDatagrams,
  systat,
  systatDatagrams,
  timeDatagrams,
} from './datagrams.ts';
import { dict, gopher, gpsd, ident, lirc, whois } from './lookups.ts';
import { chargen, daytime, echo, finger, time } from './simple.ts';

/** Over TCP. */
export const simpleProtocols: readonly Protocol[] = [
  echo,
  chargen,
  finger,
  daytime,
  time,
  dict,
  gpsd,
  ident,
  gopher,
  lirc,
  whois,
  quote,
  systat,
];

/** Over UDP. */
export const simpleDatagrams: readonly DatagramProtocol[] = [
  echoDatagrams,
  chargenDatagrams,
  daytimeDatagrams,
  timeDatagrams,
  quoteDatagrams,
  systatDatagrams,
];
