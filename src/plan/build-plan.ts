/**
 * Request in, plan out: the only step that reads names, files and the machine. Nothing is sent before it is
 * done, and what cannot be carried out ends here with one line.
 *
 * @module
 */

import { resolve } from 'node:path';
import { badRequest } from '../base/errors.ts';
import { fieldWords, named, spoken, type Words } from '../base/words.ts';
import type { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { formatPorts } from '../model/ports.ts';
import { formatRanges } from '../model/ranges.ts';
import { randomWords } from '../system/entropy.ts';
import { checkOptions } from './check-options.ts';
import { sealPlan } from './check-plan.ts';
import { checkCallOptions, checkRequest } from './check-request.ts';
import { choosePorts, type PortChoice, portsToAvoid } from './choose-ports.ts';
import { chooseTargets, type TargetChoice } from './choose-targets.ts';
import { chooseTechniques, protocolsOf, type TechniqueChoice } from './choose-techniques.ts';
import { checkEnvironment, type Environment, type PlanningEnvironment } from './environment.ts';
import { findProxy } from './find-proxy.ts';
import { plannedFirewallVariants } from './firewall-variants.ts';
import { fitDiscovery, transportsOf } from './fit-discovery.ts';
import { fitPackets } from './fit-packets.ts';
import { forecastPlan } from './forecast.ts';
import { type AddressGroup, groupTargets } from './group-targets.ts';
import { type PortLists, toSelection } from './parse-ports.ts';
import type { Plan, PlannedPackets, PortSelection } from './plan.ts';
import { withPortFiles } from './port-files.ts';
import { quoted } from './quoted.ts';
import { rememberPorts, rememberTargets } from './read-plan.ts';
import type { PacketOptions, Request } from './request.ts';
import { plannedServices } from './services.ts';
import { refuseUnsupported } from './supported.ts';
import { plannedSystemVariants } from './system-variants.ts';
import { chooseTiming } from './timing.ts';
import { withoutKey } from './without-key.ts';

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
  const targets = await chooseTargets(request, choice, environment);
  const proxyAddresses = await findProxy(request, environment);
  refuseIdleServers(request, environment.names);
  const { all, byPorts } = targets;
  const fit = await fitPackets(packet, all, { ...targets, interfaces: environment.interfaces });

  const warnings = [
    ...choice.warnings,
    ...(ports?.warnings ?? []),
    ...targets.named.warnings,
    ...fit.warnings,
  ];
  if (ports === undefined && [...byPorts.keys()].some((key) => key !== '')) {
    warnings.push('Ports written behind targets have no effect: this run asks no ports');
  }
  const avoided = portTexts(ports?.excluded ?? portsToAvoid(request, looked, warnings));
  const plan: Plan = {
    goal,
    ...whom(targets, ports, avoided, request),
    ...what(choice, fitDiscovery(choice.discovery, all, avoided, request, warnings), request),
    dnsServers,
    timing,
    packet: packetTexts(fit.packet),
    variants: variantsFor(request),
    ...how(request, proxyAddresses),
    engine: choice.engine,
    ...kept(request),
    warnings: warnings.map((message) => spoken(message, words)),
    incomplete: targets.named.incomplete,
  };
  const journal = journalOf(request, plan);
  return sealPlan(journal === undefined ? plan : { ...plan, journal });
}

/** Who is asked, and who is not, by which ports. */
function whom(
  { all, byPorts, askLink, excluded, scope, named }: TargetChoice,
  ports: PortChoice | undefined,
  excludedPorts: PortSelection,
  { scopeFile }: Request,
) {
  const groups: readonly AddressGroup[] =
    ports === undefined ? [{ targets: all, ports: toSelection({}) }] : groupTargets(byPorts, ports);
  return {
    groups: groups.map(({ targets, ports: asked }) =>
      rememberTargets({ targets: formatRanges(targets), ports: portTexts(asked) }, targets),
    ),
    ...(askLink !== undefined && { askLink }),
    excluded: formatRanges(excluded),
    excludedPorts,
    ...(scope !== undefined && { scope: formatRanges(scope) }),
    ...(scopeFile !== undefined && scopeFile !== '-' && { scopeFile: resolve(scopeFile) }),
    askedAs: Object.fromEntries(named.askedAs),
    zones: Object.fromEntries(named.zones),
  };
}

/** What they are asked. */
function what({ techniques }: TechniqueChoice, discovery: Plan['discovery'], request: Request) {
  const {
    scanFlags,
    ignoreResets = false,
    disableArpPing = false,
    traceroute = false,
    services,
    devices = false,
    systems,
    firewall,
  } = request;
  const { inOrder = false, reverseNames = 'up' } = request;
  return {
    techniques,
    ...(scanFlags !== undefined && { scanFlags }),
    discovery,
    ignoreResets,
    arpPing: !disableArpPing,
    traceroute,
    ...(services !== undefined && { services: plannedServices(services) }),
    ...(devices && { devices: true as const }),
    ...(systems === true && { systems }),
    ...(firewall !== undefined && { firewall: { ...firewall } }),
    inOrder,
    reverseNames,
  } satisfies Partial<Plan>;
}

/** By which way, which part of it here, and in which order. */
function how(request: Request, proxyAddresses: readonly string[] | undefined) {
  const { proxies = [], shard = { index: 1, count: 1 }, sweep = false, cooldownMs } = request;
  return {
    proxies: [...proxies],
    ...(proxyAddresses !== undefined && { proxyAddresses }),
    shard: { index: shard.index - 1, count: shard.count },
    // Shards on different machines share out the hosts only if they agree on the order.
    seed: request.seed ?? (shard.count > 1 ? commonSeed : (randomWords(1)[0] as number)),
    sweep,
    ...(cooldownMs !== undefined && { cooldownMs }),
  } satisfies Partial<Plan>;
}

/** What is told and kept of it. */
function kept({ ungrouped = false, evidence = false, capture, args = [] }: Request) {
  return {
    ungrouped,
    evidence,
    ...(capture !== undefined && { capture }),
    args: withoutKey(args),
  } satisfies Partial<Plan>;
}

/** The ways in which its packets differ. */
function variantsFor({ firewall, systems }: Request): Plan['variants'] {
  if (firewall !== undefined) return plannedFirewallVariants;
  return systems === true ? plannedSystemVariants : [];
}

/** `-n` beside names of targets still has these looked up. */
function refuseIdleServers({ reverseNames, dnsServers = [] }: Request, names: NameService): void {
  if (reverseNames !== 'never' || dnsServers.length === 0 || names.isUsed) return;
  throw badRequest(
    `${named('reverseNames', 'never')} asks for no names, and no target has one: wanted it without ${named('dnsServers')}`,
  );
}

/** A scan that takes long is worth going on with. */
function journalOf({ journal, autoJournal }: Request, plan: Plan): Plan['journal'] {
  if (journal !== undefined) return { path: journal };
  // A sweep keeps nothing that it could go on from.
  if (plan.sweep) return undefined;
  const isLong = () => forecastPlan(plan, []).allAnswer.durationMs > longMs;
  return autoJournal === true && plan.goal !== 'list' && isLong() ? {} : undefined;
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
