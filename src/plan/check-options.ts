/**
 * Options that contradict each other or cannot take effect in this run: refused with the reason, never
 * ignored.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { parseAddress } from '../model/parse-address.ts';
import { proxyForm, readProxy } from '../model/proxy.ts';
import { isSocket, techniqueOf } from '../techniques/index.ts';
import { asksRaw } from './check-fit.ts';
import { checkSweep } from './check-sweep.ts';
import { checkSystems } from './check-systems.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import { checkDevices } from './devices.ts';
import type { Environment } from './environment.ts';
import { quoted } from './quoted.ts';
import type { PacketOptions, Request } from './request.ts';
import { checkServices } from './services.ts';

/** Refuses a request whose options do not fit each other or this machine. */
export function checkOptions(request: Request, choice: TechniqueChoice, environment: Environment): void {
  checkGoal(request);
  checkNumbers(request);
  checkProxies(request, choice);
  checkPacket(request.packet ?? {}, choice, environment);
  checkScanFlags(request, choice);
  checkTraceroute(request, choice, environment);
  checkDiscovery(request, choice);
  checkServices(request, choice);
  checkDevices(request);
  checkSystems(request, choice, environment);
  checkSweep(request, choice, environment);
  if (request.capture !== undefined && (request.proxies ?? []).length > 0) {
    throw badRequest(
      `${named('capture')} sees the packets to proxies only, not those to targets: wanted it without ${named('proxies')}`,
    );
  }
  if (request.capture !== undefined && !environment.capabilities.netRaw) {
    throw new PortolanError(
      environment.platform === 'linux' ? 'not-permitted' : 'not-available',
      `${named('capture')} needs CAP_NET_RAW to see packets, which this process does not have`,
      'sudo portolan …',
    );
  }
}

function checkGoal(request: Request): void {
  const { goal = 'ports', packet = {} } = request;
  if (goal === 'ports') return;
  const flag = named('goal', goal);
  const aboutPorts: Readonly<Record<string, boolean>> = {
    [named('ports')]: request.ports !== undefined,
    [named('fast')]: request.fast === true,
    [named('topPorts')]: request.topPorts !== undefined,
    'a port technique': (request.techniques ?? []).length > 0,
    [named('scanFlags')]: request.scanFlags !== undefined,
    [named('sweep')]: request.sweep === true,
  };
  if (goal === 'list')
    refuseFirst(
      {
        [named('journal')]: request.journal !== undefined,
        [named('excludePorts')]: request.excludePorts !== undefined,
      },
      `${named('goal', 'list')} sends nothing`,
    );
  refuseFirst(aboutPorts, `${flag} asks no ports`);
  if (goal === 'discover') {
    if (request.discovery !== 'skip') return;
    throw badRequest(
      `${named('goal', 'discover')} looks which hosts are up and ${named('discovery', 'skip')} takes that for granted: wanted one of them`,
    );
  }
  const aboutPackets: Readonly<Record<string, boolean>> = {
    [named('traceroute')]: request.traceroute === true,
    [named('disableArpPing')]: request.disableArpPing === true,
    'probes of host discovery': Array.isArray(request.discovery),
    'options for packets': Object.values(packet).some((value) => value !== undefined),
    [named('capture')]: request.capture !== undefined,
  };
  refuseFirst(aboutPackets, `${named('goal', 'list')} sends nothing`);
}

function refuseFirst(given: Readonly<Record<string, boolean>>, reason: string): void {
  const found = Object.entries(given).find(([, isGiven]) => isGiven);
  if (found !== undefined) throw badRequest(`${reason}: wanted it without ${found[0]}`);
}

function checkNumbers({ shard, seed }: Request): void {
  if (shard !== undefined) {
    const { index, count } = shard;
    if (!(Number.isInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count)) {
      throw badRequest(`${named('shard')} ${index}/${count}: wanted I/N with I from 1 to N`);
    }
  }
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff)) {
    throw badRequest(`${named('seed')} ${seed}: wanted a whole number from 0 to ${0xffff_ffff}`);
  }
}

