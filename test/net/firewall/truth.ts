/**
 * What a filter does to a port, told by kernels and not by us: one SYN, ACK, FIN and fragmented SYN to each port from an
 * address of their own, counters of the host's last hook for what got through, and what came back.
 *
 * @module
 */

import type { Namespace } from '../lab/namespace.ts';
import { scriptCommand } from '../lab/script.ts';

/** What is asked. */
export interface TruthQuestion {
  readonly source: string;
  readonly target: string;
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  /** Between two packets, where a filter passes only so many; then there are only SYNs. */
  readonly gapMs: number;
}

/** What came back. */
export interface Answer {
  readonly kind: 'syn-ack' | 'reset' | 'datagram' | 'icmp';
  readonly from: string;
  readonly ttl: number;
  readonly type?: number;
  readonly code?: number;
}

/** The ways to ask, each from a source port of its own by which the kernel's counters tell them apart. */
export const ways = [
  { name: 'syn', sourcePort: 61_001, flags: 2 },
  { name: 'ack', sourcePort: 61_002, flags: 16 },
  { name: 'fin', sourcePort: 61_003, flags: 1 },
  { name: 'null', sourcePort: 61_004, flags: 0 },
  { name: 'xmas', sourcePort: 61_005, flags: 0x29 },
  { name: 'fragments 8', sourcePort: 61_008, flags: 2, fragment: 8 },
  { name: 'fragments 16', sourcePort: 61_016, flags: 2, fragment: 16 },
  { name: 'fragments 24', sourcePort: 61_024, flags: 2, fragment: 24 },
  ...[20, 53, 67, 68, 80, 88, 123, 443, 500].map((sourcePort) => ({
    name: `source-port ${sourcePort}` as const,
    sourcePort,
    flags: 2,
  })),
  { name: 'udp', sourcePort: 61_017, flags: 0, isUdp: true },
] as readonly {
  readonly name: string;
  readonly sourcePort: number;
  readonly flags: number;
  readonly fragment?: number;
  readonly isUdp?: boolean;
}[];

/** Where the kernels are asked. */
export interface Site {
  readonly scanner: Namespace;
  /** Who is scanned. */
  readonly host: Namespace;
  /** Whoever may send an ICMP error. */
  readonly others: readonly Namespace[];
  address(family: 4 | 6): string;
  /** The scanner's address from which is asked. */
  witness(family: 4 | 6): string;
}

/** What one probe met. */
export type Fate = 'allow' | 'drop' | 'reject-rst' | 'reject-icmp' | 'proxy';

/** The truth about a host. */
export interface Truth {
  fate(way: string, port: number): Fate;
  answer(way: string, port: number): Answer | undefined;
}

/**
 * Asks the kernels. Their limits on ICMP errors rest meanwhile, and are as installed again afterwards; those that rules
 * set are the filter's own, and stay.
 */
export async function truthOf(
  site: Site,
  family: 4 | 6,
  tcp: readonly number[],
  udp: readonly number[],
  gapMs = 0,
): Promise<Truth> {
  const { host } = site;
  host.nft(counters);
  const all = [host, ...site.others];
  for (const each of all) each.configure(unlimited);
  const question: TruthQuestion = {
    source: site.witness(family),
    target: site.address(family),
    tcp,
    udp,
    gapMs,
  };
  const argv = [...scriptCommand('../firewall/truth-program.ts'), JSON.stringify(question)];
  const { status, stdout, stderr } = await site.scanner.run(argv);
  if (status !== 0) throw new Error(`the kernel's truth: exit ${status}\n${stderr}`);
  const answers = JSON.parse(stdout) as Record<string, Answer>;
  const arrived = await arrivals(host);
  host.nft('delete table inet lab_truth');
  for (const each of all) each.configure(asInstalled);
  const answer = (way: string, port: number) => answers[`${way} ${port}`];
  return {
    answer,
    fate(way, port) {
      const sourcePort = ways.find(({ name }) => name === way)?.sourcePort;
      const came = answer(way, port);
      const isThrough = arrived.has(`${way === 'udp' ? 'udp' : 'tcp'} ${sourcePort} ${port}`);
      if (isThrough) {
        // A kernel's UDP socket may keep its peace; who answers TCP to nothing dropped it on its way back.
        const mayBeSilent = way === 'udp' || /fin|null|xmas/.test(way);
        return came === undefined && !mayBeSilent ? 'drop' : 'allow';
      }
      if (came === undefined) return 'drop';
      if (came.kind === 'icmp') return 'reject-icmp';
      return came.kind === 'reset' ? 'reject-rst' : 'proxy';
    },
  };
}

/** What the host's kernel has let through to its sockets: protocol, source port, destination port. */
async function arrivals(host: Namespace): Promise<ReadonlySet<string>> {
  const { stdout } = await host.run(['nft', '-j', 'list', 'table', 'inet', 'lab_truth']);
  const { nftables } = JSON.parse(stdout) as {
    readonly nftables: readonly { readonly set?: { readonly elem?: readonly unknown[] } }[];
  };
  const elements = nftables.flatMap(({ set }) => set?.elem ?? []) as readonly {
    readonly concat: readonly (string | number)[];
  }[];
  return new Set(elements.map(({ concat }) => concat.join(' ')));
}

/** Behind every other chain of the hook; nothing in it makes the kernel track or put fragments together. */
const counters = `table inet lab_truth {
  set arrived {
    type inet_proto . inet_service . inet_service
    size 200000
    flags dynamic
  }
  chain in {
    type filter hook input priority 2147483646;
    meta l4proto { tcp, udp } th sport { ${[...new Set(ways.map(({ sourcePort }) => sourcePort))].join(', ')} } add @arrived { meta l4proto . th sport . th dport }
  }
}`;

/** No kernel limits its ICMP errors. */
export const unlimited = {
  'ipv4/icmp_ratelimit': 0,
  'ipv4/icmp_msgs_per_sec?': 1_000_000,
  'ipv4/icmp_msgs_burst?': 1_000_000,
  'ipv6/icmp/ratelimit': 0,
};

const asInstalled = {
  'ipv4/icmp_ratelimit': 1000,
  'ipv4/icmp_msgs_per_sec?': 1000,
  'ipv4/icmp_msgs_burst?': 50,
  'ipv6/icmp/ratelimit': 1000,
};
