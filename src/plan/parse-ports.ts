/**
 * The grammar of `-p`: `22,80-90,-100,60000-,-`, `T:` `U:` `S:` `P:` qualifiers that hold until the next one,
 * service names with `*` and `?`, the classes `system`, `registered`, `dynamic`, and `[1-1000]` for the ports
 * of a range that have a registered service.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { parseDecimal } from '../model/parse-address.ts';
import type { Protocol } from '../model/verdict.ts';
import { longDashIn } from './long-dash.ts';
import { protocolName, protocolsNamed } from './protocol-names.ts';
import { quoted } from './quoted.ts';
import type { PortList } from './request.ts';
import { portsNamed, registeredPorts } from './service-names.ts';

/** Ports by transport, ascending; `ip` holds protocol numbers. */
export type PortLists = Readonly<Record<Protocol, Uint16Array>>;

/** What a text selects, and the qualified protocols that this run does not ask. */
export interface ParsedPorts {
  readonly selection: PortLists;
  readonly unused: readonly Protocol[];
}

/** A list of ports as one text. */
export function portsText(ports: PortList): string {
  return typeof ports === 'object' ? ports.join(',') : String(ports);
}

/** Reads a port list for the protocols of a run. `option` is what the user wrote it after, for messages. */
export function parsePorts(
  text: string,
  protocols: readonly Protocol[],
  option = named('ports'),
): ParsedPorts {
  const only = protocols.includes('ip') ? undefined : parseDecimal(text, 65_535);
  if (only !== undefined) return { selection: singlePort(only, protocols), unused: [] };
  const marks: Partial<Record<Protocol, Uint8Array>> = {};
  const unused = new Set<Protocol>();
  let applies = protocols;
  for (const item of text.split(',')) {
    const qualified = /^\s*([TUSP]):(.*)$/is.exec(item);
    if (qualified !== null) {
      const protocol = qualifiers[(qualified[1] as string).toUpperCase() as keyof typeof qualifiers];
      applies = [protocol];
      if (!protocols.includes(protocol)) unused.add(protocol);
    }
    const part = (qualified?.[2] ?? item).trim();
    try {
      let found = false;
      for (const protocol of applies) {
        const marked = marks[protocol] ?? new Uint8Array(65536);
        marks[protocol] = marked;
        for (const [first, last] of rangesOf(part, protocol, applies.length > 1)) {
          marked.fill(1, first, last + 1);
          found ||= first <= last;
        }
      }
      if (!found)
        throw `no ${applies.includes('ip') ? 'protocol or ' : ''}service of this name in ${listed(applies)}`;
    } catch (problem) {
      if (typeof problem !== 'string') throw problem;
      throw badRequest(`${option} ${quoted(text)}: ${quoted(part)}: ${problem}`);
    }
  }
  for (const protocol of unused) delete marks[protocol];
  const selection = {
    tcp: markedIn(marks.tcp),
    udp: markedIn(marks.udp),
    sctp: markedIn(marks.sctp),
    ip: markedIn(marks.ip),
  };
  return { selection, unused: [...unused] };
}

/** A port alone: lists hold thousands of hosts with one each. */
function singlePort(port: number, protocols: readonly Protocol[]): PortLists {
  const of = (protocol: Protocol) =>
    protocols.includes(protocol) ? Uint16Array.of(port) : new Uint16Array(0);
  return { tcp: of('tcp'), udp: of('udp'), sctp: of('sctp'), ip: of('ip') };
}

function markedIn(marks: Uint8Array = new Uint8Array(0)): Uint16Array {
  const numbers = scratch;
  let count = 0;
  for (let number = marks.indexOf(1); number >= 0; ) {
    // Ranges are long more often than not.
    const gap = marks.indexOf(0, number);
    const end = gap < 0 ? marks.length : gap;
    while (number < end) numbers[count++] = number++;
    number = marks.indexOf(1, number);
  }
  return numbers.slice(0, count);
}

/** Ascending arrays of the chosen numbers; what is absent is empty. */
export function toSelection(chosen: Partial<Record<Protocol, Iterable<number>>>): PortLists {
  const sorted = (numbers: Iterable<number> = []) => Uint16Array.from(numbers).sort();
  return {
    tcp: sorted(chosen.tcp),
    udp: sorted(chosen.udp),
    sctp: sorted(chosen.sctp),
    ip: sorted(chosen.ip),
  };
}

/** First and last number. */
type NumberRange = readonly [first: number, last: number];

/** The numbers one item stands for; throws a problem in words. `shared`: it also applies to other protocols. */
function rangesOf(part: string, protocol: Protocol, shared: boolean): readonly NumberRange[] {
  const max = protocol === 'ip' ? 255 : 65535;
  if (part === '') throw 'empty; wanted a port, a range or a service name';
  if (/^[0-9]*-[0-9]*$|^[0-9]+$/.test(part)) return [numericRange(part, protocol, max, shared)];
  const bracket = /^\[([0-9]*-[0-9]*|[0-9]+)\]$/.exec(part);
  if (bracket !== null) {
    const [first, last] = numericRange(bracket[1] as string, protocol, max, shared);
    const known = protocol === 'ip' ? knownProtocols() : [...registeredPorts(protocol)];
    return singly(known.filter((number) => number >= first && number <= last));
  }
  const range = classes[part.toLowerCase() as keyof typeof classes];
  if (range !== undefined) return protocol === 'ip' ? [] : [range];
  if (!/^[a-z0-9*?._+/-]{1,64}$/i.test(part))
    throw longDashIn(part) ?? 'neither a port, a range nor a service name';
  return singly(protocol === 'ip' ? protocolsNamed(part) : portsNamed(protocol, part));
}

function singly(numbers: readonly number[]): readonly NumberRange[] {
  return numbers.map((number) => [number, number]);
}

function knownProtocols(): readonly number[] {
  return Array.from({ length: 256 }, (_, number) => number).filter(
    (number) => protocolName(number) !== undefined,
  );
}

function numericRange(part: string, protocol: Protocol, max: number, shared: boolean): NumberRange {
  const dash = part.indexOf('-');
  const [from, to] = dash < 0 ? [part, part] : [part.slice(0, dash), part.slice(dash + 1)];
  // Port 0 is asked only when named: an open beginning starts at 1. Protocol 0 is one like any other.
  const first = from === '' ? (protocol === 'ip' ? 0 : 1) : parseDecimal(from, 65535);
  let last = to === '' ? max : parseDecimal(to, 65535);
  if (first === undefined || last === undefined) throw `wanted decimal numbers from 0 to ${max}`;
  // In `-p 1-1024` for ports and protocols at once, the protocols end at 255.
  if (shared && protocol === 'ip') last = Math.min(last, max);
  else if (Math.max(first, last) > max) throw `wanted decimal numbers from 0 to ${max}`;
  if (first > last && !(shared && first > max)) throw 'the range runs backwards';
  return [first, last];
}

function listed(protocols: readonly Protocol[]): string {
  return protocols.join(', ');
}

const qualifiers = { T: 'tcp', U: 'udp', S: 'sctp', P: 'ip' } as const satisfies Record<string, Protocol>;

/** As many as there can be. */
const scratch = new Uint16Array(65_536);
/** RFC 6335, section 6. The system ports begin at 0, but port 0 is asked only when named. */
const classes = { system: [1, 1023], registered: [1024, 49151], dynamic: [49152, 65535] } as const;
