/**
 * Shares of files. SMB 2 and 3 ([MS-SMB2] 2.2.3): which dialect a server chooses, whether it wants messages signed, and
 * by the beginning of a session (2.2.5) its names. SMB 1 ([MS-CIFS] 2.2.4.52) is asked of those who speak nothing else.
 * NetBIOS (RFC 1002, 4.3) carries either on port 139.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le16, le32, u24, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { fileTimeText, ntlmFacts, spnegoNegotiate, utf16 } from '../../ntlm.ts';

const products: readonly ProductRule[] = [
  // The version that Samba says to have, whatever it is (source: measured of 4.17).
  {
    when: { osBuild: /^6\.1\.0$/ },
    product: 'Samba smbd',
    cpe: 'a:samba:samba',
    confidence: 7,
  },
  {
    when: { osBuild: /^(?:[56]|10)\.\d\.[1-9]\d{2,4}$/ },
    product: 'Microsoft Windows SMB',
    os: 'Windows',
    confidence: 7,
  },
];

/** SMB over TCP. */
export const smb: Protocol = {
  name: 'microsoft-ds',
  transport: 'tcp',
  ports: [445],
  // Windows hangs up on what is no message of NetBIOS; Samba waits for the rest of it.
  request: { cost: 7, toStrangers: 'varies', bytes: () => negotiate },
  more: { cost: 5, bytes: () => sessionSetup },
  parse: parseSmb,
  isWhole: endsWithFrame,
  products,
};

/** The same for those who hang up on SMB 2. */
export const smb1: Protocol = {
  name: 'microsoft-ds',
  transport: 'tcp',
  ports: [445],
  request: { cost: 9, toStrangers: 'varies', bytes: () => negotiateOld },
  parse: parseSmb,
  isWhole: endsWithFrame,
  products,
};

/** Sessions of NetBIOS; the server of files has a name that everybody may call it by. */
export const netbiosSession: Protocol = {
  name: 'netbios-ssn',
  transport: 'tcp',
  ports: [139],
  request: { cost: 9, toStrangers: 'varies', bytes: () => sessionRequest },
  more: { cost: 1, bytes: () => negotiate, next: { cost: 5, bytes: () => sessionSetup } },
  parse: parseSession,
  isWhole: endsWithFrame,
  products,
};

function parseSmb(bytes: Uint8Array): Parsed | undefined {
  const [first, ...others] = framesIn(bytes);
  if (first?.type !== messageType) return undefined;
  const facts = newFacts(first.content) ?? oldFacts(first.content);
  return facts && { facts: { ...facts, ...(others.length > 0 && ntlmFacts(bytes)) } };
}

function parseSession(bytes: Uint8Array): Parsed | undefined {
  const [first, ...others] = framesIn(bytes);
  if (first === undefined) return undefined;
  const { type, content } = first;
  if (type === 0x83 && content.length === 1) {
    const refusal = refusals[content[0] as number];
    return refusal === undefined ? undefined : { facts: { refusal } };
  }
  if (type !== 0x82 || content.length > 0) return undefined;
  const answer = others.find((one) => one.type === messageType);
  const facts = answer && (newFacts(answer.content) ?? oldFacts(answer.content));
  return { facts: { ...facts, ...ntlmFacts(bytes) } };
}

/** What SMB 2 and 3 answer to a negotiation. */
function newFacts(message: Uint8Array): Facts | undefined {
  const reader = new ByteReader(message);
  const isSmb2 = reader.u32() === smb2;
  reader.take(8);
  const command = reader.u16le();
  reader.take(2);
  const isAnswer = (reader.u32le() & 1) === 1;
  reader.take(44);
  const bodyBytes = reader.u16le();
  const signing = reader.u16le();
  const dialect = reader.u16le();
  if (!isSmb2 || command !== 0 || !isAnswer || bodyBytes !== 65) return undefined;
  reader.take(2);
  const server = Buffer.from(reader.take(16)).toString('hex');
  reader.take(12 + 4);
  const systemTime = fileTimeText(reader.u32le(), reader.u32le());
  if (reader.isShort) return undefined;
  return {
    dialect: dialects[dialect] ?? `0x${dialect.toString(16)}`,
    signing: (signing & 2) !== 0 ? 'required' : 'not required',
    server,
    ...(systemTime !== undefined && { systemTime }),
  };
}

