/** Wildcards of all kinds, with no loss and with one packet in ten lost each way: exactly the names that are there. */

import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { type FakeNetwork, FakeWorld, type FakeZone } from '../fake-zone.laws.ts';
import { NameSearch } from './search-names.ts';
import { ZoneBook } from './zone-book.ts';

const own = ['10.0.0.1', '10.0.0.2'];
const base = '@ NS ns1\n@ NS ns2\nns1 A 10.0.0.1\nns2 A 10.0.0.2\n'.replaceAll(/NS (ns\d)/g, 'NS $1.z.test.');
const absentWords = Array.from({ length: 400 }, (_, at) => `no${at.toString(36)}x`);
const noise = [...absentWords, 'abcdefgh', 'qwertyui', 'something-q', 'database'];

/** Finds names below z.test. with words; returns what was found without the apex and the servers. */
async function find(
  zone: Partial<FakeZone>,
  words: readonly string[],
  network: FakeNetwork = {},
  more: readonly FakeZone[] = [],
) {
  const world = new FakeWorld(
    [{ apex: 'z.test', servers: own, ...zone, records: base + (zone.records ?? '') }, ...more],
    network,
  );
  const random = new SeededRandom(7);
  const undecided: string[] = [];
  const book = new ZoneBook(world);
  await book.zoneOf('z.test');
  const search = new NameSearch({
    book,
    roots: ['z.test'],
    types: ['A', 'AAAA', 'MX', 'TXT', 'NS', 'CNAME', 'SRV', 'CAA'],
    random: (bound) => random.nextBelow(bound),
    tell: (news) => {
      if (news.kind === 'undecided')
        undecided.push(`${news.name} ${news.why} ${news.types?.join() ?? ''}`.trim());
      return 0;
    },
  });
  await search.root('z.test');
  await search.words('z.test', [...noise, ...words]);
  for (let round = 0; round < 3; round++)
    for (const name of search.takeNews())
      if (name !== 'z.test' && !name.startsWith('ns')) await search.words(name, [...words, 'api', 'nothing']);
  const names = [...search.found]
    .filter(([name, records]) => records.length > 0 && name !== 'z.test')
    .map(([name]) => name.replace(/\.z\.test$/, ''))
    .sort();
  return { names, undecided, leftOut: Object.fromEntries(search.leftOut), asked: world.asked.length };
}

