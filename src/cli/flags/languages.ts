/** The commands besides `scan` that have options. @module */

import { auditLanguage } from './audit.ts';
import { diffLanguage } from './diff.ts';
import { dnsLanguage } from './dns.ts';
import { fingerprintLanguage } from './fingerprint.ts';
import { firewallLanguage } from './firewall.ts';
import type { Flag, Language } from './flag.ts';
import { historyLanguage, showLanguage } from './history.ts';
import { flags } from './index.ts';
import { listenLanguage } from './listen.ts';
import { watchLanguage } from './watch.ts';

/** Each with its options. */
export const languages: readonly Language[] = [
  firewallLanguage,
  fingerprintLanguage,
  auditLanguage,
  listenLanguage,
  dnsLanguage,
  diffLanguage,
  historyLanguage,
  showLanguage,
  watchLanguage,
];

/** Every option of every command, each once. */
export const allFlags: readonly Flag[] = [
  ...new Map([...flags, ...languages.flatMap(({ own }) => own)].map((flag) => [flag.name, flag])).values(),
];
