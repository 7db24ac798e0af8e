/**
 * The record of what a host was asked of its device and has said. What is said has any length and any names: it stands as
 * JSON, and every field is looked at when it is read.
 *
 * @module
 */

import type { DeviceClaim } from '../../detect/device/contract.ts';
import { deviceSources } from '../../model/device-fact.ts';
import { Malformed } from '../../wire/codec.ts';
import type { RecordCodec } from './frame.ts';
import { readText, textBytes, writeText } from './text.ts';

/** What was learnt of the device of a host. */
export interface PhaseDevice {
  readonly claims: readonly DeviceClaim[];
}

/** A host, and that. */
export interface DeviceRecord extends PhaseDevice {
  readonly host: number;
  /** The number of the phase. */
  readonly phase: number;
}

const fixedBytes = 5;

/** Reads and writes {@link DeviceRecord}. */
export const deviceCodec: RecordCodec<DeviceRecord> = {
  name: 'device',
  minLength: fixedBytes + 4,
  length: ({ claims }) => fixedBytes + textBytes(JSON.stringify(claims)),
  parse(view, start, end) {
    if (end - start < this.minLength)
      return new Malformed('device', 'truncated', this.minLength, end - start);
    const json = readText(view, start + fixedBytes, end);
    if (json instanceof Malformed) return json;
    if (json.end !== end) return new Malformed('device', 'bad-length', json.end - start, end - start);
    const claims = claimsIn(json.text);
    if (claims === undefined) return new Malformed('device', 'bad-type', 0, 0);
    return { host: view.getUint32(start, true), phase: view.getUint8(start + 4), claims };
  },
  emit({ host, phase, claims }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    writeText(JSON.stringify(claims), view, start + fixedBytes);
  },
  describe: ({ host, claims }) => `host ${host}: ${claims.length} facts of its device`,
};

function claimsIn(json: string): readonly DeviceClaim[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return Array.isArray(value) && value.every(isClaim) ? value : undefined;
}

function isClaim(value: unknown): value is DeviceClaim {
  if (typeof value !== 'object' || value === null) return false;
  const { field, value: text, source, measured, weight, ...others } = value as Record<string, unknown>;
  return (
    typeof field === 'string' &&
    typeof text === 'string' &&
    deviceSources.some((one) => one === source) &&
    typeof measured === 'boolean' &&
    (weight === undefined || weight === 1 || weight === 2 || weight === 3) &&
    Object.keys(others).length === 0
  );
}
