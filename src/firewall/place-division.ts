/**
 * Where along the ports of a class the places change at which their probes end: each change is looked for by probes that may
 * go just so far that the ports of one side bring an error of their last hop, and those of the other nothing.
 *
 * @module
 */

import { aimOf, type HopPath } from './hop-path.ts';
import type { HopAnswer, Search } from './hop-rounds.ts';
import type { Trace } from './port-comparison.ts';
import { boundaryQuestions, spreadAnswers, touchesChange } from './regions.ts';
import type { Reference, StoppedClass } from './stopped.ts';

/** A hop that probes to some ports of a class pass, and those to others do not get to. */
export interface Change {
  /** The TTL that tells them apart. */
  readonly ttl: number;
  /** Whether probes to a port get so far. */
  readonly known: Map<number, boolean>;
  /** Ports that were compared with others, and of which it is not sure. */
  readonly unsure: number[];
  /** Places of answers in the order of folds. */
  readonly cites: number[];
}

/** The ports of a class by the place where their probes end, nearest first. */
export interface Division {
  readonly traces: readonly Trace[];
  readonly ports: readonly number[];
  /** Between two places that were found: which of them is not known of these ports. */
  readonly isBetween: boolean;
  readonly cites: readonly number[];
}

/** The hops that tell traces apart, nearest first; none: they end at one place, as far as it is known. */
export function changesAmong(traces: readonly Trace[], path: HopPath): readonly Change[] {
  // Where ways differ from probe to probe no hop tells ports apart.
  if (path.isUneven) return [];
  const bounds = boundsOf(traces, path);
  const changes: Change[] = [];
  let nearest = Number.POSITIVE_INFINITY;
  for (const [low, high] of bounds.map((each) => each.bounds).sort(([a], [b]) => a - b)) {
    if (low >= nearest) {
      changes.push({ ttl: low, known: new Map(), unsure: [], cites: [] });
      nearest = high;
    } else nearest = Math.min(nearest, high);
  }
  for (const { ttl, known, unsure } of changes) {
    for (const { trace, bounds: of } of bounds) {
      const [low, high] = of;
      const [port] = trace.target.ports as [number];
      if (low >= ttl || (high <= ttl && !trace.bracket.isFollower)) known.set(port, low >= ttl);
      else unsure.push(port);
    }
  }
  return changes;
}

/**
 * Looks for the ports between which the places change, by halving. Silence counts where the port is silent again and two other
 * probes beside it bring an error each, so that its router had one left, or one does after a pause. `controlAt`: which
 * probes get past a hop.
 */
export function* divideByPlace(
  { target }: Trace,
  changes: readonly Change[],
  path: HopPath,
  isShort: (hop: number) => boolean,
  controlAt: (hop: number) => Reference | StoppedClass | undefined,
): Search {
  const ports = target.all ?? target.ports;
  let isSlow = changes.some(({ ttl }) => isShort(ttl));
  let pauses = 0;
  for (;;) {
    const doubts = changes
      .flatMap((change) => doubtsOf(ports, change).map((port) => ({ change, port })))
      .slice(0, isSlow ? 1 : together);
    if (doubts.length === 0 || (isSlow && ++pauses > mostPauses)) return;
    const answers = yield { asks: doubts.map((doubt) => askOf(target, doubt)), afterPause: isSlow };
    const silent = stillSilent(target, doubts, answers, path);
    if (silent === undefined) return;
    if (silent.length === 0) continue;
    const wanted = isSlow ? 1 : 2;
    const controls = [...new Set(silent.map(({ change }) => change))].flatMap((change) =>
      passing(target, change, controlAt(change.ttl))
        .slice(0, wanted)
        .map((control) => ({ change, control })),
    );
    const proofs = yield {
      asks: [
        ...silent.map((doubt) => askOf(target, doubt)),
        ...controls.map(({ change, control }) => ({ ...aimOf(control), ttl: change.ttl })),
      ],
    };
    const shown = controls.filter(({ change, control }, i) => {
      const answer = proofs[silent.length + i];
      return answer !== undefined && path.note(control, change.ttl, answer) === 'expired';
    });
    const still = stillSilent(target, silent, proofs, path);
    if (still === undefined) return;
    for (const { change, port } of still) {
      if (shown.filter((one) => one.change === change).length >= wanted) change.known.set(port, false);
      else isSlow = true;
    }
  }
}

