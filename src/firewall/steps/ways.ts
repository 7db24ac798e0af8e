/**
 * The ways past a filter that are tried on every class that something stops.
 *
 * @module
 */

import type { Wish } from '../book.ts';
import { notableOf, type PortClass, pairOf, sampleOf, spreadOf } from '../classes.ts';
import type { FilteredProtocol } from '../contract.ts';
import { mostAttempts, packetsOf } from '../cost.ts';
import { has } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import { fragmentSizes, trustedPorts } from '../variants.ts';
import { exploreDatagrams, exploreWay, passageOf, retryDatagrams, type Way } from '../ways.ts';
import type { Step } from './step.ts';

/** A bare ACK, which a filter without state takes for part of a connection. */
export const ackWay: Way = { rule: 'stateless-filter', technique: 'ack', variant: '' };

/** Segments without SYN and ACK. */
export const bareFlagWays: readonly Way[] = [
  { rule: 'flag-hole', technique: 'fin', variant: '' },
  { rule: 'flag-hole', technique: 'null', variant: '' },
  { rule: 'flag-hole', technique: 'xmas', variant: '' },
  { rule: 'flag-hole', technique: 'null', variant: 'flags P' },
];

/** Segments with an ACK and more: news only where the bare ACK does not pass. */
export const ackFlagWays: readonly Way[] = [
  { rule: 'flag-hole', technique: 'maimon', variant: '' },
  { rule: 'flag-hole', technique: 'ack', variant: 'flags PA' },
];

/** Probes from ports that filters trust. */
export const sourcePortWays: readonly Way[] = trustedPorts.map((port) => ({
  rule: 'source-port-hole',
  technique: 'syn',
  variant: `source-port ${port}`,
}));

/** Datagrams from ports that filters trust. */
export const udpSourcePortWays: readonly Way[] = [53, 67, 68, 123, 500, 88].map((port) => ({
  rule: 'source-port-hole',
  technique: 'udp',
  variant: `source-port ${port}`,
}));

/** Probes in pieces, in order and out of it. */
export const fragmentWays: readonly Way[] = fragmentSizes.flatMap((size) =>
  ['', ' backward'].map((order) => ({
    rule: 'fragment-hole',
    technique: 'syn',
    variant: `fragments ${size}${order}`,
  })),
);

/** Every way of a protocol, those of one rule together. */
export function waysOf(protocol: FilteredProtocol): readonly Way[] {
  if (protocol === 'udp') return udpSourcePortWays;
  return [ackWay, ...bareFlagWays, ...ackFlagWays, ...sourcePortWays, ...fragmentWays];
}

/** Bare ACKs to a sample of the ports where SYN was stopped. */
export const strayAcks: Step = {
  about: 'bare ACKs to ports where SYN is stopped',
  wishes: (scene) => tryWays(scene, [ackWay], (stopped) => ackSample(stopped, scene.isTight)),
};

/** Segments with other flags: the first to two ports, the others to one of these in turn. */
export const otherFlags: Step = {
  about: 'segments with other flags than SYN',
  wishes: (scene) => {
    const isStateless = scene.passages('tcp', ackWay).some(({ isProven }) => isProven);
    const ways = isStateless ? bareFlagWays : [...bareFlagWays, ...ackFlagWays];
    return tryWays(scene, ways, ({ ports }, way) => {
      const place = ways.indexOf(way);
      return place === 0 ? pairOf(ports) : pairOf(ports).filter((_, i, { length }) => i === place % length);
    });
  },
};

/** Trusted source ports; answers from some of them are let through to high ports alone. */
export const sourcePorts: Step = {
  about: 'source ports that filters trust',
  wishes: (scene) =>
    tryWays(scene, sourcePortWays, ({ kind, ports }, { variant }) => [
      ...new Set([...usualMembers(ports, variant), ...sameNumber(kind, ports, variant)]),
    ]),
};

/** More members from the source ports that are trusted most, as far as packets are left. */
export const particularPorts: Step = {
  about: 'source ports that filters trust, to one port alone',
  wishes: (scene) => {
    const ways = sourcePortWays.filter((way) => mostTrusted.has(sourceOf(way)));
    return tryWays(scene, ways, (stopped) => particularMembers(scene, stopped), 'particular');
  },
};

function sourceOf({ variant }: Pick<Way, 'variant'>): number {
  return Number(variant.slice('source-port '.length));
}

function usualMembers(ports: readonly number[], variant: string): readonly number[] {
  return backToHigh.has(variant) ? pairOf(ports) : pairOf(ports).slice(0, 1);
}

/** The source port's own number: answers and requests of one service. A refused one takes an error from a limit's purse. */
function sameNumber(kind: PortClass['kind'], ports: readonly number[], variant: string): readonly number[] {
  const own = sourceOf({ variant });
  return kind !== 'refused' && has(ports, own) ? [own] : [];
}

