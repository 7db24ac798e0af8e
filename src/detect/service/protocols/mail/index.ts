/**
 * Mail and news. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { imap, pop3, smtp } from './mail.ts';
import { nntp } from './nntp.ts';

/** Over TCP. */
export const mailProtocols: readonly Protocol[] = [smtp, pop3, imap, nntp];

/** Over UDP. */
export const mailDatagrams: readonly DatagramProtocol[] = [];
