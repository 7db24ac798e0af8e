/**
 * A request from a program may hold anything: a field that does not exist, or a value of another kind, is refused by
 * its name before anything else reads it.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { hostTechniques, portTechniques } from '../techniques/index.ts';
import { nearest } from './nearest.ts';
import { quoted } from './quoted.ts';
import {
  type DiscoveryProbe,
  type FirewallOptions,
  type PacketOptions,
  type Request,
  type ServiceOptions,
  timingNames,
} from './request.ts';

/** Refuses a request that is not one. */
export function checkRequest(request: Request): void {
  checkFields(request, requestFields, '');
}

/** What somebody may say of how a call is carried out. */
interface CallOptions {
  readonly signal?: unknown;
  readonly trace?: unknown;
  readonly words?: unknown;
  readonly ownsProcess?: unknown;
  readonly key?: unknown;
  readonly arrived?: unknown;
  readonly keeper?: unknown;
}

/** Refuses options of a call that are none; `names` are those it has. */
export function checkCallOptions(options: CallOptions, names: readonly (keyof CallOptions)[]): void {
  if (!isObject(options)) throw badRequest(`No options: wanted an object with ${names.join(', ')}`);
  const fields = Object.fromEntries(names.map((name) => [name, optionFields[name]]));
  checkFields(options, fields as Fields<CallOptions>, '', 'The options have');
}

/** What a field may hold. */
interface Kind {
  readonly wanted: string;
  readonly isRequired?: true;
  fits(value: unknown): boolean;
  /** Looks into a value that fits; `path` names it. */
  look?(value: unknown, path: string): void;
}

type Fields<T> = { readonly [Field in keyof Required<T>]: Kind };

function checkFields<T>(value: T, fields: Fields<T>, path: string, what = 'A request has'): void {
  if (!isObject(value)) throw badRequest('No request: wanted an object with the field targets');
  for (const [field, content] of Object.entries(value)) {
    if (!Object.hasOwn(fields, field)) {
      const near = nearest(field, Object.keys(fields));
      const whose = path === '' ? what : `${path.slice(0, -1)} has`;
      throw badRequest(`${whose} no field ${quoted(field)}`, near && `${path}${near}`);
    }
    // A field that a program leaves undefined is one that it does not give.
    if (content === undefined) continue;
    const { wanted, fits, look } = fields[field as keyof T];
    if (!fits(content)) throw badRequest(`${path}${field} ${shown(content)}: wanted ${wanted}`);
    look?.(content, `${path}${field}`);
  }
  for (const [field, { wanted, isRequired }] of Object.entries<Kind>(fields)) {
    // A class's getter would not be read: what it leaves out would be scanned.
    if (value[field as keyof T] !== undefined && !Object.hasOwn(value, field))
      throw badRequest(`${path}${field} is inherited: wanted it as a field of the object itself`);
    if (isRequired && value[field as keyof T] === undefined)
      throw badRequest(`${path}${field} is missing: wanted ${wanted}`);
  }
}

/** Pieces of text as they come. */
const source: Kind = {
  wanted: 'something to iterate over with for await',
  fits: (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
};

/** Whoever uses it looks at it: no message shows what it is. */
const secret: Kind = { wanted: 'a text', fits: () => true };

function required(kind: Kind): Kind {
  return { ...kind, isRequired: true };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a message: bounded, whatever it is. */
function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `of type ${value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value}`;
}

const text: Kind = { wanted: 'a text', fits: (value) => typeof value === 'string' };
const file: Kind = {
  wanted: 'the name of a file',
  fits: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
};
const texts = listOf(text, 'a list of texts');
const number: Kind = { wanted: 'a number', fits: (value) => typeof value === 'number' };
const count: Kind = {
  wanted: 'a whole number from 1 on',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};
const flag: Kind = { wanted: 'true or false', fits: (value) => typeof value === 'boolean' };
const bytes: Kind = { wanted: 'a Uint8Array', fits: (value) => value instanceof Uint8Array };
const call: Kind = { wanted: 'a function', fits: (value) => typeof value === 'function' };
// By what it can do: another realm has a class of its own.
const signal: Kind = {
  wanted: 'an AbortSignal',
  fits: (value) =>
    isObject(value) &&
    'aborted' in value &&
    [Reflect.get(value, 'addEventListener'), Reflect.get(value, 'throwIfAborted')].every(call.fits),
};
const port: Kind = {
  wanted: 'ports as text or a number from 0 to 65535',
  fits: (value) =>
    typeof value === 'string' || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535),
};
const portList = listOf(port, '');
const ports: Kind = {
  wanted: 'ports as text, a number from 0 to 65535, or a list of such',
  fits: (value) => portList.fits(value) || port.fits(value),
  look: (value, path) => {
    if (portList.fits(value)) portList.look?.(value, path);
  },
};
const probes: Kind = {
  wanted: "'skip' or a list of probes",
  fits: (value) => value === 'skip' || Array.isArray(value),
  look(value, path) {
    if (value !== 'skip') probeList.look?.(value, path);
  },
};

