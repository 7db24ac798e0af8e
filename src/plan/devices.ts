/**
 * How devices are asked: what is refused.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Request } from './request.ts';
import { changesOfPackets } from './services.ts';

/** Refuses to ask for devices where it could not take effect. */
export function checkDevices({
  devices = false,
  goal = 'ports',
  proxies = [],
  packet = {},
  firewall,
}: Request): void {
  if (!devices) return;
  if (goal === 'list')
    throw badRequest(
      `${named('devices')} asks hosts, and ${named('goal', 'list')} sends nothing: wanted one of them`,
    );
  if (proxies.length > 0)
    throw badRequest(
      `${named('devices')} sends datagrams, which no proxy carries: wanted it without ${named('proxies')}`,
    );
  if (firewall !== undefined)
    throw badRequest(
      `${named('devices')} asks what hosts are, not what filters the way to them: wanted it without ${named('firewall')}`,
    );
  const dressed = changesOfPackets.find((option) => packet[option] !== undefined);
  if (dressed !== undefined)
    throw badRequest(
      `${named('devices')} asks through the kernel, whose packets look as it has them: wanted it without ${named(`packet.${dressed}`)}`,
    );
}
