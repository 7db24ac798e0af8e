/** The options of `dns`: its own, and those of `scan` that mean the same there. @module */

import { zoneFlags } from './dns-zones.ts';
import { type Flag, type Language, Unacceptable } from './flag.ts';
import { flags } from './index.ts';
import { readCount, readList } from './values.ts';

const own: readonly Flag[] = [
  {
    name: 'types',
    value: 'LIST',
    repeats: true,
    category: 'dns',
    summary: 'Ask for these types of records alone: A,AAAA,MX,TYPE65280',
    help: 'By default A, AAAA, CNAME, NS, SOA, MX, TXT, SRV, CAA, PTR, DS, DNSKEY, HTTPS and SVCB are asked for, and how the zone is signed and what it says about mail.',
    set(value, { names }) {
      const types = readList(value).map((type) => type.toUpperCase());
      const strange = types.find((type) => !/^[A-Z][A-Z0-9-]*$/.test(type));
      if (strange !== undefined) throw new Unacceptable('types of records such as A,AAAA,MX or TYPE65280');
      names.types = [...new Set([...(names.types ?? []), ...types])];
    },
  },
  ...zoneFlags,
  {
    name: 'budget',
    value: 'N',
    category: 'dns',
    summary: 'Send at most N queries; what that left out is said, and the exit code is 3',
    help: 'Repetitions of what got no answer count as well.',
    set(value, { names }) {
      names.budget = readCount(value, 1, Number.MAX_SAFE_INTEGER);
    },
  },
  {
    name: 'rate',
    value: 'N',
    category: 'dns',
    summary: 'Send at most N queries a second to each server (default: as many as it answers)',
    set(value, { names }) {
      names.ratePerSecond = readCount(value, 1, 10_000_000);
    },
  },
];

const shared = flags.filter(({ name }) =>
  'dns-servers v d stats-every no-progress color oN oJ oC dry-run h V'.split(' ').includes(name),
);

/** How the words of `dns` are read. */
export const dnsLanguage: Language = {
  command: 'dns',
  flags: [...own, ...shared],
  own,
  shared,
  note: '--dns-servers takes ports as well here (192.0.2.53:5353, [2001:db8::53]:5353)',
};