/** A port, and the change of which it is not known on which side it is. */
interface Doubt {
  readonly change: Change;
  readonly port: number;
}

function doubtsOf(ports: readonly number[], { known, unsure }: Change): readonly number[] {
  const first = unsure.filter((port) => !known.has(port));
  return [...new Set([...first, ...boundaryQuestions(ports, known, 2)])];
}

function askOf(target: StoppedClass, { change, port }: Doubt) {
  return { ...aimOf({ ...target, ports: [port] }), ttl: change.ttl };
}

/** Keeps what brought an error: those that brought nothing; undefined: one of them is no silent port any more. */
function stillSilent(
  target: StoppedClass,
  doubts: readonly Doubt[],
  answers: readonly HopAnswer[],
  path: HopPath,
): readonly Doubt[] | undefined {
  const silent: Doubt[] = [];
  for (const [i, doubt] of doubts.entries()) {
    const { change, port } = doubt;
    const answer = answers[i] as HopAnswer;
    const fate = path.note({ ...target, ports: [port] }, change.ttl, answer);
    if (fate !== 'expired' && fate !== 'silent') return undefined;
    change.cites.push(answer.index);
    if (fate === 'expired') change.known.set(port, true);
    else silent.push(doubt);
  }
  return silent;
}

/** The ports of a class, divided by what is known of each change; empty: they are not divided. */
export function divisionsOf(
  { target }: Trace,
  traces: readonly Trace[],
  changes: readonly Change[],
  path: HopPath,
): readonly Division[] {
  if (changes.length === 0) return [];
  const ports = target.all ?? target.ports;
  const spread = changes.map(({ known }) => spreadAnswers(ports, known));
  const between = changes.map(({ known }) => touchesChange(ports, known));
  const parts = new Map<string, { ports: number[]; low: number; high: number }>();
  for (const port of ports) {
    const passed = spread.findIndex((passes) => !passes(port));
    const depth = passed < 0 ? changes.length : passed;
    const doubts = between.flatMap((isBetween, i) => (isBetween(port) ? [i] : []));
    const low = Math.min(depth, ...doubts);
    const high = Math.max(depth, ...doubts.map((i) => i + 1));
    const key = `${low} ${high}`;
    const part = parts.get(key) ?? { ports: [], low, high };
    parts.set(key, part);
    part.ports.push(port);
  }
  const depthOf = (port: number) => changes.filter(({ known }) => known.get(port) === true).length;
  const bounds = boundsOf(traces, path).filter(({ trace, bounds: [low] }) => {
    return depthOf(trace.target.ports[0] as number) === changes.filter(({ ttl }) => low >= ttl).length;
  });
  return [...parts.values()]
    .sort((a, b) => a.low - b.low || a.high - b.high)
    .map((part) => {
      const from = changes[part.low - 1]?.ttl ?? 0;
      const to = changes[part.high]?.ttl ?? Number.POSITIVE_INFINITY;
      const own = bounds.filter(({ bounds: [low, high] }) => low >= from && high <= to);
      const near = changes.slice(Math.max(0, part.low - 1), part.high + 1);
      return {
        traces: own.map(({ trace }) => trace),
        ports: part.ports,
        isBetween: part.low !== part.high,
        cites: near.flatMap(({ cites }) => cites),
      };
    })
    .filter((part) => part.traces.length > 0);
}

function boundsOf(traces: readonly Trace[], path: HopPath) {
  return traces.flatMap((trace) => {
    const bounds = trace.bracket.bounds(path);
    return bounds === undefined ? [] : [{ trace, bounds }];
  });
}

/** Probes that get so far: the one given, and ports of the class itself. */
function passing(
  target: StoppedClass,
  { known }: Change,
  control: Reference | StoppedClass | undefined,
): readonly (Reference | StoppedClass)[] {
  const own = [...known].flatMap(([port, passes]) => (passes ? [{ ...target, ports: [port] }] : []));
  return control === undefined ? own : [control, ...own];
}

/** Questions of a round: routers send six errors at once. */
const together = 3;
/** Each takes more than a second, and answers one question: halving a thousand ports takes ten. */
const mostPauses = 9;
