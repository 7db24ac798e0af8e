/**
 * Which answer is the rule among ports where nothing listens, and which the exception.
 *
 * @module
 */

import type { Entry } from './book.ts';
import type { FilteredProtocol } from './contract.ts';
import { type Kind, kindOf } from './look.ts';
import type { Scene } from './scene.ts';
import { canaryEntries } from './steps/canaries.ts';

/** Ports of a protocol that are not open, by what becomes of probes to them. */
export interface Shares {
  readonly dropped: readonly number[];
  readonly rejected: readonly number[];
  /** Closed by the host's own word. */
  readonly passed: readonly number[];
  readonly open: readonly number[];
  readonly canaries: readonly Entry[];
  /** Canaries that were let through, and such that were stopped, ascending. */
  readonly beyond: { readonly passed: readonly number[]; readonly stopped: readonly number[] };
  /** What most of them meet. */
  readonly usual: 'dropped' | 'rejected' | 'passed' | undefined;
}

/** Counts a protocol's ports. */
export function sharesOf(scene: Scene, protocol: FilteredProtocol): Shares {
  const shares = {
    dropped: [] as number[],
    rejected: [] as number[],
    passed: [] as number[],
    open: [] as number[],
  };
  const { belongsTo } = scene.silence(protocol);
  for (const one of scene.classes(protocol)) {
    if (one.kind === 'open') shares.open.push(...one.ports);
    else if (one.kind === 'refused' || scene.isForged(one)) shares.rejected.push(...one.ports);
    else if (one.kind === 'closed') shares.passed.push(...one.ports);
    else if (one.kind === 'silent') {
      for (const port of one.ports) {
        const kind = belongsTo(port)?.kind;
        const share = kind === undefined ? 'dropped' : kind === 'refused' ? 'rejected' : 'passed';
        shares[share].push(port);
      }
    }
  }
  for (const ports of Object.values(shares)) ports.sort((a, b) => a - b);
  const canaries = canaryEntries(scene, protocol);
  const kinds = canaries.map(({ question, seen }) => {
    const kind = kindOf(protocol, seen);
    const limited = kind === 'silent' ? belongsTo(question.port) : undefined;
    if (limited !== undefined) return limited.kind;
    return scene.isForged({ protocol, kind, seen, ports: [] }) ? 'refused' : kind;
  });
  const portsOf = (...wanted: readonly Kind[]) =>
    canaries.flatMap(({ question }, i) => (wanted.includes(kinds[i] as Kind) ? [question.port] : []));
  const ascending = (ports: readonly number[]) => [...ports].sort((a, b) => a - b);
  const beyond = {
    passed: ascending(portsOf('open', 'closed')),
    stopped: ascending(portsOf('silent', 'refused')),
  };
  // Where a bound ended it early, what was judged is not the rule.
  const isWhole = scene.judged(protocol) * 2 >= scene.view.ports[protocol].length;
  return { ...shares, canaries, beyond, usual: isWhole ? usualOf(shares, kinds) : undefined };
}

/**
 * What most of the asked ports and the canaries together meet, unless the canaries alone say otherwise about what is let
 * through: somebody chose the ports, and then nothing is known of the others.
 */
function usualOf(
  { dropped, rejected, passed }: Pick<Shares, 'dropped' | 'rejected' | 'passed'>,
  canaries: readonly Kind[],
): Shares['usual'] {
  const chosen = { dropped: dropped.length, rejected: rejected.length, passed: passed.length };
  const others = { dropped: 0, rejected: 0, passed: 0 };
  for (const kind of canaries) {
    if (kind === 'silent') others.dropped++;
    else if (kind === 'refused') others.rejected++;
    else if (kind === 'closed') others.passed++;
  }
  const all = {
    dropped: chosen.dropped + others.dropped,
    rejected: chosen.rejected + others.rejected,
    passed: chosen.passed + others.passed,
  };
  const count = all.dropped + all.rejected + all.passed;
  if (canaries.length < 2) return count < fewest ? undefined : mostOf(all);
  const [usual, beyond] = [mostOf(all), mostOf(others)];
  if (usual === undefined || beyond === undefined) return usual;
  const stopped = others.dropped + others.rejected;
  const isOpposed = usual === 'passed' ? stopped > others.passed : others.passed > stopped;
  return isOpposed ? undefined : usual;
}

type Weights = Readonly<Record<'dropped' | 'rejected' | 'passed', number>>;

function mostOf(weights: Weights): Shares['usual'] {
  const all = weights.dropped + weights.rejected + weights.passed;
  const names = ['dropped', 'rejected', 'passed'] as const;
  return names.find((name) => weights[name] * 2 > all) ?? usualStop(weights);
}

/** Where no answer has more than half, what is stopped in either way may still be the rule. */
function usualStop({ dropped, rejected, passed }: Weights): Shares['usual'] {
  if (dropped + rejected === 0 && passed === 0) return undefined;
  if (dropped + rejected <= passed) return 'passed';
  return dropped >= rejected ? 'dropped' : 'rejected';
}

const fewest = 3;
