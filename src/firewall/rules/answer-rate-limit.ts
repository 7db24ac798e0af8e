/** Resets, or the SYNs that bring them, pass at a bounded rate. @module */

import { confidenceOf } from '../confidence.ts';
import { countOf } from '../look.ts';
import { lateOf, limitedBy } from '../steps/limited-kind.ts';
import type { Rule } from './rule.ts';

/** Tells which of the two it is, of a limit that the scan has met. */
export const answerRateLimit: Rule = {
  name: 'syn-rate-limit',
  infer: (scene) => {
    const { kind, acks, syns } = limitedBy(scene);
    if (kind === undefined || !(scene.view.limits.includes(kind) || kind === 'syn')) return [];
    const [lateAcks, lateSyns] = [lateOf(acks), lateOf(syns)];
    const words = kind === 'syn' ? 'SYNs that get through' : 'resets';
    return [
      {
        rule: `${kind}-rate-limit`,
        severity: 'info',
        claim: `consistent with a limit on ${words}`,
        confidence: confidenceOf(scene, 0.95),
        evidence: [
          `of ${countOf(acks.length, 'ACK')} to closed ports, sent at once, ${acks.length - lateAcks.length} were reset at the first time, of ${countOf(syns.length, 'SYN')} to the same ports ${syns.length - lateSyns.length}: ${kind === 'syn' ? 'it is questions that are limited, not answers' : 'resets are limited, whatever they answer'}`,
        ],
        refutedBy:
          kind === 'syn'
            ? 'ACKs to closed ports that are swallowed as SYNs are'
            : 'ACKs to closed ports that are all reset while SYNs are swallowed',
        cites: [...lateSyns, ...acks, ...syns].slice(0, 16).map(({ index }) => index),
      },
    ];
  },
};
