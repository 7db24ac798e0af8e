import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** The SCTP counterpart of a SYN scan (RFC 9260, 5.1 and 8.4). */
export const sctpInit = defineTechnique({
  name: 'sctp-init',
  flag: 'sY',
  summary: 'Half-open SCTP scan: an INIT that is never carried on',
  about: 'sctp',
  probe: { transport: 'sctp', chunk: 'init' },
  sends: 'packets',
  xmlName: 'sctpinit',
  replies: [
    { when: { sctp: 'init-ack' }, state: 'open', reason: 'init-ack' },
    { when: { sctp: 'abort' }, state: 'closed', reason: 'abort' },
    errorIsFiltered,
  ],
  silence: 'filtered',
});