/** A list; what is wrong with it is said of the element. */
function listOf(element: Kind, wanted: string): Kind {
  return {
    wanted,
    fits: Array.isArray,
    look(value, path) {
      // Counted, since a list may have holes.
      const list = value as readonly unknown[];
      for (let i = 0; i < list.length; i++) {
        if (!element.fits(list[i]))
          throw badRequest(`${path}[${i}] ${shown(list[i])}: wanted ${element.wanted}`);
        element.look?.(list[i], `${path}[${i}]`);
      }
    },
  };
}

function oneOf(...values: readonly unknown[]): Kind {
  const words = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return { wanted: `one of ${words.join(', ')}`, fits: (value) => values.includes(value) };
}

function namesOf(names: readonly string[]): Kind {
  return listOf(oneOf(...names), `a list of ${names.join(', ')}`);
}

function object<T>(fields: Fields<T>): Kind {
  return {
    wanted: `an object with ${Object.keys(fields).join(', ')}`,
    fits: isObject,
    look: (value, path) => checkFields(value as T, fields, `${path}.`),
  };
}

const probeFields: Fields<DiscoveryProbe> = {
  technique: required(oneOf(...Object.keys(hostTechniques))),
  ports,
};

const probeList = listOf(object(probeFields), '');

const packetFields: Fields<PacketOptions> = {
  fragmentBytes: number,
  sourcePort: number,
  ttl: number,
  data: bytes,
  dataLength: number,
  badChecksum: flag,
  ipOptions: bytes,
  sourceAddress: text,
  interface: text,
  decoys: texts,
  spoofMac: text,
};

const firewallFields: Fields<FirewallOptions> = { budget: count };

const serviceFields: Fields<ServiceOptions> = { intensity: number, timeoutMs: number, recog: file };

const requestFields: Fields<Request> = {
  targets: required(texts),
  targetFiles: texts,
  exclude: texts,
  excludeFiles: texts,
  family: oneOf(4, 6),
  goal: oneOf('list', 'discover', 'ports'),
  ports,
  fast: flag,
  topPorts: number,
  excludePorts: ports,
  inOrder: flag,
  techniques: namesOf(Object.keys(portTechniques)),
  scanFlags: number,
  discovery: probes,
  ignoreResets: flag,
  disableArpPing: flag,
  traceroute: flag,
  services: object(serviceFields),
  devices: flag,
  systems: flag,
  firewall: object(firewallFields),
  reverseNames: oneOf('never', 'up', 'all'),
  dnsServers: texts,
  timing: oneOf(...timingNames),
  minRatePps: number,
  maxRatePps: number,
  maxRetries: number,
  scanDelayMs: number,
  hostTimeoutMs: number,
  initialRttTimeoutMs: number,
  minRttTimeoutMs: number,
  maxRttTimeoutMs: number,
  maxParallelism: number,
  packet: object(packetFields),
  proxies: texts,
  shard: object<NonNullable<Request['shard']>>({ index: required(number), count: required(number) }),
  seed: number,
  sweep: flag,
  cooldownMs: number,
  engine: oneOf('auto', 'packet', 'xdp', 'connect'),
  journal: file,
  autoJournal: flag,
  resume: file,
  ungrouped: flag,
  evidence: flag,
  scope: texts,
  scopeFile: file,
  yes: flag,
  capture: file,
  args: texts,
};

/** Two functions. */
const keeper: Kind = {
  wanted: 'an object with the functions open and vantageOf',
  fits: (value) =>
    isObject(value) && ['open', 'vantageOf'].every((name) => typeof Reflect.get(value, name) === 'function'),
};

const optionFields: Fields<CallOptions> = {
  signal,
  trace: call,
  words: call,
  ownsProcess: flag,
  key: secret,
  arrived: source,
  keeper,
};
