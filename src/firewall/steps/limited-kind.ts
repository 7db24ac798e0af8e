/**
 * What a limit on answers counts: ACKs to closed ports, many at once, then as many SYNs. Who lets only so many SYNs through
 * swallows none of the first, who sends only so many resets some of both.
 *
 * @module
 */

import { type Entry, once, plainQuestion } from '../book.ts';
import { spreadOf } from '../classes.ts';
import type { FirewallQuestion } from '../contract.ts';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** Asks where the scan has met a limit on what the host says itself. */
export const limitedKind: Step = {
  about: 'whether a limit counts SYNs or resets',
  wishes: (scene) => {
    if (scene.view.limits.every((kind) => kind === 'icmp')) return [];
    const ports = portsOf(scene);
    const acks = ports.map(ackTo);
    const isAnswered = acks.every((one) => scene.book.answers(one).length > 0);
    return once(isAnswered ? [...acks, ...ports.map((port) => plainQuestion('tcp', port))] : acks);
  },
};

/** What the two showed; `kind` is absent where they do not tell. */
export function limitedBy(scene: Scene): {
  readonly kind?: 'rst' | 'syn';
  readonly acks: readonly Entry[];
  readonly syns: readonly Entry[];
} {
  const ports = portsOf(scene);
  const first = (question: FirewallQuestion) => scene.book.answers(question)[0] ?? [];
  const acks = ports.flatMap((port) => first(ackTo(port)));
  const syns = ports.flatMap((port) => first(plainQuestion('tcp', port)));
  if (syns.length < fewest || acks.length < fewest) return { acks, syns };
  const [lostAcks, lostSyns] = [lateOf(acks).length, lateOf(syns).length];
  if (lostAcks >= manyLost) return { kind: 'rst', acks, syns };
  return lostSyns >= lostAcks + manyLost ? { kind: 'syn', acks, syns } : { acks, syns };
}

/** Those that were not answered at the first time. */
export function lateOf(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ seen }) => seen.answer === 'silence' || seen.attempts > 1);
}

function portsOf(scene: Scene): readonly number[] {
  const closed = scene.kind('tcp', 'closed').find((one) => one.seen.answer === 'tcp' && !scene.isForged(one));
  if (closed === undefined || closed.ports.length < fewest) return [];
  return scene.sample(closed, 'limited kind', (ports) => spreadOf(ports, together));
}

function ackTo(port: number): FirewallQuestion {
  return { protocol: 'tcp', technique: 'ack', port, variant: '' };
}

/** More than filters save up by themselves: nft and iptables five. */
const together = 16;
const fewest = 8;
/** As many are not lost by chance: of sixteen, with one packet in fifty, fewer than one time in ten thousand. */
const manyLost = 4;
