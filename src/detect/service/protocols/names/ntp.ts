/**
 * Time of the network: what a server says to a client (RFC 5905, 7.3), and what it says of itself to those who may ask
 * (control messages, RFC 9327).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { isoTime, secondsTo1970 } from '../../iso-time.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** A server of time. */
export const ntp: DatagramProtocol = {
  name: 'ntp',
  transport: 'udp',
  ports: [123],
  request: { cost: 7, bytes: questionOf('ntp') },
  // Most answer it to nobody.
  more: { cost: 8, bytes: () => readVariables },
  parse: (bytes) => ((bytes[0] ?? 0) % 8 === modeControl ? parseControl(bytes) : parseServer(bytes)),
  products: [
    {
      when: { version: /^ntpd ntpsec-(\d[\w.+-]*)/, system: /^(\w{2,20})/ },
      product: 'NTPsec ntpd',
      version: '$1',
      os: '$2',
      cpe: 'a:ntpsec:ntpsec',
    },
    {
      when: { version: /^ntpd ntpsec-(\d[\w.+-]*)/ },
      product: 'NTPsec ntpd',
      version: '$1',
      cpe: 'a:ntpsec:ntpsec',
    },
    {
      when: { version: /^ntpd (\d[\w.]*)/, system: /^(\w{2,20})/ },
      product: 'NTP.org ntpd',
      version: '$1',
      os: '$2',
      cpe: 'a:ntp:ntp',
    },
    { when: { version: /^ntpd (\d[\w.]*)/ }, product: 'NTP.org ntpd', version: '$1', cpe: 'a:ntp:ntp' },
    { when: { version: /^chrony[ -](\d[\w.]*)/ }, product: 'chrony', version: '$1' },
  ],
};

function parseServer(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const stratum = reader.u8();
  reader.take(10);
  const reference = reader.take(4);
  reader.take(8);
  // The origin, which is the client's, and the time at which it came.
  reader.take(8);
  const received = reader.u32();
  reader.u32();
  const sent = reader.u32();
  reader.u32();
  const [mode, version] = [first & 7, (first >> 3) & 7];
  if (reader.isShort || mode !== modeServer || version < 1 || version > 4 || stratum > 16) return undefined;
  // A message authentication code or extensions may follow, in words.
  if (bytes.length % 4 !== 0) return undefined;
  // Who asks to be left alone (RFC 5905, 7.4) has no time to tell.
  const isKiss = stratum === 0;
  if (!isKiss && (sent === 0 || received === 0)) return undefined;
  const time = isKiss ? undefined : isoTime(unixSeconds(sent));
  return {
    facts: {
      info: first >= 0xc0 ? `v${version}, not synchronized` : `v${version}, stratum ${stratum}`,
      stratum: String(stratum),
      referenceId: referenceText(reference, stratum),
      ...(first >= 0xc0 && { synchronized: 'no' }),
      ...(time !== undefined && { time }),
    },
    // Nothing in it says what it is.
    confidence: 7,
  };
}

/** `version="ntpd 4.2.8p15…", processor="x86_64", system="Linux/6.1"…` */
function parseControl(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const version = (reader.u8() >> 3) & 7;
  const kind = reader.u8();
  reader.take(8);
  const count = reader.u16();
  const data = reader.take(Math.min(count, Math.max(0, reader.left)));
  const isAnswer = (kind & 0x9f) === (0x80 | opcodeReadVariables);
  if (reader.isShort || !isAnswer || version < 1 || version > 4) return undefined;
  // It may refuse: then it is one all the same.
  if ((kind & 0x40) !== 0) return { facts: { info: `v${version}`, control: 'refused' } };
  const facts = variablesIn(data);
  return Object.keys(facts).length === 0 ? undefined : { facts };
}

function variablesIn(data: Uint8Array): Facts {
  const facts: Record<string, string> = {};
  let rest = textOf(data);
  for (let i = 0; i < 32; i++) {
    const found = /^[\s,]{0,16}([\w.-]{1,40})=(?:"([^"]{0,200})"?|([^,\s]{0,100}))/.exec(rest);
    if (found === null) break;
    const [whole, name = '', quoted, plain] = found;
    const fact = variables[name];
    const value = quoted ?? plain ?? '';
    if (fact !== undefined && value !== '') facts[fact] = value;
    rest = rest.slice(whole.length);
  }
  return facts;
}

/** A clock's name in letters, or whom it has its time from: an address of version 4, or what is left of one of 6. */
function referenceText(reference: Uint8Array, stratum: number): string {
  if (stratum > 1) return [...reference].join('.');
  return textOf(reference)
    .replace(/[^\w .-]/g, '')
    .trim();
}

/** Seconds since 1970 from those of an era that began in 1900, or in 2036 where that has the first bit clear. */
function unixSeconds(seconds: number): number {
  const since1900 = seconds < 0x8000_0000 ? seconds + 2 ** 32 : seconds;
  return since1900 - secondsTo1970;
}

const modeServer = 4;
const modeControl = 6;
const opcodeReadVariables = 2;
const variables: Readonly<Record<string, string>> = {
  version: 'version',
  processor: 'processor',
  system: 'system',
  stratum: 'stratum',
  refid: 'referenceId',
};
/** Version 2, as servers of every age read it; of the system itself. */
const readVariables = Uint8Array.from([0x16, opcodeReadVariables, 0, 1, ...new Array<number>(8).fill(0)]);
