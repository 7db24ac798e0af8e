/**
 * The data of records in presentation form (RFC 1035, 5.1), as dig writes it.
 *
 * @module
 */

import { DataReader } from './data-reader.ts';
import {
  base32Text,
  base64Text,
  hexText,
  ipv4Text,
  ipv6Text,
  plainHex,
  quotedText,
  signatureTime,
  unknownText,
} from './data-text.ts';
import { location } from './location.ts';
import { typeName, typeNumbers } from './record-types.ts';
import { serviceBinding } from './service-parameters.ts';

/**
 * The data of a record as text. What is broken, or longer than its type is, is written as the octets that it is (RFC
 * 3597, 5), so that nothing is told that is not there.
 */
export function presentData(type: number, message: Uint8Array, at: number, length: number): string {
  const form = forms.get(type);
  if (form !== undefined) {
    try {
      const data = new DataReader(message, at, length);
      const text = form(data);
      if (data.left === 0) return text;
    } catch {
      // It is told as octets.
    }
  }
  return unknownText(message.subarray(at, at + length));
}

type Form = (data: DataReader) => string;

const name: Form = (data) => data.name();
const texts: Form = (data) => {
  const all = [quotedText(data.string())];
  while (data.left > 0) all.push(quotedText(data.string()));
  return all.join(' ');
};
const numberAndName: Form = (data) => `${data.u16()} ${data.name()}`;
const twoNames: Form = (data) => `${data.name()} ${data.name()}`;
const digest: Form = (data) => `${data.u16()} ${data.u8()} ${data.u8()} ${hexText(data.rest())}`;
const key: Form = (data) => {
  const [flags, protocol, algorithm] = [data.u16(), data.u8(), data.u8()];
  return data.left === 0
    ? `${flags} ${protocol} ${algorithm}`
    : `${flags} ${protocol} ${algorithm} ${base64Text(data.rest())}`;
};
const signature: Form = (data) => {
  const head = `${typeName(data.u16())} ${data.u8()} ${data.u8()} ${data.u32()}`;
  const times = `${signatureTime(data.u32())} ${signatureTime(data.u32())}`;
  return `${head} ${times} ${data.u16()} ${data.name()} ${base64Text(data.rest())}`;
};
const usage: Form = (data) => `${data.u8()} ${data.u8()} ${data.u8()} ${hexText(data.rest())}`;
const preferenceAndWords: Form = (data) => {
  const preference = data.u16();
  const words = Array.from({ length: 4 }, () => data.u16().toString(16));
  return `${preference} ${words.join(':')}`;
};
const hardware: Form = (data) =>
  [...data.rest()].map((octet) => octet.toString(16).padStart(2, '0')).join('-');
const base64: Form = (data) => base64Text(data.rest());

const forms: ReadonlyMap<number, Form> = new Map<number, Form>([
  [typeNumbers.A, (data) => `${data.u8()}.${data.u8()}.${data.u8()}.${data.u8()}`],
  [typeNumbers.AAAA, (data) => ipv6Text(data.take(16))],
  [typeNumbers.NS, name],
  [typeNumbers.CNAME, name],
  [typeNumbers.PTR, name],
  [typeNumbers.DNAME, name],
  [typeNumbers.MB, name],
  [typeNumbers.MG, name],
  [typeNumbers.MR, name],
  [
    typeNumbers.SOA,
    (data) =>
      `${data.name()} ${data.name()} ${data.u32()} ${data.u32()} ${data.u32()} ${data.u32()} ${data.u32()}`,
  ],
  [typeNumbers.HINFO, (data) => `${quotedText(data.string())} ${quotedText(data.string())}`],
  [typeNumbers.MINFO, twoNames],
  [typeNumbers.RP, twoNames],
  [typeNumbers.MX, numberAndName],
  [typeNumbers.AFSDB, numberAndName],
  [typeNumbers.RT, numberAndName],
  [typeNumbers.KX, numberAndName],
  [typeNumbers.LP, numberAndName],
  [typeNumbers.PX, (data) => `${data.u16()} ${data.name()} ${data.name()}`],
  [typeNumbers.TXT, texts],
  [typeNumbers.SPF, texts],
  [typeNumbers.AVC, texts],
  [typeNumbers.ISDN, texts],
  [typeNumbers.X25, (data) => quotedText(data.string())],
  [typeNumbers.GPOS, (data) => [data.string(), data.string(), data.string()].map(quotedText).join(' ')],
  [typeNumbers.LOC, location],
  [typeNumbers.SRV, (data) => `${data.u16()} ${data.u16()} ${data.u16()} ${data.name()}`],
  [
    typeNumbers.NAPTR,
    (data) =>
      `${data.u16()} ${data.u16()} ${quotedText(data.string())} ${quotedText(data.string())} ${quotedText(data.string())} ${data.name()}`,
  ],
  [
    typeNumbers.CERT,
    (data) => {
      const [type, tag, algorithm] = [data.u16(), data.u16(), data.u8()];
      return `${certificateTypes[type] ?? type} ${tag} ${algorithmNames[algorithm] ?? algorithm} ${base64Text(data.rest())}`;
    },
  ],
  [typeNumbers.APL, prefixes],
  [typeNumbers.DS, digest],
  [typeNumbers.CDS, digest],
  [typeNumbers.DLV, digest],
  [typeNumbers.TA, digest],
  [typeNumbers.SSHFP, (data) => `${data.u8()} ${data.u8()} ${hexText(data.rest())}`],
  [typeNumbers.IPSECKEY, gateway],
  [typeNumbers.RRSIG, signature],
  [typeNumbers.SIG, signature],
  [typeNumbers.NSEC, (data) => words(data.name(), typesIn(data))],
  [typeNumbers.DNSKEY, key],
  [typeNumbers.CDNSKEY, key],
  [typeNumbers.KEY, key],
  [typeNumbers.DHCID, base64],
  [typeNumbers.OPENPGPKEY, base64],
  [typeNumbers.NSEC3, (data) => words(hashed(data), base32Text(data.string()), typesIn(data))],
  [typeNumbers.NSEC3PARAM, hashed],
  [typeNumbers.TLSA, usage],
  [typeNumbers.SMIMEA, usage],
  [
    typeNumbers.HIP,
    (data) => {
      const [tagLength, algorithm, keyLength] = [data.u8(), data.u8(), data.u16()];
      const parts = [String(algorithm), plainHex(data.take(tagLength))];
      parts.push(Buffer.from(data.take(keyLength)).toString('base64'));
      while (data.left > 0) parts.push(data.name());
      return parts.join(' ');
    },
  ],
  [typeNumbers.CSYNC, (data) => words(`${data.u32()} ${data.u16()}`, typesIn(data))],
  [typeNumbers.ZONEMD, (data) => `${data.u32()} ${data.u8()} ${data.u8()} ${hexText(data.rest())}`],
  [typeNumbers.SVCB, serviceBinding],
  [typeNumbers.HTTPS, serviceBinding],
  [typeNumbers.NID, preferenceAndWords],
  [typeNumbers.L64, preferenceAndWords],
  [typeNumbers.L32, (data) => `${data.u16()} ${ipv4Text(data.take(4))}`],
  [typeNumbers.EUI48, hardware],
  [typeNumbers.EUI64, hardware],
  [typeNumbers.URI, (data) => `${data.u16()} ${data.u16()} ${quotedText(data.rest())}`],
  [
    typeNumbers.CAA,
    (data) => {
      const [flags, tag] = [data.u8(), data.string()];
      return `${flags} ${Buffer.from(tag)
        .toString('latin1')
        .replaceAll(/[^0-9A-Za-z]/g, '?')} ${quotedText(data.rest())}`;
    },
  ],
]);

