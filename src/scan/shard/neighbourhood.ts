/**
 * The neighbours on one link: each next hop is asked for its hardware address once, whoever needs it.
 *
 * @module
 */

import { keyOf } from '../../base/range-set.ts';
import type { Limits } from '../../engine/scheduler-options.ts';
import type { Link } from '../../link/link.ts';
import { Neighbours } from '../../link/resolve.ts';
import type { Address } from '../../model/address.ts';
import type { NetworkInterface } from '../../system/interface.ts';
import type { Machine } from './machine.ts';

/** A neighbour's answer; undefined when it stayed silent. `rttUs` is -1 where it is unknown. */
export type Answer = { readonly mac: Uint8Array; readonly rttUs: number } | undefined;

/** How often each neighbour is asked, and how many a second. */
export interface NeighbourPace {
  readonly attempts: number;
  readonly ratePps: number;
}

/** The pace the limits of a scan leave to requests for neighbours. */
export function neighbourPace({ linkRate, maxAttempts }: Limits): NeighbourPace {
  const { startPps, minPps, maxPps } = linkRate;
  const usualPps = startPps === Number.POSITIVE_INFINITY ? unboundedPps : Math.max(broadcastPps, minPps);
  return { attempts: Math.min(mostAttempts, maxAttempts), ratePps: Math.min(usualPps, startPps, maxPps) };
}

/** Asks neighbours and remembers the routers among them. Times are microseconds. */
export class Neighbourhood {
  sentFrames = 0;
  sentBytes = 0;
  receivedFrames = 0;
  readonly #link: Link;
  readonly #index: number;
  readonly #machine: Pick<Machine, 'neighbourMac'>;
  readonly #neighbours: Neighbours;
  /** Who waits for which address. */
  readonly #waiting = new Map<bigint, ((answer: Answer) => void)[]>();
  readonly #gateways = new Map<bigint, Answer>();
  /** Where nobody is asked: the address that the kernel takes for neighbours that its table does not hold. */
  readonly #stand: Uint8Array | undefined;
  #callers = 0;

  constructor(
    link: Link,
    way: NetworkInterface,
    pace: NeighbourPace,
    machine: Pick<Machine, 'neighbourMac'>,
  ) {
    this.#machine = machine;
    this.#link = link;
    this.#index = way.index;
    this.#stand = way.noArp === true ? (way.mac ?? undefined) : undefined;
    this.#neighbours = new Neighbours(
      { mac: link.mac as Uint8Array, ...pace },
      {
        found: (address, mac, rttUs) => this.#tell(address, { mac, rttUs }),
        silent: (address) => this.#tell(address, undefined),
      },
    );
  }

  /** Whether an answer proves that somebody is there. */
  get proves(): boolean {
    return this.#stand === undefined;
  }

  /** Callers that wait for an answer: of the hosts behind one router each is one. */
  get pending(): number {
    return this.#callers;
  }

  /**
   * Finds a router's hardware address. One that is silent may stand in the kernel's table all the same; what stands there
   * before it was asked may be long out of date.
   */
  askGateway(address: Address, source: Address, tell: (answer: Answer) => void): void {
    const key = keyOf(address.family, address.value);
    if (this.#gateways.has(key)) {
      tell(this.#gateways.get(key));
      return;
    }
    this.ask(address, source, (answer) => {
      const mac = answer === undefined ? this.#machine.neighbourMac(this.#index, address) : undefined;
      const known = mac === undefined ? answer : { mac, rttUs: -1 };
      this.#gateways.set(key, known);
      tell(known);
    });
  }

  /** Asks an address again whose hardware address was found: it may be another machine's by now. */
  askAgain(address: Address, source: Address, tell: (answer: Answer) => void): void {
    const key = keyOf(address.family, address.value);
    this.ask(address, source, (answer) => {
      if (answer !== undefined && this.#gateways.has(key)) this.#gateways.set(key, answer);
      tell(answer);
    });
  }

  /** Asks an address on the link itself, from one of ours: only a fresh answer proves that it is there. */
  ask(address: Address, source: Address, tell: (answer: Answer) => void): void {
    if (this.#stand !== undefined) {
      tell({ mac: this.#machine.neighbourMac(this.#index, address) ?? this.#stand, rttUs: -1 });
      return;
    }
    const key = keyOf(address.family, address.value);
    const waiting = this.#waiting.get(key);
    this.#callers++;
    if (waiting !== undefined) {
      waiting.push(tell);
      return;
    }
    this.#waiting.set(key, [tell]);
    this.#neighbours.ask(address, source);
  }

  /** Sends and repeats requests. */
  tick(nowUs: number): void {
    this.#neighbours.handleTimeout(nowUs);
    this.#neighbours.pollTransmit(nowUs, (frame) => {
      if (!this.#link.sendFrame(frame)) return false;
      this.sentFrames++;
      this.sentBytes += frame.length;
      return true;
    });
  }

  dueUs(): number {
    return this.#neighbours.pollTimeout();
  }

  /** Takes an ARP message. */
  readonly takeArp = (bytes: Uint8Array, start: number, end: number, atUs: number): void => {
    if (this.#neighbours.handleArp(bytes, start, end, atUs)) this.receivedFrames++;
  };

  /** Takes an IP packet that may be a neighbour advertisement. */
  takeAdvertisement(bytes: Uint8Array, start: number, end: number, atUs: number): void {
    if (this.#neighbours.handlePacket(bytes, start, end, atUs)) this.receivedFrames++;
  }

  #tell(address: Address, answer: Answer): void {
    const key = keyOf(address.family, address.value);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    this.#callers -= waiting.length;
    for (const tell of waiting) tell(answer);
  }
}

/** RFC 4861, section 10: MAX_MULTICAST_SOLICIT. */
const mostAttempts = 3;
/** Every station on the link has to look at every request. */
const broadcastPps = 2000;
/** Without rate control (`--max-rate 0`). */
const unboundedPps = 20_000;
