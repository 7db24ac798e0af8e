/**
 * The ways to the hosts as one graph: whoever was seen at a hop, and who follows whom.
 *
 * @module
 */

import type { PageHost } from '../data.ts';

/** Somebody on the way, or the place of somebody who stayed silent. */
export interface WayNode {
  readonly id: string;
  readonly label: string;
  /** How many hops from here; 0 is this machine. */
  readonly hop: number;
  readonly kind: 'here' | 'router' | 'silent' | 'host';
  /** How many hosts lie behind it. */
  weight: number;
  /** What filters do at it, or in front of it. */
  readonly filters: Set<string>;
}

/** Two that follow each other. */
export interface WayEdge {
  readonly from: string;
  readonly to: string;
  /** Both ends were seen, or somebody between them stayed silent or is only concluded. */
  evidence: 'measured' | 'inferred';
  weight: number;
}

/** All of it. */
export interface Way {
  readonly nodes: readonly WayNode[];
  readonly edges: readonly WayEdge[];
  /** Hosts whose way is known and that have no room in the picture. */
  readonly leftOut: number;
}

/** The ways to so many hosts at most; those with findings and filters come first. */
export function wayOf(hosts: readonly PageHost[], mostHosts: number): Way {
  const withWay = hosts.filter(({ traces, filters }) => traces !== undefined || filters !== undefined);
  const wanted = [...withWay].sort(
    (a, b) => Number(b.filters !== undefined) - Number(a.filters !== undefined),
  );
  const nodes = new Map<string, WayNode>();
  const edges = new Map<string, WayEdge>();
  const nodeAt = (id: string, label: string, hop: number, kind: WayNode['kind']): WayNode => {
    let node = nodes.get(id);
    if (node === undefined) {
      node = { id, label, hop, kind, weight: 0, filters: new Set() };
      nodes.set(id, node);
    }
    node.weight++;
    return node;
  };
  const join = (from: WayNode, to: WayNode) => {
    const key = `${from.id}>${to.id}`;
    const known = edges.get(key);
    if (known !== undefined) {
      known.weight++;
      return;
    }
    const isSeen = from.kind !== 'silent' && to.kind !== 'silent' && to.hop - from.hop === 1;
    edges.set(key, { from: from.id, to: to.id, evidence: isSeen ? 'measured' : 'inferred', weight: 1 });
  };
  for (const host of wanted.slice(0, mostHosts)) {
    const [trace] = host.traces ?? [];
    let last = nodeAt('', 'this machine', 0, 'here');
    const path: WayNode[] = [];
    for (const { ttl, address, name } of trace?.hops ?? []) {
      const node =
        address === null
          ? nodeAt(`${last.id}|?${ttl}`, '?', ttl, 'silent')
          : nodeAt(address, name ?? address, ttl, address === host.address ? 'host' : 'router');
      if (node.id === last.id) continue;
      join(last, node);
      path.push(node);
      last = node;
    }
    if (last.id !== host.address) {
      const reached =
        trace === undefined ? Math.max(1, ...(host.filters ?? []).map(({ high }) => high)) : last.hop + 1;
      const end = nodeAt(host.address, host.title, reached, 'host');
      join(last, end);
      path.push(end);
    }
    for (const { low, high, action, ports } of host.filters ?? []) {
      const at = path.find(({ hop }) => hop >= low) ?? last;
      const where = low === high ? `at hop ${low}` : `at hop ${low} or ${high}`;
      at.filters.add(`${action} ${where}: ${ports}`);
    }
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    leftOut: Math.max(0, withWay.length - mostHosts),
  };
}
