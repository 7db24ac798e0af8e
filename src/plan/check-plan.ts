/**
 * Reads a plan that was written down: by this program, or by whoever sends one. Every field is looked at, because what
 * carries a plan out believes it.
 *
 * @module
 */

import { badRequest, type PortolanError } from '../base/errors.ts';
import { isInterfaceName, parseAddress } from '../model/parse-address.ts';
import { isPortRanges } from '../model/ports.ts';
import { readProxy } from '../model/proxy.ts';
import { parseRanges } from '../model/ranges.ts';
import { hostTechniques, portTechniques } from '../techniques/index.ts';
import { checkFit } from './check-fit.ts';
import { checkVariants } from './check-variants.ts';
import { leaveOut } from './leave-out.ts';
import type { Plan } from './plan.ts';
import { quoted } from './quoted.ts';
import { timingNames } from './request.ts';
import { mostServiceMs } from './services.ts';
import { timingLimits } from './timing.ts';

/** The plan that a value read from JSON is, frozen; a PortolanError names the field that is none. */
export function checkPlan(value: unknown): Plan {
  if (typeof value === 'object' && value !== null && sealed.has(value)) return value as Plan;
  plan(value, '');
  checkFit(value as Plan);
  checkVariants(value as Plan);
  return sealPlan(leaveOut(value as Plan));
}

/** Freezes a plan that is known to be right. */
export function sealPlan(plan: Plan): Plan {
  sealed.add(plan);
  return freeze(plan);
}

function freeze<Part>(part: Part): Part {
  if (typeof part !== 'object' || part === null) return part;
  for (const inner of Object.values(part)) freeze(inner);
  return Object.freeze(part);
}

/** Takes a value, or throws what is wrong with it where. */
type Check = (value: unknown, where: string) => void;

/** A field that may be absent has a check in an array of one. */
type Fields = Readonly<Record<string, Check | readonly [Check]>>;

function object(fields: Fields): Check {
  return (value, where) => {
    if (!isObject(value)) throw wrong(where, value, 'an object');
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        throw badRequest(`The plan has a field ${quoted(at(where, name))} that this version does not know`);
      }
    }
    for (const [name, check] of Object.entries(fields)) {
      const field = value[name];
      if (typeof check === 'function') check(field, at(where, name));
      else if (field !== undefined) check[0](field, at(where, name));
    }
  };
}

function list(each: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) throw wrong(where, value, 'a list');
    for (const [i, one] of value.entries()) each(one, `${where}[${i}]`);
  };
}

/** Texts by address, without zone. */
function byAddress(each: Check): Check {
  return (value, where) => {
    if (!isObject(value)) throw wrong(where, value, 'an object by address');
    for (const [key, one] of Object.entries(value)) {
      address(key, where);
      each(one, at(where, key));
    }
  };
}

/** A plain one: neither a list nor what a class has made. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function some(most: number, each: Check): Check {
  return (value, where) => {
    list(each)(value, where);
    const { length } = value as readonly unknown[];
    if (length === 0 || length > most) throw wrong(where, value, `1 to ${most} of them`);
  };
}

function orNull(check: Check): Check {
  return (value, where) => {
    if (value !== null) check(value, where);
  };
}

function a(wanted: string, isRight: (value: unknown) => boolean): Check {
  return (value, where) => {
    if (!isRight(value)) throw wrong(where, value, wanted);
  };
}

function oneOf(values: readonly unknown[]): Check {
  return a(`one of ${values.join(', ')}`, (value) => values.includes(value));
}

function whole(low: number, high: number): Check {
  return a(
    `a whole number from ${low} to ${high}`,
    (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
  );
}

/** A number within the bounds that a request has for it. */
function limited(field: keyof typeof timingLimits): Check {
  const limit: { readonly low: number; readonly high: number; readonly whole?: boolean } =
    timingLimits[field];
  const { low, high } = limit;
  if (limit.whole === true) return whole(low, high);
  return a(
    `a number from ${low} to ${high}`,
    (value) => typeof value === 'number' && value >= low && value <= high,
  );
}

function text(wanted: string, isRight: (text: string) => boolean): Check {
  return a(wanted, (value) => typeof value === 'string' && isRight(value));
}

function wrong(where: string, value: unknown, wanted: string): PortolanError {
  // A URL of a proxy may hold a password.
  if (value === undefined && where !== '')
    return badRequest(`The plan's ${where} is missing: wanted ${wanted}`);
  const isSecret = where.startsWith('proxies');
  const found = isSecret ? '' : `found ${quoted(`${JSON.stringify(value)}`.slice(0, 60))}, `;
  return badRequest(`The plan's ${where === '' ? 'text' : where}: ${found}wanted ${wanted}`);
}

function at(where: string, name: string): string {
  return where === '' ? name : `${where}.${name}`;
}

