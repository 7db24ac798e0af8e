/**
 * Remote procedures of Windows: who binds to the mapper of endpoints (DCE 1.1 RPC, C706 12.6; [MS-RPCE] 2.2.2) is
 * acknowledged by whatever speaks it, and told the host's names in the challenge of NTLM that comes with it.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le16, le32 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { ntlmFacts, ntlmNegotiate } from '../../ntlm.ts';
import { textOf } from '../../text.ts';

/** The mapper of endpoints, and other servers of procedures. */
export const msrpc: Protocol = {
  name: 'msrpc',
  transport: 'tcp',
  ports: [135],
  request: { cost: 7, toStrangers: 'varies', isSlow: true, bytes: () => bind },
  parse,
  isWhole: (bytes) => bytes.length >= 16 && bytes.length >= lengthOf(bytes),
  products: [
    {
      when: { osBuild: /^(?:[56]|10)\.\d\.[1-9]\d{2,4}$/ },
      product: 'Microsoft Windows RPC',
      os: 'Windows',
      confidence: 7,
    },
    { when: { answer: /^version refused$/ }, product: 'Microsoft Windows RPC', os: 'Windows', confidence: 7 },
    { when: { osBuild: /^6\.1\.0$/ }, product: 'Samba', cpe: 'a:samba:samba', confidence: 7 },
  ],
};

/** A bind that is acknowledged or not, or a fault. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [major, minor, type] = [reader.u8(), reader.u8(), reader.u8()];
  reader.u8();
  const order = reader.u8();
  reader.take(3);
  const [length, authBytes] = [reader.u16le(), reader.u16le()];
  const call = reader.u32le();
  const kind = kinds[type];
  if (reader.isShort || major !== 5 || minor > 1 || order !== littleEndian || kind === undefined)
    return undefined;
  if (length < 24 || authBytes > length) return undefined;
  // Windows takes many a message for a bind of a version that it has not, and says so with whatever stands in the place of
  // a call: so it is found on the ports that it chooses for its services.
  if (type === bindRefused && length === 24 && new ByteReader(bytes.subarray(16)).u32() === wrongVersion)
    return { facts: { answer: 'version refused' }, isAside: true };
  if (call !== callId) return undefined;
  if (type !== bindAck) return { facts: { answer: kind } };
  reader.take(8);
  const address = textOf(reader.take(reader.u16le())).replace(/\0.*$/s, '');
  if (reader.isShort) return undefined;
  return {
    facts: {
      answer: kind,
      ...(address !== '' && { endpoint: address }),
      ...(authBytes > 0 && ntlmFacts(bytes)),
    },
  };
}

function lengthOf(bytes: Uint8Array): number {
  return (bytes[8] as number) | ((bytes[9] as number) << 8);
}

const littleEndian = 0x10;
const bindAck = 12;
const bindRefused = 13;
/** The reason, then one version and the first half of it: 5. */
const wrongVersion = 0x0400_0105;
const kinds: Readonly<Record<number, string>> = { 3: 'fault', 12: 'bind accepted', 13: 'bind refused' };
const callId = 0x504f;
/** e1af8308-5d1f-11c9-91a4-08002b14a0fa, version 3: the mapper; 8a885d04-…, version 2: how numbers are written. */
const mapper = [
  0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa,
];
const transferSyntax = [
  0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60,
];
const body = bytesFrom(
  le16(4280),
  le16(4280),
  le32(0),
  [1, 0, 0, 0],
  le16(0),
  [1, 0],
  mapper,
  le32(3),
  transferSyntax,
  le32(2),
);
/** NTLM for a connection. */
const verifier = bytesFrom([10, 2, 0, 0], le32(1), ntlmNegotiate);
const bind = bytesFrom(
  [5, 0, 11, 3, littleEndian, 0, 0, 0],
  le16(16 + body.length + verifier.length),
  le16(ntlmNegotiate.length),
  le32(callId),
  body,
  verifier,
);
