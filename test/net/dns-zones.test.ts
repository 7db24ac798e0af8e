/** `portolan dns` before name servers of Debian: exactly the names that are there, transfers, walks, reverse maps, lies. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { NameServers, nameServerPrograms, type ServedZone, type ServerProgram } from './lab/name-servers.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing(['ip', 'unshare', 'nft', ...nameServerPrograms]);

/** A wildcard, names that share its address, names of other types, a level below, an alias to nowhere. */
const wild: ServedZone = {
  apex: 'wild.test',
  records: `* A 10.9.9.9
www A 10.9.9.9
mail A 10.0.0.7
only6 AAAA fd00::1
text TXT "x"
dev A 10.9.9.9
*.dev A 10.9.9.9
api.dev A 10.9.9.9
old CNAME gone.wild.test.x.`,
};
const wildNames = ['api.dev', 'dev', 'mail', 'ns1', 'old', 'only6', 'text', 'www'].map(
  (name) => `${name}.wild.test`,
);
const open: ServedZone = {
  apex: 'open.test',
  transfer: 'anyone',
  records: 'www A 10.0.0.1\na.b TXT "v"\nmx MX 10 www',
};
const many = Array.from({ length: 500 }, (_, at) => `h${at} A 10.1.${at >> 8}.${at & 255}`);
const found: ServedZone = {
  apex: 'found.test',
  records: 'www A 10.53.0.1\nns A 10.53.0.3\nfar A 10.99.0.1\n*.any A 10.53.0.2',
};
const addresses = { bind: '10.53.0.1', knot: '10.53.0.2', nsd: '10.53.0.3', pdns: '10.53.0.4' } as const;
const programs: readonly ServerProgram[] = ['bind', 'knot', 'nsd', 'pdns'];