function checkProxies(
  { proxies = [], packet = {} }: Request,
  { techniques, discovery }: TechniqueChoice,
): void {
  if (proxies.length === 0) return;
  const other = techniques.find((name) => !isSocket(name));
  if (other !== undefined) {
    throw badRequest(
      `${named('proxies')} carry connections only: wanted ${named('techniques', 'connect')}, found ${named('techniques', other)}`,
    );
  }
  if (discovery.length > 0) {
    throw badRequest(
      `${named('proxies')} hide whether a host is up: wanted ${named('discovery', 'skip')} beside them`,
    );
  }
  if (packet.sourcePort !== undefined || packet.interface !== undefined) {
    const option = packet.sourcePort === undefined ? named('packet.interface') : named('packet.sourcePort');
    throw badRequest(`${named('proxies')} choose where connections come from: wanted them without ${option}`);
  }
  for (const [at, proxy] of proxies.entries()) {
    const problem = readProxy(proxy);
    if (typeof problem !== 'string') continue;
    // Where one has a password, a part of it may stand anywhere.
    const which = proxies.some((text) => text.includes('@')) ? `URL number ${at + 1}` : quoted(proxy);
    throw badRequest(`${named('proxies')} ${which}: ${problem}; wanted ${proxyForm}`);
  }
}

function checkScanFlags({ scanFlags }: Request, { techniques }: TechniqueChoice): void {
  if (scanFlags === undefined) return;
  if (!(Number.isInteger(scanFlags) && scanFlags >= 0 && scanFlags <= 255)) {
    throw badRequest(`${named('scanFlags')} ${scanFlags}: wanted a number from 0 to 255`);
  }
  if (!techniques.some((name) => techniqueOf(name).probe.transport === 'tcp')) {
    throw badRequest(
      `${named('scanFlags')} change raw TCP probes, and this run sends none: wanted it with ${named('techniques', 'syn')} and its like`,
    );
  }
}

function checkDiscovery({ ignoreResets, disableArpPing }: Request, { discovery }: TechniqueChoice): void {
  const asked = discovery.map(({ technique }) => techniqueOf(technique).probe.transport);
  if (ignoreResets === true && !asked.some((transport) => transport === 'tcp' || transport === 'socket')) {
    throw badRequest(
      `${named('ignoreResets')} is about TCP, and no host is looked for by it: wanted ${named('discovery', 'ping-syn')} or ${named('discovery', 'ping-ack')}`,
    );
  }
  if (disableArpPing === true && asked.includes('link')) {
    throw badRequest(
      `${named('disableArpPing')} and ${named('discovery', 'ping-neighbour')} contradict each other: wanted one of them`,
    );
  }
  if (disableArpPing === true && asked.includes('socket')) {
    throw badRequest(`${named('disableArpPing')} has no effect: the kernel asks for neighbours in this run`);
  }
}

/** Only raw packets say which hop an answer belongs to. */
function checkTraceroute({ traceroute }: Request, choice: TechniqueChoice, environment: Environment): void {
  if (traceroute !== true || asksRaw(choice)) return;
  if (environment.capabilities.netRaw) {
    throw badRequest(
      `${named('traceroute')} sends raw packets, and this run sends none: wanted it with ${named('techniques', 'syn')} or ${named('discovery', 'ping-echo')}`,
    );
  }
  throw new PortolanError(
    environment.platform === 'linux' ? 'not-permitted' : 'not-available',
    `${named('traceroute')} needs CAP_NET_RAW, which this process does not have`,
    'sudo portolan …',
  );
}

