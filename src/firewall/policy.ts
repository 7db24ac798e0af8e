/**
 * The effective policy: every port of the scan in one range, with what becomes of probes to it.
 *
 * @module
 */

import type { Exposure, PolicyAction } from '../model/fact.ts';
import type { Entry } from './book.ts';
import type { PortClass } from './classes.ts';
import { confidenceOf } from './confidence.ts';
import type { FilteredProtocol, PolicyRange } from './contract.ts';
import { lookOf } from './look.ts';
import { has, portRanges } from './port-list.ts';
import type { Scene } from './scene.ts';
import { swallowsResets } from './steps/state.ts';
import { waysOf } from './steps/ways.ts';
import type { Stop } from './stopped.ts';
import type { Passage } from './ways.ts';

/** The policy of a protocol, in the order of the first port of each range. */
export function policyOf(scene: Scene, protocol: FilteredProtocol): readonly PolicyRange[] {
  const holes = waysOf(protocol).flatMap((way) => scene.passages(protocol, way).filter(isHole));
  const parts = new Map<string, Part>();
  for (const one of scene.classes(protocol)) {
    for (const part of partsOf(scene, one)) {
      for (const piece of byHole(
        part,
        holes.filter((hole) => has(hole.ports.ports, part.ports[0] as number)),
      )) {
        const key = JSON.stringify([piece.fate, piece.entries.length > 0]);
        const same = parts.get(key);
        parts.set(key, same === undefined ? piece : { ...same, ports: [...same.ports, ...piece.ports] });
      }
    }
  }
  return [...parts.values()]
    .map(({ ports, fate, entries }) => {
      const ascending = [...ports].sort((a, b) => a - b);
      return { first: ascending[0] as number, range: rangeOf(protocol, ascending, fate, entries) };
    })
    .sort((a, b) => a.first - b.first)
    .map(({ range }) => range);
}

/** What becomes of probes. */
interface Fate {
  readonly action: PolicyAction;
  readonly icmp: PolicyRange['icmp'];
  readonly by: string | null;
  readonly hop: number | null;
  readonly hopRange?: readonly [number, number];
  readonly exposure: Exposure | null;
  readonly alternatives?: readonly PolicyAction[];
  readonly confidence: number;
}

interface Part {
  readonly ports: readonly number[];
  readonly fate: Fate;
  readonly entries: readonly Entry[];
}

function rangeOf(
  protocol: FilteredProtocol,
  ports: readonly number[],
  fate: Fate,
  entries: readonly Entry[],
): PolicyRange {
  return {
    protocol,
    ports: portRanges(ports),
    ...fate,
    cites: entries.slice(0, mostCites).map(({ index }) => index),
  };
}

/** One class is one part, unless silence belongs to refusals here or there. */
function partsOf(scene: Scene, one: PortClass): readonly Part[] {
  const entries = scene.repeats(one.protocol, one.ports);
  const fate = fateOf(scene, one);
  const nearer = scene.nearer(one);
  if (nearer.length > 0) {
    const ports = one.ports.filter((port) => !has(nearer, port));
    const proxied: Fate = { ...proxyFate, confidence: confidenceOf(scene, proxyFate.confidence) };
    const parts = [
      { ports, fate, entries },
      { ports: nearer, fate: proxied, entries },
    ];
    return parts.filter((part) => part.ports.length > 0);
  }
  const shut = scene.shut(one);
  if (shut.length > 0) {
    const ports = one.ports.filter((port) => !has(shut, port));
    const doubtful: Fate = { ...fate, alternatives: ['proxy'], confidence: confidenceOf(scene, 0.8) };
    const parts = [
      { ports, fate, entries },
      { ports: shut, fate: doubtful, entries },
    ];
    return parts.filter((part) => part.ports.length > 0);
  }
  if (one.kind !== 'silent') return [{ ports: one.ports, fate, entries }];
  const { isLimited, belongsTo, mayBelongTo, entries: paused } = scene.silence(one.protocol);
  const most = confidenceOf(scene, 0.75, { entries: paused });
  const parts = new Map<string, { ports: number[]; fate: Fate; entries: readonly Entry[] }>();
  const places = scene.stopOf(one)?.parts ?? [];
  for (const port of one.ports) {
    const [limited, doubtful] = [belongsTo(port), mayBelongTo(port)];
    const neighbour = limited ?? doubtful;
    const key =
      neighbour === undefined
        ? `at ${places.findIndex((place) => has(place.ports, port))}`
        : `${limited === neighbour} ${lookOf(one.protocol, neighbour.seen)}`;
    const part = parts.get(key);
    if (part !== undefined) {
      part.ports.push(port);
      continue;
    }
    if (neighbour === undefined) {
      const place = places.find(({ ports }) => has(ports, port));
      const own = place === undefined ? fate : fateOf(scene, one, place.stop);
      parts.set(key, { ports: [port], fate: own, entries });
    } else {
      const refused = fateOf(scene, neighbour);
      const told =
        limited !== undefined
          ? limitedFate(limited, refused, most)
          : { ...fate, alternatives: [refused.action], confidence: Math.min(0.5, most) };
      parts.set(key, { ports: [port], fate: told, entries: isLimited ? paused : entries });
    }
  }
  return [...parts.values()];
}

/** What a limit on answers kept back. */
function limitedFate({ kind }: PortClass, refused: Fate, most: number): Fate {
  return {
    ...refused,
    // Who limits new connections may have kept back a service's answer as well.
    exposure: kind === 'closed' ? null : refused.exposure,
    alternatives: ['drop'],
    confidence: Math.min(most, refused.confidence),
  };
}

