/** Where probes stop. @module */

import { confidenceOf } from '../confidence.ts';
import type { Scene } from '../scene.ts';
import type { Rule } from './rule.ts';

/** As those who look for the place have it. */
export const filterLocation: Rule = {
  name: 'filter-location',
  infer: (scene) =>
    (scene.location?.finder.findings() ?? []).map((finding) => ({
      ...finding,
      confidence: confidenceOf(scene, finding.confidence),
      cites: finding.cites.length > 0 ? finding.cites : repeatsOf(scene),
    })),
};

/** On the own link nothing is asked for the place: what the ports say again is all there is. */
function repeatsOf(scene: Scene): readonly number[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    scene
      .stopped(protocol)
      .flatMap(({ ports }) => scene.repeats(protocol, ports).slice(0, 2))
      .map(({ index }) => index),
  );
}
