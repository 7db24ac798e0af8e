/**
 * What a group of targets may be sent, packets of each kind and their bytes: the sums of which a forecast is made.
 *
 * @module
 */

import { RangeSet } from '../base/range-set.ts';
import { isLoopback } from '../model/address.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import { errorWorth } from '../techniques/error-worth.ts';
import { techniqueOf } from '../techniques/index.ts';
import type { LocalInterface } from './environment.ts';
import { blockAround } from './parse-target.ts';
import type { Plan, TargetGroup } from './plan.ts';
import { neighbourSize, probeSize, type Size } from './probe-size.ts';
import { portsAsked, targetsOf } from './read-plan.ts';
import { mostSendings, type SilentCourse, type SilentHost, silentCourse } from './silent-course.ts';

/** How often each kind of packet is sent. */
export interface Weights {
  readonly ports: number;
  /** What a host is asked in all that answers none of it. */
  readonly silent: number;
  readonly probes: number;
  readonly neighbours: number;
  /** What phases send besides to hosts whose ports answer, and to others. */
  readonly phases: number;
  readonly silentPhases: number;
}

/** One transmission of each kind to a part of the targets. */
export interface Footprint extends Readonly<Record<keyof Weights, Size>> {
  readonly questions: number;
  /** How long a host is asked that answers nothing. */
  readonly silentMs: number;
}

/** Targets of a group of which the same is known beforehand. */
export interface Part {
  readonly group: TargetGroup;
  readonly hosts: FamilySizes;
  /** They are on a link of this machine, and looked for there. */
  readonly isNear: boolean;
  readonly heard: SilentHost['heard'];
}

/** So many addresses of each family. */
export interface FamilySizes {
  readonly v4: number;
  readonly v6: number;
}

/** The targets of a plan, those on own links apart. */
export function partsOf(plan: Plan, interfaces: readonly LocalInterface[]): readonly Part[] {
  const { discovery, engine, techniques } = plan;
  const isByArp = engine !== 'connect' && plan.arpPing;
  const split = plan.groups.flatMap((group) => {
    const targets = targetsOf(group);
    const all = familySizes(targets);
    const near = engine === 'connect' ? { v4: 0, v6: 0 } : onLink(targets, all, interfaces);
    const far = { v4: all.v4 - near.v4, v6: all.v6 - near.v6 };
    return [
      { group, hosts: near, isNear: true, isProbed: discovery.length > 0 && !isByArp },
      { group, hosts: far, isNear: false, isProbed: discovery.length > 0 },
    ].filter(({ hosts }) => hosts.v4 + hosts.v6 > 0);
  });
  // Round trips of one show what others are worth. Where errors tell ports apart silence is waited out without samples.
  const isAnyProbed = split.some(({ isProbed }) => isProbed);
  const areErrorsWanted = techniques.some((name) => errorWorth(techniqueOf(name)) === 'port');
  const isEchoed = engine !== 'connect' && discovery.some(({ technique }) => technique === 'ping-echo');
  return split.map(({ isProbed, ...part }) => ({
    ...part,
    heard:
      isProbed && isEchoed && !areErrorsWanted
        ? 'echo'
        : isAnyProbed || areErrorsWanted
          ? 'other'
          : 'nothing',
  }));
}

