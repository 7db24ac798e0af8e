/**
 * OPC UA (part 6, 7.1.2): a hello is acknowledged with the sizes of buffers, or refused with a reason. No channel is
 * opened after it.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le32 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith, textOf } from '../../text.ts';

/** Servers of plants' data. */
export const opcUa: Protocol = {
  name: 'opc-ua',
  transport: 'tcp',
  ports: [4840, 48010, 53530],
  request: {
    cost: 9,
    toStrangers: 'closes',
    bytes: ({ host, port }) => {
      const url = `opc.tcp://${host}:${port}`;
      const body = bytesFrom(le32(0), le32(65_536), le32(65_536), le32(0), le32(0), le32(url.length), url);
      return bytesFrom('HELF', le32(8 + body.length), body);
    },
  },
  parse,
  isWhole: (bytes) => bytes.length >= 8 && bytes.length >= new ByteReader(bytes.subarray(4)).u32le(),
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isAnswer = beginsWith(bytes, 'ACKF');
  const isError = beginsWith(bytes, 'ERRF');
  reader.take(4);
  const length = reader.u32le();
  if ((!isAnswer && !isError) || length !== bytes.length) return undefined;
  if (isAnswer) {
    const version = reader.u32le();
    return length === 28 ? { facts: { protocol: `${version}` } } : undefined;
  }
  const code = reader.u32le();
  const bytesOfReason = reader.u32le();
  const reason = textOf(reader.take(bytesOfReason === noText ? 0 : bytesOfReason)).trim();
  const isOne = code >>> 30 === 2 && !reader.isShort && reader.left === 0;
  if (!isOne) return undefined;
  const isText = /^[\x20-\x7e]{1,200}$/.test(reason);
  return { facts: { error: `0x${code.toString(16)}`, ...(isText && { reason }) } };
}

const noText = 0xffff_ffff;
