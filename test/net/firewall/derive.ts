/**
 * What a map of a filter must find, computed from what the kernels did with single probes.
 *
 * @module
 */

import type { Fate, Truth } from './truth.ts';

/** Findings that must be told, and those that may. */
export interface Expected {
  readonly must: Set<string>;
  readonly may: ReadonlySet<string>;
}

/** Ports that no list of services has: what is not named in the rules meets them. */
export const unlisted = [31_001, 38_123, 44_321, 50_077, 59_999] as const;

/** Computes them for TCP, from the probed ports and {@link unlisted} ones. `served`: where something listens. */
export function expectedOf(truth: Truth, ports: readonly number[], served: readonly number[]): Expected {
  const must = new Set<string>();
  const may = new Set<string>(['filter-location']);
  const fate = (port: number) => truth.fate('syn', port);
  const stopped = ports.filter((port) => fate(port) !== 'allow');
  const usual = new Set<Fate>(unlisted.map(fate));
  const [rest] = usual.size === 1 ? usual : [];
  const hostTtl = [...ports, ...unlisted]
    .filter((port) => fate(port) === 'allow')
    .map((port) => truth.answer('syn', port)?.ttl)[0];
  const isAlive = hostTtl !== undefined || stopped.some((port) => truth.answer('syn', port) !== undefined);
  if (rest === 'drop') (isAlive ? must : may).add('default-drop');
  if (rest === 'reject-icmp') must.add('default-reject');
  // Who drops a segment that belongs to nothing, or the reset that answers it, filters, though he lets every SYN pass.
  const isTouched = unlisted.some(
    (port) =>
      fate(port) === 'allow' &&
      ['ack', 'fin', 'null', 'xmas'].some((way) => truth.answer(way, port) === undefined),
  );
  if (rest === 'allow' && stopped.length > 0) must.add('blocklist');
  if (rest === 'allow' && stopped.length === 0) (isTouched ? may : must).add('no-filter');
  if (rest === undefined) for (const rule of ['default-drop', 'default-reject', 'blocklist']) may.add(rule);

  const resets = stopped.filter((port) => fate(port) === 'reject-rst');
  const isForged = hostTtl !== undefined && resets.some((port) => truth.answer('syn', port)?.ttl !== hostTtl);
  if (isForged) must.add('forged-reset');
  if (rest === 'reject-rst' && isForged) must.add('default-reject');
  // Resets of a filter are a host's own, as far as they show, where they come from as far as all else, or nothing else came.
  if (rest === 'reject-rst' && !isForged)
    for (const rule of ['no-filter', 'default-reject', 'forged-reset', 'stateful-filter']) may.add(rule);

  const passes = (way: string) =>
    stopped.some((port) => truth.fate(way, port) === 'allow' && truth.answer(way, port) !== undefined);
  const isStateless = passes('ack');
  const isFlagHole = ['fin', 'null', 'xmas'].some(passes);
  if (isStateless) must.add('stateless-filter');
  if (isFlagHole) must.add('flag-hole');
  if (['fragments 8', 'fragments 16', 'fragments 24'].some(passes)) must.add('fragment-hole');
  if (trusted.some((port) => passes(`source-port ${port}`))) must.add('source-port-hole');
  const isDefault = rest === 'drop' || rest === 'reject-icmp' || (rest === 'reject-rst' && isForged);
  const isOpen = served.some((port) => ports.includes(port) && fate(port) === 'allow');
  if (!isStateless) (isDefault && isOpen && !isFlagHole ? must : may).add('stateful-filter');
  if ([...ports, ...unlisted].some((port) => fate(port) === 'reject-icmp')) may.add('icmp-rate-limit');
  return { must, may };
}

const trusted = [20, 53, 67, 68, 80, 88, 123, 443, 500];
