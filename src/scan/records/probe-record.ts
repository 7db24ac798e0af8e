/**
 * The record of a probe that is no question of the user's, such as one to a canary: a finding may rest on it.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { copyBytes, putBytes } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';
import type { RecordCodec } from './frame.ts';
import { itemBytes, lookBytes, readItem, readLook, writeItem, writeLook } from './look.ts';
import { printable, readText, textBytes, writeText } from './text.ts';

/** A probe and what came back. */
export interface ProbeRecord {
  readonly host: number;
  /** A number of `phaseNumbers`. */
  readonly phase: number;
  /** A technique's name, or another word for what was sent. */
  readonly technique: string;
  readonly protocol: string;
  readonly port: number;
  /** How the probe differs from a plain one, empty where it does not. */
  readonly variant: string;
  readonly atMs: number;
  readonly seen: Observation;
}

const fixedBytes = 15 + lookBytes;

/** The phase of a record that stands there. */
export function phaseOfProbe(view: DataView, start: number): number {
  return view.getUint8(start + 14);
}

/** Reads and writes {@link ProbeRecord}. */
export const probeCodec: RecordCodec<ProbeRecord> = {
  name: 'probe',
  minLength: fixedBytes + 4 + 14,
  length: ({ technique, protocol, variant, seen }) =>
    fixedBytes +
    itemBytes(seen) +
    textBytes(technique) +
    textBytes(protocol) +
    textBytes(variant) +
    2 +
    seen.data.length,
  parse(view, start, end) {
    if (end - start < this.minLength) return new Malformed('probe', 'truncated', this.minLength, end - start);
    const seen = new Observation();
    readLook(view, start + 15, seen);
    const itemAt = start + fixedBytes;
    const technique = readText(view, itemAt + itemBytes(seen), end);
    if (technique instanceof Malformed) return technique;
    const protocol = readText(view, technique.end, end);
    if (protocol instanceof Malformed) return protocol;
    const variant = readText(view, protocol.end, end);
    if (variant instanceof Malformed) return variant;
    if (variant.end + 2 > end) return new Malformed('probe', 'truncated', 2, end - variant.end);
    const dataBytes = view.getUint16(variant.end, true);
    const dataAt = variant.end + 2;
    if (dataAt + dataBytes !== end) return new Malformed('probe', 'bad-length', dataBytes, end - dataAt);
    readItem(view, itemAt, seen);
    if (dataBytes > 0) seen.data = copyBytes(view, dataAt, dataBytes);
    return {
      host: view.getUint32(start, true),
      phase: view.getUint8(start + 14),
      technique: technique.text,
      protocol: protocol.text,
      variant: variant.text,
      port: view.getUint16(start + 4, true),
      atMs: view.getFloat64(start + 6, true),
      seen,
    };
  },
  emit({ host, phase, technique, protocol, port, variant, atMs, seen }, view, start) {
    view.setUint32(start, host, true);
    view.setUint16(start + 4, port, true);
    view.setFloat64(start + 6, atMs, true);
    view.setUint8(start + 14, phase);
    writeLook(seen, view, start + 15);
    let at = writeItem(0, seen, view, start + fixedBytes);
    at = writeText(technique, view, at);
    at = writeText(protocol, view, at);
    at = writeText(variant, view, at);
    view.setUint16(at, seen.data.length, true);
    putBytes(view, at + 2, seen.data);
  },
  describe: ({ host, technique, port }) => `host ${host}: ${printable(technique)} ${port}`,
};
