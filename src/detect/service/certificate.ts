/**
 * What an X.509 certificate (RFC 5280) says of whoever shows it. Nothing is verified: it is a statement, no proof.
 *
 * @module
 */

import { type Element, elementsIn, firstElement, identifierText, tags } from './ber.ts';
import { dateTimeText } from './iso-time.ts';
import { textOf } from './text.ts';

/** The fields of a certificate that tell servers apart. */
export interface Certificate {
  /** Such as `CN=db.lab, O=Lab`. */
  readonly subject: string;
  /** The names and addresses that it is for. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Such as `RSA 2048`. */
  readonly key: string;
}

/** Reads a certificate in DER; undefined where it is none. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  const outer = firstElement(der)?.element;
  const body = outer?.tag === tags.sequence ? elementsIn(outer.content)[0] : undefined;
  if (body?.tag !== tags.sequence) return undefined;
  const fields = elementsIn(body.content);
  // Version 1 has no version field.
  const at = fields[0]?.tag === explicitVersion ? 1 : 0;
  const [issuer, validity, subject, keyInfo] = fields.slice(at + 2, at + 6);
  if ([issuer, validity, subject, keyInfo].some((field) => field?.tag !== tags.sequence)) return undefined;
  const [from, to] = elementsIn((validity as Element).content).map(timeText);
  if (from === undefined || to === undefined) return undefined;
  return {
    subject: nameText(subject as Element),
    names: alternativeNames(fields),
    issuer: nameText(issuer as Element),
    from,
    to,
    key: keyText(keyInfo as Element),
  };
}

/** A distinguished name, its parts in their order. */
function nameText({ content }: Element): string {
  const parts = elementsIn(content, mostParts).flatMap((set) => elementsIn(set.content, mostParts));
  return parts
    .map((part) => {
      const [type, value] = elementsIn(part.content);
      const identifier = type?.tag === tags.identifier ? identifierText(type.content) : '';
      return `${attributeNames[identifier] ?? identifier}=${value === undefined ? '' : stringText(value)}`;
    })
    .join(', ');
}

/** BMPString is UTF-16; the others hold UTF-8 or less. */
function stringText({ tag, content }: Element): string {
  if (tag !== bmpString) return textOf(content);
  return Buffer.from(content.subarray(0, 2 * Math.floor(Math.min(content.length, 512) / 2)))
    .swap16()
    .toString('utf16le');
}

/** RFC 5280, 4.1.2.5: two digits of a year from 50 on are of the last century. */
function timeText({ tag, content }: Element): string | undefined {
  const digits = textOf(content);
  const full = tag === tags.utcTime ? `${Number(digits.slice(0, 2)) < 50 ? '20' : '19'}${digits}` : digits;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(full) ?? [];
  if (year === undefined || (tag !== tags.utcTime && tag !== tags.generalizedTime)) return undefined;
  return dateTimeText(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
}

/** The subject's alternative names (RFC 5280, 4.2.1.6): of hosts, and addresses. */
function alternativeNames(fields: readonly Element[]): readonly string[] {
  const extensions = fields.find(({ tag }) => tag === explicitExtensions);
  const list = extensions && elementsIn(extensions.content)[0];
  for (const extension of list === undefined ? [] : elementsIn(list.content)) {
    const parts = elementsIn(extension.content);
    const [type] = parts;
    const value = parts.at(-1);
    if (type === undefined || identifierText(type.content) !== '2.5.29.17' || value === undefined) continue;
    const names = firstElement(value.content)?.element;
    return names === undefined ? [] : elementsIn(names.content, mostNames).flatMap(generalName);
  }
  return [];
}

function generalName({ tag, content }: Element): readonly string[] {
  if (tag === dnsName) return [textOf(content)];
  if (tag !== ipAddress) return [];
  if (content.length === 4) return [content.join('.')];
  if (content.length !== 16) return [];
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((content[2 * i] as number) << 8) | (content[2 * i + 1] as number)).toString(16),
  );
  return [groups.join(':')];
}

/** The kind of key, and how long it is where that says something. */
function keyText({ content }: Element): string {
  const [algorithm, key] = elementsIn(content);
  const [type, parameter] = algorithm === undefined ? [] : elementsIn(algorithm.content);
  const kind = type === undefined ? '' : identifierText(type.content);
  if (kind === rsa && key !== undefined) {
    // A bit string begins with the number of bits that are not used.
    const modulus =
      elementsIn(elementsIn(key.content.subarray(1))[0]?.content ?? nothing)[0]?.content ?? nothing;
    const bytes = modulus[0] === 0 ? modulus.length - 1 : modulus.length;
    return `RSA ${8 * bytes}`;
  }
  if (kind === ellipticCurve) {
    const curve = parameter?.tag === tags.identifier ? identifierText(parameter.content) : '';
    return `EC ${curves[curve] ?? curve}`.trim();
  }
  return keyNames[kind] ?? kind;
}

const explicitVersion = 0xa0;
const explicitExtensions = 0xa3;
const bmpString = 0x1e;
const dnsName = 0x82;
const ipAddress = 0x87;
const mostParts = 16;
const mostNames = 50;
const rsa = '1.2.840.113549.1.1.1';
const ellipticCurve = '1.2.840.10045.2.1';
const curves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};
const keyNames: Readonly<Record<string, string>> = {
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.840.10040.4.1': 'DSA',
};
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};
const nothing = new Uint8Array(0);
