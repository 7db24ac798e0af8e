/** The options of `audit`: its own, and those of `scan` that mean the same there. @module */

import { arrivedFlag } from './arrived.ts';
import { type Draft, type Flag, type Language, Unacceptable } from './flag.ts';
import { flags } from './index.ts';
import { readText, readTimeMs } from './values.ts';
import { watchingFlags } from './watch.ts';

const own: readonly Flag[] = [
  {
    name: 'init',
    category: 'audit',
    summary: 'Write a policy from what is found now (-p, -sS, -sT, -sU as in a scan)',
    help: 'The policy goes to standard output.',
    set: (_value, draft) => choose(draft, 'init'),
  },
  {
    name: 'merge',
    category: 'audit',
    summary: 'Join records (-oJ) of several vantage points',
    help: 'A row is a host and port, a column a vantage point; one that did not look has a cell that says so.',
    set: (_value, draft) => choose(draft, 'merge'),
  },
  {
    name: 'watch',
    value: 'TIME',
    category: 'audit',
    summary: 'Audit this often, and tell what changes (-oN, -oJ and -oC hold changes)',
    help: 'What differs from the last round is asked again before it is told, and told once; what comes and goes is told as flapping. The first round is what later ones are compared with: how its checks came out stands on standard error.',
    set(value, { watch }) {
      watch.everyMs = readTimeMs(value, 1000);
    },
  },
  ...watchingFlags('audit'),
  arrivedFlag('audit'),
  reportFlag('junit', 'JUnit: a suite a rule, a case a check'),
  reportFlag('sarif', 'SARIF 2.1.0: what did not pass, at the policy’s line'),
  {
    name: 'github',
    category: 'audit',
    summary: 'Annotations of GitHub’s workflows on standard output',
    set(_value, { audit }) {
      audit.reports.push({ format: 'github', path: '-' });
    },
  },
];

/** Options of scan that mean the same; the policy says whom it asks which ports from where. */
const shared = new Set(
  [
    'exclude excludefile 4 6',
    'Pn PS PA PU PE PP PM PR PY PO disable-arp-ping discovery-ignore-rst',
    'n dns-servers',
    'T min-rate max-rate max-retries scan-delay host-timeout initial-rtt-timeout min-rtt-timeout',
    'max-rtt-timeout max-parallelism seed S e',
    'key v d packet-trace stats-every no-progress color oN oJ oC scope yes h V',
  ].flatMap((names) => names.split(' ')),
);

/** Options of scan that say what `--init` looks at. */
const ofInit = new Set(['p', 'sS', 'sT', 'sU']);

/** How the words of `audit` are read. */
export const auditLanguage: Language = {
  command: 'audit',
  flags: [...own, ...flags.filter(({ name }) => shared.has(name) || ofInit.has(name))],
  own,
  shared: flags.filter(({ name }) => shared.has(name)),
  note: 'with --init -p, -sS, -sT and -sU as well',
};

function choose({ audit }: Draft, what: 'init' | 'merge'): void {
  if (audit.does !== 'audit' && audit.does !== what) throw new Unacceptable('one of --init and --merge');
  audit.does = what;
}

function reportFlag(name: Draft['audit']['reports'][number]['format'], summary: string): Flag {
  return {
    name,
    value: 'FILE',
    repeats: true,
    category: 'audit',
    summary: `${summary} (- for standard output)`,
    set(value, { audit }) {
      audit.reports.push({ format: name, path: readText(value) });
    },
  };
}
