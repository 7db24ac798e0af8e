/** Where probes stop. @module */

import { confidenceOf } from '../confidence.ts';
import { countOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import type { Rule } from './rule.ts';

/** As those who look for the place have it. */
export const filterLocation: Rule = {
  name: 'filter-location',
  infer: (scene) =>
    (scene.location?.finder.findings() ?? []).map((finding, i) => ({
      ...finding,
      evidence: [...finding.evidence, ...(i === 0 ? forwardedWords(scene) : [])],
      confidence: confidenceOf(scene, finding.confidence),
      cites: finding.cites.length > 0 ? finding.cites : repeatsOf(scene),
    })),
};

/** Whom the host forwards ports to is told once. */
function forwardedWords({ forwarded }: Scene): readonly string[] {
  if (forwarded.length === 0) return [];
  const what = `${countOf(forwarded.length, 'port')} (${shortRanges(forwarded)})`;
  return [
    `answers of ${what} come from farther than the host's echo: it forwards them, or another answers the echo`,
  ];
}

/** On the own link nothing is asked for the place: what the ports say again is all there is. */
function repeatsOf(scene: Scene): readonly number[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    scene
      .stopped(protocol)
      .flatMap(({ ports }) => scene.repeats(protocol, ports).slice(0, 2))
      .map(({ index }) => index),
  );
}
