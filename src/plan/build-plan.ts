/**
 * Request in, plan out: the only step that reads names, files and the machine. Nothing is sent before it is
 * done, and what cannot be carried out ends here with one line.
 *
 * @module
 */

import { resolve } from 'node:path';
import { badRequest, PortolanError } from '../base/errors.ts';
import { RangeSet } from '../base/range-set.ts';
import { fieldWords, named, spoken, type Words } from '../base/words.ts';
import type { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { formatPorts } from '../model/ports.ts';
import { formatRanges } from '../model/ranges.ts';
import type { Protocol } from '../model/verdict.ts';
import { randomWords } from '../system/entropy.ts';
import { techniqueOf } from '../techniques/index.ts';
import { checkOptions } from './check-options.ts';
import { sealPlan } from './check-plan.ts';
import { checkCallOptions, checkRequest } from './check-request.ts';
import { choosePorts, portsToAvoid } from './choose-ports.ts';
import { chooseTechniques, protocolsOf, type TechniqueChoice, wordOf } from './choose-techniques.ts';
import { checkEnvironment, type Environment, type PlanningEnvironment } from './environment.ts';
import { readExclusions, readScope } from './exclusions.ts';
import { findProxy } from './find-proxy.ts';
import { families, fitPackets } from './fit-packets.ts';
import { forecastPlan } from './forecast.ts';
import { type AddressGroup, groupTargets } from './group-targets.ts';
import { guard, refuseTooMany } from './guard.ts';
import { askable, portTransport } from './leave-out.ts';
import { type PortLists, toSelection } from './parse-ports.ts';
import type { Plan, PlannedPackets, PortSelection } from './plan.ts';
import { withPortFiles } from './port-files.ts';
import { quoted } from './quoted.ts';
import { rememberPorts, rememberTargets } from './read-plan.ts';
import type { PacketOptions, Request } from './request.ts';
import { refuseUnsupported } from './supported.ts';
import { readTargets, type Targets } from './targets.ts';
import { chooseTiming } from './timing.ts';

export { type Environment, readEnvironment } from './environment.ts';

/** How a plan is made. */
export interface PlanOptions {
  /** Aborting ends looking up names and reading files; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** What warnings call the fields of the request; absent: by their names. */
  readonly words?: Words;
}

/** Turns a request into a plan, or throws a PortolanError that says why it cannot be carried out. */
export async function buildPlan(
  request: Request,
  machine: Environment,
  options: PlanOptions = {},
): Promise<Plan> {
  checkCallOptions(options, ['signal', 'words']);
  const { signal, words = fieldWords } = options;
  checkRequest(request);
  checkEnvironment(machine);
  signal?.throwIfAborted();
  const dnsServers = (request.dnsServers ?? []).map(readServer);
  const names = machine.nameService(dnsServers);
  const environment = { ...machine, names, ...(signal !== undefined && { signal }) };
  try {
    return await planFor(await withPortFiles(request, environment), environment, dnsServers, words);
  } catch (error) {
    names.stop();
    throw error;
  }
}

async function planFor(
  request: Request,
  environment: PlanningEnvironment,
  dnsServers: readonly string[],
  words: Words,
): Promise<Plan> {
  const { goal = 'ports', packet = {} } = request;
  const choice = chooseTechniques(request, environment);
  checkOptions(request, choice, environment);
  refuseUnsupported(request);
  const timing = chooseTiming(request);
  const looked = transportsOf(choice.discovery);
  const ports = goal === 'ports' ? choosePorts(request, protocolsOf(choice.techniques), looked) : undefined;

  const scope = await readScope(request, environment);
  const excluded = await readExclusions(
    { texts: request.exclude ?? [], files: request.excludeFiles ?? [] },
    environment,
  );
  const named = await readTargets(
    {
      texts: request.targets,
      files: request.targetFiles ?? [],
      ...(request.family !== undefined && { family: request.family }),
      ...(packet.interface !== undefined && { zone: packet.interface }),
    },
    environment,
  );
  const proxyAddresses = await findProxy(request, environment);
  refuseIdleServers(request, environment.names);
  const askLink = linkToAsk(request, choice);
  const byPorts = withoutExcluded(named, excluded);
  const all = RangeSet.union(byPorts.values());
  if (all.size === 0n && askLink === undefined) throw nothingLeft(named);
  refuseTooMany(all);
  guard({ targets: all, scope, agreed: request.yes === true || goal === 'list', askedAs: named.askedAs });

  const fit = await fitPackets(packet, all, { scope, excluded, interfaces: environment.interfaces });

  const warnings = [...choice.warnings, ...(ports?.warnings ?? []), ...named.warnings, ...fit.warnings];
  if (ports === undefined && [...byPorts.keys()].some((key) => key !== '')) {
    warnings.push('Ports written behind targets have no effect: this run asks no ports');
  }
  const avoided = portTexts(ports?.excluded ?? portsToAvoid(request, looked, warnings));
  const groups: readonly AddressGroup[] =
    ports === undefined ? [{ targets: all, ports: toSelection({}) }] : groupTargets(byPorts, ports);
  const shard = request.shard ?? { index: 1, count: 1 };
  const plan: Plan = {
    goal,
    groups: groups.map(({ targets, ports: asked }) =>
      rememberTargets({ targets: formatRanges(targets), ports: portTexts(asked) }, targets),
    ),
    ...(askLink !== undefined && { askLink }),
    excluded: formatRanges(excluded),
    excludedPorts: avoided,
    ...(scope !== undefined && { scope: formatRanges(scope) }),
    ...(request.scopeFile !== undefined &&
      request.scopeFile !== '-' && { scopeFile: resolve(request.scopeFile) }),
    askedAs: Object.fromEntries(named.askedAs),
    zones: Object.fromEntries(named.zones),
    techniques: choice.techniques,
    ...(request.scanFlags !== undefined && { scanFlags: request.scanFlags }),
    discovery: withoutAvoided(fitDiscovery(choice, all, request, warnings), avoided),
    ignoreResets: request.ignoreResets ?? false,
    arpPing: request.disableArpPing !== true,
    traceroute: request.traceroute ?? false,
    inOrder: request.inOrder ?? false,
    reverseNames: request.reverseNames ?? 'up',
    dnsServers,
    timing,
    packet: packetTexts(fit.packet),
    variants: [],
    proxies: [...(request.proxies ?? [])],
    ...(proxyAddresses !== undefined && { proxyAddresses }),
    shard: { index: shard.index - 1, count: shard.count },
    // Shards on different machines share out the hosts only if they agree on the order.
    seed: request.seed ?? (shard.count > 1 ? commonSeed : (randomWords(1)[0] as number)),
    sweep: request.sweep ?? false,
    ...(request.cooldownMs !== undefined && { cooldownMs: request.cooldownMs }),
    engine: choice.engine,
    ungrouped: request.ungrouped ?? false,
    evidence: request.evidence ?? false,
    ...(request.capture !== undefined && { capture: request.capture }),
    args: [...(request.args ?? [])],
    warnings: warnings.map((message) => spoken(message, words)),
    incomplete: named.incomplete,
  };
  const journal = journalOf(request, plan);
  return sealPlan(journal === undefined ? plan : { ...plan, journal });
}

/** `-n` beside names of targets still has these looked up. */
function refuseIdleServers({ reverseNames, dnsServers = [] }: Request, names: NameService): void {
  if (reverseNames !== 'never' || dnsServers.length === 0 || names.isUsed) return;
  throw badRequest(
    `${named('reverseNames', 'never')} asks for no names, and no target has one: wanted it without ${named('dnsServers')}`,
  );
}

function withoutExcluded({ byPorts }: Targets, excluded: RangeSet): ReadonlyMap<string, RangeSet> {
  const left = new Map<string, RangeSet>();
  for (const [ports, set] of byPorts) {
    const rest = set.minus(excluded);
    if (rest.size > 0n) left.set(ports, rest);
  }
  return left;
}

/** A scan that takes long is worth going on with. */
function journalOf({ journal, autoJournal }: Request, plan: Plan): Plan['journal'] {
  if (journal !== undefined) return { path: journal };
  // A sweep keeps nothing that it could go on from.
  if (plan.sweep) return undefined;
  const isLong = () => forecastPlan(plan, []).allAnswer.durationMs > longMs;
  return autoJournal === true && plan.goal !== 'list' && isLong() ? {} : undefined;
}

/** `-sn -6 -e eth0` names no target and means everybody on that link. */
function linkToAsk(request: Request, { engine }: TechniqueChoice): string | undefined {
  const { targets, targetFiles = [], goal, family, packet = {}, scope, scopeFile } = request;
  const isAsked = targets.length === 0 && targetFiles.length === 0 && goal === 'discover' && family === 6;
  if (!isAsked || packet.interface === undefined) return undefined;
  const { exclude = [], excludeFiles = [], capture, shard } = request;
  const unfit = Object.entries({
    [named('exclude')]: exclude.length > 0,
    [named('excludeFiles')]: excludeFiles.length > 0,
    [named('scopeFile')]: scope !== undefined || scopeFile !== undefined,
    [named('shard')]: shard !== undefined,
    [named('capture')]: capture !== undefined,
    [named('packet.sourceAddress')]: packet.sourceAddress !== undefined,
    [named('packet.decoys')]: packet.decoys !== undefined,
    [named('packet.spoofMac')]: packet.spoofMac !== undefined,
  }).find(([, isGiven]) => isGiven);
  const what = `${named('goal', 'discover')} ${named('family', '6')} ${named('packet.interface')} ${packet.interface} without targets asks everybody on the link at once`;
  if (unfit !== undefined) throw badRequest(`${what}: wanted it without ${unfit[0]}`);
  if (engine !== 'connect') return packet.interface;
  throw new PortolanError('not-permitted', `${what}, which needs CAP_NET_RAW`, 'sudo portolan …');
}

function nothingLeft({ byPorts, warnings }: Targets) {
  if (warnings.length > 0) {
    const more = warnings.length > 3 ? ` and ${warnings.length - 3} more` : '';
    return badRequest(`No target is left: ${warnings.slice(0, 3).join('; ')}${more}`);
  }
  if (byPorts.size > 0) return badRequest('No target is left: all are excluded');
  return badRequest(`No target: wanted an address, a name, a range, or a file with ${named('targetFiles')}`);
}

/** Timestamps and address masks exist in IPv4 only (RFC 4443 has neither). */
function fitDiscovery(
  { discovery }: TechniqueChoice,
  all: RangeSet,
  request: Request,
  warnings: string[],
): Plan['discovery'] {
  if (!families(all).has(6)) return discovery;
  const fitting = discovery.filter(({ technique }) => techniqueOf(technique).onlyFamily === undefined);
  if (fitting.length === discovery.length) return discovery;
  // Each IPv4 target is still asked them; without being told to, nobody wants to hear of the others.
  const isMixed = families(all).has(4);
  if (!Array.isArray(request.discovery)) return isMixed ? discovery : fitting;
  const flags = discovery
    .filter((question) => !fitting.includes(question))
    .map(({ technique }) => wordOf(technique));
  const what = `${flags.join(' and ')} ${flags.length === 1 ? 'exists' : 'exist'} in IPv4 only`;
  if (fitting.length === 0) {
    const whose = isMixed ? 'some targets are' : 'every target is';
    throw badRequest(
      `${what}, and ${whose} IPv6; wanted ${named('discovery', 'ping-echo')} or another probe`,
    );
  }
  warnings.push(`${what}: not asked of these IPv6 targets`);
  return isMixed ? discovery : fitting;
}

/** By which protocols with ports hosts are looked for. */
function transportsOf(discovery: Plan['discovery']): readonly Protocol[] {
  const all = discovery.map(({ technique }) => portTransport(technique));
  return [...new Set(all)].filter((transport) => transport !== undefined);
}

function withoutAvoided(discovery: Plan['discovery'], avoided: PortSelection): Plan['discovery'] {
  const left = askable(discovery, avoided);
  if (left.length > 0 || discovery.length === 0) return left;
  throw badRequest(
    `${named('excludePorts')} takes all that hosts would be looked for by: wanted other probes or ${named('discovery', 'skip')}`,
  );
}

function readServer(text: string): string {
  const address = parseAddress(text);
  if (address === undefined)
    throw badRequest(`${named('dnsServers')} ${quoted(text)}: wanted an IPv4 or IPv6 address`);
  return formatAddress(address);
}

function portTexts(ports: PortLists): PortSelection {
  const { tcp, udp, sctp, ip } = ports;
  const texts = {
    tcp: formatPorts(tcp),
    udp: formatPorts(udp),
    sctp: formatPorts(sctp),
    ip: formatPorts(ip),
  };
  return rememberPorts(texts, ports);
}

function packetTexts({ data, ipOptions, ...packet }: PacketOptions): PlannedPackets {
  return {
    ...packet,
    ...(data !== undefined && { data: hex(data) }),
    ...(ipOptions !== undefined && { ipOptions: hex(ipOptions) }),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const longMs = 60_000;
const commonSeed = 1;
