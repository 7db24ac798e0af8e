/** Options that say what is shown and written, those for safety, netcat's, and the general ones. @module */

import { type Draft, type Flag, type FormatName, Unacceptable } from './flag.ts';
import { keepFlags } from './keep.ts';
import { readCount, readText, readTimeMs } from './values.ts';

/** What is shown, output, safety, the netcat habit, general. */
export const outputFlags: readonly Flag[] = [
  {
    name: 'open',
    category: 'shown',
    summary: 'Show only open ports; counts stay whole',
    set(_value, { view }) {
      view.openOnly = true;
    },
  },
  {
    name: 'reason',
    category: 'shown',
    summary: 'Show why each state was given',
    set(_value, { view }) {
      view.reason = true;
    },
  },
  {
    name: 'v',
    short: 'verbose',
    value: 'LEVEL',
    glued: /^\d$/,
    repeats: true,
    category: 'shown',
    summary: 'Say more; -vv lists every port',
    set: (value, { view }) => {
      view.verbosity = value === '' ? view.verbosity + 1 : readCount(value, 0, 9);
    },
  },
  {
    name: 'd',
    short: 'debug',
    value: 'LEVEL',
    glued: /^\d$/,
    repeats: true,
    category: 'shown',
    summary: 'Debug: a status line a second and where faults happened; implies -v',
    help: '-dd prints every progress message.',
    set(value, { view }) {
      view.debug = value === '' ? view.debug + 1 : readCount(value, 0, 9);
    },
  },
  {
    name: 'ungrouped',
    category: 'shown',
    summary: 'Give each port its own line, whatever its state',
    set(_value, { request }) {
      request.ungrouped = true;
    },
  },
  {
    name: 'evidence',
    category: 'shown',
    summary: 'Write a line for every probe into the NDJSON record',
    help: 'Without it only the probes that a finding cites are written. With firewall text and HTML list them as well, with -sV the record has every talk with a service.',
    set(_value, { request }) {
      request.evidence = true;
    },
  },
  {
    name: 'packet-trace',
    category: 'shown',
    summary: 'Print every packet sent and received',
    set(_value, { view }) {
      view.packetTrace = true;
    },
  },
  {
    name: 'stats-every',
    value: 'TIME',
    category: 'shown',
    summary: 'Print a status line this often',
    set(value, { view }) {
      view.statsEveryMs = readTimeMs(value, 10);
    },
  },
  {
    name: 'no-progress',
    category: 'shown',
    summary: 'No live progress line on the terminal',
    set(_value, { view }) {
      view.progress = false;
    },
  },
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    category: 'shown',
    summary: 'Colours: auto, always or never',
    help: 'auto colours a terminal, unless NO_COLOR is set.',
    set(value, { view }) {
      view.color = value as 'auto' | 'always' | 'never';
    },
  },
  fileFlag('oN', 'normal', 'Normal format, the one on screen'),
  fileFlag('oX', 'xml', 'XML that readers of nmap’s take'),
  fileFlag('oG', 'grepable', 'Grepable: one line a host'),
  fileFlag('oJ', 'ndjson', 'NDJSON, the whole record: one object a line as facts arrive'),
  fileFlag('oC', 'csv', 'CSV with a header row'),
  {
    name: 'oA',
    value: 'BASE',
    repeats: true,
    category: 'output',
    summary: 'All five: BASE.nmap .xml .gnmap .ndjson .csv',
    set(value, draft) {
      const base = readText(value);
      if (base === '-')
        throw new Unacceptable('the beginning of file names: standard output takes one format');
      for (const [format, ending] of Object.entries(endings) as [FormatName, string][]) {
        draft.outputs.push({ format, path: `${base}.${ending}` });
      }
    },
  },
  fileFlag('html', 'html', 'One HTML file that needs no network'),
  {
    name: 'oP',
    value: 'FILE',
    category: 'output',
    summary: 'Evidence: every packet, as pcapng',
    set(value, { request }) {
      request.capture = readText(value);
    },
  },
  ...keepFlags,
  {
    name: 'dry-run',
    category: 'safety',
    summary: 'Forecast packets, bytes and time; send nothing',
    set: (_value, draft) => want(draft, 'forecast'),
  },
  {
    name: 'scope',
    value: 'FILE',
    category: 'safety',
    summary: 'Refuse targets outside the addresses of this file',
    help: 'One address, block or range a line, # starts a comment. Nothing is ever sent beyond it.',
    set(value, { request }) {
      request.scopeFile = readText(value);
    },
  },
  {
    name: 'yes',
    category: 'safety',
    summary: 'Agree to more than 65536 public addresses without a scope',
    set(_value, { request }) {
      request.yes = true;
    },
  },
  {
    name: 'z',
    category: 'netcat',
    summary: 'HOST PORTS: say which ports take connections, as netcat does',
    help: 'portolan -zv HOST PORT... prints netcat’s lines on standard error and ends with 0 when every port is open, else with 1.',
    set(_value, draft) {
      draft.netcat = true;
    },
  },
  {
    name: 'u',
    category: 'netcat',
    summary: 'UDP instead of TCP (with -z)',
    set(_value, { beside }) {
      beside.udp = true;
    },
  },
  {
    name: 'w',
    value: 'SECONDS',
    category: 'netcat',
    summary: 'Wait at most this long for each port (with -z)',
    set(value, { beside }) {
      beside.waitMs = readTimeMs(value, 1);
    },
  },
  {
    name: 'h',
    short: 'help',
    category: 'general',
    summary: 'Print this help',
    set: (_value, draft) => want(draft, 'help'),
  },
  {
    name: 'V',
    short: 'version',
    category: 'general',
    summary: 'Print the version',
    set: (_value, draft) => want(draft, 'version'),
  },
];

function fileFlag(name: string, format: FormatName, summary: string): Flag {
  return {
    name,
    value: 'FILE',
    repeats: true,
    category: 'output',
    summary: `${summary} (- for standard output)`,
    help: '% words in the name stand for the time, as in nmap: %Y %m %d %y %H %M %S, %F for %Y-%m-%d, %T for %H%M%S, %R for %H%M, %D for %m%d%y, %% for a %.',
    set(value, { outputs }) {
      outputs.push({ format, path: readText(value) });
    },
  };
}

/** Help and version win over a forecast, a forecast over a scan. */
function want(draft: Draft, what: Draft['wants']): void {
  if (draft.wants === 'scan' || draft.wants === 'forecast') draft.wants = what;
}

const endings = { normal: 'nmap', xml: 'xml', grepable: 'gnmap', ndjson: 'ndjson', csv: 'csv' } as const;
