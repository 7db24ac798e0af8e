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
  'rule' | 'severity' | 'claim' | 'confirmed' | 'confidence' | 'evidence' | 'refutedBy'
> & {
  /** The probes of its phase that it rests on, by the order in which they were folded; absent: all of them. */
  readonly cites?: readonly number[];
};

/** A host and what was found out about it. */
export interface FindingRecord {
  readonly host: number;
  /** The number of the phase. */
  readonly phase: number;
  /** Its citations count from the last probe of the phase (1) back: a phase that was cut has asked before. */
  readonly finding: PhaseFinding;
}

/** The order is that of the numbers, which journals keep; none: no severity is stated. */
const severities = ['none', 'info', 'low', 'medium', 'high'] as const;
/** Likewise; unsaid: it is no hole. */
const confirmations = ['unsaid', 'confirmed', 'unconfirmed'] as const;
const fixedBytes = 18;
/** So many citations stand for all probes of the phase. */
const all = 0xffff;

/** Reads and writes {@link FindingRecord}. */
export const findingCodec: RecordCodec<FindingRecord> = {
  name: 'finding',
  minLength: fixedBytes + 3 * 4,
  length: ({ finding }) =>
    textsOf(finding).reduce((sum, text) => sum + textBytes(text), fixedBytes + 2 * citesOf(finding).length),
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
    const cited = view.getUint16(start + 16, true);
    const citeBytes = cited === all ? 0 : 2 * cited;
    if (at + citeBytes !== end)
      return new Malformed('finding', 'bad-length', at + citeBytes - start, end - start);
    const confirmation = confirmations[view.getUint8(start + 15)] ?? 'unsaid';
    const citesAt = at;
    const [rule, claim, refutedBy, ...evidence] = texts as [string, string, string];
    return {
      host: view.getUint32(start, true),
      phase: view.getUint8(start + 4),
      finding: {
        rule,
        ...(severity !== 'none' && { severity }),
        claim,
        ...(confirmation !== 'unsaid' && { confirmed: confirmation === 'confirmed' }),
        confidence: view.getFloat64(start + 6, true),
        evidence,
        refutedBy,
        ...(cited !== all && {
          cites: Array.from({ length: cited }, (_, i) => view.getUint16(citesAt + 2 * i, true)),
        }),
      },
    };
  },
  emit({ host, phase, finding }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    view.setUint8(start + 5, severities.indexOf(finding.severity ?? 'none'));
    view.setFloat64(start + 6, finding.confidence, true);
    view.setUint8(start + 14, Math.min(finding.evidence.length, mostEvidence));
    const { confirmed, cites } = finding;
    const confirmation = confirmed === undefined ? 'unsaid' : confirmed ? 'confirmed' : 'unconfirmed';
    view.setUint8(start + 15, confirmations.indexOf(confirmation));
    view.setUint16(start + 16, cites === undefined ? all : citesOf(finding).length, true);
    let at = start + fixedBytes;
    for (const text of textsOf(finding)) at = writeText(text, view, at);
    for (const [i, cite] of citesOf(finding).entries()) view.setUint16(at + 2 * i, cite, true);
  },
  describe: ({ host, finding }) => `host ${host}: ${printable(finding.rule)}`,
};

function textsOf({ rule, claim, refutedBy, evidence }: PhaseFinding): readonly string[] {
  return [rule, claim, refutedBy, ...evidence.slice(0, mostEvidence)];
}

function citesOf({ cites = [] }: PhaseFinding): readonly number[] {
  return cites.slice(0, mostCites);
}

const mostEvidence = 255;
const mostCites = 1024;
