/**
 * How services are found out: what is refused, and what holds where nothing is said.
 *
 * @module
 */

import { resolve } from 'node:path';
import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { PortTechniqueName } from '../model/technique-name.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { Plan } from './plan.ts';
import type { PacketOptions, Request, ServiceOptions } from './request.ts';

/** Refuses a request for services that its other fields do not allow, or that could not take effect. */
export function checkServices(request: Request, { techniques }: Pick<TechniqueChoice, 'techniques'>): void {
  const { services, goal = 'ports', packet = {} } = request;
  if (services === undefined) return;
  const { intensity = usualIntensity, timeoutMs = usualMs } = services;
  if (!(Number.isInteger(intensity) && intensity >= 0 && intensity <= 9))
    throw badRequest(`${named('services.intensity')} ${intensity}: wanted a whole number from 0 to 9`);
  if (!(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= mostServiceMs))
    throw badRequest(
      `${named('services.timeoutMs')} ${timeoutMs}: wanted whole milliseconds from 1 to ${mostServiceMs}`,
    );
  if (goal !== 'ports')
    throw badRequest(`${named('services')} asks open ports: wanted it without ${named('goal', goal)}`);
  if (!techniques.some(mayFindOpen))
    throw badRequest(
      `${named('services')} talks with ports that say open, and this run finds none: wanted it with ${named('techniques', 'syn')}, ${named('techniques', 'connect')} or ${named('techniques', 'udp')}`,
    );
  const dressed = changesOfPackets.find((option) => packet[option] !== undefined);
  if (dressed !== undefined)
    throw badRequest(
      `${named('services')} holds connections, which are the kernel's and look as it has them: wanted it without ${named(`packet.${dressed}`)}`,
    );
}

/** What a plan says of it. */
export function plannedServices({
  intensity = usualIntensity,
  timeoutMs = usualMs,
  recog,
}: ServiceOptions): NonNullable<Plan['services']> {
  return { intensity, timeoutMs, ...(recog !== undefined && { recog: resolve(recog) }) };
}

/** Whether ports asked by a technique may turn out to be open, so that somebody listens there who can be asked. */
export function mayFindOpen(name: PortTechniqueName): boolean {
  return name === 'syn' || name === 'connect' || name === 'window' || name === 'udp';
}

/** What may be said of packets that connections do not have. */
export const changesOfPackets = [
  'fragmentBytes',
  'ttl',
  'badChecksum',
  'ipOptions',
  'decoys',
  'spoofMac',
] as const satisfies readonly (keyof PacketOptions)[];

/** One service may take an hour. */
export const mostServiceMs = 3_600_000;
const usualIntensity = 7;
const usualMs = 8000;
