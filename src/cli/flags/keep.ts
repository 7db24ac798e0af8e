/** Options that say which scans are kept, and which of them are meant. @module */

import type { Flag } from './flag.ts';
import { readCount, readText } from './values.ts';

/** Which scans are kept. */
export const keepFlags: readonly Flag[] = [
  {
    name: 'keep',
    value: 'N',
    category: 'output',
    summary: 'Keep at most so many scans that ask the same (default: 100)',
    help: 'Finished scans are kept below the state folder, a gigabyte at most: portolan history lists them, diff, show and explain read them.',
    set(value, { kept }) {
      kept.most = readCount(value, 1, 100_000);
    },
  },
  {
    name: 'no-keep',
    category: 'output',
    summary: 'Do not keep this scan',
    set(_value, { kept }) {
      kept.isOff = true;
    },
  },
];

/** From where kept scans looked. */
export const vantageFlag: Flag = {
  name: 'vantage',
  value: 'NAME',
  category: 'history',
  summary: 'Of kept scans only those that looked from there, as history names it',
  set(value, { kept }) {
    kept.vantage = readText(value);
  },
};
