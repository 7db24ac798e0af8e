/**
 * Servers of the web, and what is built on their words. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { http, httpRefused } from './http.ts';
import { http2 } from './http2.ts';
import { proxied } from './proxied.ts';

/** Over TCP. */
export const webProtocols: readonly Protocol[] = [http, httpRefused, proxied, http2];

/** Over UDP. */
export const webDatagrams: readonly DatagramProtocol[] = [];
