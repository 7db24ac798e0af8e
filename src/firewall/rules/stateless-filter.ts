/** SYN is stopped where a bare ACK gets through. @module */

import { confidenceOf } from '../confidence.ts';
import { describe } from '../look.ts';
import { portRanges } from '../port-list.ts';
import { ackWay } from '../steps/ways.ts';
import { coveredPorts, passageEvidence } from './passage-words.ts';
import type { Rule } from './rule.ts';

/** A reset to an ACK that the host alone can have sent. */
export const statelessFilter: Rule = {
  name: 'stateless-filter',
  infer: (scene) => {
    const passages = scene.passages('tcp', ackWay).filter(({ isProven }) => isProven);
    if (passages.length === 0) return [];
    const first = passages[0]?.entries.find(({ seen }) => seen.answer === 'tcp');
    return [
      {
        rule: 'stateless-filter',
        severity: 'medium',
        claim: `consistent with a filter without state: a bare ACK gets through to ${coveredPorts(passages)}`,
        confidence: confidenceOf(scene, 0.95, { samples: passages.flatMap(({ reached }) => reached).length }),
        evidence: [
          ...passageEvidence(passages, 'a bare ACK'),
          ...(first === undefined
            ? []
            : [`ACK to ${portRanges([first.question.port])} brought ${describe(first.seen)}`]),
          'a filter on the host itself that resets whatever belongs to no connection would look the same',
        ],
        refutedBy: 'resets to ACKs whose TTL is that of a device before the host',
        cites: passages.flatMap(({ entries }) => entries.slice(0, 12).map(({ index }) => index)),
      },
    ];
  },
};
