/**
 * What canaries prove: whether somebody answers for ports that hold no service, and who that is. Pure.
 *
 * That all of them are open proves nothing: a host may have a listener on every port. It takes one of these.
 *
 * - *SYN-ACKs without a window.* A SYN proxy answers before it knows what the server's window is (Linux:
 *   nf_synproxy_core.c), and tells it once the server has accepted.
 * - *Windows too small for any segment.* A tarpit holds its clients by them (LaBrea: 10 bytes; xt_TARPIT: 5).
 * - *An acknowledgement of what was never sent.* Every TCP resets an ACK of no connection (RFC 9293, 3.10.7.1 and
 *   3.10.7.2); a tarpit remembers none and acknowledges it.
 * - *A reset to a segment without flags.* Linux resets it on a port without listener and is silent on one with
 *   (RFC 9293, 3.10.7.1 and 3.10.7.2). Connection tracking calls it invalid, so that it passes a redirection
 *   untouched: SYNs are led elsewhere. Other systems reset it on every port, so the SYN-ACK must be Linux's.
 * - *The same on every connection:* the same first line, or an end without a word.
 *
 * What does not work: sequence numbers (RFC 6528). One listener behind two ports sees two source ports, because
 * connection tracking keeps the first connection for 10 s and gives the second another; nothing links them.
 *
 * @module
 */

import type { Heard } from './heard.ts';

/** What is known of one canary that says open. */
export interface CanaryEvidence {
  /** The window of its SYN-ACK; absent where none was seen. */
  readonly window?: number;
  /** Its SYN-ACK is as Linux writes them, and a segment without flags was answered by a reset. */
  readonly isLedElsewhere: boolean;
  /** An ACK of no connection was acknowledged. */
  readonly acknowledgesStray: boolean;
  /** What a connection to it brought; absent where none was made. */
  readonly heard?: Heard;
}

/**
 * Who answers, and by what that shows. The order is part of the journal's format. `unnamed`: somebody whom the evidence
 * does not tell from others.
 */
export const pretenceRules = ['syn-proxy', 'redirect-all', 'tarpit', 'unnamed'] as const;
export const pretenceBases = [
  'no-window',
  'tiny-window',
  'led-elsewhere',
  'same-words',
  'prompt-close',
  'reset',
  'stray-ack',
] as const;

/** A host whose open ports prove nothing. */
export interface Pretence {
  readonly rule: (typeof pretenceRules)[number];
  readonly basis: (typeof pretenceBases)[number];
  /** The window that was seen, where the basis is one. */
  readonly window: number;
}

/** Judges canaries that say open; undefined when nothing speaks against them. */
export function judgeCanaries(canaries: readonly CanaryEvidence[]): Pretence | undefined {
  const windows = canaries.flatMap(({ window, heard }) => window ?? heard?.window ?? []);
  const isWindowed = windows.length >= fewest && windows.length === canaries.length;
  const window = Math.max(0, ...windows);
  const heard = canaries.flatMap((canary) => canary.heard ?? []);
  const connected = heard.filter(({ state }) => state !== 'unheard' && state !== 'refused');
  const all = (is: (one: Heard) => boolean) => connected.length >= fewest && connected.every(is);
  if (canaries.filter(({ acknowledgesStray }) => acknowledgesStray).length >= fewest)
    return { rule: 'tarpit', basis: 'stray-ack', window };
  if (isWindowed && window === 0) {
    // Whoever holds a connection, shut but acknowledged, has no server behind it.
    const isHeld =
      all(({ state }) => state === 'open') &&
      connected.filter(({ acknowledges }) => acknowledges === true).length >= fewest;
    if (isHeld) return { rule: 'tarpit', basis: 'no-window', window };
    // A window that a connection alone has seen shut is a tarpit's as well, unless its end shows that a server refused.
    const isProxy =
      canaries.some((canary) => canary.window !== undefined) || all(({ state }) => state === 'reset');
    return { rule: isProxy ? 'syn-proxy' : 'unnamed', basis: 'no-window', window };
  }
  if (isWindowed && window < leastWindow) return { rule: 'tarpit', basis: 'tiny-window', window };
  if (canaries.filter(({ isLedElsewhere }) => isLedElsewhere).length >= fewest)
    return { rule: 'redirect-all', basis: 'led-elsewhere', window };
  const [first] = connected;
  if (first === undefined) return undefined;
  const words = firstWords(first.bytes);
  if (words !== '')
    return all(({ bytes }) => firstWords(bytes) === words)
      ? { rule: 'redirect-all', basis: 'same-words', window }
      : undefined;
  if (!all(({ bytes }) => bytes.length === 0)) return undefined;
  if (all(({ state }) => state === 'closed')) return { rule: 'redirect-all', basis: 'prompt-close', window };
  if (all(({ state }) => state === 'reset')) return { rule: 'syn-proxy', basis: 'reset', window };
  return undefined;
}

/** Whether a connection behaved as only a service can, and not as the canaries of the same host did. */
export function isService(heard: Heard, canaries: readonly CanaryEvidence[], { basis }: Pretence): boolean {
  const words = firstWords(heard.bytes);
  // Whose words are the listener's own is known from a canary.
  if (basis === 'same-words' && !canaries.some((canary) => canary.heard !== undefined)) return false;
  if (words !== '') return canaries.every((canary) => words !== firstWords(canary.heard?.bytes ?? none));
  const isShut = basis === 'no-window' || basis === 'tiny-window';
  return isShut && heard.state === 'open' && (heard.window ?? 0) >= leastWindow;
}

/** The first line of a greeting without what changes from one connection to the next: its numbers. */
function firstWords(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const line = /[^\r\n\0]+/.exec(text)?.[0] ?? '';
  return line.slice(0, mostWords).replaceAll(/[0-9]+/g, '#');
}

/** One canary may be chance. */
const fewest = 2;
/** No stack that wants to be talked to takes less than this at once: TCP's least segment is 536 bytes. */
const leastWindow = 64;
const mostWords = 64;
const none = new Uint8Array(0);
