/**
 * Firebird and InterBase: a client offers versions of the protocol, and the server takes one (Firebird's wire protocol
 * documentation, op_connect). No database is opened: what is asked for is only named.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, type Part, u32, zeros } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Firebird. */
export const firebird: Protocol = {
  name: 'firebird',
  transport: 'tcp',
  ports: [3050],
  request: { cost: 6, toStrangers: 'closes', hangsUp: 'end', bytes: () => connect },
  parse,
  isWhole: (bytes) => bytes.length >= 16,
  products: [
    { when: { protocol: /^1\d$/ }, product: 'Firebird RDBMS', cpe: 'a:firebirdsql:firebird' },
    { when: { error: /./ }, product: 'Firebird RDBMS', cpe: 'a:firebirdsql:firebird' },
  ],
};

/** An acceptance, a question for more about who asks, or an error. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const operation = reader.u32();
  if (operation === accept) return parseAcceptance(reader);
  if (operation === response) {
    // No object, no data, then what went wrong: by number, of Firebird's own (its iberror.h).
    const isBare = [reader.u32(), reader.u32(), reader.u32(), reader.u32()].every((number) => number === 0);
    const [kind, error] = [reader.u32(), reader.u32()];
    const isOurs = isBare && kind === 1 && error >>> 16 === 0x1400 && !reader.isShort;
    return isOurs ? { facts: { error: String(error) } } : undefined;
  }
  if (operation !== goOn) return undefined;
  // Data, a way to log in, a list of them, keys: texts behind their lengths, and nothing else.
  const [, plugin = '', list = ''] = [0, 1, 2, 3].map(() => {
    const length = reader.u32();
    const value = textOf(reader.take(length));
    reader.take((4 - (length % 4)) % 4);
    return value;
  });
  if (reader.isShort || reader.left > 0) return undefined;
  const ways = `${plugin} ${list}`.trim();
  return {
    facts: { info: 'protocol 13 or later', protocol: '13', ...(ways !== '' && { authentication: ways }) },
    confidence: 7,
  };
}

/** A version, an architecture, a way to speak. */
function parseAcceptance(reader: ByteReader): Parsed | undefined {
  const [version, architecture, way] = [reader.u32(), reader.u32(), reader.u32()];
  if (reader.isShort || architecture > 36 || way > 5) return undefined;
  // From version 11 on the highest of 16 bits is set: it is not InterBase's.
  const number = version & 0x7fff;
  const isMarked = (version & 0x8000) !== 0;
  if (number < 8 || number > 30 || isMarked !== number > 10) return undefined;
  return { facts: { info: `protocol ${number}`, protocol: String(number) } };
}

function text(value: string): readonly Part[] {
  return [u32(value.length), value, zeros((4 - (value.length % 4)) % 4)];
}

const accept = 3;
const response = 9;
const goOn = 92;
/** Versions 10, and 11 to 18 with their mark; any architecture, up to lazy sending, the later the better. */
const offered = [10, ...[11, 12, 13, 16, 17, 18].map((version) => 0xffff_8000 | version)];
/** Nobody says who he is. */
const connect = bytesFrom(
  ...[1, 19, 3, 1].map(u32),
  ...text('portolan-no-such-database'),
  u32(offered.length),
  u32(0),
  ...offered.flatMap((version, i) => [version, 1, 0, version === 10 ? 3 : 5, i + 1]).map(u32),
);
