/**
 * Whether addresses of both families are one host's: a server of SSH and one of TLS show keys there that only one machine
 * should have. At most two open ports of an address are talked with, as services are; nothing is told of them.
 *
 * @module
 */

import { named } from '../../base/words.ts';
import { comparesFamilies } from '../records/family-hosts.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import type { Phase, PhaseHost } from './phase.ts';
import { usualBytes, usualMs, usualPackets } from './services/forecast.ts';
import { detect, type Services, services } from './services/phase.ts';

const { wantsSilent: _, ...talks } = services;

/** The phase. */
export const identity: Phase<Services> = {
  ...talks,
  name: 'identity',
  number: phaseNumbers.identity,
  // How many packets a connection takes is the kernel's affair: a budget could not hold.
  wants: (plan) =>
    comparesFamilies(plan) && plan.firewall?.budget === undefined && plan.services === undefined,
  needs: () => [],
  cost: () => ({
    packets: mostPorts * usualPackets,
    bytes: mostPorts * usualBytes,
    firstMs: usualMs,
    assumes: `${mostPorts} services a host, of SSH and TLS, show their keys, by which addresses of both families are known to be one host's (not with ${named('firewall.budget')})`,
  }),
  wantsLooks: true,
  begin: (host, config) =>
    services.begin?.(
      { ...host, openPorts: worthAsking(host), silentPorts: [] },
      { ...config, services: { intensity: showsKeys, timeoutUs: mostUs, names: {} } },
    ) as Services,
  facts: () => [],
};

/** One of each kind first. */
function worthAsking({ openPorts, plain, pretence }: PhaseHost): PhaseHost['openPorts'] {
  if (plain?.isBlocked === true || pretence !== undefined) return [];
  const open = openPorts.filter(({ protocol }) => protocol === 'tcp');
  const { expectedAt, isTlsPort } = detect();
  const ssh = open.filter(({ port }) => expectedAt(port, false).some(({ name }) => name === 'ssh'));
  const tls = open.filter(({ port }) => isTlsPort(port));
  return [...ssh.slice(0, 1), ...tls, ...ssh.slice(1)].slice(0, mostPorts);
}

const mostPorts = 2;
/** From here on a server of SSH is asked for its key, and any port may be asked in TLS. */
const showsKeys = 5;
const mostUs = 4_000_000;
