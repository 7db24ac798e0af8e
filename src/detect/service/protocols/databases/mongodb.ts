/**
 * MongoDB's wire protocol: `hello` in the words that every version answers (OP_QUERY for `isMaster`), then `buildInfo`
 * (OP_MSG), which tells the version. Neither wants anybody to have logged in.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le32, type Part, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** MongoDB and what speaks like it. */
export const mongodb: Protocol = {
  name: 'mongodb',
  transport: 'tcp',
  ports: [27017, 27018, 27019],
  request: { cost: 8, toStrangers: 'closes', bytes: () => hello },
  more: { cost: 5, bytes: () => buildInfo },
  parse,
  isWhole: (bytes) => messagesIn(bytes).rest === 0,
  // A request of the web is answered as a web server would, with whom one should have asked.
  posesAsWeb: true,
  products: [
    { when: { ferretdb: /^v?(\d[\w.-]*)/ }, product: 'FerretDB', version: '$1' },
    {
      when: { version: /^(\d+\.\d+\.\d+[\w.-]*)$/ },
      product: 'MongoDB',
      version: '$1',
      cpe: 'a:mongodb:mongodb',
    },
    { when: { poses: /./ }, product: 'MongoDB', cpe: 'a:mongodb:mongodb' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  if (/^HTTP\/1\.[01] \d{3} /.test(textOf(bytes.subarray(0, 16)))) {
    const isOurs = textOf(bytes).includes('It looks like you are trying to access MongoDB over HTTP');
    return isOurs ? { facts: { poses: 'web' }, isAside: true } : undefined;
  }
  const { documents } = messagesIn(bytes);
  if (documents.length === 0) return undefined;
  const facts: Record<string, string | readonly string[]> = {};
  for (const document of documents) {
    const read = factsIn(document);
    if (read === undefined) return undefined;
    Object.assign(facts, read);
  }
  return { facts };
}

/** The documents of messages that are whole, and how many bytes are left behind them; NaN where none is. */
function messagesIn(bytes: Uint8Array): { readonly documents: readonly Uint8Array[]; readonly rest: number } {
  const documents: Uint8Array[] = [];
  let rest = Number.NaN;
  for (let at = 0; at + headBytes <= bytes.length && documents.length < mostMessages; ) {
    const reader = new ByteReader(bytes.subarray(at));
    const length = reader.u32le();
    reader.u32le();
    const [answerTo, operation] = [reader.u32le(), reader.u32le()];
    const start = documentAt[operation];
    if (start === undefined || answerTo !== requestId || length < start + 5 || length > mostMessageBytes)
      return { documents: [], rest: Number.NaN };
    if (at + length > bytes.length) return { documents, rest: Number.NaN };
    documents.push(bytes.subarray(at + start, at + length));
    at += length;
    rest = bytes.length - at;
  }
  return { documents, rest };
}

/** Elements of BSON: a type, a name, a value. Every answer says whether it is one by `ok`. */
function factsIn(document: Uint8Array): Facts | undefined {
  const facts: Record<string, string | readonly string[]> = {};
  const reader = new ByteReader(document);
  reader.u32le();
  let isAnswer = false;
  for (let i = 0; i < mostElements; i++) {
    const type = reader.u8();
    if (type === 0) break;
    const name = textOf(reader.untilZero());
    const value = readValue(type, reader);
    if (value === undefined || reader.isShort) return undefined;
    if (name === 'ok') isAnswer = true;
    const fact = names[name];
    if (fact !== undefined && value !== '') facts[fact] = value;
  }
  return isAnswer ? facts : undefined;
}

/** Texts and numbers as text, what else there is as nothing; undefined for what BSON has not. */
function readValue(type: number, reader: ByteReader): string | undefined {
  if (type === 2) return textOf(reader.take(reader.u32le())).replace(/\0$/, '');
  if (type === 16) return String(reader.u32le() | 0);
  if (type === 8) return reader.u8() === 0 ? 'false' : 'true';
  if (type === 3 || type === 4) {
    const length = reader.u32le();
    const inside = reader.take(length - 4);
    return type === 3 ? innerVersion(inside) : '';
  }
  if (type === 5) {
    reader.take(reader.u32le() + 1);
    return '';
  }
  const bytes = widths[type];
  if (bytes === undefined) return undefined;
  reader.take(bytes);
  return '';
}

/** Of a document in a document its `version`, if that comes first. */
function innerVersion(inside: Uint8Array): string {
  const reader = new ByteReader(inside);
  const isFirst = reader.u8() === 2 && textOf(reader.untilZero()) === 'version';
  return isFirst ? textOf(reader.take(reader.u32le())).replace(/\0$/, '') : '';
}

function element(type: number, name: string, ...value: readonly Part[]): Uint8Array {
  return bytesFrom(type, name, 0, ...value);
}

function bson(...elements: readonly Uint8Array[]): Uint8Array {
  const content = bytesFrom(...elements, 0);
  return bytesFrom(le32(4 + content.length), content);
}

function message(operation: number, ...parts: readonly Part[]): Uint8Array {
  const content = bytesFrom(...parts);
  return bytesFrom(le32(headBytes + content.length), le32(requestId), le32(0), le32(operation), content);
}

const headBytes = 16;
const requestId = 0x504f_5254;
/** OP_REPLY: flags, a cursor, where it begins, how many; OP_MSG: flags, and of which kind the section is. */
const documentAt: Readonly<Record<number, number>> = { 1: headBytes + 20, 2013: headBytes + 5 };
const mostMessages = 4;
const mostMessageBytes = 1 << 16;
const mostElements = 64;
/** Double, ObjectId, date, null, timestamp, 64 bits, decimal. */
const widths: Readonly<Record<number, number>> = { 1: 8, 7: 12, 9: 8, 10: 0, 17: 8, 18: 8, 19: 16 };
const names: Readonly<Record<string, string>> = {
  version: 'version',
  ferretdb: 'ferretdb',
  ferretdbVersion: 'ferretdb',
  gitVersion: 'gitVersion',
  maxWireVersion: 'wireVersion',
  setName: 'replicaSet',
  me: 'member',
  primary: 'primary',
  msg: 'role',
  errmsg: 'error',
};
const one = (name: string) => element(16, name, le32(1));
const hello = message(2004, zeros(4), 'admin.$cmd\0', zeros(4), le32(1), bson(one('isMaster')));
const buildInfo = message(2013, zeros(4), 0, bson(one('buildInfo'), element(2, '$db', le32(6), 'admin\0')));
