/**
 * What a user asks for: typed in, inert, nothing resolved. Every field is optional but the targets; absent
 * means the default of the contract. Only building a plan touches DNS, files and interfaces.
 *
 * Times are milliseconds, rates packets per second.
 *
 * @module
 */

import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';

/** A scan request. */
export interface Request {
  /** Addresses, names, CIDR blocks, octet ranges, address ranges, `host:port` lines. */
  readonly targets: readonly string[];
  /** Files with targets, one or more a line (`-` is standard input). */
  readonly targetFiles?: readonly string[];
  /** In the grammar of targets, one each; no ports. */
  readonly exclude?: readonly string[];
  readonly excludeFiles?: readonly string[];
  /** Restricts names to one family. */
  readonly family?: 4 | 6;
  /** What to learn: list targets only, discover hosts only, or scan ports (default). */
  readonly goal?: 'list' | 'discover' | 'ports';

  readonly ports?: PortList;
  readonly fast?: boolean;
  readonly topPorts?: number;
  readonly excludePorts?: PortList;
  /** Ports in ascending order instead of a permutation. */
  readonly inOrder?: boolean;

  /** Port techniques; the first is the headline. Absent: `syn` with the privilege, else `connect`. */
  readonly techniques?: readonly PortTechniqueName[];
  /** `--scanflags`: the TCP flags as a number 0-255 that replace those of the TCP techniques. */
  readonly scanFlags?: number;
  /** Discovery probes; `'skip'` is -Pn. Absent: the contract's defaults. */
  readonly discovery?: 'skip' | readonly DiscoveryProbe[];
  /** A reset does not make a host up: somebody on the way may send them for every address. */
  readonly ignoreResets?: boolean;
  /** An answer to ARP or neighbour discovery does not make a host up. */
  readonly disableArpPing?: boolean;
  readonly traceroute?: boolean;
  /** Asks open ports what listens there. */
  readonly services?: ServiceOptions;
  /** Asks each host by unicast for what it says of its device. */
  readonly devices?: boolean;
  /** Asks a few packets more, to tell the system. */
  readonly systems?: boolean;
  /** Asks what filters the way to each host, when its ports are known. */
  readonly firewall?: FirewallOptions;

  /** Reverse names: never, for hosts that are up (default), for every target. */
  readonly reverseNames?: 'never' | 'up' | 'all';
  readonly dnsServers?: readonly string[];

  readonly timing?: TimingName;
  readonly minRatePps?: number;
  /** 0: no rate control at all. */
  readonly maxRatePps?: number;
  readonly maxRetries?: number;
  readonly scanDelayMs?: number;
  readonly hostTimeoutMs?: number;
  readonly initialRttTimeoutMs?: number;
  readonly minRttTimeoutMs?: number;
  readonly maxRttTimeoutMs?: number;
  readonly maxParallelism?: number;

  readonly packet?: PacketOptions;
  /** Proxies for connect scans, as URLs: socks4://, socks5://, http://. */
  readonly proxies?: readonly string[];

  /** `--shard I/N`: `index` counts from 1 to `count`. */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly seed?: number;
  readonly sweep?: boolean;
  readonly cooldownMs?: number;
  readonly engine?: 'auto' | 'packet' | 'xdp' | 'connect';
  /** Writes down all that is learnt, so that the scan can be resumed. */
  readonly journal?: string;
  /** The same in the user's state folder, if the scan is forecast to take more than a minute. */
  readonly autoJournal?: boolean;
  /** Goes on with the scan of this journal. Stands alone but for exclusions, scope and what is shown. */
  readonly resume?: string;

  /** One fact for every port instead of groups. */
  readonly ungrouped?: boolean;
  /** A `probe` fact for every probe and what came back, not only for those that a finding rests on. */
  readonly evidence?: boolean;
  /** Addresses, blocks and ranges beyond which nothing may be sent to; no names, for what they mean may change. */
  readonly scope?: readonly string[];
  /** A file with more of them, or `-`. */
  readonly scopeFile?: string;
  /** Agrees to more than 65,536 public addresses without a scope. */
  readonly yes?: boolean;
  /** pcapng evidence file. */
  readonly capture?: string;
  /** The words to record as the scan's arguments. */
  readonly args?: readonly string[];
}

/** Ports as text in the grammar of `-p`, as a number, or as a list of numbers and such texts. */
export type PortList = string | number | readonly (string | number)[];

/** One kind of discovery probe and, where it has them, its ports or protocols. */
export interface DiscoveryProbe {
  readonly technique: HostTechniqueName;
  readonly ports?: PortList;
}

/** How services are found out. */
export interface ServiceOptions {
  /** What is asked, from 0, nothing but greetings are heard, to 9, everything; absent: 7. */
  readonly intensity?: number;
  /** How long one service may take; absent: 8 seconds. */
  readonly timeoutMs?: number;
  /** A folder of recog's fingerprints, which name products where Portolan's own rules do not. */
  readonly recog?: string;
}

/** How the filter before hosts is looked at. */
export interface FirewallOptions {
  /** How many packets the whole run may send; what is left out then is said. Absent: as many as it takes. */
  readonly budget?: number;
}

/** How a raw packet is dressed. */
export interface PacketOptions {
  /** Largest payload of an IP fragment, a multiple of 8; absent: no fragmentation. */
  readonly fragmentBytes?: number;
  readonly sourcePort?: number;
  readonly ttl?: number;
  readonly data?: Uint8Array;
  /** Random bytes appended. */
  readonly dataLength?: number;
  readonly badChecksum?: boolean;
  readonly ipOptions?: Uint8Array;
  readonly sourceAddress?: string;
  readonly interface?: string;
  /** Decoy addresses, `ME` marks the own place, `RND` or `RND:n` random ones. */
  readonly decoys?: readonly string[];
  readonly spoofMac?: string;
}

/** The timing templates, slowest first. */
export const timingNames = ['paranoid', 'sneaky', 'polite', 'normal', 'aggressive', 'insane'] as const;

/** One of the timing templates. */
export type TimingName = (typeof timingNames)[number];
