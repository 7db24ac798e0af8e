/** The options of `listen`: its own, and those of `scan` that mean the same there. @module */

import type { Flag, Language } from './flag.ts';
import { flags } from './index.ts';
import { readTimeMs } from './values.ts';

const own: readonly Flag[] = [
  {
    name: 'for',
    value: 'TIME',
    category: 'listen',
    summary: 'Listen for so long (default: until it is ended, or nobody reads any more)',
    set(value, { listen }) {
      listen.forMs = readTimeMs(value, 1);
    },
  },
];

const shared = flags.filter(({ name }) => 'key p e oN oJ oC color h V'.split(' ').includes(name));

/** How the words of `listen` are read. */
export const listenLanguage: Language = {
  command: 'listen',
  flags: [...own, ...shared],
  own,
  shared,
  note: '-e names the interface to listen on, -p defaults to all ports, and without another report for it -oJ goes to standard output',
};
