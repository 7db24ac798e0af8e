/** The search as a whole, before zones that are data. */

import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { type FakeNetwork, FakeWorld, type FakeZone, resolver } from '../fake-zone.laws.ts';
import { parseBlock, type ReverseBlock } from './reverse-map.ts';
import { searchZones, type ZoneSearch } from './search-zones.ts';

const head = '@ NS ns1.z.test.\n@ MX 10 post.z.test.\nns1 A 10.0.0.1\npost A 10.0.0.5\n';
const plain: FakeZone = {
  apex: 'z.test',
  servers: ['10.0.0.1'],
  records: `${head}www A 10.0.0.7\nold CNAME gone.else.test.\n_sip._tcp SRV 0 0 5060 voice.z.test.\nvoice A 10.0.0.8\nweb1 A 10.0.0.20\nweb3 A 10.0.0.21\nx.y TXT "v"\n@ TXT "v=spf1 a:spf.z.test -all"\nspf A 10.0.0.30\nhidden A 10.0.0.9\nlisted.deep A 10.0.0.40\nsub NS ns.sub.z.test.\nns.sub A 10.0.0.11\nlost NS ns.lost.z.test.\nns.lost A 10.0.0.12\n`,
};
const sub: FakeZone = {
  apex: 'sub.z.test',
  servers: ['10.0.0.11'],
  records: '@ NS ns.sub.z.test.\nns A 10.0.0.11\napi A 10.0.1.1',
};
const reverse: FakeZone = {
  apex: '0.0.10.in-addr.arpa',
  servers: ['10.0.0.1'],
  records: '@ NS ns1.z.test.\n9 PTR hidden.z.test.\n7 PTR www.z.test.',
};

async function search(
  zones: readonly FakeZone[],
  changes: Partial<ZoneSearch> = {},
  network: FakeNetwork = {},
) {
  const world = new FakeWorld(zones, network);
  const random = new SeededRandom(4);
  const records: string[] = [];
  const undecided: string[] = [];
  const findings: { rule: string; host: string; claim: string; evidence: readonly string[] }[] = [];
  const notices: string[] = [];
  const transfers: string[] = [];
  const totals = await searchZones(
    {
      names: ['z.test'],
      types: ['A', 'AAAA', 'CNAME', 'NS', 'SOA', 'MX', 'TXT', 'SRV', 'CAA', 'PTR', 'DS', 'HTTPS'],
      wantsTransfers: false,
      tellsWholeTransfers: true,
      wantsSubdomains: true,
      words: ['www', 'mail', 'old', 'api', 'web1', 'sub', 'y', 'x', 'lost'],
      candidates: ['listed.deep.z.test', 'stale.gone.z.test', 'other.test'],
      reverse: [],
      mostQueries: 100_000,
      random: (bound) => random.nextBelow(bound),
      ...changes,
    },
    world,
    (news) => {
      if (news.kind === 'record')
        records.push(`${news.record.name} ${news.record.type} ${news.record.value} ${news.via}`);
      if (news.kind === 'undecided') undecided.push(`${news.name} ${news.why}`);
      if (news.kind === 'finding') findings.push(news.finding);
      if (news.kind === 'notice') notices.push(news.message);
      if (news.kind === 'transfer') transfers.push(`${news.zone} ${news.server} ${news.outcome.result}`);
      return 1;
    },
  );
  return { records, undecided, findings, notices, transfers, totals, asked: world.asked };
}

