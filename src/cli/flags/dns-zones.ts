/** The options of `dns` about zones: transfers, names below them, reverse maps. @module */

import type { Flag } from './flag.ts';

/** In the order of the help. */
export const zoneFlags: readonly Flag[] = [
  {
    name: 'axfr',
    category: 'dns',
    summary: 'Try a zone transfer at every name server of the zone',
    help: 'A server that gives its zone to whoever asks is a finding.',
    set(_, { names }) {
      names.wantsTransfers = true;
    },
  },
  {
    name: 'subdomains',
    category: 'dns',
    summary: 'Look for names below NAME: by NSEC records, words, records, permutations and neighbours',
    help: 'Every name is decided at the own name servers of its zone: names that only a wildcard answers for are left out and counted.',
    set(_, { names }) {
      names.wantsSubdomains = true;
    },
  },
  {
    name: 'wordlist',
    value: 'FILE',
    category: 'dns',
    summary: 'Try these labels, one a line, instead of the built-in ones; implies --subdomains',
    help: 'The likeliest come first: below names that were found the beginning of the list is tried.',
    set(value, { names }) {
      names.wordlist = value;
      names.wantsSubdomains = true;
    },
  },
  {
    name: 'names',
    value: 'FILE',
    repeats: true,
    category: 'dns',
    summary: 'Look for the names below NAME that FILE holds as well; implies --subdomains',
    help: 'Any list will do: lines, zone files, URLs, tables, JSON of certificate logs.',
    set(value, { names }) {
      names.nameLists = [...(names.nameLists ?? []), value];
      names.wantsSubdomains = true;
    },
  },
  {
    name: 'reverse',
    value: 'CIDR',
    repeats: true,
    category: 'dns',
    summary: 'Ask for the names of all addresses of a block: 10.0.0.0/24, 2001:db8::/48',
    help: 'What does not exist has nothing below it (RFC 8020), so that the empty parts of a block of IPv6 cost a query each.',
    set(value, { names }) {
      names.reverse = [...(names.reverse ?? []), ...value.split(',')];
    },
  },
  {
    name: 'journal',
    value: 'FILE',
    category: 'dns',
    summary: 'Keep what is answered in FILE, to go on with --resume',
    help: 'FILE must be new.',
    set(value, { names }) {
      names.journal = value;
    },
  },
  {
    name: 'resume',
    value: 'FILE',
    category: 'dns',
    summary: 'Go on with a search that was interrupted: only what is missing is asked',
    help: 'NAME and the options about what to look for are in the journal; where they are given, they must be the same.',
    set(value, { names }) {
      names.resume = value;
    },
  },
  {
    name: 'scan',
    category: 'dns',
    summary: 'Scan the addresses that are found: what stands behind it are options of scan',
    help: 'It is the last option of dns. Addresses beyond --scope are left out; names of certificates (-sV) are looked up once and not scanned.',
    set() {
      // The words behind it are read before those of dns.
    },
  },
];
