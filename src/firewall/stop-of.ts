/**
 * What follows from a search: the hop where probes of a class end, or the hops between which they do, and why.
 *
 * @module
 */

import { type HopPath, hopsBack } from './hop-path.ts';
import { type Change, type Division, divisionsOf } from './place-division.ts';
import type { Trace } from './port-comparison.ts';
import { shortRanges } from './port-list.ts';
import { hopOfSender } from './refusal-search.ts';
import type { Bracket } from './silence-search.ts';
import type { Stop, StopPart, StoppedClass } from './stopped.ts';

/**
 * Where the probes of a class end, or undefined where nothing is known of it: `first` is what its first port showed, `peers`
 * what others did, `changes` where along its ports places change.
 */
export function stopOf(
  first: Trace,
  peers: readonly Trace[],
  path: HopPath,
  changes: readonly Change[] = [],
): Stop | undefined {
  const all = [first, ...peers];
  const { target, bracket } = all.find((each) => each.bracket.refusal !== undefined) ?? first;
  const { refusal } = bracket;
  if (refusal !== undefined) return stopBySender({ ...target, seen: refusal }, path, bracket);
  return target.seen.answer === 'silence'
    ? stopOfSilence(all, path, divisionsOf(first, all, changes, path))
    : (stopBySender(target, path, bracket) ?? stopOfRefusal(target, path, bracket));
}

/** The place of ports on the own link: the host, as far as that link can tell, or another that refuses for it. */
export function nearStop({ seen: { from } }: StoppedClass): Stop {
  const evidence = ['the host is on the own link: no router lies between'];
  return { hop: 1, by: from ?? null, isHost: from === undefined, confidence: sure, evidence, cites: [] };
}

function stopOfSilence(
  traces: readonly Trace[],
  path: HopPath,
  divisions: readonly Division[] = [],
): Stop | undefined {
  const places = new Map<string, Trace[]>();
  const bounds: (readonly [number, number])[] = [];
  for (const trace of traces) {
    const found = trace.bracket.bounds(path);
    if (found === undefined) return undefined;
    bounds.push(found);
    places.set(String(found), [...(places.get(String(found)) ?? []), trace]);
  }
  const [lows, highs] = [bounds.map(([low]) => low), bounds.map(([, high]) => high)];
  // Where one passes and another does not, they cannot end at the same place; else some are only known less well.
  const isDivided = Math.max(...lows) >= Math.min(...highs);
  const confidence = Math.min(...traces.map(({ bracket }) => confidenceIn(path, bracket)));
  const parts = divisions.flatMap(({ ports, traces: own, isBetween, cites }): StopPart[] => {
    const stop = stopOfSilence(own, path);
    if (stop === undefined) return [];
    const words = isBetween ? [] : [changeWords(ports)];
    const told = { evidence: [...stop.evidence, ...words], cites: unique([...stop.cites, ...cites]) };
    return [{ ports, stop: { ...stop, ...told } }];
  });
  return {
    ...placed(path, Math.max(1, Math.min(...lows)), Math.max(...highs)),
    by: null,
    ...(isDivided && { isDivided }),
    ...(parts.length > 1 && { parts }),
    confidence: isDivided ? Math.min(doubtful, confidence) : confidence,
    evidence: [
      ...(isDivided ? ['these ports end at different places, of which only some were asked'] : []),
      ...[...places.values()].map((alike) => silenceWords(alike, path)),
      ...unevenWords(path),
    ],
    cites: unique([
      ...traces.flatMap(({ bracket }) => [...bracket.cites, ...path.citesOf(bracket.high ?? 0)]),
      ...path.distanceCites,
    ]),
  };
}

function changeWords(ports: readonly number[]): string {
  return `the same TTLs, tried on further ports, tell ${shortRanges(ports)} from the others`;
}

/** What was seen of ports that end at one place, told of the first. */
function silenceWords([first, ...others]: readonly Trace[], path: HopPath): string {
  if (first === undefined) return '';
  const { target, bracket } = first;
  const { low, high: end = low + 1 } = bracket;
  const what = wordsFor(target);
  const passed =
    low > 0
      ? `probes to ${what} that may go ${hops(low)} bring time-exceeded from ${nameOf(path, low)}`
      : `probes to ${what} bring no time-exceeded from any hop`;
  const missing =
    end === path.distance
      ? `those that reach the host, ${hops(end)} away, bring nothing`
      : path.answers(end)
        ? `those that may go ${hops(end)} bring nothing, though ${nameOf(path, end)} sends it for other ports`
        : `those that may go up to ${hops(end)} bring nothing, and no port of the host answers to compare with`;
  const alike = others.map((other) => wordsFor(other.target)).join(', ');
  return `${passed}; ${missing}${alike === '' ? '' : `; with the TTLs that decide it, ${alike} ${others.length === 1 ? 'fares' : 'fare'} alike`}`;
}

