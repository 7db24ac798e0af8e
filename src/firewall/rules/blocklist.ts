/** All but listed ports are let through. @module */

import { confidenceOf } from '../confidence.ts';
import { sharesOf } from '../default-answer.ts';
import { countOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import { portsOf } from './exceptions.ts';
import type { Rule } from './rule.ts';

/** Claimed of TCP alone: that some UDP ports are silent among closed ones is what services look like. */
export const blocklist: Rule = {
  name: 'blocklist',
  infer: (scene) => {
    const { dropped, rejected, passed, canaries, beyond, usual } = sharesOf(scene, 'tcp');
    const stopped = [...dropped, ...rejected, ...beyond.stopped].sort((a, b) => a - b);
    if (usual !== 'passed' || stopped.length === 0) return [];
    const again = scene.repeats('tcp', stopped);
    return [
      {
        rule: 'blocklist',
        severity: 'low',
        claim: `all TCP ports but ${shortRanges(stopped, 12)} are let through`,
        confidence: confidenceOf(scene, again.length > 0 || dropped.length === 0 ? 0.95 : 0.85, {
          samples: passed.length + canaries.length,
        }),
        evidence: [
          `${countOf(passed.length, 'port')} without a service reset the SYN`,
          ...(dropped.length > 0 ? [`${shortRanges(dropped)} kept silent`] : []),
          ...(again.length > 0
            ? [
                `${countOf(again.length, 'probe')} to ${shortRanges(portsOf(again))} repeated later: stopped again`,
              ]
            : []),
          ...(beyond.stopped.length > 0
            ? [`beyond the ports of the scan, ${shortRanges(beyond.stopped)} were stopped`]
            : []),
          ...(rejected.length > 0 ? [`${shortRanges(rejected)} were rejected`] : []),
        ],
        refutedBy: 'a silent or rejected port beyond these, or an answer from one of them',
        cites: [...canaries, ...again].slice(0, 12).map(({ index }) => index),
      },
    ];
  },
};
