/**
 * What does not go together with a sweep, which keeps nothing of a host or a question: refused with the reason.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { isSocket } from '../techniques/index.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { Environment } from './environment.ts';
import type { Request, TimingName } from './request.ts';

/** Refuses a sweep that could not do as asked, and what only a sweep can do. */
export function checkSweep(
  request: Request,
  { techniques, engine }: TechniqueChoice,
  { capabilities, platform }: Environment,
): void {
  if (request.sweep !== true) {
    if (request.cooldownMs === undefined) return;
    throw badRequest(
      `${named('cooldownMs')} ends a sweep; other scans wait for each host as long as it needs: wanted it with ${named('sweep')}`,
    );
  }
  const wantsSocket = request.engine === 'connect' || (request.techniques ?? []).some(isSocket);
  if (!capabilities.netRaw && !wantsSocket) {
    throw new PortolanError(
      platform === 'linux' ? 'not-permitted' : 'not-available',
      `${named('sweep')} sends raw packets and needs CAP_NET_RAW, which this process does not have`,
      'sudo portolan …',
    );
  }
  if (engine === 'connect' || techniques.some(isSocket)) {
    throw badRequest(
      `${named('sweep')} keeps no state and sockets do: wanted it with raw techniques such as ${named('techniques', 'syn')}`,
    );
  }
  const { timing } = request;
  if (timing !== undefined && slow.has(timing)) {
    throw badRequest(
      `${named('timing')} ${timing} asks each host one question at a time, and a sweep keeps nothing of hosts: wanted ${named('maxRatePps')}`,
    );
  }
  for (const [option, { isGiven, why }] of Object.entries(unfit)) {
    if (isGiven(request)) throw badRequest(`${named('sweep')} ${why}: wanted it without ${option}`);
  }
}

interface Unfit {
  readonly isGiven: (request: Request) => boolean;
  readonly why: string;
}

const ofHosts = 'keeps nothing of hosts, so it cannot wait for one';
const noDiscovery = 'asks every address its ports and looks for no hosts before';

/** By the option that is refused. */
const unfit: Readonly<Record<string, Unfit>> = {
  [named('systems')]: { isGiven: ({ systems }) => systems === true, why: ofHosts },
  [named('traceroute')]: {
    isGiven: ({ traceroute }) => traceroute === true,
    why: 'keeps nothing of hosts, and a way is followed host by host',
  },
  [named('devices')]: {
    isGiven: ({ devices }) => devices === true,
    why: 'keeps nothing of hosts, and a device is asked when its host is known',
  },
  [named('hostTimeoutMs')]: { isGiven: ({ hostTimeoutMs }) => hostTimeoutMs !== undefined, why: ofHosts },
  [named('scanDelayMs')]: { isGiven: ({ scanDelayMs }) => scanDelayMs !== undefined, why: ofHosts },
  [named('maxParallelism')]: { isGiven: ({ maxParallelism }) => maxParallelism !== undefined, why: ofHosts },
  'probes of host discovery': { isGiven: ({ discovery }) => Array.isArray(discovery), why: noDiscovery },
  [named('disableArpPing')]: { isGiven: ({ disableArpPing }) => disableArpPing === true, why: noDiscovery },
  [named('journal')]: {
    isGiven: ({ journal }) => journal !== undefined,
    why: `remembers no question, so it cannot go on where it stood (${named('shard')} cuts it into parts to repeat)`,
  },
};

/** Templates that are about single hosts. */
const slow: ReadonlySet<TimingName> = new Set(['paranoid', 'sneaky', 'polite']);