describe.skipIf(missing !== undefined)('names below zones', () => {
  let servers: NameServers;
  let words: string;
  beforeAll(async () => {
    servers = new NameServers();
    words = join(servers.folder, 'words');
    const absent = Array.from({ length: 150 }, (_, at) => `absent${at}`);
    writeFileSync(words, [...absent, ...'www mail only6 text dev api old mx b a far'.split(' ')].join('\n'));
    for (const program of programs) await servers.serve(program, addresses[program], [wild, open, found]);
    const signed = { records: ['* TXT "w"', 'sub NS ns.sub', 'ns.sub A 10.53.0.99', ...many].join('\n') };
    await servers.serve('knot', '10.53.0.12', [
      { apex: 'walk.test', signing: 'nsec', ...signed },
      { apex: 'hash.test', signing: 'nsec3', records: 'www A 10.0.0.1' },
      { apex: 'online.test', signing: 'online', records: 'www A 10.0.0.1' },
    ]);
    await servers.serve('pdns', '10.53.0.14', [
      { apex: 'narrow.test', signing: 'online', records: 'www A 10.0.0.1' },
    ]);
    await servers.serve('nsd', '10.53.0.13', [
      { apex: '9.10.in-addr.arpa', records: '3.4 PTR a.test.\n9.200 PTR b.test.\n*.7 PTR any.test.' },
      {
        apex: '0.0.d.f.ip6.arpa',
        records: many
          .map((_, at) => {
            const host = (at + 1).toString(16).padStart(20, '0');
            return `${[...`00000000${host}`].reverse().join('.')} PTR h${at}.test.`;
          })
          .join('\n'),
      },
    ]);
  });
  afterAll(() => servers?.close());

  /** Runs `portolan dns` at a server and reads its record. */
  async function dns(server: string, ...words: readonly string[]) {
    const program = new URL('../../bin/portolan.js', import.meta.url).pathname;
    const argv = [
      process.execPath,
      program,
      'dns',
      '--dns-servers',
      server,
      '-oJ',
      '-',
      '--no-progress',
      ...words,
    ];
    const { status, stdout, stderr } = await servers.namespace.run(argv, { timeoutMs: 120_000 });
    const facts = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Fact);
    const records = facts.flatMap((fact) => (fact.type === 'dns' && fact.record !== undefined ? [fact] : []));
    const findings = facts.flatMap((fact) => (fact.type === 'finding' ? [fact] : []));
    const summary = facts.at(-1);
    return { status, stderr, facts, records, findings, summary };
  }

  const namesOf = (records: readonly { readonly name: string }[], apex: string) =>
    [...new Set(records.map(({ name }) => name))].filter((name) => name !== apex).sort();

  it.each(programs)('%s: below a wildcard exactly the names that are there', async (program) => {
    const { status, records, facts, stderr } = await dns(
      addresses[program],
      '--wordlist',
      words,
      'wild.test',
    );
    expect(namesOf(records, 'wild.test'), stderr).toEqual(wildNames);
    expect(facts.at(0)?.type).toBe('scan');
    expect(facts.at(-1)).toMatchObject({ type: 'summary', complete: true });
    expect(status).toBe(0);
  });

  it.each(programs)(
    '%s: a transfer that anyone gets is told record by record, and is a finding',
    async (program) => {
      const { status, records, findings, facts } = await dns(addresses[program], '--axfr', 'open.test');
      const copied = records.filter(({ via, name }) => via === 'axfr' || name === 'open.test');
      expect(namesOf(copied, 'open.test')).toEqual([
        'a.b.open.test',
        'mx.open.test',
        'ns1.open.test',
        'www.open.test',
      ]);
      const given = facts.find((fact) => fact.type === 'transfer');
      expect(given).toMatchObject({ zone: 'open.test', result: 'complete' });
      expect(findings).toMatchObject([{ host: 'open.test', rule: 'zone-transfer', facts: [given?.n] }]);
      expect(status).toBe(0);
    },
  );

  it('a transfer that is refused is decided', async () => {
    const { status, findings, facts } = await dns(addresses.nsd, '--axfr', 'wild.test');
    expect(facts.find((fact) => fact.type === 'transfer')).toMatchObject({ result: 'refused', records: 0 });
    expect({ status, findings }).toEqual({ status: 0, findings: [] });
  });

  it('a signed zone is walked: every name in at most 1.1 queries a name', async () => {
    const { records, findings } = await dns(
      '10.53.0.12',
      '--wordlist',
      words,
      '--types',
      'A,TXT',
      'walk.test',
    );
    const walked = findings.find(({ rule }) => rule === 'nsec-walkable');
    const [, names, queries] = /^(\d+) names in (\d+) questions/.exec(walked?.evidence[0] ?? '') ?? [];
    expect(Number(names)).toBe(many.length + 4);
    expect(Number(queries)).toBeLessThanOrEqual(1.1 * Number(names));
    const found = namesOf(records, 'walk.test');
    expect(found.filter((name) => /^h\d+\./.test(name))).toHaveLength(many.length);
    expect(found).toContain('*.walk.test');
  });

  it('hashed names are told with their parameters, proofs made up while asked as that', async () => {
    const hashed = await dns('10.53.0.12', '--wordlist', words, 'hash.test');
    expect(hashed.stderr).toContain('hash.test: NSEC3: SHA-1, 0 additional iterations');
    expect(namesOf(hashed.records, 'hash.test')).toEqual(['ns1.hash.test', 'www.hash.test']);
    for (const [server, zone] of [
      ['10.53.0.12', 'online.test'],
      ['10.53.0.14', 'narrow.test'],
    ] as const) {
      const { findings, records } = await dns(server, '--wordlist', words, zone);
      expect(findings.map(({ rule }) => rule)).toEqual(['nsec-lies']);
      expect(namesOf(records, zone)).toEqual([`ns1.${zone}`, `www.${zone}`]);
    }
  });

  it('blocks of addresses are mapped', async () => {
    const four = await dns('10.53.0.13', '--reverse', '10.9.0.0/16');
    expect(
      four.records.map(({ name, value }) => `${name} ${value}`).filter((each) => !each.includes('.7.9.10.')),
    ).toEqual(['3.4.9.10.in-addr.arpa a.test.', '9.200.9.10.in-addr.arpa b.test.']);
    expect(four.stderr).toContain('below 7.9.10.in-addr.arpa every name is answered');
    const six = await dns('10.53.0.13', '--reverse', 'fd00::/48');
    expect(six.records).toHaveLength(many.length);
    expect(six.summary).toMatchObject({ complete: true });
    expect(six.summary?.type === 'summary' && six.summary.packets.sent).toBeLessThanOrEqual(12_000);
  });

  it('what a journal has is not asked again', async () => {
    const journal = join(servers.folder, 'journal');
    const cut = await dns(
      addresses.knot,
      '--wordlist',
      words,
      '--budget',
      '150',
      '--journal',
      journal,
      'wild.test',
    );
    expect(cut.status).toBe(3);
    const rest = await dns(addresses.knot, '--resume', journal);
    expect(namesOf(rest.records, 'wild.test')).toEqual(wildNames);
    expect(rest.status).toBe(0);
    const again = await dns(addresses.knot, '--resume', journal);
    expect(namesOf(again.records, 'wild.test')).toEqual(wildNames);
    const sent = (run: typeof rest) => (run.summary?.type === 'summary' ? run.summary.packets.sent : -1);
    expect(sent(again)).toBeLessThan(sent(rest) / 2);
    const other = await dns(addresses.knot, '--resume', journal, 'open.test');
    expect(other.stderr).toContain('NAME was "wild.test", found "open.test"');
    expect(other.status).toBe(2);
  });

  it('what is found is scanned within the scope, in one record', async () => {
    const { facts, status, stderr } = await dns(
      addresses.nsd,
      ...['--wordlist', words, '--names', words, 'found.test'],
      ...['--scan', '-Pn', '-n', '-p', '53,54', '--scope', await scopeFile('10.53.0.0/24')],
    );
    expect(status, stderr).toBe(0);
    expect(facts.filter(({ type }) => type === 'scan')).toHaveLength(1);
    expect(facts.filter(({ type }) => type === 'summary')).toHaveLength(1);
    const numbers = facts.flatMap((fact) => ('n' in fact ? [fact.n] : []));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    const hosts = facts.flatMap((fact) => (fact.type === 'host' ? [`${fact.host} ${fact.askedAs}`] : []));
    expect(hosts.sort()).toEqual(['10.53.0.1 www.found.test', '10.53.0.3 ns1.found.test']);
    const ports = facts.flatMap((fact) =>
      fact.type === 'port' ? [`${fact.host} ${fact.port} ${fact.state}`] : [],
    );
    expect(ports.sort()).toContain('10.53.0.1 53 open');
    expect(stderr).toContain('1 address was found beyond the scope: not scanned, such as 10.99.0.1');
    expect(facts[0]).toMatchObject({ questions: [{ ports: '53-54' }] });
  });

  async function scopeFile(text: string): Promise<string> {
    const path = join(servers.folder, 'scope');
    writeFileSync(path, text);
    return path;
  }
});
