import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** Half-open scan: the handshake is never completed. */
export const syn = defineTechnique({
  name: 'syn',
  flag: 'sS',
  summary: 'Tells open, closed and filtered apart without completing a connection',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['S'] },
  sends: 'packets',
  opensByHandshake: true,
  xmlName: 'syn',
  profile: 'linux: MSS 1460, SACK permitted, timestamps, window scale 7, window 64240',
  replies: [
    { when: { tcp: ['R'] }, state: 'closed', reason: 'reset' },
    { when: { tcp: ['S', 'A'] }, state: 'open', reason: 'syn-ack' },
    // A bare SYN is a simultaneous open (RFC 9293, 3.5): rare, but open.
    { when: { tcp: ['S'] }, state: 'open', reason: 'syn' },
    errorIsFiltered,
  ],
  silence: 'filtered',
});
