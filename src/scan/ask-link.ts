/**
 * Finds the IPv6 hosts on a link by asking all of them at once: a subnet of 2^64 addresses cannot be tried one
 * by one. What answers becomes the scan's targets, and is asked singly like any other.
 *
 * @module
 */

import { randomInt } from 'node:crypto';
import { PortolanError } from '../base/errors.ts';
import { keyOf, RangeSet } from '../base/range-set.ts';
import { answersAllNodes, echoToAllNodes, listenerQuery } from '../link/all-nodes.ts';
import { monotonicUs } from '../link/link.ts';
import { openLink } from '../link/open.ts';
import { Recorder } from '../link/record.ts';
import { traceLink } from '../link/trace.ts';
import {
  type Address,
  addressBytes,
  addressFromBytes,
  formatAddress,
  isLinkLocal,
} from '../model/address.ts';
import { formatRanges } from '../model/ranges.ts';
import type { Plan } from '../plan/plan.ts';
import type { NetworkInterface } from '../system/interface.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { PacketReader } from '../wire/read-packet.ts';
import type { Evidence } from './runner/evidence.ts';

/** Who answered, and what it cost. */
export interface LinkAnswers {
  readonly plan: Plan;
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
}

/** Asks the link the plan names and returns the plan with those who answered as its targets. */
export async function askLink(
  plan: Plan,
  name: string,
  signal: AbortSignal | undefined,
  trace: ((line: string) => void) | undefined,
  evidence: Evidence | undefined,
): Promise<LinkAnswers> {
  const way = interfaceOf(name);
  const mac = way.mac as Uint8Array;
  const link = openLink(way, { icmp: true, neighbours: true });
  const recorder = evidence && new Recorder((blocks) => evidence.take(0, blocks));
  const recorded = recorder?.record(link) ?? link;
  const traced = trace === undefined ? recorded : traceLink(recorded, trace, monotonicUs());
  const identifier = randomInt(2 ** 16);
  const own = way.addresses.filter(({ address }) => address.family === 6);
  const found = new Map<string, Address>();
  const [reader, totals] = [new PacketReader(), { sentPackets: 0, sentBytes: 0, receivedPackets: 0 }];
  const send = (frame: Uint8Array) => {
    if (!traced.sendFrame(frame)) return;
    totals.sentPackets++;
    totals.sentBytes += frame.length - 14;
  };
  const take = (bytes: Uint8Array, start: number, end: number) => {
    if (!reader.read(bytes, start, end) || !answersAllNodes(reader, bytes, identifier)) return;
    totals.receivedPackets++;
    const address = addressFromBytes(bytes.slice(reader.sourceOffset, reader.sourceOffset + 16));
    if (found.size < mostHosts && isNeighbour(address, way)) found.set(formatAddress(address), address);
  };
  try {
    const isStopped = () => signal?.aborted === true;
    for (let round = 0; round < rounds && !isStopped(); round++) {
      for (const { address } of own) {
        const source = addressBytes(address);
        send(echoToAllNodes(mac, source, identifier));
        if (isLinkLocal(address) && round === 0) send(listenerQuery(mac, source));
      }
      const until = monotonicUs() + roundUs;
      while (monotonicUs() < until && !isStopped()) {
        if (traced.receive(take, receiveLimit) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  } finally {
    traced.close();
    recorder?.flush();
  }
  return { ...totals, plan: withTargets(plan, [...found.values()], name) };
}

function withTargets(plan: Plan, found: readonly Address[], name: string): Plan {
  const [group] = plan.groups;
  if (group === undefined) throw new Error('a plan has a group');
  const keys = found.map(({ family, value }) => keyOf(family, value));
  const targets = RangeSet.of(keys.map((key) => ({ first: key, last: key })));
  const zones = Object.fromEntries(
    found.filter(isLinkLocal).map((address) => [formatAddress(address), name]),
  );
  return { ...plan, groups: [{ ...group, targets: formatRanges(targets) }], zones };
}

function interfaceOf(name: string): NetworkInterface {
  const way = listInterfaces().find((one) => one.name === name);
  const problem =
    way === undefined
      ? 'no such interface'
      : way.kind !== 'ethernet'
        ? 'an interface without neighbours'
        : !way.running
          ? 'an interface that is down'
          : !way.addresses.some(({ address }) => isLinkLocal(address))
            ? 'no link-local IPv6 address to ask from'
            : undefined;
  if (problem === undefined) return way as NetworkInterface;
  throw new PortolanError('not-available', `Cannot ask the hosts on "${name}": found ${problem}`);
}

/** Only who lives on this link: a forged answer must not lead the scan to a stranger. */
function isNeighbour(address: Address, { addresses }: NetworkInterface): boolean {
  let isOnLink = isLinkLocal(address);
  for (const { address: own, prefix } of addresses) {
    if (own.family !== 6) continue;
    if (own.value === address.value) return false;
    const shift = BigInt(128 - prefix);
    if (prefix < 128 && own.value >> shift === address.value >> shift) isOnLink = true;
  }
  return isOnLink;
}

/** Reports may take a second (RFC 3810, 5.1.3); echo requests are asked again for those that were lost. */
const rounds = 3;
const roundUs = 500_000;
const receiveLimit = 1024;
const mostHosts = 65_536;
