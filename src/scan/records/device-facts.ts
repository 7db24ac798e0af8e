/**
 * The devices behind the hosts of a scan, as facts: one a host, of all that was learnt of it by whatever was asked. Where
 * several addresses may be one device's, hosts with a mark that others may have wait until all are known.
 *
 * @module
 */

import type { DeviceClaim } from '../../detect/device/contract.ts';
import { areOneByName, areTwo, lastingOf, marksOf, mdnsNamesOf } from '../../detect/device/identity.ts';
import { joinDevice } from '../../detect/device/join.ts';
import { claimsOfService, type ShownService } from '../../detect/device/of-service.ts';
import type { DeviceFact } from '../../model/device-fact.ts';
import type { HostFact, Unnumbered } from '../../model/fact.ts';
import { macBytes, macText } from '../../wire/address-text.ts';
import type { OpenHost } from './open-host.ts';

/** What it is made with. */
export interface DeviceFactsOptions {
  /** Finds the maker of a hardware address. */
  readonly vendorOf: (mac: Uint8Array) => string | undefined;
  /** Hosts wait for others that may be the same device; absent: what is told later names those told before. */
  readonly joinsDevices?: boolean;
}

/** Keeps what is learnt of devices until it is told. */
export class DeviceFacts {
  readonly #options: DeviceFactsOptions;
  readonly #isShared: (host: OpenHost) => boolean;
  readonly #entries = new Map<string, Entry>();
  /** Who has which mark; who was told stays, with what tells him from others. */
  readonly #marked = new Map<string, Set<string>>();
  readonly #byMac = new Map<string, Set<string>>();
  /** Who has which name of multicast DNS. */
  readonly #named = new Map<string, Set<string>>();
  #marks = 0;

  /** `isShared`: whether the hardware address of a host has answered for others as well, whose it may be. */
  constructor(options: DeviceFactsOptions, isShared: (host: OpenHost) => boolean) {
    this.#options = options;
    this.#isShared = isShared;
  }

  /** A host is told to be up: its card's maker and its name in DNS, where these are known. */
  introduced(host: OpenHost, { state, name, vendor }: Pick<HostFact, 'state' | 'name' | 'vendor'>): void {
    if (state !== 'up' || (name === undefined && vendor === undefined)) return;
    const entry = this.#entry(host.name);
    if (name !== undefined) entry.reverseName = name;
    if (typeof vendor === 'string') entry.vendor = vendor;
  }

  /** It was asked, and said this. */
  claimed(host: OpenHost, claims: readonly DeviceClaim[]): void {
    if (claims.length === 0) return;
    const entry = this.#entry(host.name);
    entry.claims.push(...claims.slice(0, Math.max(0, mostClaims - entry.claims.length)));
  }

  /** A service of it was asked what it is. */
  served(host: OpenHost, service: ShownService): void {
    this.claimed(host, claimsOfService(service));
  }

  /** Everything is known of a host. */
  done(host: OpenHost, at: string): void {
    const { name, mac } = host;
    const claims = this.#entries.get(name)?.claims ?? [];
    const marks = marksOf(claims);
    for (const own of mdnsNamesOf(claims)) this.#note(this.#named, own, name);
    if (mac !== undefined && this.#options.joinsDevices === true) this.#note(this.#byMac, macText(mac), name);
    for (const mark of marks) this.#note(this.#marked, mark, name);
    if (marks.length > 0 || this.#entries.has(name)) this.#entry(name).at = at;
  }

  /** Whether a host that is done waits for others, which may be the same device. */
  isWaiting({ name }: OpenHost): boolean {
    if (this.#options.joinsDevices !== true) return false;
    const claims = this.#entries.get(name)?.claims ?? [];
    return claims.some(({ field }) => field === 'address') || marksOf(claims).length > 0;
  }

  /** The fact of a host's device; none where nothing is known of it, or it is not up. */
  take(host: OpenHost): readonly Unnumbered<DeviceFact>[] {
    const entry = this.#entries.get(host.name);
    if (entry === undefined || !host.isUp) return [];
    const { vendor, reverseName, claims, at } = entry;
    const { vendorOf } = this.#options;
    const joined = joinDevice(claims, {
      ...(vendor !== undefined && !this.#isShared(host) && { vendor }),
      ...(reverseName !== undefined && { reverseName }),
      vendorOf: (mac) => {
        const bytes = macBytes(mac);
        return bytes && vendorOf(bytes);
      },
    });
    const sameAs = this.#sameAs(host, claims);
    const lasting = lastingOf(claims);
    if (lasting.length === 0) this.#entries.delete(host.name);
    else this.#entries.set(host.name, { ...nothing, claims: [...lasting] });
    return joined === undefined ? [] : [{ type: 'device', host: host.name, ...joined, sameAs, at }];
  }

  #sameAs(host: OpenHost, claims: readonly DeviceClaim[]): readonly string[] {
    const found = new Set<string>();
    for (const mark of marksOf(claims))
      for (const other of this.#marked.get(mark) ?? []) {
        const others = this.#entries.get(other)?.claims ?? [];
        if (other !== host.name && !areTwo(claims, others)) found.add(other);
      }
    for (const own of mdnsNamesOf(claims))
      for (const other of this.#named.get(own) ?? []) {
        const others = this.#entries.get(other)?.claims ?? [];
        if (other !== host.name && areOneByName(claims, others, [bare(host.name), bare(other)]))
          found.add(other);
      }
    for (const other of this.#neighbours(host)) {
      const others = this.#entries.get(other)?.claims ?? [];
      if (!areTwo(claims, others)) found.add(other);
    }
    return [...found].sort();
  }

  /** Other addresses with its hardware address, where it has one of IPv4 and no more of IPv6 than machines have. */
  #neighbours({ name, mac }: OpenHost): readonly string[] {
    const all = [...((mac && this.#byMac.get(macText(mac))) ?? [])];
    const newer = all.filter((one) => one.includes(':')).length;
    const isOne = all.length - newer <= 1 && newer <= mostOwnAddresses;
    return isOne ? all.filter((one) => one !== name) : [];
  }

  #note(index: Map<string, Set<string>>, mark: string, name: string): void {
    if (this.#marks === mostMarks) return;
    const names = index.get(mark) ?? new Set();
    index.set(mark, names);
    if (names.size < mostSharers && !names.has(name)) {
      names.add(name);
      this.#marks++;
    }
  }

  #entry(name: string): Entry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { ...nothing, claims: [] };
      this.#entries.set(name, entry);
    }
    return entry;
  }
}

interface Entry {
  readonly claims: DeviceClaim[];
  vendor: string | undefined;
  reverseName: string | undefined;
  at: string;
}

/** An address without the zone that stands behind it. */
function bare(address: string): string {
  return address.replace(/%.*$/, '');
}

const nothing = { vendor: undefined, reverseName: undefined, at: '' };
const mostClaims = 256;
const mostMarks = 262_144;
const mostSharers = 64;
const mostOwnAddresses = 8;
