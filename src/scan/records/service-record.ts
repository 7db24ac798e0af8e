/**
 * The record of what listens on a port. Most of its many fields are absent, and what a protocol says has names of its
 * own: so it stands as JSON, and every field is looked at when it is read.
 *
 * @module
 */

import { type ServiceFact, serviceStops } from '../../model/service-fact.ts';
import { Malformed } from '../../wire/codec.ts';
import type { RecordCodec } from './frame.ts';
import { printable, readText, textBytes, writeText } from './text.ts';

/** A service before it is a fact: the host's name, the usual one of the port and the time are added there. */
export interface PhaseService extends Omit<ServiceFact, 'type' | 'n' | 'host' | 'guess' | 'at'> {
  /** Trouble on this side kept it from being asked: that is told, and no service. */
  readonly isUntried?: true;
}

/** A host and one of its services. */
export interface ServiceRecord {
  readonly host: number;
  /** The number of the phase. */
  readonly phase: number;
  readonly service: PhaseService;
}

const fixedBytes = 5;

/** Reads and writes {@link ServiceRecord}. */
export const serviceCodec: RecordCodec<ServiceRecord> = {
  name: 'service',
  minLength: fixedBytes + 4,
  length: ({ service }) => fixedBytes + textBytes(JSON.stringify(service)),
  parse(view, start, end) {
    if (end - start < this.minLength)
      return new Malformed('service', 'truncated', this.minLength, end - start);
    const json = readText(view, start + fixedBytes, end);
    if (json instanceof Malformed) return json;
    if (json.end !== end) return new Malformed('service', 'bad-length', json.end - start, end - start);
    const service = serviceOf(json.text);
    if (service === undefined) return new Malformed('service', 'bad-type', 0, 0);
    return { host: view.getUint32(start, true), phase: view.getUint8(start + 4), service };
  },
  emit({ host, phase, service }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    writeText(JSON.stringify(service), view, start + fixedBytes);
  },
  describe: ({ host, service: { port, name } }) =>
    `host ${host}: port ${port} ${printable(name ?? 'unknown')}`,
};

function serviceOf(json: string): PhaseService | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const fields = Object.entries(value);
  const isKnown = fields.every(([name, field]) => {
    const check = Object.hasOwn(shape, name) ? shape[name as keyof PhaseService] : undefined;
    return check?.(field) === true;
  });
  const isWhole = required.every((name) => Object.hasOwn(value, name));
  return isKnown && isWhole ? (value as unknown as PhaseService) : undefined;
}

type Check = (value: unknown) => boolean;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text: Check = (value) => typeof value === 'string';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const truth: Check = (value) => typeof value === 'boolean';
const port: Check = (value) => count(value) && Number(value) <= 0xffff;
const extra: Check = (value) =>
  isObject(value) && Object.values(value).every((one) => text(one) || texts(one));
const certificate: Check = (value) => {
  if (!isObject(value)) return false;
  const { names, ...others } = value;
  const isText = ['subject', 'issuer', 'from', 'to', 'key', 'fingerprint'].every((name) =>
    text(others[name]),
  );
  return texts(names) && isText && Object.keys(others).length === 6;
};

function isExchange(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { connection, word = '', said, heard, end = '', ...others } = value;
  return count(connection) && [word, said, heard, end].every(text) && Object.keys(others).length === 0;
}

const shape: { readonly [Field in keyof Required<PhaseService>]: Check } = {
  protocol: (value) => value === 'tcp' || value === 'udp',
  port,
  name: (value) => value === null || text(value),
  product: text,
  version: text,
  info: text,
  os: text,
  device: text,
  hostname: text,
  cpe: texts,
  tls: truth,
  starttls: (value) => value === true,
  confidence: (value) => count(value) && Number(value) <= 10,
  via: text,
  extra,
  certificate,
  alpn: text,
  banner: text,
  asked: texts,
  fingerprint: text,
  talk: (value) => Array.isArray(value) && value.every(isExchange),
  rule: text,
  stopped: (value) => serviceStops.some((stop) => stop === value),
  connections: count,
  bytes: count,
  isUntried: (value) => value === true,
};
const required = ['protocol', 'port', 'name', 'cpe', 'tls', 'confidence'] as const;
