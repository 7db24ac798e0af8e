/** Records as `portolan dns` tells them, beside those that dig tells: of every type, from servers of Debian's packages. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { NameServers, nameServerPrograms, type ServedZone, type ServerProgram } from './lab/name-servers.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing(['ip', 'unshare', 'nft', ...nameServerPrograms]);

const types: ServedZone = {
  apex: 'types.test',
  transfer: 'anyone',
  records: `a A 192.0.2.1
aaaa AAAA 2001:db8::1
aaaa AAAA ::ffff:1.2.3.4
aaaa AAAA ::
cname CNAME a
dname DNAME target.example.
mx MX 10 Mail
mx MX 0 .
txt TXT "plain" "with \\"quotes\\" and \\\\ back" "semi;colon" "\\000\\255 tab\\009"
txt TXT ""
spf SPF "v=spf1 -all"
srv SRV 1 2 443 host
caa CAA 0 issue "letsencrypt.org; x=1"
caa CAA 128 iodef "mailto:a@b.c"
ptr PTR host.example.
hinfo HINFO "Intel i7" "Linux"
minfo MINFO rm.box em.box
rp RP adm.in txt
afsdb AFSDB 1 db
x25 X25 "311061700956"
isdn ISDN "150862028003217" "004"
rt RT 10 host
px PX 10 map822 mapx400
gpos GPOS "-32.6882" "116.8652" "10.0"
loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
loc LOC 42 21 54 S 71 06 18 W 24m 30m
naptr NAPTR 100 10 "u" "sip+E2U" "!^.*$!sip:i@e.c!" .
kx KX 10 kx
cert CERT PGP 1 RSASHA256 AQIDBA==
cert CERT 65000 1 0 AQIDBA==
apl APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32
ds DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
ds NS ns.ds
ns.ds A 127.0.0.2
sshfp SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789
ipsec IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
ipsec IPSECKEY 10 0 2 . AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
ipsec IPSECKEY 10 3 2 gw.example. AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
dnskey DNSKEY 257 3 8 AwEAAagAIKlVZrpC6Ia7gEzahOR+9W29euxhJhVVLOyQbSEW0O8gcCjFFVQUTf6v58fLjwBd0YI0EzrAcQqBGCzh/RStIoO8g0NfnfL2MTJRkxoXbfDaUeVPQuYEhg37NZWAJQ9VnMVDxP/VHL496M/QZxkjf5/Efucp2gaDX6RS6CXpoY68LsvPVjR0ZSwzz1apAzvN9dlzEheX7ICJBBtuA6G3LQpzW5hOA2hzCTMjJPJ8LbqF6dsV6DoBQzgul0sGIcGOYl7OyQdXfZ57relSQageu+ipAdTTJ25AsRTAoub8ONGcLmqrAmRLKBP1dfwhYB4N7knNnulqQxA+Uk1ihz0=
dhcid DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=
tlsa TLSA 3 1 1 0d6fce3f8c0d7ec1e1a5b1ec0d6fce3f8c0d7ec1e1a5b1ec0d6fce3f8c0d7ec1
smimea SMIMEA 3 0 0 0d6fce3f8c0d7ec1e1a5b1ec0d6fce3f8c0d7ec1e1a5b1ec0d6fce3f8c0d7ec10d6fce3f8c0d7ec1
hip HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAbdxyhNuSutc5EMzxTs9LBPCIkOFH8cIvM4p9+LrV4e19WzK00+CI6zBCQTdtWsuxKbWIy87UOoJTwkUs7lBu+Upr1gsNrut79ryra+bSRGQb1slImA8YVJyuIDsj7kwzG7jnERNqnWxZ48AWkskmdHaVDP4BcelrTI3rMXdXF5D rvs.example.
cds CDS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
cdnskey CDNSKEY 257 3 8 AwEAAagAIKlVZrpC6Ia7gEzahOR+9W29euxhJhVV
pgp OPENPGPKEY AwEAAagAIKlVZrpC6Ia7gEzahOR+9W29euxhJhVVLOyQbSEW0O8gcCjFFVQUTf6v58fLjwBd0YI0EzrAcQqBGCzh
csync CSYNC 66 3 A NS AAAA
zonemd ZONEMD 2018031900 1 1 C68090D90A7AED716BC459F9340E3D7C1370D4D24B7E2FC3A1DDC0B9A87153B9A9713B3C9AE5CC27777F98B8E730044C
https HTTPS 1 . alpn="h2,h3" no-default-alpn port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 ech=AEn+DQ== mandatory=alpn
https HTTPS 0 pool.example.
nid NID 10 0014:4fff:ff20:ee64
l32 L32 10 10.1.2.0
l64 L64 10 2001:0DB8:1140:1000
lp LP 10 l64-subnet
eui48 EUI48 00-00-5e-00-53-2a
eui64 EUI64 00-00-5e-ef-10-00-00-2a
uri URI 10 1 "ftp://ftp1.example.com/public"
avc AVC "app-name:WOLFGANG|app-class:OAM"
unknown TYPE65280 \\# 4 0A000001
unknown TYPE65280 \\# 40 0A0000010A0000010A0000010A0000010A0000010A0000010A0000010A0000010A0000010A000001
unknown TYPE65280 \\# 0
svcb SVCB 16 foo.example. alpn="f\\\\092oo\\\\,bar,h2" key667="he\\"l\\210lo"`,
};
/** What every server knows. */
const plain: ServedZone = {
  apex: 'plain.test',
  records: `www A 10.0.0.1
www AAAA 2001:db8::1
@ MX 10 mail
@ TXT "v=spf1 ip4:10.0.0.0/8 -all"
_dmarc TXT "v=DMARC1; p=reject"
@ CAA 0 issue "ca.example"
alias CNAME www
_x._tcp SRV 1 2 443 www
many TXT ${Array.from({ length: 40 }, (_, i) => `"${String(i).padStart(100, 'x')}"`).join(' ')}`,
};
const addresses = { bind: '10.54.0.1', knot: '10.54.0.2', nsd: '10.54.0.3', pdns: '10.54.0.4' } as const;
const programs: readonly ServerProgram[] = ['bind', 'knot', 'nsd', 'pdns'];

