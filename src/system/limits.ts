/**
 * How much of the machine a scan may use: descriptors and local ports.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { errnoName } from './errnos.ts';
import { errno, hasLibc, libc } from './ffi.ts';
import { readProcFile, readSysctl } from './proc-file.ts';

/** The process's limit on open descriptors; `soft` holds now and may be raised up to `hard`. */
export interface DescriptorLimit {
  readonly soft: number;
  readonly hard: number;
}

/** An inclusive range of ports. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The limit on open descriptors. */
export function descriptorLimit(): DescriptorLimit {
  if (!hasLibc) return { soft: usualDescriptors, hard: usualDescriptors };
  const limit = new BigUint64Array(2);
  if (libc().getrlimit(openFiles, limit) < 0) {
    throw new PortolanError('system-failed', `Cannot read the descriptor limit: ${errnoName(errno())}`);
  }
  const [soft, hard] = Array.from(limit, (value) =>
    value === unlimited ? Number.POSITIVE_INFINITY : Number(value),
  );
  return { soft: soft as number, hard: hard as number };
}

/** Raises the soft limit to the hard one, for the whole process, and says how many descriptors that allows. */
export function raiseDescriptorLimit(): number {
  const { soft, hard } = descriptorLimit();
  if (!hasLibc || soft >= hard) return soft;
  const wanted = hard === Number.POSITIVE_INFINITY ? unlimited : BigInt(hard);
  // Refused when the hard limit lies above fs.nr_open (lowered later): then what we have is what there is.
  return libc().setrlimit(openFiles, BigUint64Array.of(wanted, wanted)) < 0 ? soft : hard;
}

/** The ports that the kernel gives to sockets that ask for none. */
export function ephemeralPorts(): PortRange {
  const [first, last] = readSysctl('net/ipv4/ip_local_port_range');
  return first === undefined || last === undefined ? ianaDynamic : { first, last };
}

/** Some `size` ports of those, the ones with the fewest bound sockets; all of them where there are no more. */
export function ephemeralBlock(size: number): PortRange {
  const { first, last } = ephemeralPorts();
  if (last - first < size) return { first, last };
  const used = boundPorts();
  let best = { first, cost: Number.POSITIVE_INFINITY };
  for (let from = first; from + size - 1 <= last; from += size) {
    let cost = 0;
    for (const port of used) if (port >= from && port < from + size) cost++;
    if (cost < best.cost) best = { first: from, cost };
  }
  return { first: best.first, last: best.first + size - 1 };
}

/**
 * The first of `size` ports (a power of two), aligned to `size`, that raw probes may come from: in the block no
 * socket is bound and outside the range the kernel gives out, where such a block exists; else the block with
 * the fewest bound sockets. None of its ports is `taken`. High blocks are preferred: 4096 ports are 0xF000–0xFFFF on a
 * usual machine.
 */
export function freePortBlock(size: number, taken: readonly number[] = []): number {
  if (size < 1 || size > portCount / 2 || (size & (size - 1)) !== 0)
    throw new Error(`no block of ${size} ports`);
  const used = boundPorts();
  const ephemeral = ephemeralPorts();
  let best = { first: 0, cost: Number.POSITIVE_INFINITY };
  for (let first = portCount - size; first >= Math.max(size, firstUnprivileged); first -= size) {
    const last = first + size - 1;
    if (taken.some((port) => port >= first && port <= last)) continue;
    const given = first <= ephemeral.last && last >= ephemeral.first;
    let cost = given ? 0.5 : 0;
    for (const port of used) if (port >= first && port <= last) cost++;
    if (cost < best.cost) best = { first, cost };
  }
  if (best.first === 0) throw badRequest(`Ports that are taken leave no block of ${size} source ports free`);
  return best.first;
}

/** The local ports in a /proc/net table (tcp, udp, their IPv6 twins); lines that do not fit are passed over. */
export function readBoundPorts(table: string): number[] {
  const ports: number[] = [];
  for (const [, port, state] of table.matchAll(socketLine)) {
    if (state !== timeWait) ports.push(Number.parseInt(port as string, 16));
  }
  return ports;
}

function boundPorts(): Set<number> {
  // Of this thread, not of the process: a thread may live in a network namespace of its own.
  const tables = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => readProcFile(`thread-self/net/${name}`) ?? '');
  return new Set(tables.flatMap(readBoundPorts));
}

/** `sl local_address:port remote_address:port state …`, all in hexadecimal. */
const socketLine = /^ *\d+: [0-9A-F]{8,32}:([0-9A-F]{4}) [0-9A-F]{8,32}:[0-9A-F]{4} ([0-9A-F]{2}) /gm;
/** A closed connection that only waits for stray segments. */
const timeWait = '06';

const openFiles = 7;
const unlimited = 0xffff_ffff_ffff_ffffn;
/** Node raises its own limit at start where the system has one (to OPEN_MAX on macOS). */
const usualDescriptors = 10_240;
/** RFC 6335, 6; macOS and Windows give out just these. */
const ianaDynamic: PortRange = { first: 49_152, last: 65_535 };
const portCount = 65_536;
const firstUnprivileged = 1024;
