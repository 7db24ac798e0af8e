/**
 * Mail and news. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { clamd } from './clamd.ts';
import { lmtp } from './lmtp.ts';
import { imap, pop3, smtp } from './mail.ts';
import { milter } from './milter.ts';
import { nntp } from './nntp.ts';
import { sieve } from './sieve.ts';

/** Over TCP. Whoever names LMTP may say that it is for mail as well. */
export const mailProtocols: readonly Protocol[] = [lmtp, smtp, pop3, imap, nntp, sieve, milter, clamd];

/** Over UDP. */
export const mailDatagrams: readonly DatagramProtocol[] = [];
