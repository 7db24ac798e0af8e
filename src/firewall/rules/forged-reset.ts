/** Resets that are not the host's own. @module */

import { confidenceOf } from '../confidence.ts';
import { countOf, routersPassed } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import type { Rule } from './rule.ts';

/** By the TTL with which they arrive, or by the hop from which on they come. */
export const forgedReset: Rule = {
  name: 'forged-reset',
  infer: (scene) =>
    scene
      .kind('tcp', 'closed')
      .filter((closed) => scene.isForged(closed))
      .map((closed) => {
        const { ports, seen } = closed;
        const own = scene.ownRouters;
        const stop = scene.stopOf(closed);
        const passed = routersPassed(seen);
        const acks = scene.book.of('ack', '').filter((entry) => entry.seen.answer === 'tcp');
        return {
          rule: 'forged-reset',
          severity: 'info',
          claim: `resets on ${countOf(ports.length, 'port')} (${shortRanges(ports)}) come from a device before the host, in its name`,
          confidence: confidenceOf(scene, stop?.isHost === false ? 0.97 : 0.9, { samples: ports.length }),
          evidence: [
            ...(own !== undefined && passed !== own
              ? [
                  `they arrive with TTL ${seen.ttl}, as after ${countOf(passed ?? 0, 'router')}; the host's own answers pass ${countOf(own, 'router')}`,
                ]
              : []),
            ...(stop?.evidence ?? []),
            ...(own === scene.echoRouters
              ? []
              : ['an address of a router that leads its open ports to a host behind it would look the same']),
          ],
          refutedBy: "the host's own answers from as near as these resets",
          cites: [
            ...[...scene.repeats('tcp', ports).slice(0, 2), ...acks.slice(0, 2)].map(({ index }) => index),
            ...(stop?.cites ?? []),
          ],
        } as const;
      }),
};
