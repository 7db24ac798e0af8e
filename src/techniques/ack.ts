import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** Maps filters, not services: a reset proves the packet got through. */
export const ack = defineTechnique({
  name: 'ack',
  flag: 'sA',
  summary: 'Shows which ports a filter lets through, open or not',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['A'] },
  sends: 'packets',
  xmlName: 'ack',
  replies: [{ when: { tcp: ['R'] }, state: 'unfiltered', reason: 'reset' }, errorIsFiltered],
  silence: 'filtered',
});
