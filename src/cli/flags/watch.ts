/** The options of `watch`: its own, and those of `scan` that mean the same there. @module */

import { type Category, type Flag, type Language, Unacceptable } from './flag.ts';
import { flags } from './index.ts';
import { readText, readTimeMs } from './values.ts';

/** How a round is asked for, and who hears of changes. */
export function watchingFlags(category: Category): readonly Flag[] {
  return [
    {
      name: 'once',
      category,
      summary: 'One round, compared with the last one; ends as diff does',
      set(_value, { watch }) {
        watch.isOnce = true;
      },
    },
    {
      name: 'command',
      value: 'CMD',
      category,
      summary: 'Run this for each change, which it gets as JSON on standard input',
      set(value, { watch }) {
        watch.command = readText(value);
      },
    },
    {
      name: 'webhook',
      value: 'URL',
      isSecret: true,
      category,
      summary: 'Send each change there, as JSON by POST',
      help: 'What stands in PORTOLAN_WEBHOOK_TOKEN is sent as a bearer token. It is tried three times; a dead one is noted on standard error.',
      set(value, { watch }) {
        const url = URL.canParse(value) ? new URL(value) : undefined;
        if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
          throw new Unacceptable('an address such as https://host/path');
        watch.webhook = value;
      },
    },
  ];
}

const own: readonly Flag[] = [
  {
    name: 'every',
    value: 'TIME',
    category: 'watch',
    summary: 'Begin a round this often (default: 1h)',
    set(value, { watch }) {
      watch.everyMs = readTimeMs(value, 1000);
    },
  },
  ...watchingFlags('watch'),
];

/** What a single scan has and a watch has not. */
const ofOneScan = new Set(
  'oX oG oA html oP journal resume dry-run no-keep z u w sL arrived key packet-trace'.split(' '),
);
const shared = flags.filter(({ name }) => !ofOneScan.has(name));

/** How the words of `watch` are read. */
export const watchLanguage: Language = {
  command: 'watch',
  flags: [...own, ...shared],
  own,
  shared,
  note: 'reports (-oN, -oJ, -oC) hold changes',
};