const cases: readonly {
  readonly title: string;
  readonly zone: Partial<FakeZone>;
  readonly words: readonly string[];
  readonly names: readonly string[];
  readonly undecided?: readonly string[];
}[] = [
  {
    title: 'an address for everything, and names that share it',
    zone: { records: '* A 10.9.9.9\nwww A 10.9.9.9\nmail A 10.0.0.7\nonly6 AAAA fd00::1\ntext TXT "x"' },
    words: ['www', 'mail', 'only6', 'text'],
    names: ['mail', 'only6', 'text', 'www'],
  },
  {
    title: 'a CNAME wildcard, and a name with the same target',
    zone: { records: '* CNAME web.cdn.test.\nwww CNAME web.cdn.test.\nmail A 10.0.0.7' },
    words: ['www', 'mail'],
    names: ['mail', 'www'],
  },
  {
    title: 'a CNAME wildcard to nowhere, and a name that goes there too',
    zone: { records: '* CNAME gone.z.test.x.\nold CNAME gone.z.test.x.\ndead CNAME nobody\nmail A 10.0.0.7' },
    words: ['old', 'mail', 'dead'],
    names: ['dead', 'mail', 'old'],
  },
  {
    title: 'a CNAME to nowhere without a wildcard',
    zone: { records: 'old CNAME gone.z.test.\nmail A 10.0.0.7' },
    words: ['old', 'mail'],
    names: ['mail', 'old'],
  },
  {
    title: 'a target that contains the name, made by code',
    zone: {
      code: (name, type) => {
        const label = /^([^.]+)\.z\.test$/.exec(name)?.[1];
        if (label === undefined || ['www', 'ns1', 'ns2', 'api', 'own'].includes(label)) return undefined;
        return type === 'TXT'
          ? { values: [`"for ${name}"`] }
          : { type: 'CNAME', values: [`${label}.cdn.test.`] };
      },
      records: 'www A 10.0.0.7\nown CNAME own.other.test.\napi CNAME api.cdn.test.\napi TXT "x"',
    },
    words: ['www', 'own'],
    names: ['own', 'www'],
  },
  {
    title: 'real names below a name that shares the address',
    zone: { records: '* A 10.9.9.9\nwww A 10.9.9.9\napi.www A 10.9.9.9' },
    words: ['www'],
    names: ['api.www', 'www'],
  },
  {
    title: 'a wildcard at a sibling that is no parent',
    zone: { records: '*.p A 10.9.9.9\np A 10.9.9.9\nsomething-p A 10.9.9.9\nx-p A 10.9.9.8' },
    words: ['p', 'something-p', 'x-p'],
    names: ['p', 'something-p', 'x-p'],
  },
  {
    title: 'wildcards at several levels, the lower like the higher',
    zone: {
      records:
        '* A 10.9.9.9\ndev A 10.9.9.9\n*.dev A 10.9.9.9\napi.dev A 10.9.9.9\n*.a.b A 10.9.9.8\na.b A 10.1.1.1\napi.a.b TXT "x"',
    },
    words: ['dev', 'b', 'a'],
    names: ['a.b', 'api.a.b', 'api.dev', 'dev'],
  },
  {
    title: 'answers made by code',
    zone: {
      code: (name, type) =>
        ['www.z.test', 'ttl.z.test', 'mx.z.test', 'z.test', 'ns1.z.test', 'ns2.z.test'].includes(name)
          ? undefined
          : type === 'A'
            ? { values: ['10.9.9.9'] }
            : 'NODATA',
      records: 'www A 10.0.0.7\nttl 77 A 10.9.9.9\nmx A 10.9.9.9\nmx MX 10 mail.z.test.',
    },
    words: ['www', 'ttl', 'mx'],
    names: ['mx', 'ttl', 'www'],
  },
  {
    title: 'random addresses, by a wildcard and by code',
    zone: {
      code: (name, type, random) =>
        ['www', 'out', 'mx', 'ns1', 'ns2'].some((label) => name === `${label}.z.test`) ||
        name === 'z.test' ||
        name.split('.').length > 3
          ? undefined
          : type === 'A'
            ? { values: [`10.9.${random.nextBelow(256)}.${random.nextBelow(256)}`] }
            : 'NODATA',
      records: 'www A 10.9.4.4\nout A 192.0.2.7\nmx MX 10 x.z.test.',
    },
    words: ['www', 'out', 'mx'],
    names: ['mx', 'out', 'www'],
  },
  {
    title: 'rotation of a pool',
    zone: {
      code: (name, type, random) =>
        ['www', 'one', 'ns1', 'ns2'].some((label) => name === `${label}.z.test`) ||
        name === 'z.test' ||
        name.split('.').length > 3
          ? undefined
          : type === 'A'
            ? { values: [`10.9.9.${random.nextBelow(4)}`, `10.9.9.${4 + random.nextBelow(4)}`] }
            : 'NODATA',
      records: 'www A 10.9.9.1\nwww A 10.9.9.5\none A 10.9.9.9',
    },
    words: ['www', 'one'],
    names: ['one', 'www'],
  },
  {
    title: 'a pattern of eight letters',
    zone: {
      code: (name, type) =>
        /^[a-z]{8}\.z\.test$/.test(name) && name !== 'realname.z.test'
          ? type === 'A'
            ? { values: ['10.9.9.9'] }
            : 'NODATA'
          : undefined,
      records: 'realname A 10.0.0.7\nwww A 10.9.9.9',
    },
    words: ['realname', 'www'],
    names: ['realname', 'www'],
  },
  {
    title: 'names that fail',
    zone: {
      code: (name) => (name === 'broken.z.test' ? 'SERVFAIL' : undefined),
      records: '* A 10.9.9.9\nbroken A 10.9.9.9\nwww A 10.9.9.9',
    },
    words: ['broken', 'www'],
    names: ['www'],
    undecided: ['broken.z.test servfail'],
  },
  {
    title: 'names that fail without a wildcard',
    zone: {
      code: (name) => (name === 'broken.z.test' ? 'SERVFAIL' : undefined),
      records: 'broken A 10.9.9.9\nwww A 10.9.9.9',
    },
    words: ['broken', 'www'],
    names: ['www'],
    undecided: ['broken.z.test servfail'],
  },
  {
    title: 'one failing type among several',
    zone: {
      code: (name, type) =>
        type === 'A' && !name.startsWith('ns') && name !== 'z.test' ? 'SERVFAIL' : undefined,
      records: 'www AAAA fd00::1\nmail MX 10 x.z.test.\n',
    },
    words: ['www', 'mail'],
    names: ['mail', 'www'],
    undecided: ['mail.z.test servfail A', 'www.z.test servfail A'],
  },
  {
    title: 'a signed wildcard',
    zone: {
      denial: 'nsec',
      records: '* A 10.9.9.9\nwww A 10.9.9.9\nt TXT "x"\n*.t A 10.9.9.9\napi.t A 10.9.9.9',
    },
    words: ['www', 't'],
    names: ['api.t', 't', 'www'],
  },
  {
    title: 'a signed zone that denies by lies',
    zone: { denial: 'black', records: 'www A 10.9.9.9\nt TXT "x"' },
    words: ['www', 't'],
    names: ['t', 'www'],
  },
  {
    title: 'a signed wildcard in a zone that denies by lies',
    zone: { denial: 'black', records: '* A 10.9.9.9\nwww A 10.9.9.9\nt TXT "x"' },
    words: ['www', 't'],
    names: ['t', 'www'],
  },
  {
    title: 'answers made by code for any depth, but not for asterisks',
    zone: {
      code: (name, type) =>
        /^[a-z0-9.]+\.z\.test$/.test(name) && !/^(?:www|ns\d|other)\.z\.test$/.test(name)
          ? type === 'A'
            ? { values: ['10.9.9.9'] }
            : 'NODATA'
          : undefined,
      records: 'www A 10.0.0.7\nother 60 A 10.9.9.9',
    },
    words: ['www', 'other'],
    names: ['other', 'www'],
  },
  {
    title: 'addresses made of the name',
    zone: {
      code: (name, type) => {
        if (!/^[^.]+\.z\.test$/.test(name) || /^(?:www|ns\d|mx)\.z\.test$/.test(name)) return undefined;
        const sum = [...name].reduce((hash, one) => (hash * 31 + one.charCodeAt(0)) % 65_521, 7);
        return type === 'A' ? { values: [`10.9.${sum >> 8}.${sum & 255}`] } : 'NODATA';
      },
      records: 'www A 10.0.0.7\nmx A 10.9.1.1\nmx MX 10 x.z.test.',
    },
    words: ['www', 'mx'],
    names: ['mx', 'www'],
  },
  {
    title: 'a wildcard for mail alone',
    zone: { records: '* MX 10 mx.z.test.\nwww A 10.0.0.7\nmx A 10.0.0.8\nt TXT "x"' },
    words: ['www', 'mx', 't'],
    names: ['mx', 't', 'www'],
  },
  {
    title: 'names that begin alike, made by code',
    zone: {
      code: (name, type) =>
        /^dev[^.]*\.z\.test$/.test(name) ? (type === 'A' ? { values: ['10.9.9.9'] } : 'NODATA') : undefined,
      records: 'www A 10.0.0.7',
    },
    words: ['www', 'dev', 'dev1', 'developer', 'dev-api'],
    names: ['www'],
  },
  {
    title: 'many numbered hosts at one address, all of them real',
    zone: {
      records: Array.from(
        { length: 99 },
        (_, at) => `host${String(at + 1).padStart(2, '0')} A 10.9.9.9`,
      ).join('\n'),
    },
    words: ['host01', 'host50', 'host99', 'host100', 'host001'],
    names: ['host01', 'host50', 'host99'],
  },
  {
    title: 'a name that moved with all below it',
    zone: { records: 'old DNAME new.test.\nwww A 10.0.0.7' },
    words: ['old', 'www'],
    names: ['www'],
  },
  {
    title: 'delegations, one of them to the same servers',
    zone: { records: '* A 10.9.9.9\nsub NS ns.sub.z.test.\nns.sub A 10.0.0.9\nwww A 10.9.9.9' },
    words: ['sub', 'www'],
    names: ['api.sub', 'sub', 'www'],
  },
];

const sub: FakeZone = {
  apex: 'sub.z.test',
  servers: ['10.0.0.9'],
  records: '@ NS ns.sub.z.test.\nns A 10.0.0.9\napi A 10.1.1.1\n*  A 10.9.9.9',
};

describe.each([0, 0.1])('loss %d', (loss) => {
  it.each(cases)('$title', async ({ zone, words, names, undecided = [] }) => {
    const result = await find(zone, words, { loss, seed: 3 }, [sub]);
    expect({
      names: result.names.filter((name) => !name.startsWith('ns')),
      undecided: result.undecided.sort(),
    }).toEqual({
      names,
      undecided,
    });
  });
});
