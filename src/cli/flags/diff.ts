/** The options of `diff`: those of `scan` that mean the same there. @module */

import type { Language } from './flag.ts';
import { flags } from './index.ts';

const shared = flags.filter(({ name }) => 'v color oN oJ oC h V'.split(' ').includes(name));

/** How the words of `diff` are read. */
export const diffLanguage: Language = {
  command: 'diff',
  flags: shared,
  own: [],
  shared,
  note: 'A and B are records: NDJSON (-oJ), nmap’s XML, masscan’s JSON or journals; - is standard input',
};
