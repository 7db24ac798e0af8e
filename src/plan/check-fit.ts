/**
 * Whether the parts of a plan go together, each of which is right by itself: what a request may not ask for, no plan
 * may say either.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { firstProxyName } from '../model/proxy.ts';
import { isSocket, techniqueOf } from '../techniques/index.ts';
import { changesPackets, isOfFirewall } from './check-firewall.ts';
import { portTransport } from './leave-out.ts';
import type { Plan } from './plan.ts';
import { changesOfPackets, mayFindOpen } from './services.ts';

/** Refuses a plan that contradicts itself. Its fields have been looked at. */
export function checkFit(plan: Plan): void {
  const contradiction = rules.find(({ isBroken }) => isBroken(plan));
  if (contradiction !== undefined) throw badRequest(`The plan's ${contradiction.says}`);
}

interface Rule {
  readonly says: string;
  isBroken(plan: Plan): boolean;
}

/** Whether what a run is about is asked by raw packets; host discovery before it does not count. */
export function asksRaw({
  engine,
  techniques,
  discovery,
}: Pick<Plan, 'engine' | 'techniques' | 'discovery'>): boolean {
  const asked = techniques.length > 0 ? techniques : discovery.map(({ technique }) => technique);
  return engine !== 'connect' && asked.some((name) => !isSocket(name));
}

const rules: readonly Rule[] = [
  {
    says: 'goal asks for ports, and it has no technique',
    isBroken: ({ goal, techniques }) => goal === 'ports' && techniques.length === 0,
  },
  {
    says: 'goal asks no ports: wanted it without techniques and sweep',
    isBroken: ({ goal, techniques, sweep }) => goal !== 'ports' && (techniques.length > 0 || sweep),
  },
  {
    says: 'techniques and discovery name one twice',
    isBroken: ({ techniques, discovery }) =>
      new Set(techniques).size < techniques.length ||
      new Set(discovery.map(({ technique, port }) => `${technique} ${port}`)).size < discovery.length,
  },
  {
    says: 'discovery names a port where the probe has none, or a protocol beyond 255',
    isBroken: ({ discovery }) =>
      discovery.some(({ technique, port }) => {
        const transport = portTransport(technique);
        return transport === undefined ? port !== 0 : transport === 'ip' && port > 255;
      }),
  },
  {
    says: 'discovery goes through the kernel, and engine packet sends raw packets',
    isBroken: ({ engine, discovery }) =>
      engine === 'packet' && discovery.some(({ technique }) => isSocket(technique)),
  },
  {
    says: 'askLink asks everybody at once: wanted it with goal discover, engine packet and one group, and without exclusions, scope, shard and capture',
    isBroken: ({ askLink, goal, engine, groups, excluded, scope, shard, capture }) =>
      askLink !== undefined &&
      (goal !== 'discover' ||
        engine !== 'packet' ||
        groups.length !== 1 ||
        excluded !== '' ||
        (scope ?? capture) !== undefined ||
        shard.count > 1),
  },
  { says: 'engine xdp is not in this version', isBroken: ({ engine }) => engine === 'xdp' },
  {
    says: 'engine connect sends through the kernel, and a technique needs raw packets',
    isBroken: ({ engine, techniques, discovery }) =>
      engine === 'connect' &&
      [...techniques, ...discovery.map(({ technique }) => technique)].some(
        (name) => techniqueOf(name).sends === 'packets',
      ),
  },
  {
    says: 'sweep keeps no state and sockets do: wanted it with raw techniques such as syn',
    isBroken: ({ sweep, engine, techniques }) => sweep && (engine === 'connect' || techniques.some(isSocket)),
  },
  {
    says: 'sweep keeps nothing of hosts: wanted it without traceroute, discovery, journal, scanDelayMs and maxParallelism',
    isBroken: ({ sweep, traceroute, discovery, journal, timing }) =>
      sweep &&
      (traceroute ||
        discovery.length > 0 ||
        journal !== undefined ||
        timing.scanDelayMs > 0 ||
        timing.maxParallelism > 0),
  },
  {
    says: 'cooldownMs ends a sweep: wanted it with sweep',
    isBroken: ({ sweep, cooldownMs }) => cooldownMs !== undefined && !sweep,
  },
  {
    says: 'traceroute sends raw packets, and the plan asks nothing by them',
    isBroken: (plan) => plan.traceroute && !asksRaw(plan),
  },
  {
    says: 'firewall asks by raw packets when the ports are known: wanted it with goal ports, engine packet, techniques syn and udp, and without sweep, traceroute, scanFlags and what changes packets',
    isBroken: ({ firewall, goal, engine, techniques, sweep, traceroute, scanFlags, packet }) =>
      firewall !== undefined &&
      (goal !== 'ports' ||
        engine !== 'packet' ||
        sweep ||
        traceroute ||
        scanFlags !== undefined ||
        changesPackets(packet) !== undefined ||
        !techniques.includes('syn') ||
        techniques.some((name) => !isOfFirewall(name))),
  },
  {
    says: 'systems are asked by raw packets when the ports are known: wanted them with goal ports and technique syn, and without sweep, scanFlags, firewall and what changes packets',
    isBroken: ({ systems, goal, engine, techniques, sweep, scanFlags, firewall, packet }) =>
      systems === true &&
      (goal !== 'ports' ||
        engine === 'connect' ||
        sweep ||
        scanFlags !== undefined ||
        firewall !== undefined ||
        changesPackets(packet) !== undefined ||
        !techniques.includes('syn')),
  },
  {
    says: 'services are asked for by connections and datagrams to ports that say open: wanted them with goal ports and techniques syn, connect or udp, and without what only raw packets have',
    isBroken: ({ services, goal, techniques, packet }) =>
      services !== undefined &&
      (goal !== 'ports' ||
        !techniques.some(mayFindOpen) ||
        changesOfPackets.some((option) => packet[option] !== undefined)),
  },
  {
    says: 'devices are asked by datagrams and connections host by host: wanted it without goal list, sweep, proxies, a budget and what only raw packets have',
    isBroken: ({ devices, goal, sweep, proxies, packet, firewall }) =>
      devices !== undefined &&
      (goal === 'list' ||
        sweep ||
        proxies.length > 0 ||
        firewall !== undefined ||
        changesOfPackets.some((option) => packet[option] !== undefined)),
  },
  {
    says: 'proxies carry connections only: wanted them with connect alone, and without discovery',
    isBroken: ({ proxies, techniques, discovery }) =>
      proxies.length > 0 && (discovery.length > 0 || !techniques.every(isSocket)),
  },
  {
    says: 'proxies begin with one that goes by a name: wanted proxyAddresses beside them',
    isBroken: ({ proxies, proxyAddresses = [] }) =>
      firstProxyName(proxies) !== undefined && proxyAddresses.length === 0,
  },
  {
    says: 'packet has both data and dataLength: wanted one of them',
    isBroken: ({ packet }) => packet.data !== undefined && packet.dataLength !== undefined,
  },
  {
    says: 'shard.index counts from 0: wanted it below shard.count',
    isBroken: ({ shard }) => shard.index >= shard.count,
  },
  {
    says: 'timing.minRatePps is above its maxRatePps',
    isBroken: ({ timing: { minRatePps, maxRatePps } }) => maxRatePps !== null && minRatePps > maxRatePps,
  },
  {
    says: 'timing wants minRttTimeoutMs, initialRttTimeoutMs and maxRttTimeoutMs in ascending order',
    isBroken: ({ timing: { minRttTimeoutMs: low, initialRttTimeoutMs: first, maxRttTimeoutMs: high } }) =>
      low > first || first > high,
  },
];
