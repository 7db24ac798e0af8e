/**
 * How names are asked for today: the hosts file, the C library and Node's resolver. A resolver of our own will be
 * another {@link Lookups}.
 *
 * @module
 */

import { lookup, Resolver } from 'node:dns/promises';

import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { type HostsFile, readHostsFile } from './hosts-file.ts';
import { reverseDomain } from './reverse-domain.ts';

/** A way of asking for names. What fails rejects with a `code` of `node:dns`. */
export interface Lookups {
  /** Whom it asks, for messages. */
  readonly asked: string;
  /** Names looked up at once, at most. */
  readonly mostForward: number;
  /** All addresses of a name; rejects where it has none. */
  forward(name: string): Promise<readonly Address[]>;
  /** The names of an address, the canonical one first; rejects where it has none. */
  reverse(address: string): Promise<readonly string[]>;
  /** Whether a name server answers at all, be it that it refuses. */
  isAlive(): Promise<boolean>;
  /** Ends what is under way, as far as it can be ended. */
  stop(): void;
}

/** Asks these name servers; none: those of the system. The hosts file goes before either. */
export function systemLookups(servers: readonly string[] = [], hostsPath?: string): Lookups {
  let resolvers: { readonly forward: Resolver; readonly reverse: Resolver } | undefined;
  let hosts: HostsFile | undefined;
  // Made with the first question: most scans of addresses have none.
  const ask = () => {
    resolvers ??= { forward: resolverOf(servers, forwardTries), reverse: resolverOf(servers, 1) };
    return resolvers;
  };
  const hostsFile = () => {
    hosts ??= readHostsFile(hostsPath);
    return hosts;
  };
  return {
    get asked() {
      return ask().forward.getServers().join(', ');
    },
    // More than the threads of Node's pool would only wait there.
    mostForward: servers.length === 0 ? poolThreads : mostAtOnce,
    async forward(name) {
      if (servers.length === 0)
        return addressesOf(
          (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address),
        );
      const known = hostsFile().addressesOf.get(name.toLowerCase());
      if (known !== undefined) return known;
      // RFC 6761, 6.3: never asked for.
      if (/(?:^|\.)localhost$/i.test(name)) return addressesOf(['127.0.0.1', '::1']);
      return bothFamilies(ask().forward, name);
    },
    async reverse(address) {
      if (address === '127.0.0.1' || address === '::1') return ['localhost'];
      const known = hostsFile().nameOf.get(address);
      // Not `Resolver.reverse`: it says of a server that is silent or refuses that there is no such name.
      return known === undefined ? ask().reverse.resolvePtr(reverseDomain(address)) : [known];
    },
    async isAlive() {
      // Resolvers know this name themselves (RFC 6303, 4.3). Twice at once: one of the packets may be lost.
      const once = () => ask().reverse.resolvePtr(reverseDomain('127.0.0.1'));
      for (let attempt = 1; ; attempt++) {
        const answers = await Promise.allSettled([once(), once()]);
        if (answers.some((answer) => answer.status === 'fulfilled' || !isSilence(answer.reason))) return true;
        const isRefused = answers.some((answer) => answer.status === 'rejected' && isRefusal(answer.reason));
        // A server that starts again refuses at once and is there a moment later.
        if (!isRefused || attempt === refusalsAtMost) return false;
        await new Promise((resolve) => setTimeout(resolve, refusalPauseMs));
      }
    },
    stop() {
      resolvers?.forward.cancel();
      resolvers?.reverse.cancel();
    },
  };
}

/** Whether an error says that nobody answered. */
export function isSilence(error: unknown): boolean {
  return silences.has((error as NodeJS.ErrnoException).code ?? '');
}

function isRefusal(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
}

function resolverOf(servers: readonly string[], tries: number): Resolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

/** The addresses of either family: that one of them cannot be had is no loss of the other. */
async function bothFamilies(resolver: Resolver, name: string): Promise<readonly Address[]> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const texts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (texts.length > 0) return addressesOf(texts);
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  // "No such name" from one is not believed where the other could not be asked.
  throw reasons.find((reason) => !isAnswer(reason)) ?? reasons.find(hasNoData) ?? reasons[0];
}

function isAnswer(reason: unknown): boolean {
  return (reason as NodeJS.ErrnoException).code === 'ENOTFOUND' || hasNoData(reason);
}

function hasNoData(reason: unknown): boolean {
  return (reason as NodeJS.ErrnoException).code === 'ENODATA';
}

function addressesOf(texts: readonly string[]): readonly Address[] {
  return texts.map((text) => parseAddress(text)).filter((address) => address !== undefined);
}

/** EAI_AGAIN: the C library tells a server that failed from one that is silent no more than this. */
const silences: ReadonlySet<string> = new Set(['ETIMEOUT', 'ECONNREFUSED', 'EAI_AGAIN']);
const timeoutMs = 1000;
const refusalsAtMost = 4;
const refusalPauseMs = 500;
/** A lost packet must not lose a target. */
const forwardTries = 2;
const poolThreads = 4;
/** What a resolver at home answers at the same time without losing any. */
const mostAtOnce = 32;
