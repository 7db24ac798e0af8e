/**
 * What the hosts of one scan answered: three bytes a question, no object.
 *
 * @module
 */

import { keyOf, type Range } from '../base/range-set.ts';
import type { Fact, HostFact, PortFact } from '../model/fact.ts';
import { parseAddress } from '../model/parse-address.ts';
import { type Verdict, verdictCode, verdictOf } from '../model/verdict.ts';
import type { AddressGroup } from '../plan/group-targets.ts';
import type { AuditProtocol } from './policy.ts';

/** What is known of one host. */
export class HostAnswers {
  /** Whether it is up, as host discovery has it. */
  host: HostFact | undefined;
  /** Something of its own has come back: it is there. */
  isReached = false;
  readonly #ports: AddressGroup['ports'];
  readonly #codes: Record<AuditProtocol, Uint16Array>;
  readonly #attempts: Record<AuditProtocol, Uint8Array>;

  constructor(ports: AddressGroup['ports']) {
    this.#ports = ports;
    const { tcp, udp, sctp } = ports;
    this.#codes = {
      tcp: new Uint16Array(tcp.length),
      udp: new Uint16Array(udp.length),
      sctp: new Uint16Array(sctp.length),
    };
    this.#attempts = {
      tcp: new Uint8Array(tcp.length),
      udp: new Uint8Array(udp.length),
      sctp: new Uint8Array(sctp.length),
    };
  }

  /** Takes what the scan says of the host or of a port. */
  take(fact: HostFact | PortFact): void {
    if (fact.type === 'host') {
      this.host = fact;
      // -Pn takes everybody to be there, which nobody has said.
      if (fact.state === 'up' && fact.reason !== 'user-set') this.isReached = true;
      return;
    }
    // Connections do not say who has refused or accepted them.
    if (fact.from === fact.host || ownWords.has(fact.reason)) this.isReached = true;
    const protocol = fact.protocol as AuditProtocol;
    const at = indexIn(this.#ports[protocol], fact.port);
    if (at === undefined) return;
    this.#codes[protocol][at] = verdictCode(fact.state, fact.reason);
    this.#attempts[protocol][at] = Math.min(255, fact.attempts);
  }

  /** What was found of a port; undefined: nothing. */
  verdict(protocol: AuditProtocol, port: number): Verdict | undefined {
    const code = this.#codes[protocol][indexIn(this.#ports[protocol], port) ?? -1];
    return code === undefined || code === 0 ? undefined : verdictOf(code);
  }

  /** How often it was asked. */
  attempts(protocol: AuditProtocol, port: number): number {
    return this.#attempts[protocol][indexIn(this.#ports[protocol], port) ?? -1] ?? 0;
  }
}

/** What is known of all hosts of a scan. */
export class Answers {
  readonly #asked: AskedPorts;
  readonly #hosts = new Map<string, HostAnswers>();
  /** The share of packets that were seen to get lost. */
  loss = 0;

  constructor(groups: readonly AddressGroup[]) {
    this.#asked = new AskedPorts(groups);
  }

  /** Takes any fact of the scan. */
  take(fact: Fact): void {
    if (fact.type === 'summary') this.loss = fact.loss?.estimate ?? 0;
    if (fact.type !== 'host' && fact.type !== 'port') return;
    let host = this.#hosts.get(fact.host);
    if (host === undefined) {
      const ports = this.#asked.of(fact.host);
      if (ports === undefined) return;
      host = new HostAnswers(ports);
      this.#hosts.set(fact.host, host);
    }
    host.take(fact);
  }

  /** What host discovery says of each host. */
  *hosts(): Generator<HostFact> {
    for (const { host } of this.#hosts.values()) if (host !== undefined) yield host;
  }

  /** By the address as facts have it. */
  of(host: string): HostAnswers | undefined {
    return this.#hosts.get(host);
  }
}

/** The ports that are asked of an address: groups share none, and there may be one for each host. */
class AskedPorts {
  /** Ascending. */
  readonly #ranges: readonly (Range & { readonly ports: AddressGroup['ports'] })[];

  constructor(groups: readonly AddressGroup[]) {
    this.#ranges = groups
      .flatMap(({ targets, ports }) => Array.from(targets.ranges, (range) => ({ ...range, ports })))
      .sort((a, b) => (a.first < b.first ? -1 : 1));
  }

  of(host: string): AddressGroup['ports'] | undefined {
    const address = parseAddress(host);
    if (address === undefined) return undefined;
    const key = keyOf(address.family, address.value);
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle] as Range).first <= key) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low - 1];
    return range !== undefined && key <= range.last ? range.ports : undefined;
  }
}

function indexIn(ports: Uint16Array, port: number): number | undefined {
  let low = 0;
  let high = ports.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ports[middle] as number;
    if (found === port) return middle;
    if (found < port) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

const ownWords: ReadonlySet<string> = new Set(['connected', 'refused', 'udp-response']);
