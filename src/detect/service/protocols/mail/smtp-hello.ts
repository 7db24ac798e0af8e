/**
 * What SMTP (RFC 5321) and LMTP (RFC 2033) have in common beside the word of their hello.
 *
 * @module
 */

import type { StartTls } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { bytesOf } from '../../text.ts';

/** STARTTLS (RFC 3207). */
export const smtpStartTls: StartTls = {
  cost: 5,
  isOffered: ({ extensions = [] }) => extensions.includes('STARTTLS'),
  bytes: bytesOf('STARTTLS\r\n'),
  isAgreed: (bytes) => replyOf(bytes)?.code === '220',
};

/** Whether the hello has been answered as well as the greeting has come. */
export function isHelloAnswered(bytes: Uint8Array): boolean {
  const greeting = replyOf(bytes);
  return greeting !== undefined && replyOf(greeting.rest) !== undefined;
}
