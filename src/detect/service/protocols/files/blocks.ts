/**
 * Disks of others: iSCSI (RFC 7143) and NBD (its specification, "Newstyle negotiation").
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, u24, u32, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, textOf } from '../../text.ts';

/** iSCSI: a session for discovery is begun and not gone on with. */
export const iscsi: Protocol = {
  name: 'iscsi',
  transport: 'tcp',
  ports: [3260],
  request: { cost: 7, toStrangers: 'varies', bytes: () => loginRequest },
  parse: parseIscsi,
  isWhole: (bytes) => bytes.length >= 48 && bytes.length >= 48 + ((dataBytesOf(bytes) + 3) & ~3),
  products: [{ when: { targetAlias: /^LIO Target$/ }, product: 'Linux LIO iSCSI target', os: 'Linux' }],
};

/** NBD: it greets with the way it negotiates; then it lists what it exports, where it may. */
export const nbd: Protocol = {
  name: 'nbd',
  transport: 'tcp',
  ports: [10809],
  greeting: true,
  more: { cost: 5, bytes: () => listExports },
  parse: parseNbd,
  isWhole: (bytes) => bytes.length >= 18 && repliesIn(bytes.subarray(18)).isDone,
  products: [],
};

function parseIscsi(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const operation = reader.u8();
  if (operation === rejected) return parseReject(bytes);
  reader.u8();
  const [newest, active] = [reader.u8(), reader.u8()];
  reader.u8();
  const dataBytes = dataBytesOf(bytes);
  reader.take(3 + 6 + 2);
  const task = reader.u32();
  reader.take(16);
  const status = statuses[reader.u8()];
  const detail = reader.u8();
  reader.take(10);
  if (reader.isShort || operation !== loginResponse || task !== taskTag || status === undefined)
    return undefined;
  if (newest > 1 || active > 1) return undefined;
  const texts = textOf(bytes.subarray(48, 48 + dataBytes)).split('\0', 16);
  const pairs = new Map(
    texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  const facts: Record<string, string> = { status: detail === 0 ? status : `${status} ${detail}` };
  for (const [name, key] of iscsiNames) {
    const value = pairs.get(key);
    if (value !== undefined && value !== '') facts[name] = value;
  }
  return { facts };
}

/** What is not understood is sent back with a reason (RFC 7143, 11.17): the first 48 bytes of it, and no task. */
function parseReject(bytes: Uint8Array): Parsed | undefined {
  const [, flags, reason = 0] = bytes;
  const isReject = flags === 0x80 && reason > 0 && reason <= 12 && dataBytesOf(bytes) === 48;
  const hasNoTask = bytes.subarray(16, 20).every((byte) => byte === 0xff);
  return isReject && hasNoTask && bytes.length >= 96
    ? { facts: { status: 'rejected' }, isAside: true }
    : undefined;
}

function dataBytesOf(bytes: Uint8Array): number {
  return new ByteReader(bytes.subarray(4)).u32() & 0xff_ffff;
}

function parseNbd(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, 'NBDMAGIC')) return undefined;
  const reader = new ByteReader(bytes);
  reader.take(8);
  const [high, low] = [reader.u32(), reader.u32()];
  if (high === oldMagic[0] && low === oldMagic[1]) {
    const size = reader.u32() * 2 ** 32 + reader.u32();
    return reader.isShort ? undefined : { facts: { negotiation: 'old style', bytes: String(size) } };
  }
  if (high !== optionMagic[0] || low !== optionMagic[1]) return undefined;
  const flags = reader.u16();
  if (reader.isShort) return undefined;
  const { exports, refusal } = repliesIn(bytes.subarray(18));
  const facts: Facts = {
    negotiation: (flags & 1) !== 0 ? 'fixed new style' : 'new style',
    ...(exports.length > 0 && { exports }),
    ...(refusal !== undefined && { refusal }),
  };
  return { facts };
}

/** What came to the question for a list: names, then an acknowledgement, or why not. */
function repliesIn(bytes: Uint8Array): {
  readonly exports: readonly string[];
  readonly refusal?: string;
  readonly isDone: boolean;
} {
  const reader = new ByteReader(bytes);
  const exports: string[] = [];
  for (let i = 0; i < mostExports; i++) {
    const isReply = reader.u32() === replyMagic[0] && reader.u32() === replyMagic[1];
    const option = reader.u32();
    const type = reader.u32();
    const data = reader.take(reader.u32());
    if (reader.isShort || !isReply || option !== optionList) break;
    if (type === 1) return { exports, isDone: true };
    if (type >= 0x8000_0000)
      return {
        exports,
        refusal: nbdErrors[type - 0x8000_0000] ?? `error ${type - 0x8000_0000}`,
        isDone: true,
      };
    if (type !== 2) break;
    exports.push(textOf(data.subarray(4, 4 + new ByteReader(data).u32())));
  }
  return { exports, isDone: false };
}

const loginResponse = 0x23;
const rejected = 0x3f;
const taskTag = 0x504f_5254;
const statuses: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'redirected',
  2: 'initiator error',
  3: 'target error',
};
const iscsiNames: readonly (readonly [string, string])[] = [
  ['targetAlias', 'TargetAlias'],
  ['portalGroup', 'TargetPortalGroupTag'],
  ['authentication', 'AuthMethod'],
  ['redirect', 'TargetAddress'],
];
const loginTexts = 'InitiatorName=iqn.2026-01.invalid.portolan:ask\0SessionType=Discovery\0AuthMethod=None\0';
/** In the stage of security, without the wish to leave it. */
const loginRequest = bytesFrom(
  [0x43, 0, 0, 0, 0],
  u24(loginTexts.length),
  [0x80, 0, 0, 0, 0, 0],
  u16(0),
  u32(taskTag),
  u16(1),
  u16(0),
  u32(1),
  zeros(20),
  loginTexts,
  zeros((4 - (loginTexts.length % 4)) % 4),
);
const oldMagic = [0x0000_4202, 0x8186_1253] as const;
const optionMagic = [0x4948_4156, 0x454f_5054] as const;
const replyMagic = [0x0003_e889, 0x0455_65a9] as const;
const optionList = 3;
const mostExports = 32;
const nbdErrors: Readonly<Record<number, string>> = {
  1: 'unsupported',
  2: 'forbidden',
  4: 'not on this platform',
  5: 'TLS required',
};
/** What a client is, then the option without data. */
const listExports = bytesFrom(u32(1), 'IHAVEOPT', u32(optionList), u32(0));
