/**
 * Screens of other machines: VNC (RFC 6143) and Microsoft's RDP ([MS-RDPBCGR] 2.2.1).
 *
 * @module
 */

import { encodedElement, tags } from '../../ber.ts';
import { ByteReader } from '../../byte-reader.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { ntlmFacts, ntlmNegotiate } from '../../ntlm.ts';
import { bytesOf, textOf } from '../../text.ts';

/** VNC: the server names its version, and after ours the ways to prove oneself. */
export const vnc: Protocol = {
  name: 'vnc',
  transport: 'tcp',
  ports: [5900, 5901, 5902, 5903],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('RFB 003.008\n') },
  parse: parseVnc,
  isWhole: (bytes) => bytes.length > 12 && bytes.length >= 13 + (bytes[12] as number),
  products: [
    { when: { version: /^3\.889$/ }, product: 'Apple remote desktop vnc', os: 'Mac OS X', confidence: 7 },
    { when: { security: /\bTightVNC\b/ }, product: 'TightVNC', confidence: 7 },
  ],
};

/** RDP: the server chooses how the connection is secured. */
export const rdp: Protocol = {
  name: 'ms-wbt-server',
  transport: 'tcp',
  ports: [3389],
  request: { cost: 7, toStrangers: 'closes', bytes: () => connectionRequest },
  starttls: {
    cost: 5,
    isOffered: ({ security = '' }) => /^(?:TLS|CredSSP)/.test(`${security}`),
    isAgreed: () => true,
    more: { cost: 5, bytes: () => credentialsRequest },
  },
  parse: parseRdp,
  isWhole: (bytes) => bytes.length >= 4 && bytes.length >= new ByteReader(bytes.subarray(2)).u16(),
  products: [
    {
      when: { osBuild: /^(?:[56]|10)\.\d\.[1-9]\d{2,4}$/ },
      product: 'Microsoft Terminal Services',
      os: 'Windows',
      confidence: 7,
    },
    { when: { refusal: /^not RDP$/ }, product: 'xrdp', cpe: 'a:neutrinolabs:xrdp', confidence: 7 },
  ],
};

function parseVnc(bytes: Uint8Array): Parsed | undefined {
  const said = /^RFB (\d{3})\.(\d{3})\n/.exec(textOf(bytes.subarray(0, 12)));
  if (said === null) return undefined;
  const version = `${Number(said[1])}.${Number(said[2])}`;
  const types = [...bytes.subarray(13, 13 + (bytes[12] ?? 0))].map(
    (type) => securityTypes[type] ?? `type ${type}`,
  );
  return { facts: { version, ...(types.length > 0 && { security: types }) } };
}

/** TPKT (RFC 1006), X.224 connection confirm, and the answer to what was offered. */
function parseRdp(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isTpkt = reader.u16() === 0x0300;
  const length = reader.u16();
  const [headBytes, confirm] = [reader.u8(), reader.u8()];
  reader.take(5);
  // Who is not understood is told that this is the end (MCS, T.125, 11.3), as xrdp does.
  if (isTpkt && bytes.length === 9 && ultimatum.every((byte, i) => bytes[i] === byte))
    return { facts: { refusal: 'not RDP' }, isAside: true };
  if (!isTpkt || reader.isShort || length !== headBytes + 5 || confirm !== 0xd0) return undefined;
  if (length === 11) return { facts: { security: 'RDP' } };
  const type = reader.u8();
  reader.take(3);
  const value = reader.u32le();
  if (reader.isShort || (type !== 2 && type !== 3)) return undefined;
  if (type === 3) return { facts: { refusal: refusals[value] ?? `code ${value}` } };
  const names = ntlmFacts(bytes.subarray(length));
  return { facts: { security: securityLayers[value] ?? `protocol ${value}`, ...names } };
}

const securityTypes: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'VNC authentication',
  5: 'RA2',
  6: 'RA2ne',
  16: 'Tight',
  18: 'TLS',
  19: 'VeNCrypt',
  30: 'Apple',
};
/** A request for TLS, CredSSP and CredSSP with early answers. */
const connectionRequest = Uint8Array.from([3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0x0b, 0, 0, 0]);
/** What proves oneself inside TLS ([MS-CSSP] 2.2.1) begins with NTLM, which tells names before anything is proven. */
const credentialsRequest = encodedElement(
  tags.sequence,
  encodedElement(0xa0, [tags.integer, 1, 6]),
  encodedElement(
    0xa1,
    encodedElement(
      tags.sequence,
      encodedElement(tags.sequence, encodedElement(0xa0, encodedElement(tags.octetString, ntlmNegotiate))),
    ),
  ),
);
const securityLayers: Readonly<Record<number, string>> = {
  0: 'RDP',
  1: 'TLS',
  2: 'CredSSP',
  8: 'CredSSP with early answers',
};
const ultimatum = [3, 0, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80];
const refusals: Readonly<Record<number, string>> = {
  1: 'TLS required',
  2: 'TLS not allowed',
  3: 'no certificate',
  5: 'CredSSP required',
};
