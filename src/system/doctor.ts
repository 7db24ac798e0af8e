/**
 * What works on this machine and what the rest needs: data for `portolan doctor`.
 *
 * @module
 */

import { release } from 'node:os';
import { PortolanError } from '../base/errors.ts';
import { type Capabilities, effectiveCapabilities } from './capabilities.ts';
import { closeOnExec } from './descriptor-flags.ts';
import { errnoName } from './errnos.ts';
import { errno, hasLibc, libc } from './ffi.ts';
import type { NetworkInterface } from './interface.ts';
import { listInterfaces } from './interfaces.ts';
import { descriptorLimit, ephemeralPorts } from './limits.ts';
import { readProcFile, readSysctl } from './proc-file.ts';
import { Routes } from './routes.ts';
import { datagramType, inetFamily, packetFamily, streamType } from './socket-words.ts';

/** One thing a scan may rely on. */
export interface Check {
  readonly name: string;
  readonly works: boolean;
  /** What this machine has. */
  readonly found: string;
  /** What would make it work, or work better. */
  readonly needs?: string;
}

/** Looks at everything; opens a few sockets, sends nothing. */
export function inspect(): readonly Check[] {
  const capabilities = effectiveCapabilities();
  const { interfaces, routes, trouble } = readRouting();
  return [
    check('interfaces and routes', trouble === undefined, trouble ?? names(interfaces), 'AF_NETLINK sockets'),
    checkRawScans(capabilities),
    checkKernelSweep(capabilities),
    checkConnect(),
    checkUnprivilegedUdp(),
    checkLoopback(interfaces),
    checkFamily(4, interfaces, routes),
    checkFamily(6, interfaces, routes),
    checkDescriptors(),
    checkEphemeralPorts(),
    checkReversePath(interfaces),
    checkReceiveBuffer(capabilities),
    checkConnectionTracking(),
  ];
}

/** The check of one feature: what it needs is said only when it does not work. */
function check(name: string, works: boolean, found: string, needs: string): Check {
  return works ? { name, works, found } : { name, works, found, needs };
}

interface Routing {
  readonly interfaces: readonly NetworkInterface[];
  readonly routes?: Routes;
  readonly trouble?: string;
}

/** Some sandboxes forbid the routing socket: that is a finding, and the other checks go on. */
function readRouting(): Routing {
  try {
    return { interfaces: listInterfaces(), routes: new Routes() };
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    return { interfaces: [], trouble: error.message };
  }
}

function names(interfaces: readonly NetworkInterface[]): string {
  return interfaces.map(({ name }) => name).join(', ');
}

function checkRawScans({ netRaw }: Capabilities): Check {
  const name = 'raw scans';
  if (!hasLibc) return check(name, false, `${process.platform} has no packet sockets for us`, 'Linux');
  const trouble = tryOpen(packetFamily, datagramType);
  const found = trouble === undefined ? 'packet sockets may be opened' : `packet socket: ${trouble}`;
  const needs = netRaw
    ? 'packet sockets, which this environment forbids although CAP_NET_RAW is there'
    : 'CAP_NET_RAW: sudo, or setcap cap_net_raw+ep on the node binary';
  return check(name, trouble === undefined, found, needs);
}

function checkKernelSweep({ bpf, netAdmin }: Capabilities): Check {
  const name = 'kernel sweep';
  if (!hasLibc) return check(name, false, process.platform, 'Linux 5.18 or newer');
  const missing: string[] = [];
  if (!bpf) missing.push('CAP_BPF');
  if (!netAdmin) missing.push('CAP_NET_ADMIN');
  if (!isAtLeast(release(), [5, 18])) missing.push('Linux 5.18 or newer');
  // The kernel grants BPF only to capabilities over the first user namespace.
  const map = readProcFile('self/uid_map')?.trim().split(/\s+/).join(' ');
  if (map !== undefined && map !== '0 0 4294967295') missing.push('the first user namespace');
  const held = [bpf && 'CAP_BPF', netAdmin && 'CAP_NET_ADMIN'].filter((one) => one !== false);
  const found = `Linux ${release()}, ${held.length === 0 ? 'neither capability' : held.join(' and ')}`;
  return check(name, missing.length === 0, found, missing.join(', '));
}

function checkConnect(): Check {
  const trouble = hasLibc ? tryOpen(inetFamily, streamType) : undefined;
  const found = trouble === undefined ? 'TCP sockets may be opened' : `TCP socket: ${trouble}`;
  return check('connect scans', trouble === undefined, found, 'an environment that allows TCP sockets');
}

function checkUnprivilegedUdp(): Check {
  const name = 'UDP scans without privileges';
  if (!hasLibc) return check(name, false, `${process.platform} keeps ICMP errors to itself`, 'Linux');
  const trouble = tryOpen(inetFamily, datagramType, (fd) =>
    libc().setsockopt(fd, ipLevel, receiveErrors, Int32Array.of(1), 4),
  );
  const found =
    trouble === undefined ? 'UDP sockets report ICMP errors' : `UDP socket with IP_RECVERR: ${trouble}`;
  return check(name, trouble === undefined, found, 'UDP sockets with IP_RECVERR');
}

