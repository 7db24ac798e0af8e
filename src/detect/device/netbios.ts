/**
 * The names of a node, asked by unicast (RFC 1002, 4.2.17).
 *
 * @module
 */

import { netbiosNames } from '../service/protocols/names/netbios.ts';
import { questionOf, waitsMs } from './ask.ts';
import type { DeviceQuestion } from './contract.ts';

/** The status of a node. */
export const netbiosQuestion: DeviceQuestion = questionOf(netbiosNames, waitsMs.prompt);
