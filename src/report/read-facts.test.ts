import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { RecordedFact } from '../model/fact.ts';
import { readFacts } from './read-facts.ts';
import { hostileTexts, plainShow, render, sampleFacts } from './writer.laws.ts';

const record = render('ndjson', sampleFacts());
const written = sampleFacts().filter((fact) => 'n' in fact) as readonly RecordedFact[];

async function read(source: Iterable<string | Uint8Array>): Promise<readonly RecordedFact[]> {
  const facts: RecordedFact[] = [];
  for await (const fact of readFacts(source)) facts.push(fact);
  return facts;
}

describe('a record', () => {
  test('is read as it was written', async () => {
    expect(await read([record])).toEqual(JSON.parse(JSON.stringify(written)));
  });

  test.each(hostileTexts)('with hostile text is read all the same: %j', async (text) => {
    expect(await read([render('ndjson', sampleFacts(text))])).toHaveLength(written.length);
  });

  test('is the same wherever its pieces end, as lines too', async () => {
    const whole = await read([record]);
    expect(await read(record.trimEnd().split('\n'))).toEqual(whole);
    const bytes = new TextEncoder().encode(record);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        expect(await read(pieces)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('what --open leaves out has no ordinal, and is not cited', async () => {
    const facts = await read([render('ndjson', sampleFacts(), { ...plainShow, openOnly: true })]);
    expect(facts.map(({ n }) => n)).toEqual(facts.map((_, i) => i + 1));
    const probe = facts.find(({ type }) => type === 'probe');
    expect(facts.find((fact) => fact.type === 'finding')).toMatchObject({ facts: [probe?.n] });
  });
});

test('a long line is read once, whatever its pieces end with', async () => {
  const [scan = ''] = record.split('\n');
  const line = scan.replace('"options":{', `"options":{"long":[${'{"a":1},'.repeat(5000)}{}],`);
  const pieces = line.split(/(?<=\})/);
  expect(pieces.length).toBeGreaterThan(5000);
  const parse = vi.spyOn(JSON, 'parse');
  try {
    expect(await read([...pieces, '\n'])).toHaveLength(1);
    const characters = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(characters).toBeLessThan(3 * line.length);
  } finally {
    parse.mockRestore();
  }
});

describe('a last line that was cut off', () => {
  const cut = record.trimEnd().slice(0, -5);

  test('is told to whoever can do without it, and all before it is given', async () => {
    const problems: string[] = [];
    const facts: RecordedFact[] = [];
    for await (const fact of readFacts([cut], { onCutOff: (problem) => problems.push(problem) }))
      facts.push(fact);
    expect(facts).toHaveLength(written.length - 1);
    expect(problems).toEqual([
      expect.stringMatching(`^Line ${written.length} of the record is cut off: found `),
    ]);
  });

  test('is an error for everybody else, and so is a line in the middle', async () => {
    await expect(read([cut])).rejects.toThrow(`Line ${written.length} of the record is no JSON`);
    const middle = record.replace('"port":22', '"port:22');
    const reading = async () => {
      for await (const _ of readFacts([middle], { onCutOff: () => {} })) void _;
    };
    await expect(reading()).rejects.toThrow(/^Line 3 of the record is no JSON/);
  });

  test('only lacks its end: it is whole', async () => {
    const problems: string[] = [];
    const facts = readFacts([record.trimEnd()], { onCutOff: (problem) => problems.push(problem) });
    let count = 0;
    for await (const _ of facts) count++;
    expect([count, problems]).toEqual([written.length, []]);
  });
});

describe('what is wrong is named with its line', () => {
  const lines = record.trimEnd().split('\n');
  const changed = (line: number, change: (text: string) => string) =>
    lines.map((text, i) => (i + 1 === line ? change(text) : text)).join('\n');

  test.each<[string, number, (text: string) => string, RegExp]>([
    ['no JSON', 3, () => 'port 22 open', /^Line 3 of the record is no JSON: found "port 22 open"$/],
    ['cut off', lines.length, (text) => text.slice(0, 40), /^Line \d+ of the record is no JSON/],
    [
      'another type',
      2,
      (text) => text.replace('"host"', '"hots"'),
      /^Line 2 .* type "hots"; wanted one of scan,/,
    ],
    ['no ordinal', 2, (text) => text.replace(/"n":\d+,/, ''), /^Line 2 .* has n nothing; wanted its ordinal/],
    ['an ordinal twice', 3, (text) => text.replace(/"n":\d+/, '"n":2'), /^Line 3 .* ordinal 2 after 2/],
    [
      'a field missing',
      3,
      (text) => text.replace(/"technique":"\w+",/, ''),
      /^Line 3 .* has technique nothing; wanted/,
    ],
    [
      'a state nobody knows',
      3,
      (text) => text.replace('"open"', '"ajar"'),
      /^Line 3 .* has state "ajar"; wanted one/,
    ],
    [
      'a port beyond',
      3,
      (text) => text.replace('"port":22', '"port":65536'),
      /^Line 3 .* has port 65536; wanted a port/,
    ],
    [
      'a sender that is no address',
      3,
      (text) => text.replace('"from":"10.0.0.5"', '"from":"10.0.0.500"'),
      /^Line 3 .* has from "10.0.0.500"; wanted an address/,
    ],
    [
      'a host that is none',
      3,
      (text) => text.replace('"host":"10.0.0.5"', '"host":"db.lab"'),
      /^Line 3 .* has host "db.lab"; wanted an address/,
    ],
    [
      'a day that does not exist',
      3,
      (text) => text.replace(/"at":"[^"]+"/, '"at":"2026-13-01T00:00:00Z"'),
      /^Line 3 .* has at "2026-13-01T00:00:00Z"; wanted a time/,
    ],
    [
      'ports that are no ranges',
      10,
      (text) => text.replace(/"ports":"[^"]+"/, '"ports":"1-"'),
      /^Line 10 .* has ports "1-"; wanted ranges of ports/,
    ],
    ['a list', 3, () => '[1]', /^Line 3 of the record is no object/],
    [
      'a fact that cites a later one',
      25,
      (text) => text.replace(/"facts":\[[\d,]+\]/, '"facts":[99]'),
      /^Line 25 .* rests on the fact 99/,
    ],
  ])('%s', async (_, line, change, problem) => {
    await expect(read([changed(line, change)])).rejects.toThrow(problem);
  });

  test.each<[string, string | Uint8Array]>([
    ['zeros', new Uint8Array(65_536)],
    ['a list without end', '[1,'],
    ['text', 'x'.repeat(65_536)],
  ])('%s without end: refused at the first piece', async (_, piece) => {
    let pieces = 0;
    const endless = function* () {
      for (; pieces < 100; pieces++) yield piece;
    };
    await expect(read(endless())).rejects.toThrow(/^Line 1 of the record is no JSON: found/);
    expect(pieces).toBe(0);
  });

  test('any bytes: facts or one line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(record.length - 1), fc.string({ maxLength: 4 }), async (at, noise) => {
        try {
          await read([record.slice(0, at) + noise + record.slice(at + noise.length)]);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Line \d+ of the record [\x20-\x7e]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
