/**
 * Calls, sound and pictures. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { rtsp, sip } from './calls.ts';
import { stun, stunDatagrams } from './stun.ts';

/** Over TCP. */
export const mediaProtocols: readonly Protocol[] = [rtsp, sip, stun];

/** Over UDP. */
export const mediaDatagrams: readonly DatagramProtocol[] = [stunDatagrams];
