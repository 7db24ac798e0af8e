import { onlyClosedResets } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** A segment without any flag: legal for no connection, so only closed ports answer. */
export const nullScan = defineTechnique({
  name: 'null',
  flag: 'sN',
  summary: 'Like fin, with no flag at all',
  about: 'tcp',
  probe: { transport: 'tcp', flags: [] },
  sends: 'packets',
  xmlName: 'null',
  replies: onlyClosedResets,
  silence: 'open|filtered',
});
