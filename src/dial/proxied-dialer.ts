/**
 * TCP connections through a chain of proxies, by Node's own sockets: the first proxy is asked to connect to the
 * second, and so on, the last one to the target. Names of proxies behind the first are resolved by the proxy
 * before them.
 *
 * @module
 */

import { connect, type Socket } from 'node:net';
import { badRequest, PortolanError } from '../base/errors.ts';
import { addressBytes } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { errnos } from '../system/errnos.ts';
import { type AsyncDialer, type DialSink, dialOutcome } from './contract.ts';
import { type Proxy as ProxyAddress, proxyHandshake } from './proxies.ts';
import type { ProxyHandshake, ProxyResult, ProxyTarget } from './proxy-dialogue.ts';
import { Settled } from './settled.ts';

/** A dialer whose connections are made by proxies. */
export class ProxiedDialer implements AsyncDialer {
  readonly capacity = mostSockets;
  readonly #proxies: readonly ProxyAddress[];
  readonly #complain: (message: string) => void;
  readonly #sockets = new Map<number, Socket>();
  readonly #settled = new Settled();

  /** `complain` hears why nothing became known of a port. */
  constructor(proxies: readonly ProxyAddress[], complain: (message: string) => void) {
    if (proxies.length === 0) throw new Error('a chain without a proxy');
    this.#proxies = proxies;
    this.#complain = complain;
  }

  get outstanding(): number {
    return this.#sockets.size + this.#settled.size;
  }

  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number {
    const [first] = this.#proxies as readonly [ProxyAddress];
    const last = this.#proxies.at(-1) as ProxyAddress;
    if (last.protocol === 'socks4' && family === 6) {
      throw badRequest('A socks4:// proxy carries IPv4 only and a target is IPv6', 'socks5://');
    }
    // A zone means an interface of this machine; the proxy has others.
    if (scopeId !== 0) return errnos.ENETUNREACH;
    if (this.outstanding >= this.capacity) return errnos.EAGAIN;
    const socket = connect({ host: first.host, port: first.port, noDelay: true });
    this.#sockets.set(token, socket);
    const settle = (result: ProxyResult, proxy: ProxyAddress) => this.#settle(token, socket, result, proxy);
    this.#converse(socket, { host: address.slice(), port }, settle);
    return 0;
  }

  cancel(token: number): void {
    this.#sockets.get(token)?.destroy();
    this.#sockets.delete(token);
    this.#settled.forget(token);
  }

  poll(_timeoutMs: number, sink: DialSink): number {
    return this.#settled.tell(sink);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#settled.wait(timeoutMs);
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    this.#sockets.clear();
    this.#settled.clear();
  }

  /** Talks with one proxy after the other over the same connection. */
  #converse(
    socket: Socket,
    target: ProxyTarget,
    settle: (result: ProxyResult, proxy: ProxyAddress) => void,
  ): void {
    const targets = [...this.#proxies.slice(1).map(targetOf), target];
    let at = 0;
    let handshake: ProxyHandshake | undefined;
    const proxy = () => this.#proxies[at] as ProxyAddress;
    const begin = () => {
      handshake = proxyHandshake(proxy(), targets[at] as ProxyTarget);
      socket.write(handshake.opening);
    };
    const receive = (bytes: Uint8Array): void => {
      const step = handshake?.receive(bytes);
      if (step === undefined) return;
      if (step.kind === 'more') {
        if (step.send.length > 0) socket.write(step.send);
        return;
      }
      const isLast = at === targets.length - 1;
      if (isLast) settle(step.result, proxy());
      else if (step.result.kind !== 'connected')
        settle(blame(step.result, this.#proxies[at + 1] as ProxyAddress), proxy());
      else {
        at++;
        begin();
        if (step.rest.length > 0) receive(step.rest);
      }
    };
    // A name, user or password that the protocol cannot carry.
    const unlessUnspeakable = (act: () => void) => {
      try {
        act();
      } catch (error) {
        if (!(error instanceof PortolanError)) throw error;
        settle({ kind: 'failed', reason: error.message }, proxy());
      }
    };
    socket.once('connect', () => unlessUnspeakable(begin));
    socket.on('data', (bytes) => unlessUnspeakable(() => receive(bytes)));
    socket.on('error', ({ message }) => {
      if (handshake === undefined) settle({ kind: 'failed', reason: message }, proxy());
    });
    socket.once('close', () => {
      if (handshake !== undefined) settle(handshake.end(), proxy());
    });
  }

  #settle(token: number, socket: Socket, result: ProxyResult, proxy: ProxyAddress): void {
    if (this.#sockets.get(token) !== socket) return;
    this.#sockets.delete(token);
    socket.destroy();
    const outcome = outcomeOf(result);
    if (outcome === unknown && 'reason' in result) {
      this.#complain(`Proxy ${proxy.protocol}://${proxy.host}:${proxy.port}: ${result.reason}`);
    }
    this.#settled.add(token, outcome);
  }
}

/** A proxy as the one before it is asked for it: by address where that is known, else by name. */
function targetOf({ host, port }: ProxyAddress): ProxyTarget {
  const address = parseAddress(host);
  return { host: address === undefined ? host : addressBytes(address), port };
}

/** What keeps the chain from its next link says nothing of the target. */
function blame(result: ProxyResult, { host, port }: ProxyAddress): ProxyResult {
  const why = 'reason' in result ? result.reason : result.kind;
  return { kind: 'failed', reason: `cannot reach the next proxy ${host}:${port}: ${why}` };
}

function outcomeOf(result: ProxyResult): number {
  switch (result.kind) {
    case 'connected':
      return dialOutcome('connected');
    case 'refused':
      return dialOutcome('refused');
    case 'failed':
      return unknown;
    case 'unreached':
      if (result.cause === undefined) return unknown;
      return result.cause === 'no-response' ? dialOutcome('timeout') : dialOutcome(result.cause);
  }
}

const unknown = dialOutcome('unknown');
/** Proxies bear less than hosts do: ssh and small ones take a few hundred connections at once. */
const mostSockets = 128;