/** What SMB 1 answers; without extended security it tells its domain and its name. */
function oldFacts(message: Uint8Array): Facts | undefined {
  const reader = new ByteReader(message);
  const isSmb1 = reader.u32() === smb1Mark;
  const command = reader.u8();
  reader.take(4);
  const isAnswer = (reader.u8() & 0x80) !== 0;
  reader.take(22);
  const words = reader.u8();
  const chosen = reader.u16le();
  if (!isSmb1 || command !== negotiateOldCommand || !isAnswer || reader.isShort) return undefined;
  if (words !== 17) return words === 1 || words === 13 ? { dialect: '1', chosen: String(chosen) } : undefined;
  const security = reader.u8();
  reader.take(16);
  const capabilities = reader.u32le();
  const systemTime = fileTimeText(reader.u32le(), reader.u32le());
  reader.take(2);
  const keyBytes = reader.u8();
  reader.take(2);
  if (reader.isShort) return undefined;
  const isExtended = (capabilities & extendedSecurity) !== 0;
  const server = isExtended ? Buffer.from(reader.take(16)).toString('hex') : '';
  const rest = isExtended ? '' : utf16(message.subarray(reader.at + keyBytes));
  const [domain = '', name = ''] = rest.split('\0');
  return {
    dialect: 'NT LM 0.12',
    signing: (security & 8) !== 0 ? 'required' : 'not required',
    ...(systemTime !== undefined && { systemTime }),
    ...(server !== '' && { server }),
    ...(domain !== '' && { netbiosDomain: domain }),
    ...(name !== '' && { netbiosName: name }),
  };
}

/** A message, or what is said around messages (RFC 1002, 4.3.1). */
interface Frame {
  readonly type: number;
  readonly content: Uint8Array;
}

/** The frames that are whole, a few. */
function framesIn(bytes: Uint8Array): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 4 <= bytes.length && frames.length < mostFrames; ) {
    const end = at + 4 + frameBytes(bytes, at);
    if (end > bytes.length) break;
    frames.push({ type: bytes[at] as number, content: bytes.subarray(at + 4, end) });
    at = end;
  }
  return frames;
}

function endsWithFrame(bytes: Uint8Array): boolean {
  const told = framesIn(bytes).reduce((sum, { content }) => sum + 4 + content.length, 0);
  return told > 0 && told === bytes.length;
}

function frameBytes(bytes: Uint8Array, at: number): number {
  return new ByteReader(bytes.subarray(at)).u32() & 0xff_ffff;
}

function frame(type: number, content: Uint8Array): Uint8Array {
  return bytesFrom(type, u24(content.length), content);
}

const messageType = 0;
const mostFrames = 6;
const smb2 = 0xfe53_4d42;
const smb1Mark = 0xff53_4d42;
const negotiateOldCommand = 0x72;
const extendedSecurity = 0x8000_0000;
const dialects: Readonly<Record<number, string>> = {
  514: '2.0.2',
  528: '2.1',
  767: '2 or more',
  768: '3.0',
  770: '3.0.2',
  785: '3.1.1',
};
/** RFC 1002, 4.3.4. */
const refusals: Readonly<Record<number, string>> = {
  128: 'not listening on called name',
  129: 'not listening for calling name',
  130: 'called name not present',
  131: 'insufficient resources',
  143: 'unspecified error',
};
const offered = [0x0202, 0x0210, 0x0300, 0x0302, 0x0311];
const header = (command: number, message: number) =>
  bytesFrom('\xfeSMB', le16(64), zeros(6), le16(command), le16(31), zeros(8), le32(message), zeros(36));
/** Where the context stands that 3.1.1 wants: behind the header, the fixed part and the dialects, a multiple of 8. */
const contextAt = (64 + 36 + 2 * offered.length + 7) & ~7;
/** SHA-512 for what was said before, salted (2.2.3.1.1). */
const integrity = bytesFrom(le16(1), le16(38), zeros(4), le16(1), le16(32), le16(1), 'portolan'.repeat(4));
const negotiate = frame(
  messageType,
  bytesFrom(
    header(0, 0),
    ...[36, offered.length, 1, 0].map(le16),
    zeros(4),
    'portolan-portola',
    le32(contextAt),
    le16(1),
    le16(0),
    ...offered.map(le16),
    zeros(contextAt - 64 - 36 - 2 * offered.length),
    integrity,
  ),
);
const sessionSetup = frame(
  messageType,
  bytesFrom(
    header(1, 1),
    le16(25),
    [0, 1],
    le32(0),
    le32(0),
    le16(64 + 24),
    le16(spnegoNegotiate.length),
    zeros(8),
    spnegoNegotiate,
  ),
);
/** NT LM 0.12 alone; Unicode, long names, codes of Windows NT, and no extended security: so names are told. */
const oldDialect = '\x02NT LM 0.12\0';
const negotiateOld = frame(
  messageType,
  bytesFrom(
    '\xffSMB',
    negotiateOldCommand,
    zeros(4),
    0x18,
    le16(0xc001),
    zeros(20),
    0,
    le16(oldDialect.length),
    oldDialect,
  ),
);
/** Each half byte of a name as a letter (RFC 1001, 14.1). */
const encodedName = (name: string) =>
  bytesFrom(
    32,
    ...Array.from(name, (character) => [
      0x41 + (character.charCodeAt(0) >> 4),
      0x41 + (character.charCodeAt(0) & 15),
    ]),
    0,
  );
const sessionRequest = frame(
  0x81,
  bytesFrom(encodedName('*SMBSERVER      '), encodedName(`PORTOLAN       \0`)),
);