function checkLoopback(interfaces: readonly NetworkInterface[]): Check {
  const loopback = interfaces.find(({ kind }) => kind === 'loopback');
  const works = loopback?.running === true && loopback.addresses.length > 0;
  const found =
    loopback === undefined ? 'no loopback interface' : `${loopback.name} is ${works ? 'up' : 'down'}`;
  return check('loopback', works, found, `ip link set ${loopback?.name ?? 'lo'} up`);
}

/** Whether there is an address beyond loopback and link, and a way to the rest of the world. */
function checkFamily(
  family: 4 | 6,
  interfaces: readonly NetworkInterface[],
  routes: Routes | undefined,
): Check {
  const usable = interfaces.filter(
    ({ kind, addresses }) =>
      kind !== 'loopback' &&
      addresses.some(({ address }) => address.family === family && address.zone === undefined),
  );
  // Nothing is sent: this only asks where a packet to a documentation address (RFC 5737, RFC 3849) would go.
  const value = family === 4 ? 0xcb00_7101n : 0x2001_0db8n << 96n;
  const hasWay = routes?.lookup({ family, value }).kind === 'unicast';
  const found =
    usable.length === 0
      ? 'no address beyond loopback and link'
      : `address on ${names(usable)}, ${hasWay ? 'a route beyond the link' : 'no route beyond the link'}`;
  return check(
    `IPv${family}`,
    usable.length > 0 && hasWay,
    found,
    `an IPv${family} address and a default route`,
  );
}

function checkDescriptors(): Check {
  const { soft, hard } = descriptorLimit();
  const found = `${soft} now, up to ${hard}`;
  return check(
    'descriptor limit',
    hard >= enoughDescriptors,
    found,
    `ulimit -n ${enoughDescriptors} or more`,
  );
}

function checkEphemeralPorts(): Check {
  const { first, last } = ephemeralPorts();
  const count = last - first + 1;
  return check(
    'ephemeral ports',
    count >= enoughPorts,
    `${first}-${last}: ${count} connections to one port at once`,
    `sysctl -w net.ipv4.ip_local_port_range="32768 60999"`,
  );
}

/** Strict filtering (RFC 3704) drops answers that come in by another interface than the way out. */
function checkReversePath(interfaces: readonly NetworkInterface[]): Check {
  const filterOf = (name: string) => readSysctl(`net/ipv4/conf/${name}/rp_filter`)[0] ?? 0;
  // The larger of the two counts (ip-sysctl); 1 is strict, 2 loose.
  const strict = interfaces.filter(({ name }) => Math.max(filterOf('all'), filterOf(name)) === 1);
  const found =
    strict.length === 0 ? 'no interface filters strictly' : `rp_filter is strict on ${names(strict)}`;
  const needs = 'sysctl -w net.ipv4.conf.all.rp_filter=2';
  return check('answers by another way', strict.length === 0, found, needs);
}

/** CAP_NET_ADMIN may go beyond net.core.rmem_max (SO_RCVBUFFORCE). */
function checkReceiveBuffer({ netAdmin }: Capabilities): Check {
  const [limit] = readSysctl('net/core/rmem_max');
  if (limit === undefined) return { name: 'receive buffer', works: true, found: 'no known limit' };
  const found = `net.core.rmem_max is ${limit}${netAdmin ? ', CAP_NET_ADMIN may go beyond' : ''}`;
  return check(
    'receive buffer',
    netAdmin || limit >= enoughBuffer,
    found,
    `sysctl -w net.core.rmem_max=${enoughBuffer}`,
  );
}

/** Each connect probe takes an entry in the machine's own table for minutes when the firewall tracks. */
function checkConnectionTracking(): Check {
  const name = 'connection tracking';
  const [count] = readSysctl('net/netfilter/nf_conntrack_count');
  const [max] = readSysctl('net/netfilter/nf_conntrack_max');
  if (count === undefined || max === undefined) return { name, works: true, found: 'not loaded' };
  const found = `${count} of ${max} entries used`;
  return check(
    name,
    max - count >= enoughEntries,
    found,
    `sysctl -w net.netfilter.nf_conntrack_max=${4 * enoughEntries}`,
  );
}

/** The error that opening a socket and using it as asked ends with, if any. */
function tryOpen(family: number, type: number, use?: (fd: number) => number): string | undefined {
  const fd = libc().socket(family, type | closeOnExec, 0);
  if (fd < 0) return errnoName(errno());
  try {
    return use !== undefined && use(fd) < 0 ? errnoName(errno()) : undefined;
  } finally {
    libc().close(fd);
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, foundMajor, foundMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}

const ipLevel = 0;
const receiveErrors = 11;

/** Below these a scan works but slowly: fewer connections at once, more answers dropped. */
const enoughDescriptors = 1024;
const enoughPorts = 4096;
const enoughBuffer = 4_194_304;
const enoughEntries = 65_536;