/** What a part may be sent, at a pace for each host of it. */
export function footprint(
  { group, hosts, isNear, heard }: Part,
  plan: Plan,
  phases: readonly (Size & { readonly silent?: Size })[],
  pace: Omit<SilentHost, 'questions' | 'heard' | 'timing'>,
): Footprint {
  const asked = plan.goal === 'ports' ? plan.techniques : [];
  const questions = asked.reduce((all, name) => all + portsAsked(group.ports, name).length, 0);
  const course = plan.sweep
    ? sweptCourse(plan)
    : silentCourse({ ...pace, questions, heard, timing: plan.timing });
  const toEach = (of: (family: 4 | 6) => Size) =>
    added([
      ...(hosts.v4 > 0 ? [times(of(4), hosts.v4)] : []),
      ...(hosts.v6 > 0 ? [times(of(6), hosts.v6)] : []),
    ]);
  const onePort = (family: 4 | 6) =>
    added(asked.map((name) => onePass(name, portsAsked(group.ports, name), family, plan)));
  const silent = (family: 4 | 6) =>
    added([
      times(onePort(family), course.sendings),
      times(probeSize('ping-echo', 0, family, plan), course.echoes),
    ]);
  // Who is on the link is found there, and asked no further probe.
  const probes = isNear && plan.arpPing ? [] : plan.discovery;
  const onProbe = (family: 4 | 6) =>
    added(
      probes
        .filter(({ technique }) => family === 4 || techniqueOf(technique).onlyFamily !== 4)
        .map(({ technique, port }) => probeSize(technique, port, family, plan)),
    );
  return {
    questions: (hosts.v4 + hosts.v6) * questions,
    silentMs: course.durationMs,
    ports: toEach(onePort),
    silent: toEach(silent),
    probes: toEach(onProbe),
    neighbours: isNear ? toEach(neighbourSize) : noSize,
    phases: toEach(() => added(phases)),
    silentPhases: toEach(() => added(phases.map((phase) => phase.silent ?? phase))),
  };
}

/** One request to each next hop whose hardware address is asked for again: of a few at once. */
export function nextHops(parts: readonly Part[], { engine, sweep }: Plan): readonly Size[] {
  if (engine === 'connect' || sweep) return [];
  return ([4, 6] as const).map((family) => {
    const count = (isNear: boolean) =>
      parts.reduce((all, part) => all + (part.isNear === isNear ? part.hosts[`v${family}`] : 0), 0);
    return times(neighbourSize(family), Math.min(count(true) + (count(false) > 0 ? 1 : 0), mostHopsAtOnce));
  });
}

/** Nothing at all. */
export const noSize: Size = { packets: 0, bytes: 0 };

/** Packets of a footprint, or their bytes. */
export function weighted(footprint: Footprint, weights: Weights, unit: keyof Size): number {
  return kinds.reduce((all, kind) => all + weights[kind] * footprint[kind][unit], 0);
}

/** So many of them. */
export function times({ packets, bytes }: Size, count: number): Size {
  return { packets: packets * count, bytes: bytes * count };
}

/** All of them. */
export function added(sizes: readonly Size[]): Size {
  return sizes.reduce(
    (all, { packets, bytes }) => ({ packets: all.packets + packets, bytes: all.bytes + bytes }),
    noSize,
  );
}

/** A sweep asks everything equally often. */
function sweptCourse(plan: Plan): SilentCourse {
  return { sendings: mostSendings(plan), echoes: 0, durationMs: 0 };
}

/** Every port of one host once. Only UDP says something else to each. */
function onePass(technique: PortTechniqueName, ports: Uint16Array, family: 4 | 6, plan: Plan): Size {
  if (ports.length === 0) return noSize;
  return techniqueOf(technique).probe.transport === 'udp'
    ? added(Array.from(ports, (port) => probeSize(technique, port, family, plan)))
    : times(probeSize(technique, ports[0] as number, family, plan), ports.length);
}

/** How many targets are on a link of this machine, the loopback apart. */
function onLink(targets: RangeSet, all: FamilySizes, interfaces: readonly LocalInterface[]): FamilySizes {
  const blocks = interfaces
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => !isLoopback(address))
    .map(({ address, prefix }) => blockAround(address, prefix));
  const rest = familySizes(targets.minus(RangeSet.of(blocks)));
  return { v4: all.v4 - rest.v4, v6: all.v6 - rest.v6 };
}

function familySizes(targets: RangeSet): FamilySizes {
  return { v4: targets.v4.size, v6: Number(targets.size) - targets.v4.size };
}

const kinds = ['ports', 'silent', 'probes', 'neighbours', 'phases', 'silentPhases'] as const;
/** As `src/scan/shard/packet-transport.ts` asks them. */
const mostHopsAtOnce = 16;
