/**
 * How names are asked for before and during a scan: the hosts file first, then name servers, by a resolver of our own. What
 * only the C library knows (names of one label, which it completes, and those of other services than the DNS) it is asked
 * for.
 *
 * @module
 */

import { lookup } from 'node:dns/promises';

import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { DnsOutcome, UndecidedReason } from './asker.ts';
import { chaseAliases } from './chase-aliases.ts';
import { type HostsFile, readHostsFile } from './hosts-file.ts';
import { readDomainName } from './read-domain-name.ts';
import { type ResolvConf, readResolvConf } from './resolv-conf.ts';
import type { Resolver } from './resolver.ts';
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

/** Where the system says how names are asked for. */
export interface SystemPaths {
  readonly hosts?: string;
  readonly resolvConf?: string;
}

/** Asks these name servers; none: those of the system. The hosts file goes before either. */
export function systemLookups(servers: readonly string[] = [], paths: SystemPaths = {}): Lookups {
  let hosts: HostsFile | undefined;
  let system: ResolvConf | undefined;
  let resolver: Promise<Resolver> | undefined;
  let isStopped = false;
  const hostsFile = () => {
    hosts ??= readHostsFile(paths.hosts);
    return hosts;
  };
  const conf = () => {
    system ??= readResolvConf(paths.resolvConf);
    return system;
  };
  const asked = () => (servers.length > 0 ? servers : conf().servers);
  // Made with the first question: most scans of addresses have none.
  const ask = async (name: string, type: string): Promise<DnsOutcome> => {
    resolver ??= import('./resolver.ts').then((loaded) => new loaded.Resolver({ servers: asked() }));
    const made = await resolver;
    if (!isStopped) return chaseAliases(made, name, type);
    made.stop();
    return { kind: 'undecided', why: 'stopped' };
  };
  const addressesOf = async (name: string): Promise<readonly Address[]> => {
    const answers = await Promise.all([ask(name, 'A'), ask(name, 'AAAA')]);
    const texts = answers.flatMap((answer) =>
      answer.kind === 'answer' ? answer.records.filter(isAddress).map(({ value }) => value) : [],
    );
    if (texts.length > 0) return parsed(texts);
    // "No such name" from one is not believed where the other could not be asked.
    const open = answers.find((answer) => answer.kind === 'undecided');
    if (open !== undefined) throw failure(codes[open.why]);
    throw failure(answers.some((answer) => isNoError(answer)) ? 'ENODATA' : 'ENOTFOUND');
  };
  const library = async (name: string) =>
    parsed((await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address));
  return {
    get asked() {
      return asked().join(', ');
    },
    mostForward: mostAtOnce,
    async forward(given) {
      const name = readDomainName(given) ?? given;
      const isOurs = servers.length > 0 || conf().isReadable;
      if (!isOurs) return library(given);
      const known = hostsFile().addressesOf.get(name);
      if (known !== undefined) return known;
      // RFC 6761, 6.3: never asked for.
      if (/(?:^|\.)localhost$/.test(name)) return parsed(['127.0.0.1', '::1']);
      if (servers.length > 0) return addressesOf(name);
      if (!name.includes('.') || name.endsWith('.local')) return library(given);
      try {
        return await addressesOf(name);
      } catch (error) {
        // The C library would try the name within the domains of this system.
        if ((error as NodeJS.ErrnoException).code !== 'ENOTFOUND' || !conf().hasSearch) throw error;
        return library(given);
      }
    },
    async reverse(address) {
      if (address === '127.0.0.1' || address === '::1') return ['localhost'];
      // A name of the hosts file is that of this machine's own keeper.
      const known = hostsFile().nameOf.get(address);
      if (known !== undefined) return [known];
      const outcome = await ask(reverseDomain(address), 'PTR');
      if (outcome.kind === 'undecided') throw failure(codes[outcome.why]);
      const names = outcome.records.filter(({ section, type }) => section === 'answer' && type === 'PTR');
      if (names.length === 0) throw failure('ENOTFOUND');
      return names.map(({ value }) => value.replace(/\.$/, ''));
    },
    async isAlive() {
      // Resolvers know this name themselves (RFC 6303, 4.3).
      const outcome = await ask(reverseDomain('127.0.0.1'), 'PTR');
      return outcome.kind === 'answer' || (outcome.why !== 'timeout' && outcome.why !== 'stopped');
    },
    stop() {
      isStopped = true;
      resolver?.then((made) => made.stop());
    },
  };
}

/** Whether an error says that nobody answered. */
export function isSilence(error: unknown): boolean {
  return silences.has((error as NodeJS.ErrnoException).code ?? '');
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

function isAddress({ section, type }: { readonly section: string; readonly type: string }): boolean {
  return section === 'answer' && (type === 'A' || type === 'AAAA');
}

function isNoError(outcome: DnsOutcome): boolean {
  return outcome.kind === 'answer' && outcome.rcode === 'NOERROR';
}

function parsed(texts: readonly string[]): readonly Address[] {
  return texts.map((text) => parseAddress(text)).filter((address) => address !== undefined);
}

const codes = {
  timeout: 'ETIMEOUT',
  servfail: 'ESERVFAIL',
  refused: 'EREFUSED',
  lame: 'ESERVFAIL',
  malformed: 'EBADRESP',
  stopped: 'ECANCELLED',
} as const satisfies Record<UndecidedReason, string>;

/** EAI_AGAIN: the C library tells a server that failed from one that is silent no more than this. */
const silences: ReadonlySet<string> = new Set(['ETIMEOUT', 'ECONNREFUSED', 'EAI_AGAIN']);
/** The resolver finds the pace itself. */
const mostAtOnce = 1024;
