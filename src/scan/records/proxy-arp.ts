/**
 * Devices that answer for addresses which they do not hold: a hardware address that answered for many targets, some of
 * which answered nothing themselves, or a machine that answers pings for all. One is told once, when no more targets can join those that it answers for.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import type { Reason } from '../../model/verdict.ts';
import { macText } from '../../wire/address-text.ts';
import { EchoCounters } from './echo-counters.ts';
import { fewestProxied, hardwareKey, hardwareOf, mostDevices } from './hardware-counts.ts';
import type { OpenHost } from './open-host.ts';

/** Who answered for which hosts. */
export class ProxyArp {
  readonly #devices = new Map<number, Device>();
  readonly #echoes = new EchoCounters();

  /** A hardware address answered for a host. */
  answered(host: OpenHost, mac: Uint8Array): void {
    // A run that was cut may have asked for it before.
    const isFirst = host.mac === undefined;
    host.mac = mac;
    if (!isFirst) return;
    const key = keyOf(host.name, mac);
    const device = this.#devices.get(key);
    if (device !== undefined) device.targets++;
    else if (this.#devices.size < mostDevices)
      this.#devices.set(key, { targets: 1, own: 0, believed: 0, silent: 0, facts: [], kept: undefined });
  }

  /** Whether the hardware address of a host answered for others as well. */
  isShared(host: OpenHost): boolean {
    return (this.#deviceOf(host)?.targets ?? 0) > 1;
  }

  /** A host is up or down, for a reason; `ipId` is the identification of what said so. */
  judged(host: OpenHost, reason: Reason, ipId = -1): void {
    if (reason === 'echo-reply') this.#echoes.answered(host, ipId);
    const device = this.#deviceOf(host);
    if (device === undefined) return;
    if (reason === 'no-response') device.silent++;
    else if (reason === 'arp-response' || reason === 'nd-response') device.believed++;
    else if (host.isUp) device.own++;
  }

  /** The fact that says so of a host has this ordinal. */
  told(host: OpenHost, n: number): void {
    this.#echoes.told(host, n);
    if (host.isUp) return;
    const facts = this.#deviceOf(host)?.facts;
    if (facts !== undefined && facts.length < mostCited) facts.push(n);
  }

  /** Whether a host's end waits for the end of the scan: it will be told there of the device that answered for it. */
  keeps(host: OpenHost): boolean {
    const device = this.#deviceOf(host);
    if (this.#echoes.keeps(host)) return true;
    if (device === undefined || device.kept !== undefined) return false;
    if (host.isUp || device.silent === 0 || device.targets < fewestProxied) return false;
    device.kept = host;
    return true;
  }

  /** What there is to tell at the end, and of whom. */
  *tell(at: string): Generator<readonly [OpenHost, Unnumbered<FindingFact>]> {
    for (const [key, device] of this.#devices)
      if (device.kept !== undefined) yield [device.kept, proxyFact(key, device, device.kept.name, at)];
    yield* this.#echoes.tell(at);
  }

  /** How many targets each answered for, without hosts that were not judged: they are asked again. */
  counts(open: Iterable<OpenHost>): ReadonlyMap<number, number> {
    const counts = new Map([...this.#devices].map(([key, { targets }]) => [key, targets]));
    for (const { name, mac, hostSaid } of open) {
      const key = mac === undefined || hostSaid !== undefined ? undefined : keyOf(name, mac);
      const count = key === undefined ? undefined : counts.get(key);
      if (key !== undefined && count !== undefined) counts.set(key, count - 1);
    }
    return counts;
  }

  #deviceOf({ name, mac }: OpenHost): Device | undefined {
    return mac === undefined ? undefined : this.#devices.get(keyOf(name, mac));
  }
}

/** A hardware address, and the targets that it answered for. */
interface Device {
  targets: number;
  /** Of them those that answered themselves, that are up by its answer alone, and that are down: they answered nothing. */
  own: number;
  believed: number;
  silent: number;
  /** The ordinals of the facts that say so of the first of these. */
  readonly facts: number[];
  /** The first that is down, once there are too many. */
  kept: OpenHost | undefined;
}

function keyOf(host: string, mac: Uint8Array): number {
  const kind = !host.includes(':') ? 'v4' : linkLocal.test(host) ? 'link-local' : 'v6';
  return hardwareKey(kind, mac);
}

function proxyFact(key: number, device: Device, host: string, at: string): Unnumbered<FindingFact> {
  const { targets, own, believed, silent, facts } = device;
  const asked = host.includes(':') ? 'neighbour discovery' : 'ARP';
  const mac = macText(hardwareOf(key));
  return {
    type: 'finding',
    host,
    rule: 'proxy-arp',
    severity: 'low',
    claim: `${mac} answers ${asked} for ${targets} addresses, of which ${own === 0 ? 'none' : own} answered anything themselves and ${silent} nothing: consistent with a device that answers for addresses that it does not hold`,
    confidence: silent >= manySilent ? 0.95 : 0.8,
    evidence: [
      `asked through it, so many answered no probe of host discovery and are down: ${silent}`,
      ...(believed > 0
        ? [`up by its answer alone, from before it had answered for others: ${believed}`]
        : []),
    ],
    facts,
    refutedBy: 'an answer from these addresses themselves: a machine that holds them may be quiet',
    at,
  };
}

/** RFC 4291, section 2.4, as addresses are written. */
const linkLocal = /^fe[89ab][0-9a-f]:/;
const mostCited = 256;
/** Nobody holds so many addresses and keeps quiet by all of them. */
const manySilent = 32;
