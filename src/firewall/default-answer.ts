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
  const { belongsTo, belongs } = scene.silence(protocol);
  for (const one of scene.classes(protocol)) {
    if (one.kind === 'open') shares.open.push(...one.ports);
    else if (one.kind === 'refused' || scene.isForged(one)) shares.rejected.push(...one.ports);
    else if (one.kind === 'closed') shares.passed.push(...one.ports);
    else if (one.kind === 'silent') {
      for (const port of one.ports) {
        if (belongsTo === undefined || !belongs(port)) shares.dropped.push(port);
        else shares[belongsTo.kind === 'refused' ? 'rejected' : 'passed'].push(port);
      }
    }
  }
  for (const ports of Object.values(shares)) ports.sort((a, b) => a - b);
  const canaries = canaryEntries(scene, protocol);
  const kinds = canaries.map(({ question, seen }) => {
    const kind = kindOf(protocol, seen);
    if (kind === 'silent' && belongsTo !== undefined && belongs(question.port)) return belongsTo.kind;
    return scene.isForged({ protocol, kind, seen, ports: [] }) ? 'refused' : kind;
  });
  return { ...shares, canaries, usual: usualOf(shares, kinds) };
}

/** Canaries have more to say than few ports that somebody chose. */
function usualOf(
  { dropped, rejected, passed }: Pick<Shares, 'dropped' | 'rejected' | 'passed'>,
  canaries: readonly Kind[],
): Shares['usual'] {
  const weights = { dropped: dropped.length, rejected: rejected.length, passed: passed.length };
  if (canaries.length >= 2) {
    weights.dropped = weights.rejected = weights.passed = 0;
    for (const kind of canaries) {
      if (kind === 'silent') weights.dropped++;
      else if (kind === 'refused') weights.rejected++;
      else if (kind === 'closed') weights.passed++;
    }
  }
  const all = weights.dropped + weights.rejected + weights.passed;
  const names = ['dropped', 'rejected', 'passed'] as const;
  if (canaries.length < 2 && all < fewest) return undefined;
  return names.find((name) => weights[name] * 2 > all) ?? usualStop(weights);
}

/** Where no answer has more than half, what is stopped in either way may still be the rule. */
function usualStop({
  dropped,
  rejected,
  passed,
}: Record<'dropped' | 'rejected' | 'passed', number>): Shares['usual'] {
  if (dropped + rejected === 0 && passed === 0) return undefined;
  if (dropped + rejected <= passed) return 'passed';
  return dropped >= rejected ? 'dropped' : 'rejected';
}

const fewest = 3;