/** `stop`: where they end, which may be told of some of a class alone. */
function fateOf(scene: Scene, one: PortClass, stop: Stop | undefined = scene.stopOf(one)): Fate {
  const { protocol, kind, seen } = one;
  const { view } = scene;
  const place = {
    hop: stop?.hop ?? null,
    ...(stop?.hopRange !== undefined && stop.hop === null && { hopRange: stop.hopRange }),
  };
  const nowhere = { icmp: null, by: null, hop: null } as const;
  switch (kind) {
    case 'open': {
      if (view.pretence !== undefined && protocol === 'tcp') return proxyFate;
      const open = { action: 'allow', ...nowhere, exposure: 'exposed' } as const;
      const isDoubtful = protocol === 'tcp' && (scene.ownRouters ?? 0) < (scene.echoRouters ?? 0);
      // The echo came from farther than whatever TCP brought: by another way, or it is somebody before the host who answers.
      return isDoubtful
        ? { ...open, alternatives: ['proxy'], confidence: confidenceOf(scene, 0.8) }
        : { ...open, confidence: 1 };
    }
    case 'closed': {
      const alternative: PolicyAction = seen.answer === 'icmp' ? 'reject-icmp' : 'reject-rst';
      if (!scene.isForged(one)) {
        const confidence = confidenceOf(scene, 0.9);
        return {
          action: 'allow',
          ...nowhere,
          exposure: 'unprotected',
          alternatives: [alternative],
          confidence,
        };
      }
      const by = stop?.by ?? null;
      const confidence = confidenceOf(scene, stop?.isHost === false ? 0.95 : 0.85);
      const alternatives = stop?.isHost === false ? {} : ({ alternatives: ['allow'] } as const);
      return {
        action: 'reject-rst',
        icmp: null,
        by,
        ...place,
        exposure: 'protected',
        ...alternatives,
        confidence,
      };
    }
    case 'refused':
      return {
        action: 'reject-icmp',
        icmp: seen.meaning ?? null,
        by: seen.from ?? view.host,
        ...place,
        ...(scene.isUnreachable(one)
          ? { exposure: null, alternatives: ['unknown'], confidence: confidenceOf(scene, 0.5) }
          : { exposure: 'protected', confidence: confidenceOf(scene, 0.97) }),
      };
    case 'silent':
      return { ...silentFate(scene, one, stop), ...place };
    case 'unknown':
      return { action: 'unknown', ...nowhere, exposure: null, confidence: 0 };
  }
}

/** Somebody before the host answers, who may lead to a service or not. */
const proxyFate: Fate = {
  action: 'proxy',
  icmp: null,
  by: null,
  hop: null,
  exposure: null,
  alternatives: ['allow'],
  confidence: 0.9,
};

/** Silence of TCP is a drop; of UDP it may be a service that has nothing to say; of a host that never spoke, anything. */
function silentFate(scene: Scene, { protocol, ports }: PortClass, stop: Stop | undefined): Fate {
  const nowhere = { icmp: null, by: null, hop: null } as const;
  const { view } = scene;
  if (
    !view.hasAnswered &&
    scene.classes('tcp').every(({ kind }) => kind === 'silent' || kind === 'unknown')
  ) {
    // Nothing shows that there is a host at all.
    const confidence = confidenceOf(scene, 0.5);
    return { action: 'drop', ...nowhere, exposure: null, alternatives: ['unknown'], confidence };
  }
  if (view.isBlocked && protocol === 'tcp' && scene.kind('tcp', 'open').length === 0) {
    return { action: 'unknown', ...nowhere, exposure: null, alternatives: ['drop'], confidence: 0 };
  }
  if (protocol === 'tcp') {
    // The host may have reset them all, where no reset of it has come back.
    if (stop?.isHost !== false && swallowsResets(scene)) {
      const confidence = confidenceOf(scene, 0.7);
      return { action: 'drop', ...nowhere, exposure: 'protected', alternatives: ['allow'], confidence };
    }
    return { action: 'drop', ...nowhere, exposure: 'protected', confidence: confidenceOf(scene, 0.98) };
  }
  // A drop before the host is no mute service.
  if (stop?.isHost === false) {
    return {
      action: 'drop',
      ...nowhere,
      exposure: 'protected',
      confidence: confidenceOf(scene, stop.confidence),
    };
  }
  const isMost = ports.length * 2 > scene.judged('udp');
  return {
    action: 'drop',
    ...nowhere,
    exposure: null,
    alternatives: ['allow'],
    confidence: confidenceOf(scene, isMost ? 0.8 : 0.5),
  };
}

/** Divides a part by the ways past the filter that were proven. */
function byHole({ ports, fate, entries }: Part, open: readonly Passage[]): readonly Part[] {
  if (open.length === 0) return [{ ports, fate, entries }];
  const passed = new Set(ports.filter((port) => open.some((hole) => hole.passes(port))));
  const through = open.flatMap((hole) => hole.entries.slice(0, mostCites));
  return [
    { ports: ports.filter((port) => !passed.has(port)), fate, entries },
    { ports: [...passed], fate: { ...fate, exposure: 'hole' } as const, entries: through },
  ].filter((part) => part.ports.length > 0);
}

/** An ACK that passes serves nobody who wants in; what a filter lets through by trust, pieces or odd flags may. */
function isHole({ isProven, way }: Passage): boolean {
  return isProven && way.rule !== 'stateless-filter';
}

const mostCites = 6;
