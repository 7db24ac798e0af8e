/**
 * Reads what masscan writes with -oJ: a list of objects, or one object a line. It tells what was seen and not what was asked, so
 * nothing follows from what is not there.
 *
 * @module
 */

import { parseAddress } from '../../model/parse-address.ts';
import { type PortState, type Protocol, portStates, type Reason, reasons } from '../../model/verdict.ts';
import { packLook, protocols } from '../look.ts';
import { placeOf, type Snapshot } from '../snapshot.ts';
import { inShort, isBlank, type RecordReader, refuse } from './reader.ts';

/** Reads masscan's JSON into a snapshot. */
export class MasscanReader implements RecordReader {
  readonly #snapshot: Snapshot;
  /** The object that has not ended yet. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #line = 1;
  /** The line in which the object begins. */
  #begun = 1;
  #between = 0;
  #objects = 0;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  take(bytes: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === newline) this.#line++;
      if (this.#depth === 0) {
        if (byte !== open) {
          this.#pass(byte);
          continue;
        }
        [this.#depth, this.#begun, this.#between, start] = [1, this.#line, 0, at];
      } else if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === backslash) this.#isEscaped = true;
        else if (byte === quote) this.#isText = false;
      } else if (byte === quote) this.#isText = true;
      else if (byte === open) this.#depth++;
      else if (byte === close && --this.#depth === 0) {
        this.#keep(bytes.subarray(start, at + 1));
        this.#object();
      }
    }
    if (this.#depth > 0) this.#keep(bytes.slice(start));
  }

  end(): void {
    if (this.#depth > 0) refuse(this.#begun, 'the file ends within an object');
    if (this.#objects === 0) refuse(this.#line, 'it holds no object: wanted what masscan -oJ wrote');
  }

  #keep(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length > mostBytes) refuse(this.#begun, `an object is longer than ${mostBytes} bytes`);
  }

  /** Between objects stand brackets, commas and blanks. */
  #pass(byte: number): void {
    if (!isBlank(byte) && !separators.has(byte))
      refuse(this.#line, `found ${inShort(String.fromCharCode(byte))} between objects`);
    if (++this.#between > mostBetween)
      refuse(this.#line, `more than ${mostBetween} characters between objects`);
  }

  #object(): void {
    const text = new TextDecoder().decode(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#length = 0;
    this.#objects++;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Its last line until version 1.0.5, which is no JSON.
      if (/^\{\s*finished\s*:\s*\d+\s*\}$/.test(text)) return;
      refuse(this.#begun, `is no JSON: found ${inShort(text)}`);
    }
    this.#host(value as Fields);
  }

  #host({ ip, timestamp, ports }: Fields): void {
    if (typeof ip !== 'string' || parseAddress(ip) === undefined)
      refuse(this.#begun, `has ip ${inShort(String(ip))}; wanted an address`);
    if (!Array.isArray(ports)) refuse(this.#begun, 'has no ports; wanted a list of them');
    const host = this.#snapshot.hostOf(ip);
    const seconds = Number(timestamp);
    if (Number.isFinite(seconds) && seconds > 0 && seconds < lastSecond)
      this.#snapshot.touch(host, Math.trunc(seconds) * 1000);
    for (const port of ports) this.#port(host, port as Fields);
  }

  #port(host: number, fields: Fields): void {
    const { port, proto, status, reason, service } = fields ?? {};
    if (!isPort(port)) refuse(this.#begun, `has port ${inShort(String(port))}; wanted 0 to 65535`);
    if (proto === 'icmp') {
      this.#snapshot.setPresence(host, 'up', 'echo-reply');
      return;
    }
    if (!protocols.includes(proto as Protocol))
      refuse(this.#begun, `has proto ${inShort(String(proto))}; wanted tcp, udp, sctp or icmp`);
    const protocol = proto as Protocol;
    const known = service as { readonly name?: unknown; readonly banner?: unknown } | undefined;
    // A banner comes as an object of its own, without a state.
    if (known !== undefined && status === undefined) {
      if (typeof known?.name === 'string' && !ofMasscan.has(known.name)) {
        const [name, ...none] = [known.name, undefined, undefined, undefined] as const;
        const [product, version, info] = none;
        const place = placeOf(protocols.indexOf(protocol), port);
        this.#snapshot.addService(host, place, { name, product, version, info, tls: false, confidence: 7 });
      }
      return;
    }
    const state = (status ?? 'open') as PortState;
    if (!portStates.includes(state))
      refuse(this.#begun, `has status ${inShort(String(status))}; wanted one such as open or closed`);
    const technique = protocol === 'tcp' ? ('syn' as const) : undefined;
    const why = reasonOf(reason);
    this.#snapshot.entries.add(
      host,
      port,
      port,
      packLook({ protocol, technique, state, reason: why, attempts: 1 }),
    );
  }
}

/** masscan writes the answer's flags (`syn-ack`, `rst-ack`). */
function reasonOf(reason: unknown): Reason | undefined {
  if (typeof reason !== 'string') return undefined;
  if (/^rst/.test(reason)) return 'reset';
  return reasons.includes(reason as Reason) ? (reason as Reason) : undefined;
}

function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
}

type Fields = Readonly<Record<string, unknown>>;

/** Words of its own for what a banner is part of. */
const ofMasscan: ReadonlySet<string> = new Set(['unknown', 'title', 'X509', 'vuln', 'ssl', 'html']);
const newline = 0x0a;
const open = 0x7b;
const close = 0x7d;
const quote = 0x22;
const backslash = 0x5c;
/** [ ] and the comma. */
const separators: ReadonlySet<number> = new Set([0x5b, 0x5d, 0x2c]);
/** An object has one port, or as many as a host has open. */
const mostBytes = 2 ** 24;
const mostBetween = 2 ** 20;
const lastSecond = 253_402_300_800;
