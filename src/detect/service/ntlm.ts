/**
 * Names that Windows and Samba tell whoever begins to negotiate NTLM ([MS-NLMP] 2.2.1): the challenge to a first message
 * that names nobody. Nothing is proven to anybody, and the talk ends there: it is no login.
 *
 * @module
 */

import { encodedElement, tags } from './ber.ts';
import { ByteReader } from './byte-reader.ts';
import { bytesFrom, le32, zeros } from './byte-writer.ts';
import type { Facts } from './contract.ts';
import { isoTime } from './iso-time.ts';

/** NEGOTIATE_MESSAGE: Unicode, NTLM, always signed, extended security, a version is wanted, the target's name. */
export const ntlmNegotiate: Uint8Array = bytesFrom('NTLMSSP\0', le32(1), le32(0xa208_8207), zeros(24));

/** The same as GSS-API has it (RFC 4178, 4.2.1): NTLM is the only mechanism offered. */
export const spnegoNegotiate: Uint8Array = encodedElement(
  0x60,
  encodedElement(tags.identifier, [0x2b, 6, 1, 5, 5, 2]),
  encodedElement(
    0xa0,
    encodedElement(
      tags.sequence,
      encodedElement(
        0xa0,
        encodedElement(
          tags.sequence,
          encodedElement(tags.identifier, [0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10]),
        ),
      ),
      encodedElement(0xa2, encodedElement(tags.octetString, ntlmNegotiate)),
    ),
  ),
);

/** What the challenge in some bytes tells of its host; undefined where there is none. */
export function ntlmFacts(bytes: Uint8Array): Facts | undefined {
  const at = challengeIn(bytes);
  if (at === undefined) return undefined;
  const message = bytes.subarray(at);
  const reader = new ByteReader(message.subarray(12));
  const target = textAt(message, reader);
  const flags = reader.u32le();
  reader.take(16);
  const infoBytes = reader.u16le();
  reader.take(2);
  const infoAt = reader.u32le();
  const [major, minor] = [reader.u8(), reader.u8()];
  const build = reader.u16le();
  const hasVersion = (flags & versionFlag) !== 0 && !reader.isShort && infoAt >= 56;
  return {
    ...(target !== '' && { ntlmTarget: target }),
    ...namesIn(message.subarray(infoAt, infoAt + infoBytes)),
    ...(hasVersion && { osBuild: `${major}.${minor}.${build}` }),
  };
}

/** Pairs of an id and a value ([MS-NLMP] 2.2.2.1). */
function namesIn(info: Uint8Array): Facts {
  const facts: Record<string, string> = {};
  const reader = new ByteReader(info);
  for (let i = 0; i < 16; i++) {
    const id = reader.u16le();
    const value = reader.take(reader.u16le());
    if (id === 0 || reader.isShort) break;
    const name = pairNames[id];
    const text = name === undefined ? '' : utf16(value);
    if (name !== undefined && text !== '') facts[name] = text;
    if (id !== timestampId || value.length !== 8) continue;
    const time = new ByteReader(value);
    const systemTime = fileTimeText(time.u32le(), time.u32le());
    if (systemTime !== undefined) facts['systemTime'] = systemTime;
  }
  return facts;
}

/** A FILETIME, tenths of microseconds since 1601, as text. */
export function fileTimeText(low: number, high: number): string | undefined {
  return isoTime((high * 2 ** 32 + low) / 1e7 - secondsTo1970);
}

/** Text in UTF-16, lowest byte first, as much as a name may have. */
export function utf16(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, mostNameBytes)).replace(/\0+$/, '');
}

function textAt(message: Uint8Array, reader: ByteReader): string {
  const length = reader.u16le();
  reader.take(2);
  const at = reader.u32le();
  return at + length <= message.length ? utf16(message.subarray(at, at + length)) : '';
}

/** Where a CHALLENGE_MESSAGE begins. */
function challengeIn(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(signature[0]); at >= 0; at = bytes.indexOf(signature[0], at + 1))
    if (signature.every((byte, i) => bytes[at + i] === byte)) return at;
  return undefined;
}

const signature = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0, 2, 0, 0, 0] as const;
const versionFlag = 0x0200_0000;
const timestampId = 7;
const pairNames: Readonly<Record<number, string>> = {
  1: 'netbiosName',
  2: 'netbiosDomain',
  3: 'hostname',
  4: 'dnsDomain',
  5: 'dnsForest',
};
const secondsTo1970 = 11_644_473_600;
const mostNameBytes = 512;
const decoder = new TextDecoder('utf-16le');
