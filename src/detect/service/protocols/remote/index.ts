/**
 * Somebody else’s screen or shell. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { rdp, vnc } from './desktops.ts';
import { ssh } from './ssh.ts';
import { telnet } from './telnet.ts';

/** Over TCP. */
export const remoteProtocols: readonly Protocol[] = [ssh, telnet, vnc, rdp];

/** Over UDP. */
export const remoteDatagrams: readonly DatagramProtocol[] = [];
