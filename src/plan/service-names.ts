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
  return registry()[transport].get(port);
}

/** Every registered port of a transport, ascending. */
export function registeredPorts(transport: Transport): Iterable<number> {
  return registry()[transport].keys();
}

/** The ports whose service has this name, ascending; `*` stands for any text, `?` for one character. */
export function portsNamed(transport: Transport, name: string): readonly number[] {
  const wanted = name.toLowerCase();
  const matches = matcher(commonNames.get(wanted) ?? wanted);
  const found: number[] = [];
  for (const [port, service] of registry()[transport]) if (matches(service)) found.push(port);
  return found;
}

type Registry = Readonly<Record<Transport, ReadonlyMap<number, string>>>;

let parsed: Registry | undefined;

/** Reads the table, which takes milliseconds, before somebody has to wait for a name. */
export function readServices(): void {
  registry();
}

/** Reading is put off until somebody asks for a name. */
function registry(): Registry {
  parsed ??= parse(services);
  return parsed;
}

function parse(text: string): Registry {
  const tcp = new Map<number, string>();
  const udp = new Map<number, string>();
  const sctp = new Map<number, string>();
  let port = 0;
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    port += Number.parseInt(line.slice(0, space), 36);
    const mask = line.charCodeAt(space + 1) - zero;
    const name = line.slice(space + 2);
    if (mask & 1) tcp.set(port, name);
    if (mask & 2) udp.set(port, name);
    if (mask & 4) sctp.set(port, name);
  }
  return { tcp, udp, sctp };
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
