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
  const asksUdp = techniques.includes('udp') && intensity > 0;
  const udpPorts = asksUdp ? Math.max(...groups.map(({ ports }) => portsAsked(ports, 'udp').length)) : 0;
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
    packets: usualPorts * usualPackets,
    bytes: usualPorts * usualBytes,
    firstMs: usualMs,
    eachMs: (usualPorts * usualMs) / mostAtOnce,
    silent: {
      packets: udpPorts * words,
      bytes: udpPorts * words * datagramBytes,
      firstMs: rounds * eachMs,
      eachMs: (udpPorts * eachMs) / mostAtOnce,
    },
    assumes: [usualWords, ...silentWords].join('; '),
  };
}

/** Conversations with one host at once, each with another port of it. */
export const mostAtOnce = 128;
/** What is supposed of a host: nobody knows beforehand how many ports are open. */
const usualPorts = 5;
/** Packets of this side, two connections of which bring what is known of most. */
const usualPackets = 14;
const usualBytes = 900;
const usualMs = 500;
/** Of a short question, from the IP header on. */
const datagramBytes = 70;
const usualWords = `${usualPorts} services a host, of two connections and half a second each (${2 * usualPorts} connections a host), up to ${mostAtOnce} of a host at once; one that accepts and says nothing takes three connections and four seconds, on the port of a known protocol up to eight`;
