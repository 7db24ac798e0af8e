/** Nothing filters: every port answers for itself, whatever it is asked with. @module */

import { confidenceOf } from '../confidence.ts';
import { sharesOf } from '../default-answer.ts';
import { countOf, kindOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import { honestEntries } from '../steps/honesty.ts';
import type { Rule } from './rule.ts';

/** Claimed of TCP, where no port is silent and closed ports reset every kind of segment; UDP may only agree. */
export const noFilter: Rule = {
  name: 'no-filter',
  infer: (scene) => {
    const { view } = scene;
    const tcp = sharesOf(scene, 'tcp');
    const udp = sharesOf(scene, 'udp');
    const judged = scene.judged('tcp');
    if (judged === 0 || judged < view.ports.tcp.length) return [];
    // Whoever lets only so much through may be the host, or a filter that counts SYNs.
    if (view.limits.includes('rst') || view.limits.includes('syn')) return [];
    if (tcp.dropped.length + tcp.rejected.length + tcp.beyond.stopped.length > 0) return [];
    if (tcp.usual !== 'passed') return [];
    if (udp.rejected.length > 0 || udp.dropped.length > udp.passed.length + udp.open.length) return [];
    // Whoever answers some ports before the host changes what gets there.
    if (scene.kind('tcp', 'open').some((open) => scene.nearer(open).length > 0)) return [];
    // Resets from as near as the router before may be that router's: nothing else of the host shows which.
    if (scene.kind('tcp', 'closed').some((closed) => scene.stopOf(closed)?.hop === null)) return [];
    const answers = techniques.flatMap((technique) => honestEntries(scene, technique));
    const resets = answers.filter(({ seen }) => kindOf('tcp', seen) === 'closed');
    const asked = new Set(answers.map(({ question }) => `${question.technique} ${question.port}`));
    const reset = new Set(resets.map(({ question }) => `${question.technique} ${question.port}`));
    const acks = resets.filter(({ question }) => question.technique === 'ack');
    if (acks.length === 0 || reset.size < asked.size) return [];
    const canaries = tcp.canaries.filter(({ seen }) => kindOf('tcp', seen) === 'closed');
    const closed = tcp.passed.length + canaries.length;
    return [
      {
        rule: 'no-filter',
        severity: 'low',
        claim: `every probed TCP port answers for itself: nothing filters the way to ${view.host}, as far as it shows from here`,
        confidence: confidenceOf(scene, 0.95, { samples: closed }),
        evidence: [
          `${countOf(tcp.open.length, 'port')} open, ${countOf(tcp.passed.length, 'port')} reset, none silent, none refused`,
          ...(canaries.length > 0
            ? [
                `${canaries.length} of ${countOf(tcp.canaries.length, 'port')} beyond those of the scan reset the SYN too`,
              ]
            : []),
          `closed ports (${shortRanges([...new Set(acks.map(({ question }) => question.port))])}) reset bare ACK, FIN, FIN with ACK, and segments without or with odd flags alike`,
          ...(udp.dropped.length > 0
            ? [
                `${countOf(udp.dropped.length, 'UDP port')} kept silent, as services do that such a datagram says nothing to`,
              ]
            : []),
          "the host's own filter could reset ports just as the host does: the two look alike from here",
        ],
        refutedBy: "a port that stays silent or is refused by ICMP, or a reset that is not the host's own",
        cites: [...canaries, ...resets].slice(0, 12).map(({ index }) => index),
      },
    ];
  },
};

const techniques = ['ack', 'fin', 'maimon', 'null', 'xmas'] as const;
