/**
 * What is said of a host whose open ports prove nothing.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../../model/fact.ts';
import type { Pretence } from './judgement.ts';

/** The finding about a host; these canaries said open. None where nobody can be named. */
export function pretenceFact(
  host: string,
  { rule, basis, window }: Pretence,
  ports: readonly number[],
  at: string,
  facts: readonly number[],
): Unnumbered<FindingFact> | undefined {
  if (rule === 'unnamed') return undefined;
  const names = ports.map((port) => `tcp/${port}`).join(', ');
  return {
    type: 'finding',
    host,
    rule,
    severity: 'info',
    claim: claims[rule](host),
    confidence: confidences[basis],
    evidence: [
      `${names}, drawn by lot to hold no service, said open like the ports that were asked`,
      evidence[basis](window),
    ],
    facts,
    refutedBy: refutations[rule],
    at,
  };
}

const claims = {
  'syn-proxy': (host: string) => `a SYN proxy answers for ${host}: its SYN-ACKs say nothing about services`,
  'redirect-all': (host: string) => `one listener stands behind all open ports of ${host}`,
  tarpit: (host: string) => `a tarpit answers for ${host}: it takes connections to hold them`,
} as const;

const confidences = {
  'no-window': 0.95,
  'tiny-window': 0.95,
  'led-elsewhere': 0.95,
  'same-words': 0.9,
  'prompt-close': 0.85,
  reset: 0.85,
  'stray-ack': 0.95,
} as const;

const evidence = {
  'no-window': () => 'they were accepted with a window of 0 bytes',
  'tiny-window': (window: number) =>
    `they were accepted with a window of ${window} bytes, too small for a segment`,
  'led-elsewhere': () =>
    'they answered a SYN as Linux does and reset a segment without flags, which Linux does where nothing listens',
  'same-words': () => 'a connection to each brought the same first line',
  'prompt-close': () => 'a connection to each was closed at once without a word',
  reset: () => 'a connection to each was accepted and then reset',
  'stray-ack': () => 'they acknowledged a segment of a connection that does not exist, which no TCP does',
} as const;

const refutations = {
  'syn-proxy': 'a connection to one of these ports on which the host itself says something',
  'redirect-all': 'connections to two of these ports on which different services speak',
  tarpit: 'a connection to one of these ports on which something is said',
} as const;
