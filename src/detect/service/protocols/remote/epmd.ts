/**
 * Erlang's port mapper ("Erlang Distribution Protocol", NAMES_REQ): which nodes run on a host, and on which ports.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { linesOf } from '../../text.ts';

/** Nodes of Erlang. */
export const epmd: Protocol = {
  name: 'epmd',
  transport: 'tcp',
  ports: [4369],
  isOnlyAtHome: true,
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 2,
    bytes: () => bytesFrom(u16(1), 'n'),
  },
  parse,
  products: [{ when: {}, product: 'Erlang Port Mapper Daemon' }],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const port = new ByteReader(bytes).u32();
  const lines = linesOf(bytes.subarray(4), 64, true);
  const nodes = lines.flatMap((line) => {
    const [, name = '', at = ''] = /^name (\S{1,100}) at port (\d{1,5})$/.exec(line) ?? [];
    return name === '' ? [] : [`${name} ${at}`];
  });
  if (port === 0 || port > 0xffff || nodes.length < lines.length) return undefined;
  if (nodes.length > 0) return { facts: { nodes } };
  // Without nodes there are four bytes: its own port.
  return bytes.length === 4 ? { facts: {}, confidence: 7 } : undefined;
}
