/**
 * What will be done: resolved, checked and frozen. Building it is the only step that reads names, files,
 * interfaces and capabilities; carrying it out is `scan/`.
 *
 * It is JSON and nothing else, so it can be kept and travel: what `JSON.parse(JSON.stringify(plan))` gives is the
 * same plan. Sets of addresses and ports are text; `read-plan.ts` tells what they hold.
 *
 * Times are milliseconds, rates packets per second.
 *
 * @module
 */

import type { FragmentPlan } from '../model/fragment-plan.ts';
import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';
import type { PacketOptions, TimingName } from './request.ts';

/** A scan, ready to run. */
export interface Plan {
  readonly goal: 'list' | 'discover' | 'ports';
  readonly groups: readonly TargetGroup[];
  /** The targets are whoever answers on this interface's IPv6 link; the one group is empty until then. */
  readonly askLink?: string;
  /** Every excluded address; enforced again where frames and sockets are made. */
  readonly excluded: AddressRanges;
  /** Ports that nothing is sent to, whatever else is asked. */
  readonly excludedPorts: PortSelection;
  /** The addresses that may be sent to at all; absent: whatever the groups hold. */
  readonly scope?: AddressRanges;
  /** Where the scope was read, to see whether it still is what it was. */
  readonly scopeFile?: string;
  /** Names the user gave, by the canonical text of the address they led to. */
  readonly askedAs: Readonly<Record<string, readonly string[]>>;
  /** Which interface a link-local target lives on, by canonical address text without zone. */
  readonly zones: Readonly<Record<string, string>>;

  readonly techniques: readonly PortTechniqueName[];
  readonly scanFlags?: number;
  /** Empty: every target is taken to be up (-Pn). */
  readonly discovery: readonly DiscoveryQuestion[];
  /** A reset makes no host up. */
  readonly ignoreResets: boolean;
  /** An answer to ARP or neighbour discovery makes a host up. */
  readonly arpPing: boolean;
  readonly traceroute: boolean;
  /** What listens on open ports is asked. */
  readonly services?: { readonly intensity: number; readonly timeoutMs: number; readonly recog?: string };
  /** Hosts are asked by unicast what device they are. */
  readonly devices?: true;
  /** Hosts are asked a few packets more, to tell their system. */
  readonly systems?: true;
  /** What filters the way to each host is asked; with so many packets in the whole run at most. */
  readonly firewall?: { readonly budget?: number };
  readonly inOrder: boolean;

  readonly reverseNames: 'never' | 'up' | 'all';
  readonly dnsServers: readonly string[];

  readonly timing: Timing;
  /** How packets look: variant 0. */
  readonly packet: PlannedPackets;
  /** The other ways in which phases may put a question, numbered from 1. */
  readonly variants: readonly PlannedVariant[];
  readonly proxies: readonly string[];
  /** Where the first of the proxies is, if it goes by a name; the others are looked up by the proxy before them. */
  readonly proxyAddresses?: readonly string[];
  /** This run's share of the hosts; `index` counts from 0. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly seed: number;
  readonly sweep: boolean;
  readonly cooldownMs?: number;
  /** How probes leave: raw packets or the kernel's own sockets. */
  readonly engine: 'packet' | 'xdp' | 'connect';
  /** All that is learnt is written down there; without a path, in the user's state folder. */
  readonly journal?: { readonly path?: string };
  readonly ungrouped: boolean;
  /** Every probe is told. */
  readonly evidence: boolean;
  readonly capture?: string;
  readonly args: readonly string[];
  /** What the user should hear before the scan starts. */
  readonly warnings: readonly string[];
  /** Part of the request could not be judged (a name did not resolve): the run ends with exit 3 at best. */
  readonly incomplete: boolean;
}

/** Addresses as ascending ranges: `10.0.0.0-10.0.0.255,10.0.1.1,fe80::1`. */
type AddressRanges = string;

/** Numbers as ascending ranges: `22,80-90`. */
type PortRanges = string;

/** Targets that are asked the same ports. */
export interface TargetGroup {
  readonly targets: AddressRanges;
  readonly ports: PortSelection;
}

/** Ports by transport; `ip` holds protocol numbers. */
export interface PortSelection {
  readonly tcp: PortRanges;
  readonly udp: PortRanges;
  readonly sctp: PortRanges;
  readonly ip: PortRanges;
}

/** How raw packets are dressed, with bytes in hexadecimal digits. */
export interface PlannedPackets extends Omit<PacketOptions, 'data' | 'ipOptions'> {
  readonly data?: string;
  readonly ipOptions?: string;
}

/** A variant: what it does not say is as in the plan's packet options. Bytes are hexadecimal digits. */
export interface PlannedVariant {
  /** null: any, as the plain probe has it without `-g`. */
  readonly sourcePort?: number | null;
  readonly ttl?: number;
  /** null: packets leave whole. */
  readonly fragments?: FragmentPlan | null;
  readonly badChecksum?: boolean;
  /** TCP: the eight flag bits, the window, the options. */
  readonly flags?: number;
  readonly window?: number;
  readonly tcpOptions?: string;
  /** The two bits of explicit congestion notification. */
  readonly ecn?: number;
  /** IPv4: don't fragment, identification, options. */
  readonly dontFragment?: boolean;
  readonly ipId?: number;
  readonly ipOptions?: string;
  readonly data?: string;
  /** How long a host is left alone after such a probe. */
  readonly spacingMs?: number;
}

/** One discovery probe. */
export interface DiscoveryQuestion {
  readonly technique: HostTechniqueName;
  /** The port or protocol, 0 where the probe has none. */
  readonly port: number;
}

/** The bounds within which the engine finds its pace. */
export interface Timing {
  readonly template: TimingName;
  readonly minRatePps: number;
  /** null: bounded by what the path bears; 0: no rate control. */
  readonly maxRatePps: number | null;
  /** Transmissions after the first; absent: as many as the measured loss asks for. */
  readonly maxRetries?: number;
  readonly scanDelayMs: number;
  /** 0: none. */
  readonly hostTimeoutMs: number;
  readonly initialRttTimeoutMs: number;
  readonly minRttTimeoutMs: number;
  readonly maxRttTimeoutMs: number;
  /** Probes outstanding at once per host; 0: the congestion window decides. */
  readonly maxParallelism: number;
}
