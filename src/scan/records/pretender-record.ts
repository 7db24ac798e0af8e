/**
 * The record of a host that says open for ports that hold no service.
 *
 * @module
 */

import { Malformed } from '../../wire/codec.ts';
import { type Pretence, pretenceBases, pretenceRules } from '../phases/responder-check/judgement.ts';
import { lengthFault, type RecordCodec } from './frame.ts';

/** A pretender, and the canaries that said open; the `probes` records before it are what that rests on. */
export interface PretenderRecord {
  readonly host: number;
  readonly pretence: Pretence;
  readonly probes: number;
  readonly ports: readonly number[];
}

const headBytes = 12;

/** Reads and writes {@link PretenderRecord}. */
export const pretenderCodec: RecordCodec<PretenderRecord> = {
  name: 'pretender',
  minLength: headBytes,
  length: ({ ports }) => headBytes + 2 * ports.length,
  parse(view, start, end) {
    if (end - start < headBytes) return new Malformed('pretender', 'truncated', headBytes, end - start);
    const fault = lengthFault('pretender', headBytes + 2 * view.getUint8(start + 11), start, end);
    if (fault !== undefined) return fault;
    const rule = pretenceRules[view.getUint8(start + 4)];
    const basis = pretenceBases[view.getUint8(start + 5)];
    if (rule === undefined || basis === undefined)
      return new Malformed('pretender', 'bad-type', pretenceRules.length - 1, view.getUint8(start + 4));
    return {
      host: view.getUint32(start, true),
      pretence: { rule, basis, window: view.getUint32(start + 6, true) },
      probes: view.getUint8(start + 10),
      ports: Array.from({ length: view.getUint8(start + 11) }, (_, i) =>
        view.getUint16(start + headBytes + 2 * i, true),
      ),
    };
  },
  emit({ host, pretence: { rule, basis, window }, probes, ports }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, pretenceRules.indexOf(rule));
    view.setUint8(start + 5, pretenceBases.indexOf(basis));
    view.setUint32(start + 6, window, true);
    view.setUint8(start + 10, probes);
    view.setUint8(start + 11, ports.length);
    for (const [i, port] of ports.entries()) view.setUint16(start + headBytes + 2 * i, port, true);
  },
  describe: ({ host, pretence: { rule, basis } }) => `host ${host}: ${rule} by ${basis}`,
};
