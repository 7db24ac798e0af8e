import { describe, expect, it } from 'vitest';
import { factOfLine } from '../../report/read-facts.ts';
import { lookOf } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';
import { AnyReader } from './open-reader.ts';

/** Reads a text, cut into pieces of so many bytes. */
function read(text: string, pieceBytes = Number.POSITIVE_INFINITY): Snapshot {
  const reader = new AnyReader({ parseLine: factOfLine, onCutOff: () => undefined });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // A piece may be overwritten by the next one.
    const piece = bytes.slice(at, at + pieceBytes);
    reader.take(piece);
    piece.fill(0x20);
  }
  reader.end();
  return reader.snapshot;
}

/** All that a snapshot says of ports, as text. */
function ports(snapshot: Snapshot): readonly string[] {
  return snapshot.hosts.flatMap((name, host) =>
    snapshot.entries
      .of(host)
      .map(({ first, last, look }) => {
        const { protocol, state, reason, technique, attempts } = lookOf(look);
        return `${name} ${protocol}/${first > last ? 'rest' : first === last ? first : `${first}-${last}`} ${state} ${reason} ${technique} ${attempts}`;
      })
      .reverse(),
  );
}

const scan =
  '{"type":"scan","n":1,"schema":1,"version":"0.1.0","startedAt":"2026-11-21T10:00:00.000Z","args":[],"seed":7,"questions":[],"targets":"10.0.0.5","excluded":"","options":{}}';
const line = (n: number, more = '', time = '2026-11-21T10:00:01.250Z') =>
  `{"type":"port","n":${n},"host":"10.0.0.5","protocol":"tcp","port":${n},"technique":"syn","state":"open","reason":"syn-ack",${more}"attempts":3,"at":"${time}"}`;

