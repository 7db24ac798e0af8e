/** All but listed ports are dropped. @module */

import { confidenceOf } from '../confidence.ts';
import { sharesOf } from '../default-answer.ts';
import { countOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import { defaultPorts, portsOf } from './exceptions.ts';
import type { Rule } from './rule.ts';

/** Claimed of each protocol in which most ports that hold no service are silent. */
export const defaultDrop: Rule = {
  name: 'default-drop',
  infer: (scene) =>
    (['tcp', 'udp'] as const).flatMap((protocol) => {
      const shares = sharesOf(scene, protocol);
      const { dropped, canaries, usual } = shares;
      const isAlive =
        scene.view.hasAnswered ||
        scene.classes('tcp').some(({ kind }) => kind === 'open' || kind === 'closed');
      if (usual !== 'dropped' || !isAlive) return [];
      const name = protocol.toUpperCase();
      const again = scene.repeats(protocol, dropped);
      return [
        {
          rule: 'default-drop',
          severity: 'info',
          claim: `${name} probes are dropped on ${defaultPorts(shares)}`,
          confidence: confidenceOf(scene, protocol === 'tcp' ? 0.97 : 0.8, {
            samples: dropped.length + canaries.length,
          }),
          evidence: [
            `${countOf(dropped.length, 'port')} of ${scene.judged(protocol)} kept silent: ${shortRanges(dropped)}`,
            ...(canaries.length > 0
              ? [
                  `${canaries.filter(({ seen }) => seen.answer === 'silence').length} of ${countOf(canaries.length, 'port')} beyond those of the scan kept silent too`,
                ]
              : []),
            ...(again.length > 0
              ? [
                  `${countOf(again.length, 'probe')} to ${shortRanges(portsOf(again))} repeated later: silence again`,
                ]
              : []),
            ...(protocol === 'udp'
              ? [
                  'silence to a datagram may also come from services that say nothing, or from a host whose own errors are dropped',
                ]
              : []),
          ],
          refutedBy: `an answer from one of these ports to a plain ${protocol === 'tcp' ? 'SYN' : 'datagram'}`,
          cites: [...canaries, ...again].slice(0, 12).map(({ index }) => index),
        },
      ];
    }),
};
