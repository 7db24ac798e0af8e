/**
 * A scenario: a chain with a filter, what `portolan firewall` must find before it, and what it may.
 *
 * @module
 */

import type { WireOptions } from '../lab/wire.ts';
import type { Chain, Place, Rules, Services } from './chain.ts';

/** One filter at one place. */
export interface Scenario {
  readonly name: string;
  readonly routers: 0 | 1 | 2 | 3;
  /** 4 unless another is said; `both`: the host is one target by its two addresses. */
  readonly family?: 4 | 6 | 'both';
  readonly rules?: Partial<Readonly<Record<Place, Rules>>>;
  readonly services?: Services;
  /** What is probed; the usual ports of these labs by default. */
  readonly ports?: string;
  /** Asks UDP ports as well. */
  readonly udpPorts?: string;
  readonly wire?: WireOptions;
  /** The rules of findings that must be told; one of several where they are joined by `|`. */
  readonly finds: readonly string[];
  /** Those that may be told besides: true, but not to be seen in every run, or alike from here. */
  readonly may?: readonly string[];
  /** The source ports that a `source-port-hole` must name, all of them and no other of the usual ones. */
  readonly trusts?: readonly number[];
  /** Packets of the kernel's truth are this far apart, where the filter passes so many. */
  readonly gapMs?: number;
  /** The policy cannot be compared with what single probes meet: who answers is no filter, or bans who asks. */
  readonly isPretence?: true;
  /** Answers are limited, and what was lost to that is asked until it is known: packets are not counted. */
  readonly isCostly?: true;
  /** The code it must end with: 0 by default. */
  readonly status?: number;
  /** What else is done before the scan: programs that answer in the host's name. */
  readonly prepare?: (chain: Chain) => Promise<void>;
}

/** The ports that most scenarios probe: of no special kind, and those that filters know. */
export const usualPorts = '1-30,53,67,80,88,110,139,143,443,445,993,3000-3029,3306,8080';

/** What listens in most scenarios. */
export const usualServices: Services = {
  tcp: {
    22: 'SSH-2.0-OpenSSH_9.2p1 lab\r\n',
    25: '220 mail.lab ESMTP\r\n',
    80: '',
    443: '',
    3306: '',
    8080: '',
  },
  udp: [53, 123],
};

/** A chain of one hook in nft's language, for both families. */
export function hook(where: 'input' | 'forward' | 'output', ...rules: readonly string[]): Rules {
  return {
    nft: `table inet lab {\n chain c {\n  type filter hook ${where} priority 0;\n  ${rules.join('\n  ')}\n }\n}`,
  };
}

/** What a careful administrator writes: state, errors and neighbours, some services, and an end for all else. */
export function careful(where: 'input' | 'forward', end: string, ...allows: readonly string[]): Rules {
  return hook(
    where,
    'ct state established,related accept',
    'ct state invalid drop',
    'meta l4proto { icmp, ipv6-icmp } accept',
    ...allows,
    end,
  );
}

/** The filter table of iptables-restore, with these rules. */
export function table(...lines: readonly string[]): string {
  return ['*filter', ...lines, 'COMMIT'].join('\n');
}
