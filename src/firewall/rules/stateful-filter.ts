/** Consistent with connection tracking. @module */

import type { Entry } from '../book.ts';
import { confidenceOf } from '../confidence.ts';
import type { FirewallFinding } from '../contract.ts';
import { sharesOf } from '../default-answer.ts';
import { countOf, describe, kindOf } from '../look.ts';
import { shortRanges } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import { honestEntries } from '../steps/honesty.ts';
import { bringsResets, stateTests, swallowsResets } from '../steps/state.ts';
import { ackWay, bareFlagWays } from '../steps/ways.ts';
import type { Rule } from './rule.ts';

/** Certain by a connection; else by what a closed port shows; else by what is stopped, which a list of ports would do too. */
export const statefulFilter: Rule = {
  name: 'stateful-filter',
  infer: (scene) =>
    scene.passages('tcp', ackWay).some(({ isProven }) => isProven)
      ? []
      : (byConnection(scene) ?? byTracking(scene) ?? byStops(scene) ?? []),
};

function byConnection(scene: Scene): readonly FirewallFinding[] | undefined {
  const test = stateTests(scene).find(({ isCertain }) => isCertain);
  if (test === undefined || test.connection === undefined) return undefined;
  const { port, strays, connection } = test;
  const isCertain = bringsResets(scene);
  const claim = isCertain
    ? 'the filter keeps state of connections'
    : 'consistent with connection tracking, or with a filter that stops resets on the way back: the two look alike from here';
  return [
    finding(scene, isCertain ? 0.98 : 0.7, [...strays, connection], claim, [
      `an ACK of no connection to open port ${port} was stopped ${countOf(strays.length, 'time')} (${describe((strays[0] as Entry).seen)})`,
      `a connection to it ${connection.question.variant.replace('source-port', 'from port')}, as the ACK had, brought ${describe(connection.seen)}: its own ACK got through`,
      isCertain ? 'resets of the host come back' : noResets,
    ]),
  ];
}

/** A FIN with ACK to a closed port is invalid to connection tracking alone; a bare ACK is taken up as a connection. */
function byTracking(scene: Scene): readonly FirewallFinding[] | undefined {
  // Where resets are limited, a missing one says nothing.
  if (scene.view.limits.includes('rst')) return undefined;
  const fins = honestEntries(scene, 'maimon');
  const acks = honestEntries(scene, 'ack').filter(({ seen }) => kindOf('tcp', seen) === 'closed');
  const isStopped = fins.length >= 2 && fins.every(({ seen }) => seen.answer === 'silence');
  if (!isStopped || acks.length === 0) return undefined;
  const ports = shortRanges([...new Set(fins.map(({ question }) => question.port))].sort((a, b) => a - b));
  return [
    finding(
      scene,
      0.9,
      [...fins, ...acks],
      'consistent with connection tracking that drops what it finds invalid',
      [
        `closed ports (${ports}) reset SYN and a bare ACK, but kept silent to FIN with ACK (${countOf(fins.length, 'time')}), which a host resets as well and no list of ports or flags has reason to stop`,
      ],
    ),
  ];
}

function byStops(scene: Scene): readonly FirewallFinding[] | undefined {
  const { usual, open } = sharesOf(scene, 'tcp');
  if ((usual !== 'dropped' && usual !== 'rejected') || open.length === 0) return undefined;
  if (scene.view.pretence !== undefined) return undefined;
  const passages = [ackWay, ...bareFlagWays].flatMap((way) => scene.passages('tcp', way));
  if (passages.length === 0 || passages.some(({ reached }) => reached.length > 0)) return undefined;
  const entries = passages.flatMap((passage) => passage.entries);
  const acks = passages.filter(({ way }) => way === ackWay).flatMap(({ missed }) => missed);
  if (acks.length === 0) return undefined;
  const flags = [...new Set(passages.filter(({ way }) => way !== ackWay).map(({ way }) => way.technique))];
  const isMute = swallowsResets(scene);
  return [
    finding(
      scene,
      isMute ? 0.7 : 0.8,
      entries,
      isMute
        ? 'consistent with connection tracking, with a list of allowed ports without state, or with a filter that stops resets on the way back'
        : 'consistent with connection tracking, or with a list of allowed ports without state: the two look alike from here',
      [
        ...(isMute ? [noResets] : []),
        `a bare ACK was stopped on all ${countOf(acks.length, 'port')} asked of those where SYN is stopped`,
        ...(flags.length > 0 ? [`so were ${flags.map((name) => name.toUpperCase()).join(', ')}`] : []),
        `${countOf(open.length, 'port')} (${shortRanges(open)}) take connections`,
      ],
    ),
  ];
}

const noResets =
  'no reset of the host has come back at all, so a silent ACK may be an answer that is stopped on the way out';

function finding(
  scene: Scene,
  best: number,
  entries: readonly Entry[],
  claim: string,
  evidence: readonly string[],
): FirewallFinding {
  return {
    rule: 'stateful-filter',
    severity: 'info',
    claim,
    confidence: confidenceOf(scene, best, { entries }),
    evidence,
    refutedBy: 'a reset to a bare ACK on a port where SYN is stopped',
    cites: entries.slice(0, 16).map(({ index }) => index),
  };
}
