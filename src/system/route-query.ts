/**
 * One question to the kernel: where does a packet to this address go (rtnetlink(7), RTM_GETROUTE).
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { type Address, addressBytes } from '../model/address.ts';
import { errnoName, errnos } from './errnos.ts';
import { type NetlinkAttribute, type NetlinkMessage, readAttributes, readU32, u32 } from './netlink.ts';
import type { Flow } from './policy-rules.ts';
import type { RouteKind } from './route.ts';
import { ask } from './rtnetlink.ts';
import { inet6Family, inetFamily } from './socket-words.ts';

/** The kernel's answer about one address, interfaces still by index. */
export interface KernelRoute {
  readonly kind: RouteKind;
  readonly interfaceIndex?: number;
  readonly source?: Uint8Array;
  readonly gateway?: Uint8Array;
  readonly mtu?: number;
  /** Learned for this one address (a redirect, a path MTU): says nothing of its neighbours. */
  readonly learned: boolean;
}

/** Asks the kernel for the route to an address, through one interface, from one source, or of one flow where given. */
export function askRoute(
  address: Address,
  interfaceIndex: number | undefined,
  source?: Address,
  flow?: Pick<Flow, 'protocol' | 'first'>,
): KernelRoute {
  const bits = address.family === 4 ? 32 : 128;
  const header = new Uint8Array(routeHeaderBytes);
  header.set([address.family === 4 ? inetFamily : inet6Family, bits, source === undefined ? 0 : bits]);
  const attributes: NetlinkAttribute[] = [[destinationAttribute, addressBytes(address)]];
  if (source !== undefined) attributes.push([sourceAttribute, addressBytes(source)]);
  if (interfaceIndex !== undefined) attributes.push([outputAttribute, u32(interfaceIndex)]);
  if (flow !== undefined) {
    attributes.push([protocolAttribute, Uint8Array.of(flow.protocol)]);
    // In network order, unlike the ports of rules.
    if (flow.first > 0) attributes.push([portAttribute, Uint8Array.of(flow.first >> 8, flow.first & 255)]);
  }
  const { messages, error } = ask(routeRequest, header, attributes);
  if (error !== 0) return { kind: kindOfError(error), learned: false };
  const route = messages[0] && readRoute(messages[0]);
  if (route === undefined)
    throw new PortolanError('system-failed', 'Cannot read the kernel’s route: malformed answer');
  return route;
}

/** The route in an RTM_NEWROUTE message that answers a lookup; undefined when it is malformed. */
export function readRoute({ type, body }: NetlinkMessage): KernelRoute | undefined {
  if (type !== routeAnswer || body.length < routeHeaderBytes) return undefined;
  const attributes = readAttributes(body, routeHeaderBytes);
  const flags = readU32(body, 8) ?? 0;
  const metrics = attributes.get(metricsAttribute);
  const via = attributes.get(viaAttribute);
  const interfaceIndex = readU32(attributes.get(outputAttribute));
  const source = wholeAddress(attributes.get(preferredSourceAttribute));
  // RTA_VIA: the gateway's family (2 bytes), then its address: an IPv4 route by way of an IPv6 neighbour.
  const gateway = wholeAddress(attributes.get(gatewayAttribute) ?? via?.subarray(2));
  const mtu = metrics === undefined ? undefined : readU32(readAttributes(metrics, 0).get(mtuMetric));
  return {
    kind: kinds[body[7] as number] ?? 'none',
    learned: isLearned(body[0] as number, flags, attributes.get(cacheAttribute)),
    ...(interfaceIndex !== undefined && { interfaceIndex }),
    ...(source !== undefined && { source }),
    ...(gateway !== undefined && { gateway }),
    ...(mtu !== undefined && mtu > 0 && { mtu }),
  };
}

/**
 * IPv4 marks every looked-up route as a clone, but only exceptions expire or are marked as redirected; IPv6
 * lets routes from router advertisements expire too, but marks only exceptions as clones.
 */
function isLearned(family: number, flags: number, cache: Uint8Array | undefined): boolean {
  if (family === inet6Family) return (flags & clonedFlag) !== 0;
  return (flags & redirectedFlag) !== 0 || (readU32(cache, expiresOffset) ?? 0) !== 0;
}

function wholeAddress(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes?.length === 4 || bytes?.length === 16 ? bytes : undefined;
}

/** Routes that lead nowhere are told by their error number (fib_props in the kernel). */
function kindOfError(error: number): RouteKind {
  switch (error) {
    case errnos.EHOSTUNREACH:
      return 'unreachable';
    case errnos.EACCES:
      return 'prohibited';
    case errnos.EINVAL:
      return 'blackhole';
    case errnos.ENETUNREACH:
    case errnos.ENETDOWN:
    case errnos.ENODEV:
    case errnos.ESRCH:
    case errnos.EAGAIN:
    case errnos.EADDRNOTAVAIL:
    case errnos.EAFNOSUPPORT:
    case errnos.EOPNOTSUPP:
      return 'none';
    default:
      throw new PortolanError('system-failed', `Cannot ask the kernel for a route: ${errnoName(error)}`);
  }
}

/** struct rtmsg: family, lengths of destination and source, TOS, table, protocol, scope, type, flags (4). */
const routeHeaderBytes = 12;
const routeAnswer = 24;
const routeRequest = 26;
const clonedFlag = 0x200;
const redirectedFlag = 0x40000;
const destinationAttribute = 1;
const sourceAttribute = 2;
const outputAttribute = 4;
const gatewayAttribute = 5;
const preferredSourceAttribute = 7;
const metricsAttribute = 8;
const cacheAttribute = 12;
const viaAttribute = 18;
const mtuMetric = 2;
/** RTA_IP_PROTO, RTA_DPORT (Linux 4.19). */
const protocolAttribute = 27;
const portAttribute = 29;
/** In struct rta_cacheinfo. */
const expiresOffset = 8;

/** By rtm_type. An anycast address of ours is local; "throw" found nothing. */
const kinds: readonly RouteKind[] = [
  'none',
  'unicast',
  'local',
  'broadcast',
  'local',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibited',
];