/** An ICMP error tells by its sender where it was sent. */
function stopBySender(target: StoppedClass, path: HopPath, bracket: Bracket): Stop | undefined {
  const hop = hopOfSender(target, path);
  if (hop === undefined) return undefined;
  const { from, meaning, ttl } = target.seen;
  const isHost = hop === path.distance;
  const evidence =
    from === undefined
      ? `${meaning} about ${wordsFor(target)} is sent in the host's name and arrives with TTL ${ttl}, from as far as its other answers`
      : `${meaning} about ${wordsFor(target)} comes from ${from}, who answers at hop ${hop}`;
  const cites = unique([...bracket.cites, ...path.citesOf(hop), ...(isHost ? path.distanceCites : [])]);
  const confidence = path.isUneven ? doubtful : sure;
  return { hop, by: from ?? null, isHost, confidence, evidence: [evidence, ...unevenWords(path)], cites };
}

/**
 * The least TTL that brings a refusal reaches whoever refuses, or is forwarded by him: by how far the refusal travelled
 * they are told apart. Linux, measured: a forged reset begins with the sysctl's TTL, 64, as a reset of the host itself.
 */
function stopOfRefusal(target: StoppedClass, path: HopPath, bracket: Bracket): Stop | undefined {
  const { high } = bracket;
  if (bracket.isOdd || high === undefined) return undefined;
  const hop = high === 1 ? 1 : hopOfRefusal(target, path, bracket, high);
  const slack = path.isUneven ? 1 : 0;
  const place = hop ?? undefined;
  const what = `${target.seen.answer === 'icmp' ? target.seen.meaning : 'resets'} for ${wordsFor(target)}`;
  const from = high === path.distance ? 'the host is reached' : `probes may go ${hops(high)}`;
  const evidence = [`${what} come only where ${from}`];
  if (place !== undefined && high > 1) {
    const other = place === high ? high - 1 : high;
    evidence.push(
      `they arrive with TTL ${target.seen.ttl}, as what ${nameOf(path, place)} sends, not as what ${nameOf(path, other)} does`,
    );
  }
  return {
    ...(place === undefined
      ? placed(
          path,
          Math.max(1, high - 1 - slack),
          (high === path.distance ? (path.farthest ?? high) : high) + slack,
        )
      : placed(path, place, place)),
    by: target.seen.from ?? (place === undefined ? null : (path.addressAt(place) ?? null)),
    confidence: confidenceIn(path, bracket),
    evidence: [...evidence, ...unevenWords(path)],
    cites: unique([
      ...bracket.cites,
      ...path.citesOf(high - 1),
      ...path.citesOf(high),
      ...path.distanceCites,
    ]),
  };
}

function hopOfRefusal(
  { seen }: StoppedClass,
  path: HopPath,
  bracket: Bracket,
  high: number,
): number | undefined {
  const back = hopsBack(seen);
  // Whoever takes the TTL of the probe for his own answer says nothing by it.
  if (path.isUneven || back === 0 || [...bracket.backs].some((each) => each !== back)) return undefined;
  const [at, before] = [path.backOf(high), path.backOf(high - 1)];
  if (at !== undefined && before !== undefined) {
    if (at === before) return undefined;
    return back === at ? high : back === before ? high - 1 : undefined;
  }
  return path.isSymmetric && (back === high || back === high - 1) ? back : undefined;
}

/** The fields of a place, certain or not. */
function placed(path: HopPath, low: number, high: number): Pick<Stop, 'hop' | 'hopRange' | 'isHost'> {
  const { distance } = path;
  // A router that answers there forwards to the host.
  const isBefore = distance === undefined ? path.answers(high) : high < distance;
  const isHost = distance !== undefined && low >= distance ? true : isBefore ? false : undefined;
  return low === high ? { hop: low, isHost } : { hop: null, hopRange: [low, high], isHost };
}

function confidenceIn(path: HopPath, bracket: Bracket): number {
  if (path.isUneven) return doubtful;
  if (path.distance === undefined) return likely;
  return bracket.isWeak || path.late > 0 ? likely : sure;
}

function unevenWords(path: HopPath): readonly string[] {
  return path.isUneven ? ['ways of several lengths lead to the host, so hops may be one off'] : [];
}

function wordsFor({ protocol, ports }: StoppedClass): string {
  return `${protocol}/${ports[0]}`;
}

function nameOf(path: HopPath, hop: number): string {
  return hop === path.distance ? 'the host' : (path.addressAt(hop) ?? `hop ${hop}`);
}

function hops(count: number): string {
  return count === 1 ? '1 hop' : `${count} hops`;
}

function unique(cites: readonly number[]): readonly number[] {
  return [...new Set(cites)].sort((a, b) => a - b);
}

const sure = 0.97;
const likely = 0.8;
const doubtful = 0.6;
