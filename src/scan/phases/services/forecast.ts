/**
 * What talking with services will cost, as far as that can be said before anybody knows which ports are open.
 *
 * @module
 */

import { datagramWaits, mostWords } from '../../../detect/service/moves.ts';
import type { PhaseCost } from '../../../plan/forecast.ts';
import type { Plan } from '../../../plan/plan.ts';
import { portsAsked } from '../../../plan/read-plan.ts';

/** Connections to open ports, and datagrams to UDP ports that stay silent. */
export function forecastServices({ services, techniques, groups }: Plan): PhaseCost {
  const { intensity = 7 } = services ?? {};
  const mostAsked = (technique: 'syn' | 'connect' | 'udp') =>
    techniques.includes(technique)
      ? Math.max(...groups.map(({ ports }) => portsAsked(ports, technique).length))
      : 0;
  const talks = Math.min(usualPorts, Math.max(mostAsked('syn'), mostAsked('connect')));
  const udpPorts = intensity > 0 ? mostAsked('udp') : 0;
  const words = mostWords(intensity);
  const eachMs = datagramWaits.answerMs + words * datagramWaits.nextMs;
  const rounds = Math.ceil(udpPorts / mostAtOnce);
  const silentWords =
    udpPorts === 0
      ? []
      : [
          `each of ${udpPorts} UDP ports that stays silent is sent up to ${words} datagrams more, within ${Math.ceil((rounds * eachMs) / 1000)} s a host`,
        ];
  return {
    packets: talks * usualPackets,
    bytes: talks * usualBytes,
    firstMs: talks === 0 ? 0 : usualMs,
    eachMs: (talks * usualMs) / mostAtOnce,
    silent: {
      packets: udpPorts * words,
      bytes: udpPorts * words * datagramBytes,
      firstMs: rounds * eachMs,
      eachMs: (udpPorts * eachMs) / mostAtOnce,
    },
    assumes: [...usualWords(talks), ...silentWords].join('; '),
  };
}

function usualWords(talks: number): readonly string[] {
  if (talks === 0) return [];
  const services = talks === 1 ? '1 service' : `${talks} services`;
  return [
    `${services} a host, of two connections and half a second each (${2 * talks} connections a host), up to ${mostAtOnce} of a host at once; one that accepts and says nothing takes six connections and six seconds, on the port of a known protocol up to eight`,
  ];
}

/** Conversations with one host at once, each with another port of it. */
export const mostAtOnce = 256;
/** What is supposed of a host at most: nobody knows beforehand how many ports are open. */
const usualPorts = 5;
/** Packets of this side, two connections of which bring what is known of most. */
export const usualPackets = 14;
export const usualBytes = 900;
export const usualMs = 500;
/** Of a short question, from the IP header on. */
const datagramBytes = 70;
