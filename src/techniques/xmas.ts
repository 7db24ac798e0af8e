import { onlyClosedResets } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** FIN, PSH and URG together: what filters that match exact flags overlook. */
export const xmas = defineTechnique({
  name: 'xmas',
  flag: 'sX',
  summary: 'Like fin, with FIN, PSH and URG lit',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['F', 'P', 'U'] },
  sends: 'packets',
  xmlName: 'xmas',
  replies: onlyClosedResets,
  silence: 'open|filtered',
});
