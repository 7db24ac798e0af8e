/** The options of `diff`: those of `scan` that mean the same there. @module */

import type { Language } from './flag.ts';
import { flags } from './index.ts';
import { vantageFlag } from './keep.ts';

const shared = flags.filter(({ name }) => 'v color oN oJ oC html h V'.split(' ').includes(name));
const own = [vantageFlag];

/** How the words of `diff` are read. */
export const diffLanguage: Language = {
  command: 'diff',
  flags: [...own, ...shared],
  own,
  shared,
  note: 'A and B are records: NDJSON (-oJ), nmap’s XML, masscan’s JSON or journals, - for standard input; @1 is the newest kept scan, @2026-11-20 the newest of that day',
};
