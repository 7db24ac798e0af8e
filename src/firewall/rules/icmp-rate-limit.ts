/** ICMP errors come at a bounded rate. @module */

import { confidenceOf } from '../confidence.ts';
import { countOf, kindOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import { portsOf } from './exceptions.ts';
import type { Rule } from './rule.ts';

/** Claimed of TCP where silent ports were refused after a pause; what the scan itself has found is not told twice. */
export const icmpRateLimit: Rule = {
  name: 'icmp-rate-limit',
  infer: (scene) => {
    const { isLimited, entries, belongsTo } = scene.silence('tcp');
    if (!isLimited || scene.view.limits.includes('icmp')) return [];
    const late = entries.filter(
      ({ question, seen }) =>
        kindOf('tcp', seen) === 'refused' &&
        kindOf('tcp', scene.view.plain('tcp', question.port)) === 'silent',
    );
    if (late.length === 0) return [];
    const silent = scene.silent('tcp')?.ports.filter((port) => belongsTo(port) !== undefined) ?? [];
    return [
      {
        rule: 'icmp-rate-limit',
        severity: 'info',
        claim: 'consistent with a limit on ICMP errors: refused ports stay silent when asked together',
        confidence: confidenceOf(scene, 0.9, { samples: late.length }),
        evidence: [
          `${shortRanges(portsOf(late))} kept silent in the scan and ${late.length === 1 ? 'was' : 'were'} refused when asked again after a pause`,
          ...(silent.length > 0
            ? [
                `${countOf(silent.length, 'other silent port')} (${shortRanges(silent)}) ${silent.length === 1 ? 'is' : 'are'} taken for refused by what the neighbours said`,
              ]
            : []),
        ],
        refutedBy: 'silence of these ports whenever they are asked alone: the errors were lost, not limited',
        cites: late.slice(0, 12).map(({ index }) => index),
      },
    ];
  },
};
