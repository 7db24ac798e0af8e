/**
 * Signatures of stacks, read from their text (`tables/signatures.ts` says how it is written).
 *
 * @module
 */

import { type SynAckFeatures, segmentSizes } from './syn-ack.ts';
import { signatureText } from './tables/signatures.ts';

/** A system and one way in which it answers a SYN. */
export interface Signature {
  readonly system: System;
  readonly options: string;
  /** Each a number, `max*`, `*`, `any` or a count of segments such as `10*`. */
  readonly windows: readonly string[];
  /** Absent: whatever it may be. */
  readonly ttls?: readonly number[];
  readonly dontFragment?: boolean;
  readonly scales?: readonly number[];
  readonly sizes?: readonly number[];
  /** It answers so over these. */
  readonly over?: readonly number[];
  /** Its timestamps count from its start. */
  readonly countsFromBoot: boolean;
  /** The number of the observed stack. */
  readonly stack?: number;
}

/** What is known of a system. */
export interface System {
  readonly name: string;
  readonly family: string;
  readonly generation?: string;
  readonly kind: string;
  readonly vendor: string;
  readonly cpe: readonly string[];
  readonly source: string;
  /** It was seen, and not described. */
  readonly isObserved: boolean;
}

/** The signatures of this program. */
export function ownSignatures(): readonly Signature[] {
  own ??= readSignatures(signatureText);
  return own;
}

/** Reads signatures; throws with the line that cannot be read. */
export function readSignatures(text: string): readonly Signature[] {
  const signatures: Signature[] = [];
  let system: System | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const found = line.startsWith(' ') ? system && readPattern(line, system) : readSystem(line);
    if (found === undefined) throw new Error(`signatures, line ${i + 1}: cannot be read: ${line.trim()}`);
    if ('system' in found) signatures.push(found);
    else system = found;
  }
  return signatures;
}

/** Whether features are those of a signature. What the features do not tell contradicts nothing. */
export function fits(signature: Signature, initial: number, features: SynAckFeatures): boolean {
  const { options, windows, ttls, dontFragment, scales, sizes, over, system } = signature;
  const { scale, mss } = features;
  return (
    options === features.options &&
    (ttls === undefined || ttls.includes(initial)) &&
    (dontFragment === undefined ||
      features.dontFragment === undefined ||
      dontFragment === features.dontFragment) &&
    (over === undefined || over.includes(features.family)) &&
    (scales === undefined || scale === undefined || scales.includes(scale)) &&
    // What was seen was seen behind some way, which may have cut it; documents say what is configured.
    (sizes === undefined || system.isObserved || (mss !== undefined && sizes.includes(mss))) &&
    windows.some((window) => isWindow(window, features))
  );
}

function isWindow(wanted: string, features: SynAckFeatures): boolean {
  const { window } = features;
  if (!wanted.endsWith('*')) return wanted === 'any' ? window > 0 : window === Number(wanted);
  return segmentSizes(features).some((size) => {
    if (size <= 0 || window % size !== 0) return false;
    const count = window / size;
    if (wanted === '*') return count >= leastSegments;
    return count === (wanted === 'max*' ? Math.floor(mostWindow / size) : Number(wanted.slice(0, -1)));
  });
}

function readSystem(line: string): System | undefined {
  const [name = '', family = '', generation = '', kind = '', vendor = '', cpe = '', source = ''] = line
    .split('|')
    .map((field) => field.trim());
  if (name === '' || family === '' || source === '') return undefined;
  return {
    name,
    family,
    ...(generation !== '' && { generation }),
    kind,
    vendor,
    cpe: cpe === '' ? [] : [cpe],
    source,
    isObserved: source === 'stacks',
  };
}

function readPattern(line: string, system: System): Signature | undefined {
  const [options = '', ...words] = line.trim().split(' ');
  const fields = new Map(words.map((word) => [/^#/.test(word) ? '#' : word.split('=')[0], word]));
  const of = (name: string) => fields.get(name)?.slice(name.length + 1);
  const numbers = (name: string) => {
    const value = of(name);
    return value === undefined || value === '*' ? undefined : value.split('|').map(Number);
  };
  const [windows, ttls, fragment, scales, sizes, over] = [
    of('window')?.split('|'),
    numbers('ttl'),
    of('df'),
    numbers('scale'),
    numbers('mss'),
    numbers('ip'),
  ];
  if (windows === undefined || !windows.every((window) => windowForm.test(window))) return undefined;
  if (![ttls, scales, sizes, over].every((list) => list === undefined || list.every(Number.isInteger)))
    return undefined;
  const stack = fields.get('#')?.slice(1);
  return {
    system,
    options: options === '-' ? '' : options,
    windows,
    ...(ttls !== undefined && { ttls }),
    ...(fragment !== undefined && fragment !== '*' && { dontFragment: fragment === '1' }),
    ...(scales !== undefined && { scales }),
    ...(sizes !== undefined && { sizes }),
    ...(over !== undefined && { over }),
    countsFromBoot: of('clock') === 'boot',
    ...(stack !== undefined && { stack: Number(stack) }),
  };
}

let own: readonly Signature[] | undefined;
const windowForm = /^(\d+\*?|max\*|\*|any)$/;
const mostWindow = 65535;
/** One segment is what is left where somebody has set it so low that it tells nothing. */
const leastSegments = 2;
