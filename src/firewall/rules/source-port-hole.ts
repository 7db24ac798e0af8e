/** A trusted source port opens the way. @module */

import { confidenceOf } from '../confidence.ts';
import type { FilteredProtocol, FirewallFinding } from '../contract.ts';
import { describe } from '../look.ts';
import type { Scene } from '../scene.ts';
import { proofEntry } from '../steps/proof.ts';
import { sourcePortWays, udpSourcePortWays } from '../steps/ways.ts';
import type { Passage } from '../ways.ts';
import { coveredPorts, passageEvidence } from './passage-words.ts';
import type { Rule } from './rule.ts';

/** One finding for each source port; of TCP confirmed by a connection, of UDP by the host's own answers. */
export const sourcePortHole: Rule = {
  name: 'source-port-hole',
  infer: (scene) => [
    ...sourcePortWays.flatMap((way) => inferWay(scene, 'tcp', scene.passages('tcp', way))),
    ...udpSourcePortWays.flatMap((way) => inferWay(scene, 'udp', scene.passages('udp', way))),
  ],
};

function inferWay(
  scene: Scene,
  protocol: FilteredProtocol,
  passages: readonly Passage[],
): readonly FirewallFinding[] {
  const found = passages.filter(({ isProven }) => isProven);
  const [first] = found;
  if (first === undefined) return [];
  const from = first.way.variant.replace('source-port ', '');
  const proof = protocol === 'tcp' ? proofsOf(scene, found) : { isConfirmed: true, words: [], cites: [] };
  const best = proof.isConfirmed ? 0.99 : 0.9;
  return [
    {
      rule: 'source-port-hole',
      severity: 'high',
      claim: `${protocol.toUpperCase()} gets through to ${coveredPorts(found)} from source port ${from}`,
      confirmed: proof.isConfirmed,
      confidence: confidenceOf(scene, best, { samples: found.flatMap(({ reached }) => reached).length + 2 }),
      evidence: [...passageEvidence(found, `the same from source port ${from}`), ...proof.words],
      refutedBy: 'an answer to the plain probe as well: the way is open to all',
      cites: [
        ...found.flatMap(({ entries }) => entries.slice(0, 12).map(({ index }) => index)),
        ...proof.cites,
      ],
    },
  ];
}

/** A connection proves it, and so does the host's own refusal of one where plain probes are not refused. */
function proofsOf(scene: Scene, found: readonly Passage[]) {
  const entries = found.flatMap((passage) => proofEntry(scene, passage) ?? []);
  const isConfirmed = entries.some(({ seen }) => seen.answer === 'connected' || seen.answer === 'refused');
  const words = entries.map(({ question, seen }) => {
    return `a connection to tcp/${question.port} ${question.variant.replace('source-port', 'from port')} brought ${describe(seen)}`;
  });
  return { isConfirmed, words, cites: entries.map(({ index }) => index) };
}