/**
 * Members that a rule may let in alone: of a class that is not large every one, or every one that rules like to name. Not of
 * refused ones, as above.
 */
function particularMembers(scene: Scene, { kind, ports }: PortClass): readonly number[] {
  if (kind === 'refused' || ports.length > mostSearched) return [];
  const each = mostTrusted.size * mostAttempts * scene.stopped('tcp').length;
  const most = Math.min(mostTogether, Math.floor((scene.packetsLeft() - keptPackets) / each));
  if (most <= 0) return [];
  return ports.length <= most ? ports : notableOf(ports).slice(0, most);
}

/** Trusted source ports of datagrams. */
export const udpSourcePorts: Step = {
  about: 'UDP source ports that filters trust',
  wishes: (scene) =>
    scene.stopped('udp').flatMap((stopped) => {
      const first = scene.sample(stopped, 'datagrams', pairOf);
      const wishes = udpSourcePortWays.flatMap((way) => exploreDatagrams(scene.book, stopped, way, first));
      if (wishes.some(({ question, times }) => scene.book.answers(question).length < times)) return wishes;
      const spare = scene.sample(stopped, 'silent datagrams', (ports) =>
        spreadOf(
          ports.filter((port) => !first.includes(port)),
          udpSourcePortWays.length,
        ),
      );
      return [...wishes, ...retryDatagrams(scene.book, stopped, udpSourcePortWays, spare)];
    }),
};

/** Fragments, on one port of each class; larger ones out of order where others pass. */
export const fragments: Step = {
  about: 'probes in fragments',
  wishes: (scene) => {
    const isOpen = fragmentWays.some((way) => scene.passages('tcp', way).some(({ isProven }) => isProven));
    const asksRare = isOpen && !scene.isTight;
    const ways = fragmentWays.filter(({ variant }) => asksRare || !rareFragments.has(variant));
    return tryWays(scene, ways, ({ ports }) => sampleOf(ports, 1));
  },
};

function tryWays(
  scene: Scene,
  ways: readonly Way[],
  first: (stopped: PortClass, way: Way) => readonly number[],
  purpose = '',
): readonly Wish[] {
  const ownRouters = scene.ownRouters;
  return scene.stopped('tcp').flatMap((stopped) =>
    ways.flatMap((way, place) =>
      exploreWay(scene.book, stopped, way, {
        first: scene.sample(stopped, `${purpose} ${way.technique} ${way.variant}`, (ports) =>
          first({ ...stopped, ports }, way),
        ),
        ownRouters,
        ...depthOf(scene, stopped, ways, place),
      }),
    ),
  );
}

/** How deeply a way is explored: packets that are dear go to further ways. */
function depthOf(scene: Scene, stopped: PortClass, ways: readonly Way[], place: number) {
  const way = ways[place] as Way;
  const isKin = ways.some((other, at) => {
    if (other === way || other.rule !== way.rule || way.rule === 'source-port-hole') return false;
    const passage = passageOf(scene.book, stopped, other, scene.ownRouters);
    if (passage?.isProven !== true) return false;
    // One that was proven later, since its first answer was lost, need not be looked for where another was already.
    return at < place || passage.reached.length + passage.missed.length >= extentOf(scene, other).extent;
  });
  // A second one of its kind says no more than the first.
  const proofs = scene.isTight ? (isKin ? 0 : 1) : 2;
  return { isKin, proofs, ...extentOf(scene, way) };
}

/** How far the extent of a way is looked for. */
function extentOf({ isTight }: Scene, { technique, variant }: Way) {
  const isDear = packetsOf({ protocol: 'tcp', technique, port: 0, variant }, 1) > 1;
  if (isTight) return isDear ? { extent: 2, most: 2 } : { extent: 4, most: 4 };
  if (isDear) return { extent: 4, most: 12 };
  return { extent: 8, most: 40 };
}

/** Of silent ports more are asked: refusals come from a limit's purse, and one rule mostly makes them all. */
function ackSample({ kind, ports }: PortClass, isTight: boolean): readonly number[] {
  if (kind !== 'silent') return sampleOf(ports, 4, 2);
  if (isTight) return sampleOf(ports, 5, 2);
  return sampleOf(ports, 10, ports.length < manyPorts ? 3 : 4);
}

/** The source ports that rules trust most: for DNS, FTP data, DHCP, Kerberos and NTP. */
const mostTrusted = new Set([53, 20, 67, 88, 123]);
/** Members that are asked from each of them, and the size from which on a class is not searched so. */
const mostTogether = 8;
const mostSearched = 128;
/** What is kept to follow up what they show, and to prove it. */
const keptPackets = 60;
const manyPorts = 200;
const backToHigh = new Set([20, 53, 80, 443].map((port) => `source-port ${port}`));
const rareFragments = new Set(['fragments 16 backward', 'fragments 24 backward']);
