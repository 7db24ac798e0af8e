/** Options that say who is asked, and which ports. @module */

import { splitTargets } from '../../plan/split-targets.ts';
import { type Draft, type Flag, Unacceptable } from './flag.ts';
import { readCount, readList, readText } from './values.ts';

/** Targets and ports. */
export const targetFlags: readonly Flag[] = [
  {
    name: 'iL',
    value: 'FILE',
    repeats: true,
    category: 'targets',
    summary: 'Read targets from a file (- for standard input)',
    help: 'One or more targets a line, # starts a comment. A line host:port or [v6]:port gives a target its own ports.',
    set(value, { request }) {
      request.targetFiles = [...(request.targetFiles ?? []), readText(value)];
    },
  },
  {
    name: 'exclude',
    value: 'LIST',
    repeats: true,
    category: 'targets',
    summary: 'Never send anything to these targets',
    help: 'Addresses, names, blocks and ranges between commas. Exclusions are enforced again where packets and sockets are made.',
    set(value, { request }) {
      request.exclude = [...(request.exclude ?? []), ...splitTargets(readList(value).join(','))];
    },
  },
  {
    name: 'excludefile',
    short: 'exclude-file',
    value: 'FILE',
    repeats: true,
    category: 'targets',
    summary: 'Read targets to leave out from a file',
    set(value, { request }) {
      request.excludeFiles = [...(request.excludeFiles ?? []), readText(value)];
    },
  },
  {
    name: '4',
    category: 'targets',
    summary: 'Take only the IPv4 addresses of names',
    set: (_value, draft) => setFamily(draft, 4),
  },
  {
    name: '6',
    category: 'targets',
    summary: 'Take only the IPv6 addresses of names',
    set: (_value, draft) => setFamily(draft, 6),
  },
  {
    name: 'p',
    value: 'PORTS',
    category: 'ports',
    summary: 'Ports: 22,80-90,-100,60000-,- T: U: S: names, classes, @FILE',
    help: 'Numbers, ranges open at either end, - for all of 1-65535; T:, U: and S: choose the protocol of what follows; service names may hold *; system is 0-1023, registered 1024-49151, dynamic 49152-65535. Port 0 is asked only when it is named. @FILE reads all this from a file (@- from standard input): between white space or commas, # starts a comment.',
    set(value, { request }) {
      request.ports = readText(value);
    },
  },
  {
    name: 'F',
    category: 'ports',
    summary: 'Fast: the 100 most common ports instead of 1000',
    set(_value, { request }) {
      request.fast = true;
    },
  },
  {
    name: 'top-ports',
    value: 'N',
    category: 'ports',
    summary: 'The N most common ports',
    set(value, { request }) {
      request.topPorts = readCount(value, 1, 65536);
    },
  },
  {
    name: 'exclude-ports',
    value: 'PORTS',
    category: 'ports',
    summary: 'Send nothing to these ports, host discovery included (@FILE: those of a file)',
    set(value, { request }) {
      request.excludePorts = readText(value);
    },
  },
  {
    name: 'r',
    category: 'ports',
    summary: 'Ask ports in ascending order instead of a permutation',
    set(_value, { request }) {
      request.inOrder = true;
    },
  },
];

function setFamily({ request }: Draft, family: 4 | 6): void {
  if (request.family !== undefined && request.family !== family)
    throw new Unacceptable('only one of -4 and -6');
  request.family = family;
}
