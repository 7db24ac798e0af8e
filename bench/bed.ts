/**
 * A bed: a scanner and a target in network namespaces of their own, with nothing, a router or a wire between.
 * There is no way out.
 *
 * ```
 * scanner 10.80.0.1 ────────────────────────────────────── 10.80.0.2 target
 * scanner 10.80.0.1 ──────────────── wire ──────────────── 10.80.0.2 target
 * scanner 10.80.0.1 ── 10.80.0.2 router 10.80.1.1 ──────── 10.80.1.2 target
 * ```
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { type ListenOptions, listen } from '../test/net/lab/listen.ts';
import { Namespace } from '../test/net/lab/namespace.ts';
import { atEnd, prefix, temporaryFolder } from './cleanup.ts';
import { startWire, type Wire, type WireOptions } from './wire.ts';

/** What a bed is made of. */
export interface BedPlan extends ListenOptions {
  /** Between scanner and target; nothing by default. */
  readonly between?: 'router' | WireOptions;
  /** Networks the target answers for, besides its own address. */
  readonly networks?: readonly string[];
  /** The target's nft ruleset. */
  readonly nft?: string;
  /** The target's kernel variables, below /proc/sys/net. */
  readonly kernel?: Readonly<Record<string, number | string>>;
}

/** A running bed. */
export interface Bed {
  readonly scanner: Namespace;
  readonly target: Namespace;
  /** The target's own address. */
  readonly host: string;
  /** Hardware addresses of the scanner and of what it sends to. */
  readonly scannerMac: string;
  readonly nextMac: string;
  readonly wire: Wire | undefined;
  /** Packets that arrived at the target's interface so far. */
  arrived(): number;
  /** Takes the scanner's carrier away, or gives it back. */
  carrier(on: boolean): void;
  close(): void;
}

/** The scanner's address in every bed. */
export const scannerAddress = '10.80.0.1';

/** Makes a bed, hands it to `work`, and removes it. Fails when its wire lost frames by its own fault. */
export async function withBed<Result>(plan: BedPlan, work: (bed: Bed) => Promise<Result>): Promise<Result> {
  const bed = await makeBed(plan);
  try {
    const result = await work(bed);
    const { there, back } = (await bed.wire?.counters()) ?? {};
    const missed = (there?.missed ?? 0) + (back?.missed ?? 0);
    if (missed > 0) throw new Error(`the wire lost ${missed} frames by its own fault`);
    return result;
  } finally {
    bed.close();
  }
}

async function makeBed(plan: BedPlan): Promise<Bed> {
  const made: Namespace[] = [];
  const close = atEnd(() => {
    for (const namespace of made.reverse()) namespace.remove();
  });
  const number = ++count;
  const make = (role: string) => {
    const namespace = new Namespace(`${prefix}-${process.pid}-${number}-${role}`, temporaryFolder());
    made.push(namespace);
    return namespace;
  };
  try {
    const scanner = make('scanner');
    const target = make('target');
    const middle = plan.between === undefined ? undefined : make('middle');
    const host = plan.between === 'router' ? '10.80.1.2' : '10.80.0.2';
    const wire = await join(scanner, target, middle, plan.between);
    scanner.ip(`addr add ${scannerAddress}/24 dev eth0`, 'link set eth0 up');
    target.ip(`addr add ${host}/24 dev eth0`, 'link set eth0 up');
    if (plan.between === 'router') {
      scanner.ip('route add 10.80.1.0/24 via 10.80.0.2');
      target.ip('route add 10.80.0.0/24 via 10.80.1.1');
    }
    for (const network of plan.networks ?? []) {
      scanner.ip(`route add ${network} via 10.80.0.2`);
      target.ip(`route add local ${network} dev lo`);
      if (plan.between === 'router') middle?.ip(`route add ${network} via 10.80.1.2`);
    }
    if (plan.kernel !== undefined) target.configure(plan.kernel);
    await listen(target, { ...plan, family: 4 });
    if (plan.nft !== undefined) target.nft(plan.nft);
    const holder = target.spawn(['sleep', 'infinity']);
    const next = plan.between === 'router' ? (middle as Namespace) : target;
    const peer = plan.between === undefined ? target : (middle as Namespace);
    return {
      scanner,
      target,
      host,
      scannerMac: await macOf(scanner, 'eth0'),
      nextMac: await macOf(next, plan.between === 'router' ? 'left' : 'eth0'),
      wire,
      arrived: () => arrivedAt(holder.pid as number),
      carrier: (on) => peer.ip(`link set ${peer === target ? 'eth0' : 'left'} ${on ? 'up' : 'down'}`),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function join(
  scanner: Namespace,
  target: Namespace,
  middle: Namespace | undefined,
  between: BedPlan['between'],
): Promise<Wire | undefined> {
  if (middle === undefined || between === undefined) {
    scanner.ip(`link add eth0 type veth peer name eth0 netns ${target.name}`);
    return undefined;
  }
  // A wire must be no neighbour: without IPv6 these interfaces never say a word of their own.
  middle.configure({ 'ipv6/conf/all/disable_ipv6': 1, 'ipv6/conf/default/disable_ipv6': 1 });
  middle.ip(
    `link add left type veth peer name eth0 netns ${scanner.name}`,
    `link add right type veth peer name eth0 netns ${target.name}`,
    'link set left up',
    'link set right up',
  );
  if (between !== 'router') return startWire(middle, 'left', 'right', between);
  middle.configure({ 'ipv4/ip_forward': 1 });
  middle.ip('addr add 10.80.0.2/24 dev left', 'addr add 10.80.1.1/24 dev right');
  return undefined;
}

async function macOf(namespace: Namespace, device: string): Promise<string> {
  const { stdout } = await namespace.run(['ip', '-j', 'link', 'show', device]);
  return (JSON.parse(stdout) as [{ address: string }])[0].address;
}

/** Read through a process inside: entering the namespace for every look would cost a process each. */
function arrivedAt(pid: number): number {
  const line = /eth0:\s*\d+\s+(\d+)/.exec(readFileSync(`/proc/${pid}/net/dev`, 'utf8'));
  return Number(line?.[1] ?? 0);
}

let count = 0;
