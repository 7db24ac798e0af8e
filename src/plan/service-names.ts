/**
 * Which service is registered for a port, and which ports a name stands for.
 *
 * @module
 */

import type { Protocol } from '../model/verdict.ts';
import { services } from './tables/services.ts';

/** The transports that have ports. */
export type Transport = Exclude<Protocol, 'ip'>;

/** The registered name of a port's service, or undefined. */
export function serviceName(transport: Transport, port: number): string | undefined {
  const lines = entries();
  for (let at = lines[port] as number; at > 0; at = nextOfPort(at)) {
    if (isFor(transport, at)) return services.slice(at + 1, endOfLine(at));
  }
  return undefined;
}

/** Every registered port of a transport, ascending. */
export function* registeredPorts(transport: Transport): Iterable<number> {
  for (let port = 0; port <= lastPort; port++) {
    for (let at = entries()[port] as number; at > 0; at = nextOfPort(at)) {
      if (!isFor(transport, at)) continue;
      yield port;
      break;
    }
  }
}

/** The ports whose service has this name, ascending; `*` stands for any text, `?` for one character. */
export function portsNamed(transport: Transport, name: string): readonly number[] {
  const wanted = name.toLowerCase();
  const matches = matcher(commonNames.get(wanted) ?? wanted);
  return [...registeredPorts(transport)].filter((port) => matches(serviceName(transport, port) as string));
}

/** Reads the table, which takes a millisecond, before somebody has to wait for a name. */
export function readServices(): void {
  entries();
}

let index: Uint32Array | undefined;

/**
 * Where each port's first entry begins in the table, by its character that tells the transports; 0: nowhere. Names are
 * cut out of the table when they are asked for: few of twelve thousand are.
 */
function entries(): Uint32Array {
  if (index !== undefined) return index;
  index = new Uint32Array(lastPort + 1);
  let port = 0;
  for (let start = 0; start < services.length; ) {
    const at = services.indexOf(' ', start) + 1;
    port += Number.parseInt(services.slice(start, at - 1), 36);
    if (index[port] === 0) index[port] = at;
    start = endOfLine(at) + 1;
  }
  return index;
}

/** The next entry of the same port; 0 where there is none. */
function nextOfPort(at: number): number {
  const next = endOfLine(at) + 1;
  return services.startsWith('0 ', next) ? next + 2 : 0;
}

function isFor(transport: Transport, at: number): boolean {
  return ((services.charCodeAt(at) - zero) & bits[transport]) !== 0;
}

function endOfLine(at: number): number {
  const end = services.indexOf('\n', at);
  return end < 0 ? services.length : end;
}

/** Names are short and hold no more than a few stars, but the pattern is the user's: no backtracking here. */
export function matcher(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => matchesGlob(pattern, text);
}

/** Walks both texts once; on a mismatch the last star takes one character more. */
function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

const zero = 0x30;
const lastPort = 65_535;
/** What an entry says of transports, a bit each. */
const bits = { tcp: 1, udp: 2, sctp: 4 } as const satisfies Record<Transport, number>;

/** What people type for services that are registered under another name. */
const commonNames: ReadonlyMap<string, string> = new Map([
  ['www', 'http'],
  ['www-http', 'http'],
  ['dns', 'domain'],
  ['whois', 'nicname'],
  ['auth', 'ident'],
  ['rpcbind', 'sunrpc'],
  ['portmapper', 'sunrpc'],
  ['msrpc', 'epmap'],
  ['smb', 'microsoft-ds'],
  ['rdp', 'ms-wbt-server'],
  ['vnc', 'rfb'],
  ['afp', 'afpovertcp'],
  ['mssql', 'ms-sql-s'],
  ['postgres', 'postgresql'],
  ['memcached', 'memcache'],
  ['ipsec', 'isakmp'],
  ['upnp', 'ssdp'],
  ['turn', 'stun'],
  ['iscsi', 'iscsi-target'],
  ['jetdirect', 'pdl-datastream'],
  ['elasticsearch', 'wap-wsp'],
]);
