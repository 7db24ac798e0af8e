/**
 * Remote procedures of Sun (RFC 5531): the list of a host's programs (rpcbind, RFC 1833), NFS (RFC 1813) and MOUNT. Every
 * program has a procedure that does nothing; asked for a version that nobody has, it tells those that it has.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32, zeros } from '../../byte-writer.ts';
import type { DatagramProtocol, Facts, Parsed, Protocol } from '../../contract.ts';

/** A program, where it is expected, and which of its procedures is called. */
interface Program {
  readonly name: string;
  readonly number: number;
  readonly ports: readonly number[];
  readonly version: number;
  readonly procedure: number;
  /** What the answer to the procedure holds. */
  readonly read: (reader: ByteReader) => Facts | undefined;
}

const nothingIn = (): Facts => ({});
/** Far from those that exist. */
const noVersion = 0x504f;
const portMapper: Program = {
  name: 'rpcbind',
  number: 100_000,
  ports: [111],
  version: 2,
  procedure: 4,
  read: programsIn,
};
const nfsProgram: Program = {
  name: 'nfs',
  number: 100_003,
  ports: [2049],
  version: noVersion,
  procedure: 0,
  read: nothingIn,
};
const mountProgram: Program = {
  name: 'mountd',
  number: 100_005,
  ports: [20048, 635],
  version: noVersion,
  procedure: 0,
  read: nothingIn,
};

const programs = [portMapper, nfsProgram, mountProgram];

/** The list of programs. */
export const rpcbind = overTcp(portMapper);
/** Files of others, mounted. */
export const nfs = overTcp(nfsProgram);
/** Whoever wants to mount them asks here. */
export const mountd = overTcp(mountProgram);
/**
 * All of them in one breath, for ports that are not theirs. The mapper hangs up on a record that does not end, as which it
 * takes a request of the web; others listen to it.
 */
export const rpc: Protocol = {
  name: 'rpc',
  transport: 'tcp',
  ports: [],
  isOnlyAtHome: true,
  request: {
    cost: 7,
    toStrangers: 'varies',
    hangsUp: 'reset',
    bytes: () => bytesFrom(...programs.map(recordOf)),
  },
  parse: parseAny,
  isWhole: (bytes) => recordsIn(bytes).length >= programs.length,
  products: [],
};
/** The same over UDP. */
export const rpcDatagrams: readonly DatagramProtocol[] = programs.map(overUdp);

function overTcp(program: Program): Protocol {
  return {
    name: program.name,
    transport: 'tcp',
    ports: program.ports,
    request: { cost: 7, isHomely: true, bytes: () => recordOf(program) },
    parse: (bytes) => {
      const [message] = recordsIn(bytes);
      return message && parse(program, message, true);
    },
    isWhole: (bytes) => recordsIn(bytes).length > 0,
    products: [],
  };
}

/** What the answers to all calls show: a server says of each program whether it is its own. */
function parseAny(bytes: Uint8Array): Parsed | undefined {
  const answers = recordsIn(bytes).flatMap((message) =>
    programs.flatMap((program) => {
      const parsed = parse(program, message, true);
      return parsed === undefined ? [] : [{ ...parsed, name: parsed.name ?? program.name }];
    }),
  );
  return answers.find(({ name }) => name !== otherProgram) ?? answers[0];
}

function overUdp(program: Program): DatagramProtocol {
  return {
    name: program.name,
    transport: 'udp',
    ports: program.ports,
    request: { cost: 9, bytes: () => callTo(program) },
    // The answer does not say which program gave it.
    isOnlyAtHome: true,
    parse: (bytes) => parse(program, bytes, false),
    products: [],
  };
}

/** A reply: that it was accepted, or why not. */
function parse(program: Program, message: Uint8Array, isMarked: boolean): Parsed | undefined {
  const reader = new ByteReader(message);
  const isOurs = reader.u32() === markOf(program);
  const [type, status] = [reader.u32(), reader.u32()];
  if (reader.isShort || type !== reply || (isMarked && !isOurs)) return undefined;
  const number = `RPC #${program.number}`;
  if (status === denied) {
    const reason = reader.u32();
    return reader.isShort || reason > 1 ? undefined : { facts: { info: number, refusal: 'denied' } };
  }
  reader.u32();
  const verifierBytes = reader.u32();
  if (verifierBytes > mostVerifierBytes) return undefined;
  reader.take((verifierBytes + 3) & ~3);
  const result = reader.u32();
  if (reader.isShort || status !== accepted || result > 5) return undefined;
  if (result === versionMismatch) {
    const [low, high] = [reader.u32(), reader.u32()];
    if (reader.isShort || low > high || high > mostVersion) return undefined;
    return { facts: { info: `${low === high ? low : `${low}-${high}`} (${number})` } };
  }
  // Procedures of others, which only a server of procedures answers so.
  if (result !== success) {
    const refusal = refusals[result] ?? '';
    // It is no server of this program, but of another.
    if (result === programUnavailable) return isOurs ? { name: otherProgram, facts: { refusal } } : undefined;
    return { facts: { info: number, refusal } };
  }
  if (!isOurs) return reader.left > 0 ? undefined : { facts: { info: number }, isAside: true };
  const facts = program.read(reader);
  return facts && { facts: { info: number, ...facts } };
}

