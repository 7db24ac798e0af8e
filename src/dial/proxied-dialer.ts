/**
 * TCP connections through a chain of proxies, in masses: each attempt is a dialogue that ends where it is opened.
 *
 * @module
 */

import { addressFromBytes } from '../model/address.ts';
import type { ProxyAddress } from '../model/proxy.ts';
import { errnos } from '../system/errnos.ts';
import { type AsyncDialer, type DialSink, dialOutcome } from './contract.ts';
import { Dialogues } from './dialogues.ts';
import { NodeEndpoints } from './node-endpoints.ts';
import { Pace } from './pace.ts';
import { Settled } from './settled.ts';
import { secureByNode } from './tls-stream.ts';
import { Wake } from './wake.ts';

/** A dialer whose connections are made by proxies. */
export class ProxiedDialer implements AsyncDialer {
  readonly capacity = mostSockets;
  readonly descriptor = undefined;
  readonly #proxies: readonly ProxyAddress[];
  readonly #dialogues: Dialogues;
  /** Who owns the dialogue of a token. */
  readonly #owners = new Map<number, object>();
  readonly #settled: Settled;
  readonly #complain: (message: string) => void;

  /** `complain` hears why nothing became known of a port. */
  constructor(proxies: readonly ProxyAddress[], complain: (message: string) => void, wake = new Wake()) {
    if (proxies.length === 0) throw new Error('a chain without a proxy');
    this.#proxies = proxies;
    this.#complain = complain;
    this.#settled = new Settled(wake);
    // Giving up is the caller's, and so is where it may connect to.
    this.#dialogues = new Dialogues(
      {
        endpoints: new NodeEndpoints(),
        secure: secureByNode,
        clock: () => 0,
        pace: new Pace(Number.POSITIVE_INFINITY),
        touch: () => undefined,
      },
      { mostOpen: mostSockets, intervalUs: 0, isAllowed: () => true, proxies, complain },
    );
  }

  get outstanding(): number {
    return this.#owners.size + this.#settled.size;
  }

  get hasNews(): boolean {
    return this.#settled.size > 0;
  }

  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number {
    // A zone means an interface of this machine; the proxy has others.
    if (scopeId !== 0) return errnos.ENETUNREACH;
    if (this.outstanding >= this.capacity) return errnos.EAGAIN;
    if (this.#proxies.at(-1)?.protocol === 'socks4' && family === 6) {
      this.#complain('A socks4:// proxy carries IPv4 only: nothing becomes known of IPv6 targets');
      this.#settled.add(token, dialOutcome('unknown'), 0);
      return 0;
    }
    const owner = {};
    this.#owners.set(token, owner);
    void this.#attempt(token, owner, address, port);
    return 0;
  }

  cancel(token: number): void {
    const owner = this.#owners.get(token);
    this.#owners.delete(token);
    if (owner !== undefined) this.#dialogues.drop(owner);
    this.#settled.forget(token);
  }

  poll(_timeoutMs: number, sink: DialSink): number {
    return this.#settled.tell(sink);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#settled.wait(timeoutMs);
  }

  close(): void {
    this.#owners.clear();
    this.#dialogues.close();
    this.#settled.clear();
  }

  async #attempt(token: number, owner: object, address: Uint8Array, port: number): Promise<void> {
    const host = addressFromBytes(address);
    const timeoutUs = Number.POSITIVE_INFINITY;
    const opened = await this.#dialogues.open({ host, port, transport: 'tcp', timeoutUs, owner });
    if (opened.outcome === 'connected') opened.dialogue.close('reset');
    if (this.#owners.get(token) !== owner || opened.outcome === 'dropped') return;
    this.#owners.delete(token);
    const errno = 'errno' in opened ? opened.errno : 0;
    this.#settled.add(token, dialOutcome(opened.outcome), errno);
  }
}

/** Proxies bear less than hosts do: ssh and small ones take a few hundred connections at once. */
const mostSockets = 128;
