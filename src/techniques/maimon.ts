import { onlyClosedResets } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** FIN and ACK: RFC 9293 asks for a reset either way, some stacks drop it on open ports. */
export const maimon = defineTechnique({
  name: 'maimon',
  flag: 'sM',
  summary: 'Like fin, with FIN and ACK; some BSD stacks drop it on open ports',
  about: 'tcp',
  probe: { transport: 'tcp', flags: ['F', 'A'] },
  sends: 'packets',
  xmlName: 'maimon',
  replies: onlyClosedResets,
  silence: 'open|filtered',
});
