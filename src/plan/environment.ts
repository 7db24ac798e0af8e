/**
 * What a plan needs to know of the machine. Tests hand in another one.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { systemLookups } from '../dns/lookups.ts';
import { NameService } from '../dns/name-service.ts';
import type { Address } from '../model/address.ts';
import { type Capabilities, effectiveCapabilities } from '../system/capabilities.ts';
import { listInterfaces } from '../system/interfaces.ts';

/** The machine as a plan sees it. */
export interface Environment {
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly capabilities: Capabilities;
  /** Absent: not known, so nothing is checked against them. */
  readonly interfaces?: readonly LocalInterface[];
  /** Who is asked for names, by these name servers; none: as the system does. */
  readonly nameService: (servers: readonly string[]) => NameService;
  /** Standard input, for `-iL -`. */
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** The machine while a plan is made. */
export interface PlanningEnvironment extends Environment {
  /** Names of targets and exclusions are asked of it. */
  readonly names: NameService;
  /** Ends looking up and reading. */
  readonly signal?: AbortSignal;
}

/** An interface, as far as a plan cares. */
export interface LocalInterface {
  readonly name: string;
  readonly index: number;
  readonly addresses: readonly { readonly address: Address; readonly prefix: number }[];
}

/** This machine, as it is now. */
export function readEnvironment(): Environment {
  return {
    platform: process.platform,
    capabilities: effectiveCapabilities(),
    interfaces: listInterfaces(),
    nameService: (servers) => new NameService(systemLookups(servers)),
    // Touching process.stdin opens it, which only those who read from it should pay for.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
  };
}

/** Refuses what is no environment, from a program that made its own. */
export function checkEnvironment(machine: unknown): void {
  const fields = Object(machine) as Record<string, unknown>;
  for (const [field, { wanted, fits }] of Object.entries(shape)) {
    if (!fits(fields[field]))
      throw badRequest(`No environment: its ${field} is not there: wanted ${wanted}`, 'readEnvironment()');
  }
}

const shape: Readonly<Record<keyof Environment, { wanted: string; fits: (value: unknown) => boolean }>> = {
  platform: { wanted: "a platform such as 'linux'", fits: (value) => typeof value === 'string' },
  capabilities: {
    wanted: 'an object with netRaw, netAdmin and bpf',
    fits: (value) => ['netRaw', 'netAdmin', 'bpf'].every((name) => typeof Object(value)[name] === 'boolean'),
  },
  interfaces: { wanted: 'a list, or none', fits: (value) => value === undefined || Array.isArray(value) },
  nameService: {
    wanted: 'a function that makes a service for names',
    fits: (value) => typeof value === 'function',
  },
  stdin: {
    wanted: 'an async iterable of bytes',
    fits: (value) => typeof Object(value)[Symbol.asyncIterator] === 'function',
  },
};
