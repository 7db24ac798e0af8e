/**
 * What SMTP (RFC 5321) and LMTP (RFC 2033) have in common beside the word of their hello.
 *
 * @module
 */

import type { Facts, StartTls } from '../../contract.ts';
import { type Reply, replyOf } from '../../reply-lines.ts';
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

/** What a greeting says, and the hello where it was welcome: the host's name, extensions. */
export function greetingFacts(greeting: Reply, hello: Reply | undefined): Facts {
  const [first = ''] = greeting.lines;
  const hostname = /^([\w-]+(?:\.[\w-]+)+)(?: |$)/.exec(first)?.[1];
  const extensions = hello?.code === '250' ? hello.lines.slice(1).map((line) => line.toUpperCase()) : [];
  return {
    greeting: greeting.lines.join(' '),
    ...(hostname !== undefined && { hostname }),
    ...(extensions.length > 0 && { extensions }),
  };
}
