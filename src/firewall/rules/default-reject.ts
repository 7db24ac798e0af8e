/** All but listed ports are rejected. @module */

import { confidenceOf } from '../confidence.ts';
import { sharesOf } from '../default-answer.ts';
import { countOf, describe } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import { defaultPorts } from './exceptions.ts';
import type { Rule } from './rule.ts';

/** Claimed of each protocol in which most ports that hold no service are refused by a filter. */
export const defaultReject: Rule = {
  name: 'default-reject',
  infer: (scene) =>
    (['tcp', 'udp'] as const).flatMap((protocol) => {
      const shares = sharesOf(scene, protocol);
      const { rejected, canaries, usual } = shares;
      if (usual !== 'rejected') return [];
      const classes = scene.classes(protocol).filter((one) => one.kind === 'refused' || scene.isForged(one));
      if (classes.length > 0 && classes.every((one) => scene.isUnreachable(one))) return [];
      const { belongsTo, entries } = scene.silence(protocol);
      const silent =
        scene.silent(protocol)?.ports.filter((port) => belongsTo(port) !== undefined).length ?? 0;
      return [
        {
          rule: 'default-reject',
          severity: 'info',
          claim: `${protocol.toUpperCase()} probes are rejected on ${defaultPorts(shares)}`,
          confidence: confidenceOf(scene, silent > 0 ? 0.85 : 0.97, {
            samples: rejected.length + canaries.length,
          }),
          evidence: [
            ...classes.map(
              ({ ports, seen }) =>
                `${countOf(ports.length, 'port')} brought ${describe(seen)}: ${shortRanges(ports)}`,
            ),
            ...(canaries.length > 0
              ? [
                  `beyond the ports of the scan: ${canaries.map(({ question, seen }) => `${question.port} brought ${describe(seen)}`).join(', ')}`,
                ]
              : []),
            ...(silent > 0
              ? [
                  `${countOf(silent, 'port')} kept silent, as under a limit on such answers: ${entries.filter(({ seen }) => seen.answer !== 'silence').length} of ${entries.length} answered when asked again with pauses`,
                ]
              : []),
          ],
          refutedBy: `another answer from one of these ports to a plain ${protocol === 'tcp' ? 'SYN' : 'datagram'}`,
          cites: [...canaries, ...scene.repeats(protocol, rejected), ...entries]
            .slice(0, 12)
            .map(({ index }) => index),
        },
      ];
    }),
};
