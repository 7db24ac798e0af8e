/**
 * Where the packets of a host go.
 *
 * @module
 */

/** Who a link hands packets to: hosts behind one router share it, and it may become another machine while they are asked. */
export interface NextHop {
  /** The link's handle for it. */
  readonly neighbour: number;
}

/** Where a host's packets go: which path (source, link) and which neighbour on it. */
export interface HostRoute {
  readonly path: number;
  readonly hop: NextHop;
  /** Packets that policy rules send another way. */
  readonly others?: readonly OtherRoute[];
}

/** The way of packets of one protocol to some ports; of protocols without ports, 0. */
export interface OtherRoute {
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly route: HostRoute;
}

/** The way of a packet of a protocol to a port. */
export function routeFor(route: HostRoute, protocol: number, port: number): HostRoute {
  const { others } = route;
  if (others === undefined) return route;
  const isItsOwn = (other: OtherRoute) =>
    other.protocol === protocol && other.first <= port && port <= other.last;
  return others.find(isItsOwn)?.route ?? route;
}

/** Who packets of a way are handed to. */
export function hopsOf({ hop, others = [] }: HostRoute): readonly NextHop[] {
  return [hop, ...others.map(({ route }) => route.hop)];
}
