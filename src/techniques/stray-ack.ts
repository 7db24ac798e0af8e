import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/**
 * No technique for users: an ACK of no connection, as in `-sA`, but it is the answer no TCP gives that counts. A
 * stateless tarpit acknowledges it where RFC 9293, 3.10.7.1 and 3.10.7.2, want a reset.
 */
export const strayAck = defineTechnique({
  name: 'stray-ack',
  flag: '',
  summary: 'Shows who acknowledges what was never sent',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['A'] },
  sends: 'packets',
  replies: [
    { when: { tcp: ['R'] }, state: 'unfiltered', reason: 'reset' },
    { when: { tcp: ['A'] }, state: 'open', reason: 'proto-response' },
    errorIsFiltered,
  ],
  silence: 'filtered',
});