describe('NDJSON', () => {
  const record = [
    scan,
    line(2),
    line(3, '"ttl":64,"from":"10.0.0.5","rttMs":0.28,'),
    line(4, '"rttMs":12,').replace('"attempts":3,', '"attempts":3,"service":"ssh",'),
    // Not as our writer writes it: spaces, another order, an escape.
    line(5).replaceAll(',', ', '),
    line(6).replace('"protocol":"tcp","port":6', '"port":6,"protocol":"tcp"'),
    line(7).replace('10.0.0.5', '10.0.0.\\u0035'),
    '',
    '{"type":"ports","n":9,"host":"10.0.0.5","protocol":"tcp","ports":"10-20,30","technique":"syn","state":"closed","reason":"reset","count":12,"at":"2026-11-21T10:00:01.250Z"}',
  ].join('\n');
  const expected = [
    ...[2, 3, 4, 5, 6, 7].map((n) => `10.0.0.5 tcp/${n} open syn-ack syn 3`),
    '10.0.0.5 tcp/10-20 closed reset syn 0',
    '10.0.0.5 tcp/30 closed reset syn 0',
  ];

  it.each([1, 2, 7, 100, 1000, Number.POSITIVE_INFINITY])('read the same in pieces of %s bytes', (bytes) => {
    const snapshot = read(`${record}\n`, bytes);
    expect(ports(snapshot)).toEqual(expected);
    expect(snapshot.timeOf(0)).toBe(Date.parse('2026-11-21T10:00:01.250Z'));
  });

  it('what is wrong with a line is refused with its number', () => {
    const wrong = (text: string) => () => read(`${scan}\n${line(2)}\n${text}\n`);
    expect(wrong(line(3).replace('"open"', '"ajar"'))).toThrow(
      /Line 3 of the record has state "ajar"; wanted/,
    );
    expect(wrong(line(3).replace('"port":3', '"port":70000'))).toThrow(/Line 3 .* port 70000/);
    expect(wrong(line(3).replace('10:00:01', '25:00:01'))).toThrow(/Line 3 .* at "/);
    expect(wrong(line(3, '', '2026-02-29T10:00:01.250Z').replace('02-29', '13-01'))).toThrow(
      /Line 3 .* at "/,
    );
    expect(wrong(line(2))).toThrow(/Line 3 .* ordinal 2 after 2/);
    expect(wrong(line(3).replace('10.0.0.5', '10.0.0.500'))).toThrow(/Line 3 .* host/);
    expect(wrong('[]')).toThrow(/Line 3/);
  });

  it('a line without its end is taken if it is whole, and told if it is not', () => {
    expect(ports(read(`${scan}\n${line(2)}`))).toHaveLength(1);
    const reader = new AnyReader({ parseLine: factOfLine, onCutOff: (problem) => problems.push(problem) });
    const problems: string[] = [];
    reader.take(new TextEncoder().encode(`${scan}\n${line(2)}\n${line(3).slice(0, 40)}`));
    reader.end();
    expect(problems).toEqual([expect.stringMatching(/^line 3 is cut off: found "/)]);
  });
});

describe('XML', () => {
  const run = (hosts: string, args = 'nmap -oX - 10.0.0.0/24') => `<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="${args}" start="1600000000" version="7.93">
<scaninfo type="syn" protocol="tcp" numservices="10" services="1-10"/>
${hosts}
<runstats><finished time="1600000009" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>
`;
  const host = `<host endtime="1600000005"><status state="up" reason="arp-response"/>
<address addr="10.0.0.5" addrtype="ipv4"/><address addr="02:00:00:00:00:AA" addrtype="mac"/>
<hostnames><hostname name="web-3" type="user"/><hostname name="web.lab" type="PTR"/></hostnames>
<ports><extraports state="filtered" count="9"><extrareasons reason="no-responses" count="9"/></extraports>
<port protocol="tcp" portid="5"><state state="open" reason="syn-ack"/><service name="http" product="nginx" version="1.24" method="probed" conf="10"><cpe>cpe:/a:x</cpe></service><script id="x" output="&lt;port&gt;"/></port></ports>
</host>`;

  it.each([1, 3, 50, Number.POSITIVE_INFINITY])('read the same in pieces of %s bytes', (bytes) => {
    const snapshot = read(run(host), bytes);
    expect(ports(snapshot)).toEqual([
      '10.0.0.5 tcp/5 open syn-ack syn 0',
      '10.0.0.5 tcp/rest filtered no-response syn 0',
    ]);
    expect(snapshot.knownOf(0)).toMatchObject({
      name: 'web-3',
      names: ['web.lab'],
      mac: '02:00:00:00:00:aa',
    });
    expect(snapshot.timeOf(0)).toBe(1_600_000_005_000);
    expect(snapshot.about).toMatchObject({ isComplete: true, leavesOutSilent: true });
    expect(snapshot.about.isTarget?.('10.0.0.77')).toBe(true);
    expect(snapshot.about.isTarget?.('10.0.1.1')).toBe(false);
  });

  it('whom a run asked is known only where its words say it', () => {
    const targets = (args: string) => read(run(host, args)).about.isTarget?.('10.0.0.5');
    expect(targets('nmap 10.0.0-1.5')).toBe(true);
    expect(targets('nmap web-3')).toBe(false);
    expect(targets('nmap -S 10.0.0.5 10.0.9.9')).toBe(false);
    expect(targets('nmap --exclude 10.0.0.5 10.0.0.0/24')).toBe(false);
  });

  it('entities, other roots and files that are cut off are refused with the line', () => {
    const declares =
      '<?xml version="1.0"?>\n<!DOCTYPE nmaprun [\n<!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n<nmaprun>&x;</nmaprun>';
    expect(() => read(declares)).toThrow(/^line \d: its DTD declares something/);
    expect(() => read('<nmaprun>&x;</nmaprun>')).toThrow(/^line 1: /);
    expect(() => read('<root/>')).toThrow(/^line 1: found the root "root", wanted nmaprun/);
    expect(() => read(run(host).slice(0, 500))).toThrow(/^line \d+: the file ends within </);
    expect(() => read(run(host.replace('state="open"', 'state="ajar"')))).toThrow(
      /^line \d+: found the state "ajar"/,
    );
    expect(() => read(run(host.replace('portid="5"', 'portid="65536"')))).toThrow(
      /^line \d+: found the port/,
    );
    expect(() => read(run('<host></hostt>'))).toThrow(/^line \d+: /);
  });
});

describe('plainly written XML', () => {
  const host = (
    last: number,
    more = '',
  ) => `<host endtime="1600000005"><status state="up" reason="arp-response"/>
<address addr="10.0.0.${last}" addrtype="ipv4"/>
<hostnames>
<hostname name="h&amp;${last}" type="PTR"/>
</hostnames>
<ports><extraports state="filtered" count="9"><extrareasons reason="no-responses" count="9" proto="tcp" ports="6-10"/></extraports>
<port protocol="tcp" portid="5"><state state="open" reason="syn-ack"/><service name="http" product="&quot;x&#x3e;&#62;" method="probed" conf="10"><cpe>cpe:/a:x</cpe></service>${more}</port>
</ports>
<times srtt="1" rttvar="2" to="3"/>
</host>
`;
  const text = `<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<!-- <host endtime="1"></host> -->
<nmaprun scanner="nmap" args="nmap 10.0.0.0/24" start="1600000000">
<scaninfo type="syn" protocol="tcp" numservices="10" services="1-10"/>
${host(5)}${host(6, '<script id="x" output="a]]b"/>')}<hosthint><status state="up"/></hosthint>
${host(7)}${host(6)}<runstats><finished time="1600000009" exit="success"/><hosts up="3" down="0" total="3"/></runstats>
</nmaprun>
`;
  /** What comes of a text, be it a refusal. */
  const told = (xml: string): unknown => {
    try {
      const snapshot = read(xml, 997);
      const { hosts, about, endMs } = snapshot;
      const of = (_: string, host: number) => [
        snapshot.presenceOf(host),
        snapshot.knownOf(host),
        snapshot.timeOf(host),
        [...snapshot.servicesOf(host)],
      ];
      return [hosts, ports(snapshot), hosts.map(of), about.isComplete, [...about.asked], endMs];
    } catch (error) {
      return (error as Error).message;
    }
  };
  // Lines that end in another way are read by the careful parser alone.
  const carefully = (xml: string) => told(xml.replaceAll('\n', '\r\n'));

  it('reads the same as the careful parser', () => {
    expect(told(text)).toEqual(carefully(text));
    expect(read(text).hosts).toEqual(['10.0.0.5', '10.0.0.6', '10.0.0.7']);
    expect(read(text).servicesOf(0).get(5)).toMatchObject([{ name: 'http', product: '"x>>' }]);
  });

  it('is refused in the same words, whatever character is another one', () => {
    let refusals = 0;
    const others = '<>"&/= \n]x0\u0001\u00e9';
    for (let at = text.indexOf('<scaninfo'); at < text.length; at += 7) {
      const other = others[at % others.length] as string;
      const wrong = text.slice(0, at) + other + text.slice(at + 1);
      const right = carefully(wrong);
      if (typeof right === 'string') refusals++;
      expect([at, told(wrong)]).toEqual([at, right]);
    }
    expect(refusals).toBeGreaterThan(100);
  });

  it('a host that is not told to its end is refused, and so is one without end', () => {
    const cut = text.slice(0, text.lastIndexOf('<times'));
    expect(told(cut)).toMatch(/^line \d+: the file ends within <host>/);
    expect(() => read(`${cut}${'<a>'.repeat(300)}`)).toThrow(/more than 256 elements within one another/);
  });
});

describe('masscan', () => {
  const list = `[
{   "ip": "10.0.0.5",   "timestamp": "1600000005", "ports": [ {"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 64} ] }
,
{   "ip": "10.0.0.6",   "timestamp": "1600000006", "ports": [ {"port": 22, "proto": "tcp", "status": "closed", "reason": "rst-ack", "ttl": 64} ] },
{"ip":"10.0.0.6","ports":[{"port":22,"proto":"tcp","service":{"name":"ssh","banner":"SSH-2.0-x {\\"}"}}]}
]
`;

  it.each([1, 5, 64, Number.POSITIVE_INFINITY])('read the same in pieces of %s bytes', (bytes) => {
    const snapshot = read(list, bytes);
    expect(ports(snapshot)).toEqual([
      '10.0.0.5 tcp/80 open syn-ack syn 1',
      '10.0.0.6 tcp/22 closed reset syn 1',
    ]);
    expect(snapshot.timeOf(1)).toBe(1_600_000_006_000);
    expect(snapshot.about.lossHigh).toBeUndefined();
  });

  it('its older last line and one object a line are read as well', () => {
    expect(read(list.replace(/\n\]\n$/, ',\n{finished: 1}\n]\n')).hosts).toHaveLength(2);
    expect(read('{"ip":"10.0.0.5","ports":[{"port":1,"proto":"udp"}]}\n'.padEnd(80)).hosts).toHaveLength(1);
  });

  it('what is wrong is refused with the line', () => {
    expect(() => read(list.replace('10.0.0.6', '10.0.0.600'))).toThrow(/^line 4: has ip/);
    expect(() => read(list.replace('"open"', '"ajar"'))).toThrow(/^line 2: has status/);
    expect(() => read(list.slice(0, 100).padEnd(120))).toThrow(/^line 2: the file ends within an object/);
    expect(() => read(`[ x ${' '.repeat(80)}]`)).toThrow(/^line 1: found "x"/);
  });
});

describe('what is no record', () => {
  it('is refused', () => {
    expect(() => read('')).toThrow(/^line 1: the file is empty/);
    expect(() => read('   \n  ')).toThrow(/^line 2: nothing but blanks/);
    expect(() => read(`hello ${'x'.repeat(80)}`)).toThrow(/^line 1: found "hello/);
    expect(() => read('\u0000'.repeat(100))).toThrow(/^line 1: found/);
  });

  it('blanks without end are refused soon, wherever they begin', () => {
    const blanks = new Uint8Array(2 ** 20).fill(0x20);
    for (const begun of ['', `${scan}\n`, '<nmaprun>', '[']) {
      const reader = new AnyReader({ parseLine: factOfLine, onCutOff: () => undefined });
      reader.take(new TextEncoder().encode(begun));
      let pieces = 0;
      const pour = () => {
        for (; pieces < 1000; pieces++) reader.take(blanks);
      };
      expect(pour).toThrow(/line \d+: /);
      expect(pieces).toBeLessThan(20);
    }
  });
});
