/** A segment without SYN reaches the host on a port that SYN does not reach. @module */

import { confidenceOf } from '../confidence.ts';
import { ackFlagWays, ackWay, bareFlagWays } from '../steps/ways.ts';
import { coveredPorts, oneOf, passageEvidence } from './passage-words.ts';
import type { Rule } from './rule.ts';

/** Where the bare ACK passes, segments with ACK and more are no news. */
export const flagHole: Rule = {
  name: 'flag-hole',
  infer: (scene) => {
    const isStateless = scene.passages('tcp', ackWay).some(({ isProven }) => isProven);
    const ways = isStateless ? bareFlagWays : [...bareFlagWays, ...ackFlagWays];
    const found = ways.flatMap((way) => scene.passages('tcp', way).filter(({ isProven }) => isProven));
    if (found.length === 0) return [];
    const names = [...new Set(found.map(({ way }) => nameOf(way.technique, way.variant)))];
    return [
      {
        rule: 'flag-hole',
        severity: 'medium',
        claim: `segments with ${oneOf(names)} get through to ${coveredPorts(found)}`,
        confirmed: true,
        confidence: confidenceOf(scene, 0.95, { samples: found.flatMap(({ reached }) => reached).length }),
        evidence: [
          ...found.flatMap((passage) =>
            passageEvidence([passage], nameOf(passage.way.technique, passage.way.variant)),
          ),
          'a filter on the host itself that resets what belongs to no connection would look the same',
        ],
        refutedBy: 'resets to such segments whose TTL is that of a device before the host',
        cites: found.flatMap(({ entries }) => entries.slice(0, 8).map(({ index }) => index)),
      },
    ];
  },
};

function nameOf(technique: string, variant: string): string {
  if (variant === 'flags P') return 'PSH';
  if (variant === 'flags PA') return 'PSH+ACK';
  return { fin: 'FIN', null: 'no flags', xmas: 'FIN+PSH+URG', maimon: 'FIN+ACK' }[technique] ?? technique;
}
