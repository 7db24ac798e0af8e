/**
 * A machine for tests of plans: all privileges, two interfaces, a few names.
 *
 * @module
 */

import type { Lookups } from '../dns/lookups.ts';
import { NameService } from '../dns/name-service.ts';
import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { Environment, PlanningEnvironment } from './environment.ts';

/** What a test may want changed. */
export interface Changes extends Partial<Environment> {
  /** Looks names up instead of the table below. */
  readonly resolve?: (name: string) => Promise<readonly Address[]>;
}

/** The machine, with whatever a test wants changed. */
export function fakeEnvironment({ resolve = resolveByTable, ...changes }: Changes = {}): Environment {
  return {
    platform: 'linux',
    capabilities: { netRaw: true, netAdmin: true, bpf: true },
    interfaces: [
      { name: 'lo', index: 1, addresses: [on('127.0.0.1', 8), on('::1', 128)] },
      { name: 'eth0', index: 2, addresses: [on('10.1.2.3', 24), on('fe80::5', 64)] },
    ],
    nameService: () => new NameService(fakeLookups(resolve)),
    stdin: emptyInput(),
    ...changes,
  };
}

/** The machine while a plan is made. */
export function planningEnvironment(changes: Changes = {}): PlanningEnvironment {
  const environment = fakeEnvironment(changes);
  return { ...environment, names: environment.nameService([]) };
}

/** Name servers that answer at once, if at all. */
export function fakeLookups(forward: Lookups['forward'], changes: Partial<Lookups> = {}): Lookups {
  return {
    asked: '192.0.2.53',
    mostForward: 32,
    forward,
    reverse: async () => [],
    isAlive: async () => true,
    stop: () => {},
    ...changes,
  };
}

async function resolveByTable(name: string): Promise<readonly Address[]> {
  const addresses = names[name];
  if (addresses === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
  return addresses.map(address);
}

/** The environment of somebody without any privilege. */
export const unprivileged: Partial<Environment> = {
  capabilities: { netRaw: false, netAdmin: false, bpf: false },
};

function address(text: string) {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

function on(text: string, prefix: number) {
  return { address: address(text), prefix };
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {}

const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'one.test': ['10.7.0.1'],
  'both.test': ['10.7.0.2', '2001:db8::2'],
  'six.test': ['2001:db8::6'],
  'many.test': ['10.7.1.1', '10.7.1.2', '10.7.1.2'],
  'blocked.test': ['0.0.0.0'],
  'link.test': ['fe80::9%eth0'],
  'mapped.test': ['10.7.0.3'],
};
