/**
 * The record of what a filter does with ports of a host.
 *
 * @module
 */

import {
  type Exposure,
  exposures,
  type PolicyAction,
  type PolicyFact,
  policyActions,
} from '../../model/fact.ts';
import { type IcmpError, icmpErrors } from '../../model/reply.ts';
import { Malformed } from '../../wire/codec.ts';
import type { RecordCodec } from './frame.ts';
import { printable, readText, textBytes, writeText } from './text.ts';

/** A range of a policy before it is a fact: the host's name and the time are added where facts are made. */
export type PhasePolicy = Omit<PolicyFact, 'type' | 'n' | 'host' | 'at'>;

/** A host and a range of its policy. */
export interface PolicyRecord {
  readonly host: number;
  /** The number of the phase. */
  readonly phase: number;
  readonly policy: PhasePolicy;
}

const fixedBytes = 21;
/** Absent, where a number names one of a table. */
const none = 0xff;
const protocols = ['tcp', 'udp'] as const;

/** Reads and writes {@link PolicyRecord}. */
export const policyCodec: RecordCodec<PolicyRecord> = {
  name: 'policy',
  minLength: fixedBytes + 2 * 4,
  length: ({ policy: { ports, by } }) => fixedBytes + textBytes(ports) + textBytes(by ?? ''),
  parse(view, start, end) {
    if (end - start < this.minLength)
      return new Malformed('policy', 'truncated', this.minLength, end - start);
    const byte = (offset: number) => view.getUint8(start + offset);
    const protocol = protocols[byte(5)];
    const action = policyActions[byte(6)];
    if (protocol === undefined || action === undefined)
      return new Malformed('policy', 'bad-type', policyActions.length - 1, byte(6));
    const ports = readText(view, start + fixedBytes, end);
    if (ports instanceof Malformed) return ports;
    const by = readText(view, ports.end, end);
    if (by instanceof Malformed) return by;
    if (by.end !== end) return new Malformed('policy', 'bad-length', by.end - start, end - start);
    const alternatives = policyActions.filter((_, bit) => (byte(12) >> bit) & 1);
    return {
      host: view.getUint32(start, true),
      phase: byte(4),
      policy: {
        protocol,
        ports: ports.text,
        action,
        icmp: (icmpErrors[byte(7)] as IcmpError | undefined) ?? null,
        by: by.text === '' ? null : by.text,
        hop: byte(9) === none ? null : byte(9),
        ...(byte(10) !== none && { hopRange: [byte(10), byte(11)] as const }),
        exposure: exposures[byte(8)] ?? null,
        ...(alternatives.length > 0 && { alternatives }),
        confidence: view.getFloat64(start + 13, true),
      },
    };
  },
  emit({ host, phase, policy }, view, start) {
    const {
      protocol,
      ports,
      action,
      icmp,
      by,
      hop,
      hopRange,
      exposure,
      alternatives = [],
      confidence,
    } = policy;
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    view.setUint8(start + 5, protocols.indexOf(protocol));
    view.setUint8(start + 6, policyActions.indexOf(action));
    view.setUint8(start + 7, placeOf(icmp, icmpErrors));
    view.setUint8(start + 8, placeOf<Exposure>(exposure, exposures));
    view.setUint8(start + 9, hop ?? none);
    view.setUint8(start + 10, hopRange?.[0] ?? none);
    view.setUint8(start + 11, hopRange?.[1] ?? none);
    view.setUint8(start + 12, bitsOf(alternatives));
    view.setFloat64(start + 13, confidence, true);
    writeText(by ?? '', view, writeText(ports, view, start + fixedBytes));
  },
  describe: ({ host, policy: { ports, action } }) => `host ${host}: ${printable(ports)} ${action}`,
};

function placeOf<Word>(word: Word | null, words: readonly Word[]): number {
  return word === null ? none : words.indexOf(word);
}

function bitsOf(actions: readonly PolicyAction[]): number {
  return actions.reduce((bits, action) => bits | (1 << policyActions.indexOf(action)), 0);
}
