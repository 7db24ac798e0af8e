/**
 * The way through a chain of proxies, over one connection: the first is asked to connect to the second, and so on,
 * the last one to the target. Names of proxies behind the first are resolved by the proxy before them.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { addressBytes } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { ProxyAddress } from '../model/proxy.ts';
import { errnoName } from '../system/errnos.ts';
import type { DialOutcome } from './contract.ts';
import type { Read } from './dial.ts';
import type { EndpointOpened } from './endpoint.ts';
import { proxyHandshake } from './proxies.ts';
import type { ProxyResult, ProxyTarget } from './proxy-dialogue.ts';

/** What a talk with proxies needs of a dialogue. */
export interface ProxyCarrier {
  send(bytes: Uint8Array): boolean;
  read(most: number, deadlineUs: number): Promise<Read>;
  /** Puts back what came behind a proxy's last words. */
  unread(bytes: Uint8Array): void;
}

/** Where the chain ends; a complaint says why nothing became known of the target. */
export interface ProxyChainEnd {
  readonly outcome: DialOutcome | 'dropped';
  readonly complaint?: string;
}

/** Asks one proxy after the other, once the connection to the first was tried. */
export async function throughProxies(
  carrier: ProxyCarrier,
  opened: EndpointOpened,
  proxies: readonly ProxyAddress[],
  target: ProxyTarget,
  deadlineUs: number,
): Promise<ProxyChainEnd> {
  const first = proxies[0] as ProxyAddress;
  if (opened.outcome !== 'connected') return unknown(first, `${errnoName(opened.errno)} when connecting`);
  for (const [at, proxy] of proxies.entries()) {
    const next = proxies[at + 1];
    const result = await speak(carrier, proxy, next === undefined ? target : targetOf(next), deadlineUs);
    if (result === 'timeout' || result === 'dropped') return { outcome: result };
    if (next === undefined) return endOf(result, proxy);
    // What keeps the chain from its next link says nothing of the target.
    if (result.kind !== 'connected')
      return unknown(proxy, `cannot reach the next proxy ${next.host}:${next.port}: ${reasonOf(result)}`);
  }
  throw new Error('a chain without a proxy');
}

async function speak(
  carrier: ProxyCarrier,
  proxy: ProxyAddress,
  target: ProxyTarget,
  deadlineUs: number,
): Promise<ProxyResult | 'timeout' | 'dropped'> {
  try {
    const handshake = proxyHandshake(proxy, target);
    carrier.send(handshake.opening);
    for (;;) {
      const read = await carrier.read(mostWords, deadlineUs);
      if (read.kind === 'timeout' || read.kind === 'dropped') return read.kind;
      if (read.kind !== 'bytes') return handshake.end();
      const step = handshake.receive(read.bytes);
      if (step.kind === 'done') {
        if (step.rest.length > 0) carrier.unread(step.rest);
        return step.result;
      }
      if (step.send.length > 0) carrier.send(step.send);
    }
  } catch (error) {
    // A name, user or password that the protocol cannot carry.
    if (!(error instanceof PortolanError)) throw error;
    return { kind: 'failed', reason: error.message };
  }
}

/** A proxy as the one before it is asked for it: by address where that is known, else by name. */
function targetOf({ host, port }: ProxyAddress): ProxyTarget {
  const address = parseAddress(host);
  return { host: address === undefined ? host : addressBytes(address), port };
}

function endOf(result: ProxyResult, proxy: ProxyAddress): ProxyChainEnd {
  if (result.kind === 'connected' || result.kind === 'refused') return { outcome: result.kind };
  if (result.kind === 'failed' || result.cause === undefined) return unknown(proxy, result.reason);
  return { outcome: result.cause === 'no-response' ? 'timeout' : result.cause };
}

function unknown({ protocol, host, port }: ProxyAddress, reason: string): ProxyChainEnd {
  return { outcome: 'unknown', complaint: `Proxy ${protocol}://${host}:${port}: ${reason}` };
}

function reasonOf(result: ProxyResult): string {
  return 'reason' in result ? result.reason : result.kind;
}

/** A handshake's answers are short; what follows them is kept for the target's reader. */
const mostWords = 4096;
