/**
 * Whether packets dressed as asked can go to these targets, and what is left open in their dress.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { fromKey, keyOf, RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import { type Address, addressFromBytes, formatAddress, isLoopback } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { sourceRoute } from '../model/source-route.ts';
import { chooseDecoys } from './choose-decoys.ts';
import { chooseMac } from './choose-mac.ts';
import type { LocalInterface } from './environment.ts';
import { blockAround } from './parse-target.ts';
import type { PacketOptions } from './request.ts';

/** Options with decoys and hardware address resolved, and what the user should hear of them. */
export interface FittedPackets {
  readonly packet: PacketOptions;
  readonly warnings: readonly string[];
}

/** What packets must keep to, and where they leave from. */
interface Surroundings {
  readonly scope: RangeSet | undefined;
  readonly excluded: RangeSet;
  readonly interfaces: readonly LocalInterface[] | undefined;
}

/** Resolves packet options for these targets, or refuses what cannot reach them. */
export async function fitPackets(
  packet: PacketOptions,
  targets: RangeSet,
  { scope, excluded, interfaces }: Surroundings,
): Promise<FittedPackets> {
  const { sourceAddress, fragmentBytes, decoys, spoofMac } = packet;
  refuseForeignSource(sourceAddress, targets);
  refuseOwnTargets(packet.interface, targets, interfaces);
  refuseForeignOptions(packet, targets);
  refuseRoute(packet, scope, excluded);
  const isSplit = fragmentBytes !== undefined && fragmentBytes < tcpHeaderBytes && families(targets).has(6);
  return {
    packet: {
      ...packet,
      ...(decoys !== undefined && { decoys: chooseDecoys(decoys, families(targets)) }),
      ...(spoofMac !== undefined && { spoofMac: await chooseMac(spoofMac) }),
    },
    warnings: [
      ...(isSplit
        ? [
            'IPv6 hosts drop TCP whose header is split (RFC 8200, 4.5): fragments of 24 bytes or more can reach them',
          ]
        : []),
      ...(sourceAddress !== undefined && !isOwn(sourceAddress, interfaces)
        ? [
            `${named('packet.sourceAddress')} ${sourceAddress} is no address of this machine: answers go to whoever owns it, so silence means nothing`,
          ]
        : []),
    ],
  };
}

/** Whether answers to this address come here; where the interfaces are not known, nothing is said against it. */
function isOwn(text: string, interfaces: readonly LocalInterface[] | undefined): boolean {
  const source = parseAddress(text);
  if (source === undefined || interfaces === undefined) return true;
  // All of 127.0.0.0/8 is this machine's (RFC 1122, 3.2.1.3).
  if (source.family === 4 && source.value >> 24n === 127n) return true;
  return interfaces.some(({ addresses }) =>
    addresses.some(({ address }) => address.family === source.family && address.value === source.value),
  );
}

/** Packets to this machine itself leave by the loopback, whatever they are bound to. */
function refuseOwnTargets(
  bound: string | undefined,
  targets: RangeSet,
  interfaces: readonly LocalInterface[] = [],
): void {
  const [first] = targets.ranges;
  const addressesOf = ({ addresses }: LocalInterface) => addresses.map(({ address }) => address);
  const isOfLoopback = interfaces.some((one) => one.name === bound && addressesOf(one).some(isLoopback));
  if (bound === undefined || isOfLoopback || first === undefined) return;
  const single = (address: Address) => blockAround(address, address.family === 4 ? 32 : 128);
  const own = RangeSet.of([loopbackV4, ...interfaces.flatMap(addressesOf).map(single)]);
  if (targets.minus(own).size > 0n) return;
  throw badRequest(
    `${named('packet.interface')} ${bound}: ${formatAddress(fromKey(first.first))} is this machine, and packets to it leave by the loopback; wanted it without ${named('packet.interface')}`,
  );
}

/** A packet cannot have a source of one family and a destination of the other. */
function refuseForeignSource(source: string | undefined, all: RangeSet): void {
  const family = source === undefined ? undefined : parseAddress(source)?.family;
  if (source === undefined || family === undefined || families(all).has(family)) return;
  throw badRequest(
    `${named('packet.sourceAddress')} ${source} is IPv${family}, and no target is; wanted an address of the targets' family`,
  );
}

/** IPv6 has no options in its header; `-S` means one family, so the other could not be scanned. */
function refuseForeignOptions({ ipOptions, sourceAddress }: PacketOptions, all: RangeSet): void {
  if (ipOptions !== undefined && families(all).has(6)) {
    throw badRequest(
      `${named('packet.ipOptions')} are IPv4 options, and targets are IPv6: wanted IPv4 targets alone`,
    );
  }
  const other = sourceAddress === undefined ? undefined : parseAddress(sourceAddress)?.family === 4 ? 6 : 4;
  if (other !== undefined && families(all).has(other)) {
    throw badRequest(
      `${named('packet.sourceAddress')} ${sourceAddress} cannot reach the IPv${other} targets: wanted targets of its family alone`,
    );
  }
}

/** Packets on a source route are sent to its hops first: what holds for targets holds for them. */
function refuseRoute({ ipOptions }: PacketOptions, scope: RangeSet | undefined, excluded: RangeSet): void {
  if (ipOptions === undefined) return;
  for (const bytes of sourceRoute(ipOptions)) {
    const hop = addressFromBytes(bytes);
    const key = keyOf(4, hop.value);
    if (scope?.has(key) !== false && !excluded.has(key)) continue;
    throw badRequest(
      `${named('packet.ipOptions')} route through ${formatAddress(hop)}, which is ${excluded.has(key) ? 'excluded' : 'beyond the scope'}`,
    );
  }
}

/** The families among addresses. */
export function families({ v4, v6 }: RangeSet): ReadonlySet<4 | 6> {
  return new Set([...(v4.size > 0 ? ([4] as const) : []), ...(v6.length > 0 ? ([6] as const) : [])]);
}

const tcpHeaderBytes = 20;
const loopbackV4 = blockAround({ family: 4, value: 0x7f00_0000n }, 8);
