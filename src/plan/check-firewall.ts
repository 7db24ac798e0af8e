/**
 * What does not go together with looking for a filter: refused with the reason.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import type { Environment } from './environment.ts';
import type { PacketOptions, Request } from './request.ts';

/** Refuses a request for the filter that this machine or its other fields do not allow. */
export function checkFirewall(request: Request, { capabilities, platform }: Environment): void {
  if (request.firewall === undefined) return;
  for (const [option, { isGiven, why }] of Object.entries(unfit))
    if (isGiven(request)) throw badRequest(`${named('firewall')} ${why}: wanted it without ${option}`);
  const technique = request.techniques?.find((name) => !isOfFirewall(name));
  if (technique !== undefined)
    throw badRequest(
      `${named('firewall')} chooses its techniques itself: wanted it without ${named('techniques', technique)}`,
    );
  const option = changesPackets(request.packet ?? {});
  if (option !== undefined)
    throw badRequest(
      `${named('firewall')} chooses how its packets look: wanted it without ${packetWords[option]}`,
    );
  if (capabilities.netRaw) return;
  throw new PortolanError(
    platform === 'linux' ? 'not-permitted' : 'not-available',
    platform === 'linux'
      ? `${named('firewall')} needs CAP_NET_RAW, which this process does not have`
      : `${named('firewall')} needs packet sockets, which Portolan has on Linux only`,
    platform === 'linux' ? 'sudo portolan …' : undefined,
  );
}

/** The techniques by which ports are asked before their filter is looked at. */
export function firewallTechniques(asked: Request['techniques']): readonly PortTechniqueName[] {
  return asked?.includes('udp') === true ? ['syn', 'udp'] : ['syn'];
}

/** Whether a technique may be one of them. */
export function isOfFirewall(name: PortTechniqueName): boolean {
  return name === 'syn' || name === 'udp';
}

/** The first packet option that changes how probes look to a filter. */
export function changesPackets(
  packet: Partial<Record<keyof PacketOptions, unknown>>,
): PacketChange | undefined {
  return packetChanges.find((option) => packet[option] !== undefined);
}

type PacketChange = (typeof packetChanges)[number];

const packetChanges = [
  'fragmentBytes',
  'sourcePort',
  'ttl',
  'data',
  'dataLength',
  'badChecksum',
  'ipOptions',
  'decoys',
  'spoofMac',
] as const satisfies readonly (keyof PacketOptions)[];

const packetWords: Readonly<Record<PacketChange, string>> = {
  fragmentBytes: named('packet.fragmentBytes'),
  sourcePort: named('packet.sourcePort'),
  ttl: named('packet.ttl'),
  data: named('packet.data'),
  dataLength: named('packet.dataLength'),
  badChecksum: named('packet.badChecksum'),
  ipOptions: named('packet.ipOptions'),
  decoys: named('packet.decoys'),
  spoofMac: named('packet.spoofMac'),
};

interface Unfit {
  readonly isGiven: (request: Request) => boolean;
  readonly why: string;
}

const rawOnly = 'asks by raw packets';

/** By the option that is refused. */
const unfit: Readonly<Record<string, Unfit>> = {
  [named('goal', 'list')]: { isGiven: ({ goal }) => goal === 'list', why: 'looks at ports' },
  [named('goal', 'discover')]: { isGiven: ({ goal }) => goal === 'discover', why: 'looks at ports' },
  [named('sweep')]: {
    isGiven: ({ sweep }) => sweep === true,
    why: 'follows the answers of each host, of which a sweep keeps nothing',
  },
  [named('engine', 'connect')]: { isGiven: ({ engine }) => engine === 'connect', why: rawOnly },
  [named('proxies')]: { isGiven: ({ proxies = [] }) => proxies.length > 0, why: rawOnly },
  [named('traceroute')]: {
    isGiven: ({ traceroute }) => traceroute === true,
    why: 'follows the way itself, as far as a filter lets it',
  },
  [named('scanFlags')]: {
    isGiven: ({ scanFlags }) => scanFlags !== undefined,
    why: 'chooses how its packets look',
  },
};