describe.skipIf(missing !== undefined)('records', () => {
  let servers: NameServers;
  beforeAll(async () => {
    servers = new NameServers();
    await servers.serve('bind', '10.54.0.1', [types, plain]);
    for (const program of programs.slice(1)) await servers.serve(program, addresses[program], [plain]);
    await servers.serve('knot', '10.54.0.12', [{ ...plain, apex: 'signed.test', signing: 'nsec' }]);
    await servers.unbound('10.54.0.20', { 'plain.test': '10.54.0.2' });
    await servers.dnsmasq('10.54.0.21', ['server=/plain.test/10.54.0.2'], 'plain.test');
  });
  afterAll(() => servers?.close());

  async function dns(server: string, ...words: readonly string[]) {
    const program = new URL('../../bin/portolan.js', import.meta.url).pathname;
    const { status, stdout, stderr } = await servers.namespace.run(
      [process.execPath, program, 'dns', '--dns-servers', server, '-oJ', '-', '--no-progress', ...words],
      { timeoutMs: 120_000 },
    );
    const facts = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Fact);
    return { status, stderr, facts, records: recordsIn(facts) };
  }

  /** What dig says, by name, type and value. */
  async function dig(server: string, ...words: readonly string[]) {
    const { stdout } = await servers.namespace.run(['dig', `@${server}`, '+noall', '+answer', ...words]);
    return stdout
      .split('\n')
      .flatMap((line) => {
        const [, name = '', type, value] = /^(\S+)\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        return value === undefined ? [] : [`${name.replace(/\.$/, '').toLowerCase()} ${type} ${value}`];
      })
      .sort();
  }

  it('every record of a zone with all types is what dig writes', async () => {
    const theirs = await dig('10.54.0.1', 'types.test', 'AXFR');
    expect(theirs.length).toBeGreaterThan(60);
    const names = [...new Set(theirs.map((line) => line.split(' ', 1)[0] as string))];
    const kinds = [...new Set(theirs.map((line) => line.split(' ', 2)[1] as string))];
    const { records } = await dns('10.54.0.1', '--types', kinds.join(), ...names);
    // Below a cut the server of the zone above refers, and dig asks for no names there either.
    const own = (line: string) => !/^(?:ns\.)?ds\.types\.test (?:NS|A) /.test(line);
    expect(records.filter(own)).toEqual([...new Set(theirs)].filter(own));
  });

  for (const server of [...Object.values(addresses), '10.54.0.21'])
    it(`names, what is too long for a datagram, and what is not there: ${server}`, async () => {
      const names = [
        'plain.test',
        'www.plain.test',
        'alias.plain.test',
        'many.plain.test',
        'none.plain.test',
      ];
      const { status, facts, records, stderr } = await dns(server, ...names);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      for (const [name, type] of [
        ['plain.test', 'MX'],
        ['plain.test', 'TXT'],
        ['plain.test', 'CAA'],
        ['plain.test', 'SOA'],
        ['www.plain.test', 'A'],
        ['www.plain.test', 'AAAA'],
        ['many.plain.test', 'TXT'],
      ] as const)
        expect(records.filter((line) => line.startsWith(`${name} ${type} `))).toEqual(
          await dig(server, name, type),
        );
      expect(records).toContain('alias.plain.test CNAME www.plain.test.');
      expect(facts.filter((fact) => fact.type === 'dns' && fact.answer !== undefined)).toMatchObject([
        { name: 'none.plain.test', answer: 'NXDOMAIN' },
      ]);
      expect(facts.filter((fact) => fact.type === 'zone')).toMatchObject([
        {
          zone: 'plain.test',
          dnssec: { chain: 'unsigned' },
          mail: { spfAll: 'fail', dmarcPolicy: 'reject' },
        },
      ]);
      expect(facts.at(-1)).toMatchObject({
        type: 'summary',
        names: { asked: 5, found: 4, absent: 1, undecided: 0 },
        exit: 'done',
      });
    });

  it('a resolver that cannot learn what the zone above says: that alone is undecided', async () => {
    const { status, facts, records } = await dns('10.54.0.20', 'www.plain.test');
    expect(status).toBe(3);
    expect(records).toEqual(
      await dig('10.54.0.20', 'www.plain.test', 'A').then(async (one) =>
        [
          ...one,
          ...(await dig('10.54.0.20', 'www.plain.test', 'AAAA')),
          ...(await dig('10.54.0.20', '_dmarc.plain.test', 'TXT')),
        ].sort(),
      ),
    );
    expect(facts.filter((fact) => fact.type === 'zone')).toMatchObject([{ dnssec: { chain: 'unknown' } }]);
  });

  it('a signed zone without a word of it above, and a server that nobody runs', async () => {
    const { facts } = await dns('10.54.0.12', 'signed.test');
    const [zone] = facts.filter((fact) => fact.type === 'zone');
    expect(zone).toMatchObject({ dnssec: { chain: 'island', algorithms: ['ECDSAP256SHA256'] } });
    const dead = await dns('10.54.0.99', 'signed.test', 'plain.test');
    expect(dead.status).toBe(3);
    expect(dead.facts.filter((fact) => fact.type === 'dns')).toMatchObject([
      { name: 'signed.test', undecided: 'timeout' },
      { name: 'plain.test', undecided: 'timeout' },
    ]);
  });

  it('a budget of queries is kept to', async () => {
    const { status, facts } = await dns('10.54.0.1', '--budget', '5', 'plain.test', 'www.plain.test');
    expect(status).toBe(3);
    expect(facts.at(-1)).toMatchObject({ packets: { sent: 5 }, complete: false });
    expect(facts.some((fact) => fact.type === 'dns' && fact.undecided === 'budget')).toBe(true);
  });
});

function recordsIn(facts: readonly Fact[]): readonly string[] {
  return facts
    .flatMap((fact) =>
      fact.type === 'dns' && fact.record !== undefined ? [`${fact.name} ${fact.record} ${fact.value}`] : [],
    )
    .sort();
}
