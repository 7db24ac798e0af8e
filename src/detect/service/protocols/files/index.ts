/**
 * Files: transfer, shares, versions. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { afp } from './afp.ts';
import { iscsi, nbd } from './blocks.ts';
import { ftp } from './ftp.ts';
import { msrpc } from './msrpc.ts';
import { git, svn } from './revisions.ts';
import { mountd, nfs, rpc, rpcbind, rpcDatagrams } from './rpc.ts';
import { rsync } from './rsync.ts';
import { netbiosSession, smb, smb1 } from './smb.ts';
import { tftp } from './tftp.ts';
import { amanda, bittorrent, tracker } from './torrents.ts';

/** Over TCP. */
export const filesProtocols: readonly Protocol[] = [
  ftp,
  rsync,
  smb,
  smb1,
  netbiosSession,
  msrpc,
  rpcbind,
  nfs,
  mountd,
  rpc,
  afp,
  iscsi,
  nbd,
  git,
  svn,
];

/** Over UDP. */
export const filesDatagrams: readonly DatagramProtocol[] = [
  ...rpcDatagrams,
  tftp,
  bittorrent,
  tracker,
  amanda,
];