/** Algorithm, flags, iterations and salt of NSEC3 (RFC 5155, 3.3). */
function hashed(data: DataReader): string {
  const head = `${data.u8()} ${data.u8()} ${data.u16()}`;
  return `${head} ${plainHex(data.string()) || '-'}`;
}

/** The bitmap of types (RFC 4034, 4.1.2). */
function typesIn(data: DataReader): string {
  const types: string[] = [];
  while (data.left > 0) {
    const window = data.u8();
    const bitmap = data.string();
    for (let i = 0; i < bitmap.length * 8; i++)
      if (((bitmap[i >> 3] as number) & (0x80 >> (i & 7))) !== 0) types.push(typeName((window << 8) | i));
  }
  return types.join(' ');
}

/** Prefixes of addresses (RFC 3123). */
function prefixes(data: DataReader): string {
  const all: string[] = [];
  while (data.left > 0) {
    const [family, prefix, length] = [data.u16(), data.u8(), data.u8()];
    const octets = data.take(length & 0x7f);
    const sign = length > 0x7f ? '!' : '';
    const whole = new Uint8Array(family === 1 ? 4 : 16);
    if (octets.length > whole.length) throw new Error('an address that is too long');
    whole.set(octets);
    all.push(`${sign}${family}:${family === 1 ? ipv4Text(whole) : ipv6Text(whole)}/${prefix}`);
  }
  return all.join(' ');
}

/** RFC 4025. */
function gateway(data: DataReader): string {
  const [precedence, kind, algorithm] = [data.u8(), data.u8(), data.u8()];
  const gate =
    kind === 0
      ? '.'
      : kind === 1
        ? ipv4Text(data.take(4))
        : kind === 2
          ? ipv6Text(data.take(16))
          : data.name();
  return words(`${precedence} ${kind} ${algorithm} ${gate}`, base64Text(data.rest()));
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** RFC 4398, 2.1. */
const certificateTypes: Readonly<Record<number, string>> = {
  1: 'PKIX',
  2: 'SPKI',
  3: 'PGP',
  4: 'IPKIX',
  5: 'ISPKI',
  6: 'IPGP',
  7: 'ACPKIX',
  8: 'IACPKIX',
  253: 'URI',
  254: 'OID',
};

/** The mnemonics of the algorithms of DNSSEC, by number. */
export const algorithmNames: Readonly<Record<number, string>> = {
  1: 'RSAMD5',
  2: 'DH',
  3: 'DSA',
  5: 'RSASHA1',
  6: 'NSEC3DSA',
  7: 'NSEC3RSASHA1',
  8: 'RSASHA256',
  10: 'RSASHA512',
  12: 'ECCGOST',
  13: 'ECDSAP256SHA256',
  14: 'ECDSAP384SHA384',
  15: 'ED25519',
  16: 'ED448',
};
