import { onlyClosedResets } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** Slips past filters that only drop SYN; cannot tell open from filtered. */
export const fin = defineTechnique({
  name: 'fin',
  flag: 'sF',
  summary: 'Finds closed ports behind filters that only look at SYN',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['F'] },
  sends: 'packets',
  xmlName: 'fin',
  replies: onlyClosedResets,
  silence: 'open|filtered',
});