/** A list of programs (RFC 1833, 3.1), each with its versions and where it is. */
function programsIn(reader: ByteReader): Facts | undefined {
  const found = new Map<string, { readonly versions: Set<number>; readonly places: Set<string> }>();
  for (let i = 0; i < mostPrograms; i++) {
    const isMore = reader.u32();
    if (isMore > 1 || reader.isShort) return undefined;
    if (isMore === 0) break;
    const [number, version, transport, port] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
    // What is cut off by a bound was all the same a list.
    if (reader.isShort) break;
    const name = programNames[number] ?? String(number);
    const program = found.get(name) ?? { versions: new Set<number>(), places: new Set<string>() };
    program.versions.add(version);
    program.places.add(`${transport === 6 ? 'tcp' : transport === 17 ? 'udp' : transport}/${port}`);
    found.set(name, program);
  }
  const own = found.get('rpcbind');
  return {
    ...(own !== undefined && { info: `${rangeText(own.versions)} (RPC #${portMapper.number})` }),
    programs: [...found].map(
      ([name, { versions, places }]) => `${name} ${rangeText(versions)} ${[...places].slice(0, 8).join(' ')}`,
    ),
  };
}

function rangeText(versions: ReadonlySet<number>): string {
  const sorted = [...versions].sort((a, b) => a - b);
  const [first = 0, last = first] = [sorted[0], sorted.at(-1)];
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The first messages of a stream: fragments, each behind its length (RFC 5531, 11); only those of one fragment are read. */
function recordsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; records.length < programs.length; ) {
    const head = new ByteReader(bytes.subarray(at)).u32();
    const length = head & 0x7fff_ffff;
    if (head >>> 31 === 0 || length < 12 || length > mostRecordBytes) break;
    // What is longer than all that is read is read as far as it came.
    if (bytes.length < Math.min(at + 4 + length, mostReadBytes)) break;
    records.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

function recordOf(program: Program): Uint8Array {
  const call = callTo(program);
  return bytesFrom(u32(lastFragment | call.length), call);
}

/** A call without credentials. */
function callTo(program: Program): Uint8Array {
  const { number, version, procedure } = program;
  return bytesFrom(...[markOf(program), 0, 2, number, version, procedure].map(u32), zeros(16));
}

/** What comes back: by it is known whom an answer is from. */
function markOf({ number }: Program): number {
  return 0x5000_0000 | number;
}

/** How a server is called that has another program than those asked for. */
const otherProgram = 'rpc';
const lastFragment = 0x8000_0000;
const reply = 1;
const accepted = 0;
const denied = 1;
const success = 0;
const programUnavailable = 1;
const versionMismatch = 2;
const refusals: Readonly<Record<number, string>> = {
  1: 'program unavailable',
  3: 'procedure unavailable',
  4: 'garbage arguments',
  5: 'system error',
};
const mostVerifierBytes = 400;
const mostVersion = 0xffff;
const mostPrograms = 128;
const mostRecordBytes = 1 << 16;
const mostReadBytes = 4096;
/** The programs that are met (IANA's registry of RPC program numbers). */
const programNames: Readonly<Record<number, string>> = {
  100000: 'rpcbind',
  100001: 'rstatd',
  100002: 'rusersd',
  100003: 'nfs',
  100004: 'ypserv',
  100005: 'mountd',
  100007: 'ypbind',
  100009: 'yppasswdd',
  100011: 'rquotad',
  100021: 'nlockmgr',
  100024: 'status',
  100068: 'cmsd',
  100083: 'ttdbserverd',
  100133: 'nsm_addrand',
  100227: 'nfs_acl',
  100229: 'metad',
  100232: 'sadmind',
  150001: 'pcnfsd',
  300019: 'amd',
};