function checkPacket(packet: PacketOptions, choice: TechniqueChoice, environment: Environment): void {
  for (const [field, option] of Object.entries(rawOnly)) {
    if (!asksRaw(choice) && packet[field as keyof PacketOptions] !== undefined) {
      throw badRequest(
        `${option} changes raw packets, and this run sends through the kernel: wanted it with ${named('techniques', 'syn')}`,
      );
    }
  }
  refuseWithoutEffect(packet, choice);
  checkNumber(named('packet.ttl'), packet.ttl, 1, 255);
  checkNumber(named('packet.sourcePort'), packet.sourcePort, 1, 65535);
  checkNumber(named('packet.fragmentBytes'), packet.fragmentBytes, 8, 65528);
  checkNumber(named('packet.dataLength'), packet.dataLength, 0, mostData);
  if ((packet.fragmentBytes ?? 0) % 8 !== 0) {
    throw badRequest(
      `${named('packet.fragmentBytes')} ${packet.fragmentBytes}: wanted a multiple of 8 (RFC 791, 3.2)`,
    );
  }
  if (packet.data !== undefined && packet.dataLength !== undefined) {
    throw badRequest(
      `${named('packet.data')} and ${named('packet.dataLength')} both choose the payload; wanted one of them`,
    );
  }
  if ((packet.data?.length ?? 0) > mostData) {
    throw badRequest(`${named('packet.data')} has ${packet.data?.length} bytes; wanted at most ${mostData}`);
  }
  if ((packet.ipOptions?.length ?? 0) > 40) {
    throw badRequest(
      `${named('packet.ipOptions')} has ${packet.ipOptions?.length} bytes; wanted at most 40 (RFC 791, 3.1)`,
    );
  }
  // "No address" is a source only while a machine looks for one (RFC 1122, 3.2.1.3): nothing can answer it.
  if (packet.sourceAddress !== undefined && !parseAddress(packet.sourceAddress)?.value) {
    throw badRequest(
      `${named('packet.sourceAddress')} ${quoted(packet.sourceAddress)}: wanted an IPv4 or IPv6 address that a machine can have`,
    );
  }
  const { interfaces } = environment;
  const wanted = packet.interface;
  if (wanted !== undefined && interfaces !== undefined && !interfaces.some(({ name }) => name === wanted)) {
    const there = interfaces.map(({ name }) => name).join(', ');
    throw badRequest(`${named('packet.interface')} ${quoted(wanted)}: no such interface; there are ${there}`);
  }
}

/** What the probes of this run have no place for. */
function refuseWithoutEffect(packet: PacketOptions, { techniques, discovery }: TechniqueChoice): void {
  const asked = [...techniques, ...discovery.map(({ technique }) => technique)];
  const probes = asked.map((name) => techniqueOf(name).probe.transport);
  if (
    packet.sourcePort !== undefined &&
    probes.every((transport) => transport === 'icmp' || transport === 'link')
  ) {
    throw badRequest(
      `${named('packet.sourcePort')} chooses a port, and the probes of this run have none: wanted it with TCP, UDP or SCTP`,
    );
  }
  if ((packet.data ?? packet.dataLength) !== undefined && probes.includes('sctp')) {
    throw badRequest(
      `${named('packet.data')} does not fit into SCTP: an INIT stands alone in its packet (RFC 9260, 6.10)`,
    );
  }
}

function checkNumber(option: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  throw badRequest(`${option} ${value}: wanted a whole number from ${low} to ${high}`);
}

/** A full Ethernet frame less the largest headers: what is sent unfragmented. */
const mostData = 1400;
const rawOnly = {
  fragmentBytes: named('packet.fragmentBytes'),
  ttl: named('packet.ttl'),
  data: named('packet.data'),
  dataLength: named('packet.dataLength'),
  badChecksum: named('packet.badChecksum'),
  ipOptions: named('packet.ipOptions'),
  sourceAddress: named('packet.sourceAddress'),
  decoys: named('packet.decoys'),
  spoofMac: named('packet.spoofMac'),
} as const satisfies Partial<Record<keyof PacketOptions, string>>;
