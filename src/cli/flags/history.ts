/** The options of `history` and `show`. @module */

import type { Language } from './flag.ts';
import { flags } from './index.ts';
import { vantageFlag } from './keep.ts';

const own = [vantageFlag];
const named = (names: string) => flags.filter(({ name }) => names.split(' ').includes(name));
const ofHistory = named('color oN oJ oC h V');
const ofShow = named('open reason v color oN oX oG oJ oC oA html h V');

/** How the words of `history` are read. */
export const historyLanguage: Language = {
  command: 'history',
  flags: [...own, ...ofHistory],
  own,
  shared: ofHistory,
  note: 'HOST, HOST:PORT or [HOST]:PORT tells when each state was first and last seen',
};

/** How the words of `show` are read. */
export const showLanguage: Language = {
  command: 'show',
  flags: [...own, ...ofShow],
  own,
  shared: ofShow,
  note: 'FILE is a record (-oJ), a journal or - for standard input; @1 is the newest kept scan, @2026-11-20 the newest of that day',
};
