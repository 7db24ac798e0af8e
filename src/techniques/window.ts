import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** ACK scan that also trusts the window some stacks leave in their resets. */
export const window = defineTechnique({
  name: 'window',
  flag: 'sW',
  summary: 'Like ack, and guesses open from the window of the reset',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['A'] },
  sends: 'packets',
  xmlName: 'window',
  replies: [
    { when: { tcp: ['R'], window: 'positive' }, state: 'open', reason: 'reset-window' },
    { when: { tcp: ['R'], window: 'zero' }, state: 'closed', reason: 'reset-window' },
    errorIsFiltered,
  ],
  silence: 'filtered',
});
