/**
 * What does not go together with asking for the system: refused with the reason.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { changesPackets } from './check-firewall.ts';
import { asksRaw } from './check-fit.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { Environment } from './environment.ts';
import type { Request } from './request.ts';

/** Refuses a request for the system that this machine or its other fields do not allow. */
export function checkSystems(request: Request, choice: TechniqueChoice, environment: Environment): void {
  const { systems, goal = 'ports', scanFlags, packet = {}, firewall } = request;
  if (systems !== true) return;
  if (goal !== 'ports')
    throw badRequest(`${named('systems')} asks ports: wanted it without ${named('goal', goal)}`);
  if (firewall !== undefined)
    throw badRequest(
      `${named('systems')} and ${named('firewall')} ask in ways of their own: wanted one of them`,
    );
  if (scanFlags !== undefined)
    throw badRequest(`${named('systems')} chooses its flags itself: wanted it without ${named('scanFlags')}`);
  const changed = changesPackets(packet);
  if (changed !== undefined)
    throw badRequest(
      `${named('systems')} chooses how its packets look: wanted it without ${named(`packet.${changed}`)}`,
    );
  if (asksRaw(choice) && choice.techniques.includes('syn')) return;
  if (environment.capabilities.netRaw)
    throw badRequest(
      `${named('systems')} reads how open ports answer a SYN, and this run sends none: wanted it with ${named('techniques', 'syn')}`,
    );
  throw new PortolanError(
    environment.platform === 'linux' ? 'not-permitted' : 'not-available',
    environment.platform === 'linux'
      ? `${named('systems')} needs CAP_NET_RAW, which this process does not have`
      : `${named('systems')} needs packet sockets, which Portolan has on Linux only`,
    environment.platform === 'linux' ? 'sudo portolan …' : undefined,
  );
}