describe('searching a zone', () => {
  it('finds names by words, records, neighbours, permutations and lists, below cuts too', async () => {
    const { records, undecided, findings, totals } = await search([plain, sub, reverse]);
    const via = (name: string) => records.filter((each) => each.startsWith(`${name}.z.test `));
    expect(via('www')).toEqual(['www.z.test A 10.0.0.7 wordlist']);
    expect(via('post')).toEqual(['post.z.test A 10.0.0.5 record']);
    expect(via('_sip._tcp')).toEqual(['_sip._tcp.z.test SRV 0 0 5060 voice.z.test. wordlist']);
    expect(via('voice')).toEqual(['voice.z.test A 10.0.0.8 record']);
    expect(via('spf')).toEqual(['spf.z.test A 10.0.0.30 record']);
    expect(via('hidden')).toEqual(['hidden.z.test A 10.0.0.9 neighbour']);
    expect(via('web3')).toEqual(['web3.z.test A 10.0.0.21 permutation']);
    expect(via('listed.deep')).toEqual(['listed.deep.z.test A 10.0.0.40 list']);
    expect(via('x.y')).toEqual(['x.y.z.test TXT "v" wordlist']);
    expect(via('api.sub')).toEqual(['api.sub.z.test A 10.0.1.1 wordlist']);
    expect(via('lost')).toEqual(['lost.z.test NS ns.lost.z.test. wordlist']);
    expect(new Set(records).size).toBe(records.length);
    expect(undecided).toEqual(['lost.z.test lame', 'ns.lost.z.test lame']);
    expect(findings.map(({ rule, host }) => `${rule} ${host}`).sort()).toEqual([
      'dangling-cname z.test',
      'lame-delegation lost.z.test',
    ]);
    expect(totals).toMatchObject({ isComplete: false, undecided: 1 });
  });

  it('does not say of a name server whose address could not be learnt that it has none', async () => {
    const quiet = { apex: 'quiet.test', servers: ['10.0.0.8'], records: '', code: () => 'silence' as const };
    const zone = { apex: 'z.test', servers: ['10.0.0.1'], records: '@ NS ns.quiet.test.' };
    const { findings, undecided } = await search([zone, quiet], { words: ['www'] });
    expect(findings).toEqual([]);
    expect(undecided).toEqual(['z.test lame']);
  });

  it('takes a transfer for all there is, and says that it was given', async () => {
    const { records, findings, transfers, totals } = await search([{ ...plain, transfer: 'complete' }, sub], {
      wantsTransfers: true,
      words: ['never'],
    });
    expect(transfers).toContain('z.test 10.0.0.1 complete');
    expect(transfers).toContain('sub.z.test 10.0.0.11 refused');
    expect(findings.map(({ rule }) => rule)).toContain('zone-transfer');
    expect(records.filter((each) => each.startsWith('hidden.'))).toEqual(['hidden.z.test A 10.0.0.9 axfr']);
    expect(new Set(records).size).toBe(records.length);
    expect(totals.found).toBeGreaterThan(12);
  });

  it('tells the types of a transfer that are wanted, and counts its names', async () => {
    const { records, totals } = await search([{ ...plain, transfer: 'complete' }], {
      wantsTransfers: true,
      wantsSubdomains: false,
      tellsWholeTransfers: false,
      types: ['TXT'],
    });
    expect(records.sort()).toEqual(['x.y.z.test TXT "v" axfr', 'z.test TXT "v=spf1 a:spf.z.test -all" axfr']);
    expect(totals.found).toBe(17);
  });

  it('walks a signed zone and asks for what stands at its names', async () => {
    const { records, findings } = await search([{ ...plain, denial: 'nsec' }, sub], { words: [] });
    expect(records).toContain('hidden.z.test A 10.0.0.9 nsec');
    expect(records).toContain('x.y.z.test TXT "v" nsec');
    expect(findings.map(({ rule }) => rule)).toContain('nsec-walkable');
  });

  it('says that proofs are made up, and guesses', async () => {
    const { records, findings } = await search([{ ...plain, denial: 'black' }, sub]);
    expect(findings.map(({ rule }) => rule)).toContain('nsec-lies');
    expect(records).toContain('www.z.test A 10.0.0.7 wordlist');
  });

  it('names a resolver that answers for what does not exist, and finds no name by it', async () => {
    const { records, findings } = await search([plain, sub], {}, { hijack: ['10.66.6.6'] });
    const hijack = findings.find(({ rule }) => rule === 'hijacking-resolver');
    expect(hijack?.claim).toContain(resolver);
    expect(hijack?.evidence[1]).toContain('10.66.6.6');
    expect(records.filter((each) => each.includes('10.66.6.6'))).toEqual([]);
  });

  it('names no resolver where a wildcard answers', async () => {
    const { findings } = await search([{ ...plain, records: `${plain.records}* A 10.9.9.9\n` }, sub]);
    expect(findings.map(({ rule }) => rule)).not.toContain('hijacking-resolver');
  });

  it('searches several zones, each with its own wildcard', async () => {
    const one: FakeZone = { ...plain, records: `${head}* A 10.9.9.9\nwww A 10.9.9.9` };
    const two: FakeZone = {
      apex: 'y.test',
      servers: ['10.0.0.1', '10.0.0.2'],
      records:
        '@ NS ns1.z.test.\n@ NS ns2.y.test.\nns2 A 10.0.0.2\n* CNAME www.z.test.\nmail A 10.9.9.9\napi CNAME www.z.test.',
    };
    const { records, totals } = await search([one, two], { names: ['z.test', 'y.test'] });
    const names = new Set(records.map((each) => each.split(' ')[0]));
    expect([...names].sort()).toEqual(
      ['ns1.z.test', 'post.z.test', 'www.z.test', 'ns2.y.test', 'mail.y.test', 'api.y.test'].sort(),
    );
    expect(totals.leftOut.wildcard).toBeGreaterThan(10);
  });

  it('ends at its budget and says so', async () => {
    const { totals, notices, asked } = await search([plain, sub], { mostQueries: 40 });
    expect(totals.isComplete).toBe(false);
    expect(asked.length).toBeLessThanOrEqual(40);
    expect(notices[0]).toContain('budget of 40');
  });

  it('decides nothing where nobody answers', async () => {
    const { totals, undecided } = await search([plain, sub], {}, { mute: ['10.0.0.1', resolver] });
    expect(undecided).toEqual(['z.test timeout']);
    expect(totals).toMatchObject({ isComplete: false, found: 0 });
  });
});

