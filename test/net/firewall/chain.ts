/**
 * A chain of namespaces: scanner – (wire) – router… – host, with no way out. Filters are loaded into any of them.
 *
 * ```
 * scanner ── r1 ── r2 ── r3 ── host      link k of 1…: 10.78.k.0/24 and fd78:0:0:k::/64, its left end is 1, its right end 2
 * ```
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Namespace, removeOrphans } from '../lab/namespace.ts';
import { mustRunSync } from '../lab/process.ts';
import { ready } from '../lab/script.ts';
import { startWire, type WireOptions } from '../lab/wire.ts';
import type { Site } from './truth.ts';

/** Where a filter can stand. */
export type Place = 'host' | 'r1' | 'r2' | 'r3';

/** What is loaded at a place: nft's language, or what iptables-restore and ip6tables-restore read. */
export interface Rules {
  readonly nft?: string;
  readonly iptables?: string;
  readonly ip6tables?: string;
  /** Kernel variables under /proc/sys/net. */
  readonly sysctl?: Readonly<Record<string, number | string>>;
}

/** What listens on the host: TCP ports with what is said at once, UDP ports that send back what they got. */
export interface Services {
  readonly tcp?: Readonly<Record<number, string>>;
  readonly udp?: readonly number[];
}

/** What a chain is made of. */
export interface ChainPlan {
  readonly routers: number;
  readonly rules?: Partial<Readonly<Record<Place, Rules>>>;
  readonly services?: Services;
  /** A wire with delay, jitter or loss between the scanner and what comes next. */
  readonly wire?: WireOptions;
}

/** A running chain. */
export interface Chain extends Site {
  readonly plan: ChainPlan;
  readonly scanner: Namespace;
  readonly at: Readonly<Partial<Record<Place, Namespace>>>;
  /** The address from which a router sends its ICMP errors towards the scanner. */
  routerAddress(place: Place, family: 4 | 6): string;
  close(): void;
}

/** The name of both addresses of the host. */
export const hostName = 'host.lab';

/** Builds a chain and returns when its services answer and its filters are loaded. */
export async function createChain(plan: ChainPlan): Promise<Chain> {
  removeOrphans(prefix);
  const id = `${prefix}-${process.pid}-c${++count}`;
  const folder = mkdtempSync(join(tmpdir(), `${id}-`));
  const made: Namespace[] = [];
  const close = () => {
    for (const namespace of made.splice(0)) namespace.remove();
    rmSync(folder, { recursive: true, force: true });
    process.off('exit', close);
  };
  process.once('exit', close);
  try {
    const make = (role: string) => {
      const namespace = new Namespace(`${id}-${role}`, folder);
      made.push(namespace);
      return namespace;
    };
    const scanner = make('scanner');
    const places = routerPlaces.slice(0, plan.routers);
    const nodes = [scanner, ...places.map(make), make('host')];
    const host = nodes.at(-1) as Namespace;
    for (const [k, node] of nodes.entries()) {
      if (k > 0 && k < nodes.length - 1) forwards(node);
      if (k > 0) await connect(nodes[k - 1] as Namespace, node, k - 1, k === 1 ? plan.wire : undefined, make);
    }
    for (const [k, node] of nodes.entries()) route(node, k, nodes.length);
    // Deprecated: nothing leaves from it that does not ask for it.
    scanner.ip(
      `addr add ${addressOf(0, 3, 4)}/24 dev right`,
      `addr add ${addressOf(0, 3, 6)}/64 dev right nodad preferred_lft 0`,
    );
    const at = Object.fromEntries([...places.map((place, k) => [place, nodes[k + 1]]), ['host', host]]);
    if (plan.services !== undefined) await serve(host, plan.services);
    for (const [place, rules] of Object.entries(plan.rules ?? {})) load(at[place] as Namespace, rules);
    const last = plan.routers;
    scanner.hosts(...([4, 6] as const).map((family) => `${addressOf(last, 2, family)} ${hostName}`));
    return {
      plan,
      scanner,
      at,
      host,
      others: nodes.slice(1, -1),
      address: (family) => addressOf(last, 2, family),
      witness: (family) => addressOf(0, 3, family),
      routerAddress: (place, family) => addressOf(routerPlaces.indexOf(place as 'r1'), 2, family),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Loads rules into a namespace. */
export function load(namespace: Namespace, { nft, iptables, ip6tables, sysctl }: Rules): void {
  if (sysctl !== undefined) namespace.configure(sysctl);
  if (nft !== undefined) namespace.nft(nft);
  const restore = (program: string, text: string) =>
    mustRunSync(['ip', 'netns', 'exec', namespace.name, program], `${text}\n`);
  if (iptables !== undefined) restore('iptables-restore', iptables);
  if (ip6tables !== undefined) restore('ip6tables-restore', ip6tables);
}

/** Opens the services of a host; they end with its namespace. */
export async function serve(namespace: Namespace, services: Services): Promise<void> {
  const program = new URL('services-program.mjs', import.meta.url).pathname;
  const child = namespace.spawn([process.execPath, program, JSON.stringify(services)]);
  await ready(`services in ${namespace.name}`, child);
}

/** The address of one end of a link, counted from 0. */
export function addressOf(link: number, end: number, family: 4 | 6): string {
  return family === 4 ? `10.78.${link + 1}.${end}` : `fd78:0:0:${link + 1}::${end}`;
}

async function connect(
  one: Namespace,
  other: Namespace,
  link: number,
  wire: WireOptions | undefined,
  make: (role: string) => Namespace,
): Promise<void> {
  if (wire === undefined) one.ip(`link add right type veth peer name left netns ${other.name}`);
  else {
    const middle = make('wire');
    middle.configure({ 'ipv6/conf/all/disable_ipv6': 1, 'ipv6/conf/default/disable_ipv6': 1 });
    middle.ip(
      `link add outer type veth peer name right netns ${one.name}`,
      `link add inner type veth peer name left netns ${other.name}`,
      'link set outer up',
      'link set inner up',
    );
    await startWire(middle, 'outer', 'inner', wire);
  }
  for (const [node, name, end] of [
    [one, 'right', 1],
    [other, 'left', 2],
  ] as const) {
    node.ip(
      `link set ${name} up`,
      `addr add ${addressOf(link, end, 4)}/24 dev ${name}`,
      `addr add ${addressOf(link, end, 6)}/64 dev ${name} nodad`,
    );
  }
}

function route(node: Namespace, k: number, nodes: number): void {
  const lines: string[] = [];
  for (let link = 0; link < nodes - 1; link++) {
    // Its own links are the one before it and the one behind it.
    if (link === k - 1 || link === k) continue;
    const [ownLink, end] = link < k ? [k - 1, 1] : [k, 2];
    lines.push(
      `route add ${addressOf(link, 0, 4)}/24 via ${addressOf(ownLink, end, 4)}`,
      `route add ${addressOf(link, 0, 6)}/64 via ${addressOf(ownLink, end, 6)}`,
    );
  }
  if (lines.length > 0) node.ip(...lines);
}

function forwards(namespace: Namespace): void {
  namespace.configure({ 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 });
}

const routerPlaces = ['r1', 'r2', 'r3'] as const;
const prefix = 'portolan';
let count = 0;
