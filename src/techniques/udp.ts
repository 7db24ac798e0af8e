import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** Sends the payload a service would answer, where one is known. */
export const udp = defineTechnique({
  name: 'udp',
  flag: 'sU',
  summary: 'Slow where closed ports answer at the rate their host limits ICMP to',
  about: 'udp',
  probe: { transport: 'udp', payload: 'by-port' },
  // On Linux the error queue of a socket tells the ICMP errors.
  sends: 'either',
  xmlName: 'udp',
  replies: [
    { when: { kind: 'udp' }, state: 'open', reason: 'udp-response' },
    // Only the target itself knows the port is closed; a router saying so is a filter.
    { when: { icmp: ['port-unreach'], sender: 'target' }, state: 'closed' },
    errorIsFiltered,
  ],
  silence: 'open|filtered',
});