const flag = a('true or false', (value) => typeof value === 'boolean');
const anyText = text('text', () => true);
const file = text('the name of a file', (name) => name !== '' && !name.includes('\0'));
const address = text('an address', (value) => parseAddress(value) !== undefined);
const addresses = text('ranges of addresses', (value) => parseRanges(value) !== undefined);
const numbers = text('ranges of ports', isPortRanges);
const protocols = text('ranges of protocols from 0 to 255', (value) => isPortRanges(value, 255));
const hex = text('1400 bytes at most in hexadecimal digits', (value) =>
  /^(?:[0-9a-f]{2}){0,1400}$/.test(value),
);
const ipOptions = text('40 bytes at most in hexadecimal digits', (value) =>
  /^(?:[0-9a-f]{2}){0,40}$/.test(value),
);
const options = text('1 to 40 bytes in hexadecimal digits', (value) => /^(?:[0-9a-f]{2}){1,40}$/.test(value));
const zone = text('an interface', isInterfaceName);
const port = whole(0, 65_535);
const eights = a(
  'a multiple of 8 from 8 to 65528',
  (value) =>
    Number.isInteger(value) &&
    (value as number) >= 8 &&
    (value as number) <= 65_528 &&
    (value as number) % 8 === 0,
);
const ports = object({ tcp: numbers, udp: numbers, sctp: numbers, ip: protocols });

const timing = object({
  template: oneOf(timingNames),
  minRatePps: limited('minRatePps'),
  maxRatePps: orNull(limited('maxRatePps')),
  maxRetries: [limited('maxRetries')],
  scanDelayMs: limited('scanDelayMs'),
  hostTimeoutMs: limited('hostTimeoutMs'),
  initialRttTimeoutMs: limited('initialRttTimeoutMs'),
  minRttTimeoutMs: limited('minRttTimeoutMs'),
  maxRttTimeoutMs: limited('maxRttTimeoutMs'),
  maxParallelism: whole(0, timingLimits.maxParallelism.high),
});

const packet = object({
  fragmentBytes: [eights],
  sourcePort: [whole(1, 65_535)],
  ttl: [whole(1, 255)],
  data: [hex],
  dataLength: [whole(0, 1400)],
  badChecksum: [flag],
  ipOptions: [ipOptions],
  sourceAddress: [address],
  interface: [zone],
  decoys: [list(text('an address or ME', (value) => value === 'ME' || parseAddress(value) !== undefined))],
  spoofMac: [text('a hardware address', (value) => /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(value))],
});

const fragments = object({
  sizes: some(64, eights),
  order: (value, where) => {
    if (Array.isArray(value)) some(64, whole(0, 8191))(value, where);
    else oneOf(['forward', 'backward'])(value, where);
  },
});

const variant = object({
  sourcePort: [orNull(whole(1, 65_535))],
  ttl: [whole(0, 255)],
  fragments: [orNull(fragments)],
  badChecksum: [flag],
  flags: [whole(0, 255)],
  window: [port],
  tcpOptions: [options],
  ecn: [whole(0, 3)],
  dontFragment: [flag],
  ipId: [port],
  ipOptions: [options],
  data: [hex],
  spacingMs: [whole(0, 3_600_000)],
});

const plan: Check = object({
  goal: oneOf(['list', 'discover', 'ports']),
  groups: list(object({ targets: addresses, ports })),
  askLink: [zone],
  excluded: addresses,
  excludedPorts: ports,
  scope: [addresses],
  scopeFile: [file],
  askedAs: byAddress(list(anyText)),
  zones: byAddress(zone),
  techniques: list(oneOf(Object.keys(portTechniques))),
  scanFlags: [whole(0, 255)],
  discovery: list(object({ technique: oneOf(Object.keys(hostTechniques)), port })),
  ignoreResets: flag,
  arpPing: flag,
  traceroute: flag,
  services: [object({ intensity: whole(0, 9), timeoutMs: whole(1, mostServiceMs), recog: [file] })],
  devices: [(value, where) => oneOf(['true'])(String(value), where)],
  systems: [flag],
  firewall: [object({ budget: [whole(1, Number.MAX_SAFE_INTEGER)] })],
  inOrder: flag,
  reverseNames: oneOf(['never', 'up', 'all']),
  dnsServers: list(address),
  timing,
  packet,
  variants: list(variant),
  proxies: list(text('the URL of a proxy', (url) => typeof readProxy(url) !== 'string')),
  proxyAddresses: [list(address)],
  shard: object({ index: whole(0, Number.MAX_SAFE_INTEGER), count: whole(1, Number.MAX_SAFE_INTEGER) }),
  seed: whole(0, 0xffff_ffff),
  sweep: flag,
  cooldownMs: [limited('cooldownMs')],
  engine: oneOf(['packet', 'xdp', 'connect']),
  journal: [object({ path: [file] })],
  ungrouped: flag,
  evidence: flag,
  capture: [file],
  args: list(anyText),
  warnings: list(anyText),
  incomplete: flag,
} satisfies Record<keyof Plan, Check | readonly [Check]>);

/** Those that need not be looked at again. */
const sealed = new WeakSet<object>();
