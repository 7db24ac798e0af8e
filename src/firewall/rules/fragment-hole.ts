/** Fragmented probes get through. @module */

import { confidenceOf } from '../confidence.ts';
import { fragmentWays } from '../steps/ways.ts';
import type { Passage } from '../ways.ts';
import { coveredPorts, oneOf, passageEvidence } from './passage-words.ts';
import type { Rule } from './rule.ts';

/** Proven by an answer of the host to a SYN in pieces, where the whole one is stopped. */
export const fragmentHole: Rule = {
  name: 'fragment-hole',
  infer: (scene) => {
    const found = fragmentWays.flatMap((way) =>
      scene.passages('tcp', way).filter(({ isProven }) => isProven),
    );
    if (found.length === 0) return [];
    return [
      {
        rule: 'fragment-hole',
        severity: 'high',
        claim: `SYNs in ${fragmentsOf(found)} get through to ${coveredPorts(found)}`,
        confirmed: true,
        confidence: confidenceOf(scene, 0.97, {
          samples: found.flatMap(({ reached }) => reached).length + 2,
        }),
        evidence: found.flatMap((passage) =>
          passageEvidence([passage], `the same in ${passage.way.variant}`),
        ),
        refutedBy: 'an answer to the whole SYN as well: the way is open to all',
        cites: found.flatMap(({ entries }) => entries.slice(0, 8).map(({ index }) => index)),
      },
    ];
  },
};

/** `fragments of 8 or 16 bytes`, and in which order where only one gets through. */
function fragmentsOf(found: readonly Passage[]): string {
  const variants = found.map(({ way }) => way.variant);
  const sizes = [...new Set(variants.map((variant) => variant.split(' ')[1] as string))];
  const backward = variants.filter((variant) => variant.endsWith('backward')).length;
  const order = backward === 0 ? ', first to last,' : backward === variants.length ? ', last to first,' : '';
  return `fragments of ${oneOf(sizes)} bytes${order}`;
}
