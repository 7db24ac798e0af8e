/**
 * Apple's shares of files (AFP over DSI): a server tells everybody its name, its kind and how it may be logged in to
 * (Apple Filing Protocol Reference, DSIGetStatus and FPGetSrvrInfo).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Files for Macs. */
export const afp: Protocol = {
  name: 'afp',
  transport: 'tcp',
  ports: [548],
  request: { cost: 9, toStrangers: 'closes', bytes: () => getStatus },
  parse,
  isWhole: (bytes) => bytes.length >= headBytes && bytes.length >= headBytes + lengthOf(bytes),
  products: [
    {
      when: { machine: /^Netatalk ?(\d[\w.]*)/ },
      product: 'Netatalk',
      version: '$1',
      cpe: 'a:netatalk:netatalk',
    },
    { when: { machine: /^Netatalk\b/ }, product: 'Netatalk', cpe: 'a:netatalk:netatalk' },
    {
      when: { machine: /^TimeCapsule(.{0,20})$/ },
      product: 'Apple Time Capsule AFP',
      device: 'storage-misc',
    },
    { when: { machine: /^(?:Mac|iMac|Xserve)/ }, product: 'Apple AFP', os: 'Mac OS X' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [flags, command, id] = [reader.u8(), reader.u8(), reader.u16()];
  const error = reader.u32();
  const length = reader.u32();
  const reserved = reader.u32();
  const isAnswer = flags === 1 && command === commandGetStatus && id === requestId && error === 0;
  if (!isAnswer || reserved !== 0 || length < 16) return undefined;
  const block = bytes.subarray(headBytes, headBytes + length);
  const info = new ByteReader(block);
  const [machineAt, versionsAt, methodsAt] = [info.u16(), info.u16(), info.u16()];
  info.u32();
  const name = textOf(info.take(info.u8()));
  if (info.isShort || machineAt >= length || versionsAt >= length || methodsAt >= length) return undefined;
  const [machine = ''] = textsAt(block, machineAt, 1);
  const versions = listAt(block, versionsAt);
  if (machine === '' || versions.length === 0) return undefined;
  return {
    facts: {
      hostname: name,
      machine,
      versions,
      authentication: listAt(block, methodsAt),
    },
  };
}

/** Texts behind their number. */
function listAt(block: Uint8Array, at: number): readonly string[] {
  return textsAt(block, at + 1, Math.min(block[at] ?? 0, mostTexts));
}

/** So many texts, each behind its length. */
function textsAt(block: Uint8Array, at: number, count: number): readonly string[] {
  const reader = new ByteReader(block.subarray(at));
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = textOf(reader.take(reader.u8()));
    if (reader.isShort) break;
    texts.push(text);
  }
  return texts;
}

function lengthOf(bytes: Uint8Array): number {
  return new ByteReader(bytes.subarray(8)).u32();
}

const headBytes = 16;
const commandGetStatus = 3;
const requestId = 0x504f;
const mostTexts = 32;
const getStatus = Uint8Array.from([
  0,
  commandGetStatus,
  requestId >> 8,
  requestId & 0xff,
  ...new Array(12).fill(0),
]);
