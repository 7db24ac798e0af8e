/**
 * Files: transfer, shares, versions. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { ftp } from './ftp.ts';
import { rsync } from './rsync.ts';
import { smb } from './smb.ts';

/** Over TCP. */
export const filesProtocols: readonly Protocol[] = [ftp, rsync, smb];

/** Over UDP. */
export const filesDatagrams: readonly DatagramProtocol[] = [];
