import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** One packet per protocol number; a port-unreachable proves that UDP is spoken (RFC 1122, 3.2.2.1). */
export const ipProtocol = defineTechnique({
  name: 'ip-protocol',
  flag: 'sO',
  summary: 'Which IP protocols the host speaks',
  about: 'ip',
  probe: { transport: 'ip', header: 'by-protocol' },
  sends: 'packets',
  xmlName: 'ipproto',
  replies: [
    { when: { kind: 'protocol' }, state: 'open', reason: 'proto-response' },
    { when: { icmp: ['port-unreach'], sender: 'target' }, state: 'open' },
    { when: { icmp: ['proto-unreach'], sender: 'target' }, state: 'closed' },
    errorIsFiltered,
  ],
  silence: 'open|filtered',
});
