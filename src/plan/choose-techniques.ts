/**
 * Which techniques a run uses, and whether this machine may use them. One that was asked for and is not
 * permitted is an error, never quietly replaced.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';
import type { Protocol } from '../model/verdict.ts';
import { isSocket, techniqueOf } from '../techniques/index.ts';
import { checkFirewall, firewallTechniques } from './check-firewall.ts';
import type { Environment } from './environment.ts';
import { parsePorts, portsText } from './parse-ports.ts';
import type { DiscoveryQuestion, Plan } from './plan.ts';
import { quoted } from './quoted.ts';
import type { DiscoveryProbe, Request } from './request.ts';

/** What is asked and how it leaves. */
export interface TechniqueChoice {
  readonly techniques: readonly PortTechniqueName[];
  readonly discovery: readonly DiscoveryQuestion[];
  /** `packet` as soon as anything is sent raw; techniques by socket may stand beside. */
  readonly engine: Plan['engine'];
  readonly warnings: readonly string[];
}

/** Decides on techniques, host discovery and the engine. */
export function chooseTechniques(request: Request, environment: Environment): TechniqueChoice {
  const goal = request.goal ?? 'ports';
  checkFirewall(request, environment);
  if (goal === 'list') return { techniques: [], discovery: [], engine: 'connect', warnings: [] };
  const warnings: string[] = [];
  const sendsRaw = environment.capabilities.netRaw && request.engine !== 'connect';
  const techniques = goal === 'discover' ? [] : askedTechniques(request, sendsRaw);
  for (const name of techniques) mustBePermitted(name, environment);
  const discovery = chooseDiscovery(request, !sendsRaw, warnings);
  for (const { technique } of discovery) mustBePermitted(technique, environment);
  const all = [...techniques, ...discovery.map(({ technique }) => technique)];
  return { techniques, discovery, engine: chooseEngine(request, all, sendsRaw), warnings };
}

/** The protocols whose ports techniques ask, each once, in their order. */
export function protocolsOf(techniques: readonly PortTechniqueName[]): readonly Protocol[] {
  return [...new Set(techniques.map((name) => techniqueOf(name).about))].filter((about) => about !== 'host');
}

function askedTechniques({ techniques, firewall }: Request, sendsRaw: boolean): readonly PortTechniqueName[] {
  if (firewall !== undefined) return firewallTechniques(techniques);
  if (techniques === undefined || techniques.length === 0) return [sendsRaw ? 'syn' : 'connect'];
  return [...new Set(techniques)];
}

function chooseDiscovery(
  request: Request,
  bySockets: boolean,
  warnings: string[],
): readonly DiscoveryQuestion[] {
  // A sweep asks everybody its ports.
  if (request.discovery === 'skip' || request.sweep === true) return [];
  const asked = request.discovery ?? [];
  const probes = asked.length > 0 ? asked : bySockets ? socketProbes : rawProbes;
  const questions = new Map<string, DiscoveryQuestion>();
  for (const probe of probes) {
    const { withoutPrivilege } = techniqueOf(probe.technique);
    const isReplaced = bySockets && withoutPrivilege !== undefined;
    const technique = isReplaced ? (withoutPrivilege as HostTechniqueName) : probe.technique;
    if (isReplaced)
      warnings.push(`${wordOf(probe.technique)} asks through connect(): this run sends no raw packets`);
    for (const port of portsOf(probe)) questions.set(`${technique} ${port}`, { technique, port });
  }
  return [...questions.values()];
}

/** The ports of a discovery probe, or 0 where it has none. */
function portsOf({ technique, ports: list = '' }: DiscoveryProbe): Iterable<number> {
  const ports = portsText(list);
  const { probe, usualPorts } = techniqueOf(technique);
  const { transport } = probe;
  if (usualPorts === undefined || transport === 'icmp' || transport === 'link') {
    if (ports !== '') throw badRequest(`${wordOf(technique)} has no ports; found ${quoted(ports)}`);
    return [0];
  }
  const protocol = transport === 'socket' ? 'tcp' : transport;
  return parsePorts(ports || usualPorts, [protocol], wordOf(technique)).selection[protocol];
}

function chooseEngine(
  { engine = 'auto' }: Request,
  techniques: readonly (PortTechniqueName | HostTechniqueName)[],
  sendsRaw: boolean,
): Plan['engine'] {
  const raw = techniques.find(
    (name) => !isSocket(name) && (sendsRaw || techniqueOf(name).sends === 'packets'),
  );
  const socket = techniques.find(isSocket);
  if (engine === 'connect' && raw !== undefined) {
    throw badRequest(
      `${named('engine', 'connect')} cannot carry out ${wordOf(raw)}, which needs raw packets`,
    );
  }
  if ((engine === 'packet' || engine === 'xdp') && socket !== undefined) {
    throw badRequest(
      `${named('engine', engine)} cannot carry out ${wordOf(socket)} (${socket}), which goes through the kernel`,
    );
  }
  const looking = techniques.find((name) => isSocket(name) && techniqueOf(name).about === 'host');
  if (raw !== undefined && looking !== undefined) {
    throw badRequest(
      `${wordOf(looking)} goes through the kernel, and ${wordOf(raw)} makes this a run of raw packets: wanted ${named('discovery', 'ping-syn')}`,
    );
  }
  if (engine !== 'auto') return engine;
  return raw === undefined ? 'connect' : 'packet';
}

/** How a technique is called in messages. */
export function wordOf(name: PortTechniqueName | HostTechniqueName): string {
  return named(techniqueOf(name).about === 'host' ? 'discovery' : 'techniques', name);
}

/** What may leave either way needs no privilege on Linux, whose sockets tell the ICMP errors. */
function mustBePermitted(name: PortTechniqueName | HostTechniqueName, environment: Environment): void {
  if (isSocket(name) || environment.capabilities.netRaw) return;
  const { about, sends } = techniqueOf(name);
  if (sends === 'either' && environment.platform === 'linux') return;
  const instead = about === 'host' ? named('discovery', 'skip') : named('techniques', 'connect');
  if (environment.platform !== 'linux') {
    throw new PortolanError(
      'not-available',
      `${wordOf(name)} needs packet sockets, which Portolan has on Linux only`,
      instead,
    );
  }
  throw new PortolanError(
    'not-permitted',
    `${wordOf(name)} needs CAP_NET_RAW, which this process does not have`,
    `sudo portolan …, or ${instead}`,
  );
}

/** What finds most hosts at four packets each: nmap's choice, and its users' habit. */
const rawProbes: readonly DiscoveryProbe[] = [
  { technique: 'ping-echo' },
  { technique: 'ping-syn', ports: '443' },
  { technique: 'ping-ack', ports: '80' },
  { technique: 'ping-timestamp' },
];
const socketProbes: readonly DiscoveryProbe[] = [{ technique: 'ping-connect', ports: '80,443' }];
