/** Something answers that does not check checksums: no host. @module */

import { confidenceOf } from '../confidence.ts';
import { describe } from '../look.ts';
import { blindAnswers } from '../steps/checksum.ts';
import type { Rule } from './rule.ts';

/** Claimed where a wrong checksum was answered twice. */
export const checksumBlind: Rule = {
  name: 'checksum-blind',
  infer: (scene) => {
    const entries = (['tcp', 'udp'] as const).flatMap((protocol) => blindAnswers(scene, protocol));
    if (entries.length === 0) return [];
    const ports = [...new Set(entries.map(({ question }) => `${question.protocol}/${question.port}`))];
    return [
      {
        rule: 'checksum-blind',
        severity: 'info',
        claim: `something answers in the name of ${scene.view.host} that does not look at checksums: a middlebox, on ${ports.join(', ')}`,
        confidence: confidenceOf(scene, 0.95, { entries }),
        evidence: entries.map(({ question, seen }) => {
          return `a probe with a wrong checksum to ${question.protocol}/${question.port} brought ${describe(seen)}; a host drops such a probe unread`;
        }),
        refutedBy:
          'a wrong checksum that arrives right at the host: a network card on the way may have set it anew',
        cites: entries.map(({ index }) => index),
      },
    ];
  },
};
