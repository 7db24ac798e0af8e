/**
 * The record of what a phase has found out about a host.
 *
 * @module
 */

import type { FindingFact } from '../../model/fact.ts';
import { Malformed } from '../../wire/codec.ts';
import type { RecordCodec } from './frame.ts';
import { printable, readText, textBytes, writeText } from './text.ts';

/** A finding before it is a fact: the host's name and the time are added where facts are made. */
export type PhaseFinding = Pick<
  FindingFact,
  'rule' | 'severity' | 'claim' | 'confidence' | 'evidence' | 'refutedBy'
>;

/** A host and what was found out about it. */
export interface FindingRecord {
  readonly host: number;
  /** The number of the phase. */
  readonly phase: number;
  readonly finding: PhaseFinding;
}

/** The order is that of the numbers, which journals keep; none: no severity is stated. */
const severities = ['none', 'info', 'low', 'medium', 'high'] as const;
const fixedBytes = 15;

/** Reads and writes {@link FindingRecord}. */
export const findingCodec: RecordCodec<FindingRecord> = {
  name: 'finding',
  minLength: fixedBytes + 3 * 4,
  length: ({ finding }) => textsOf(finding).reduce((sum, text) => sum + textBytes(text), fixedBytes),
  parse(view, start, end) {
    if (end - start < this.minLength)
      return new Malformed('finding', 'truncated', this.minLength, end - start);
    const severity = severities[view.getUint8(start + 5)];
    if (severity === undefined)
      return new Malformed('finding', 'bad-type', severities.length, view.getUint8(start + 5));
    const count = view.getUint8(start + 14);
    const texts: string[] = [];
    let at = start + fixedBytes;
    for (let i = 0; i < 3 + count; i++) {
      const read = readText(view, at, end);
      if (read instanceof Malformed) return read;
      texts.push(read.text);
      at = read.end;
    }
    if (at !== end) return new Malformed('finding', 'bad-length', at - start, end - start);
    const [rule, claim, refutedBy, ...evidence] = texts as [string, string, string];
    return {
      host: view.getUint32(start, true),
      phase: view.getUint8(start + 4),
      finding: {
        rule,
        ...(severity !== 'none' && { severity }),
        claim,
        confidence: view.getFloat64(start + 6, true),
        evidence,
        refutedBy,
      },
    };
  },
  emit({ host, phase, finding }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    view.setUint8(start + 5, severities.indexOf(finding.severity ?? 'none'));
    view.setFloat64(start + 6, finding.confidence, true);
    view.setUint8(start + 14, Math.min(finding.evidence.length, mostEvidence));
    let at = start + fixedBytes;
    for (const text of textsOf(finding)) at = writeText(text, view, at);
  },
  describe: ({ host, finding }) => `host ${host}: ${printable(finding.rule)}`,
};

function textsOf({ rule, claim, refutedBy, evidence }: PhaseFinding): readonly string[] {
  return [rule, claim, refutedBy, ...evidence.slice(0, mostEvidence)];
}

const mostEvidence = 255;