it('many lame delegations below a name are one finding', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `cut${at}`);
  const zone: FakeZone = {
    ...plain,
    records:
      `${head}${names.map((name) => `${name} NS ns.${name}\nns.${name} A 10.0.9.9`).join('\n')}`.replaceAll(
        /NS (ns\.cut\d+)/g,
        'NS $1.z.test.',
      ),
  };
  const { findings } = await search([zone], { words: names });
  const lame = findings.filter(({ rule }) => rule === 'lame-delegation');
  expect(lame.map(({ host, claim }) => `${host}: ${claim}`)).toEqual([
    'z.test: 30 names below it are delegated to servers of which some or all do not serve them',
  ]);
  expect(lame[0]?.evidence).toHaveLength(8);
});

describe('reverse maps', () => {
  const block = (text: string) => parseBlock(text) as ReverseBlock;
  const six = (subnets: number, hosts: number): FakeZone => ({
    apex: '8.b.d.0.1.0.0.2.ip6.arpa',
    servers: ['10.0.0.1'],
    records: [
      '@ NS ns1.z.test.',
      ...Array.from({ length: subnets * hosts }, (_, at) => {
        const digits = `0001${(7 + 301 * (at % subnets)).toString(16).padStart(4, '0')}${(1 + Math.floor(at / subnets)).toString(16).padStart(16, '0')}`;
        return `${[...digits].reverse().join('.')} PTR h${at}.z.test.`;
      }),
    ].join('\n'),
  });

  it('reads blocks', () => {
    expect(parseBlock('10.0.0.77/24')).toEqual({
      first: { family: 4, value: 0x0a000000n },
      prefixLength: 24,
    });
    expect(parseBlock('2001:db8::1')?.prefixLength).toBe(128);
    for (const wrong of ['10.0.0.0/33', 'x/8', '10.0.0.0/', '10.0.0.0/8/9', '::/129'])
      expect(parseBlock(wrong)).toBeUndefined();
  });

  it.each([
    [25, 20],
    [40, 12],
    [1, 500],
  ])(
    'finds the hosts of %d subnets of a /48, %d each, in at most 12,000 questions',
    async (subnets, hosts) => {
      const { records, asked, totals } = await search([plain, six(subnets, hosts)], {
        names: [],
        reverse: [block('2001:db8:1::/48')],
      });
      expect(records.length).toBe(subnets * hosts);
      expect(totals.isComplete).toBe(true);
      expect(asked.length).toBeLessThanOrEqual(12_000);
    },
  );

  it('finds names that stand anywhere where the zone is signed, in a question or two each', async () => {
    const random = new SeededRandom(9);
    const digits = (count: number) =>
      Array.from({ length: count }, () => random.nextBelow(16).toString(16)).join('.');
    const names = Array.from({ length: 500 }, (_, at) => `${digits(20)}.1.0.0.0 PTR h${at}.z.test.`);
    const zone: FakeZone = {
      apex: '8.b.d.0.1.0.0.2.ip6.arpa',
      servers: ['10.0.0.1'],
      denial: 'nsec',
      records: ['@ NS ns1.z.test.', `${digits(20)}.2.0.0.0 PTR other.z.test.`, ...names].join('\n'),
    };
    const { records, asked, totals } = await search([plain, zone], {
      names: [],
      reverse: [block('2001:db8:1::/48')],
    });
    expect(records.length).toBe(500);
    expect(totals.isComplete).toBe(true);
    expect(asked.length).toBeLessThan(1200);
  });

  it('finds those of IPv4 blocks, also within a byte', async () => {
    const many = Array.from({ length: 16 }, (_, at) => `${at * 16 + 3}.${at * 3} PTR h${at}.z.test.`).join(
      '\n',
    );
    const zone: FakeZone = {
      apex: '9.10.in-addr.arpa',
      servers: ['10.0.0.1'],
      records: `@ NS ns1.z.test.\n${many}`,
    };
    const all = await search([plain, zone], { names: [], reverse: [block('10.9.0.0/16')] });
    expect(all.records.length).toBe(16);
    const some = await search([plain, zone], {
      names: [],
      reverse: [block('10.9.0.0/28'), block('10.9.3.16/29')],
    });
    expect(some.records).toEqual([
      '3.0.9.10.in-addr.arpa PTR h0.z.test. reverse',
      '19.3.9.10.in-addr.arpa PTR h1.z.test. reverse',
    ]);
    expect(some.asked.length).toBeLessThan(60);
  });

  it('leaves out what a wildcard answers, and says so', async () => {
    const zone: FakeZone = {
      apex: '9.10.in-addr.arpa',
      servers: ['10.0.0.1'],
      records: '@ NS ns1.z.test.\n*.4 PTR any.z.test.\n7.5 PTR real.z.test.',
    };
    const { records, notices } = await search([plain, zone], { names: [], reverse: [block('10.9.4.0/23')] });
    expect(records).toContain('7.5.9.10.in-addr.arpa PTR real.z.test. reverse');
    expect(notices[0]).toContain('below 4.9.10.in-addr.arpa every name is answered');
  });
});
