import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { type WriterName, writers } from './index.ts';
import {
  dataOfPage,
  hostileTexts,
  numbered,
  plainShow,
  render,
  sampleFacts,
  summaryFact,
} from './writer.laws.ts';

const names = Object.keys(writers) as WriterName[];

/** Formulas stand at the start of a cell, so hostile text also stands alone. */
const samples: readonly (readonly [string, readonly Fact[]])[] = [
  ['the rich sample', sampleFacts()],
  ...hostileTexts.map((text): [string, readonly Fact[]] => [JSON.stringify(text), sampleFacts(text)]),
  ['hostile text alone', numbered(hostileTexts.flatMap((text, i) => alone(text, i)))],
];

/** A scan whose one host is called, and runs, nothing but `text`; only the first has a beginning. */
function alone(text: string, i: number): readonly Fact[] {
  const facts = sampleFacts(text).filter(
    (fact) => fact.type !== 'summary' && (i === 0 || fact.type !== 'scan'),
  );
  const only = (fact: Fact): Fact =>
    fact.type === 'service' && fact.port === 22
      ? { ...fact, name: text, product: text, version: text }
      : fact;
  const last = i === hostileTexts.length - 1 ? [summaryFact] : [];
  return [...facts.map(only), ...last];
}

describe.each(names)('%s', (name) => {
  test.each(samples)('lets nothing but printable text out: %s', (_what, facts) => {
    for (const verbosity of [0, 2]) {
      const text = render(name, facts, { ...plainShow, reason: true, verbosity, probes: true });
      expect(unprintable(text, name)).toEqual([]);
    }
  });

  test('lets nothing but printable text out, whatever the network sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(unprintable(render(name, sampleFacts(text)), name)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('hostile text adds no line, record or element', () => {
    for (const text of hostileTexts) {
      const shape = (out: string) => (name === 'csv' ? parseCsv(out).length : out.split('\n').length);
      expect(shape(render(name, sampleFacts(text)))).toBe(shape(render(name, sampleFacts('x'))));
    }
  });

  test('an interrupted scan is closed well, with what is known of the host in flight', () => {
    const facts = sampleFacts();
    const cut = facts.findIndex((fact) => fact.type === 'service');
    const text = render(name, [
      ...facts.slice(0, cut),
      { ...summaryFact, complete: false, exit: 'interrupted' },
    ]);
    expect(text).toContain('10.0.0.5');
    expect(text).toMatch(/600.*unknown|unknown.*600|"600"[\s\S]{0,40}unknown/);
    if (name !== 'csv') expect(text).toContain('interrupted');
  });

  test('lists 65,536 ports port by port without trouble', () => {
    const [scan] = sampleFacts();
    const facts = Array.from({ length: 65_536 }, (_, port): Fact => {
      const host = '10.0.0.5';
      const at = '2026-11-21T10:00:01.000Z';
      const reason = 'syn-ack';
      return {
        type: 'port',
        n: 1,
        host,
        protocol: 'tcp',
        port,
        technique: 'syn',
        state: 'open',
        reason,
        attempts: 1,
        at,
      };
    });
    const text = render(name, [scan as Fact, ...facts, summaryFact]);
    if (name === 'html') {
      const [block = ''] = /\{"looks":.*/.exec(dataOfPage(text)) ?? [];
      const [host] = JSON.parse(block).hosts;
      // Each port is told by its distance from the one before.
      expect(host.ports).toHaveLength(2 * 65_536);
      expect(host.ports.filter((_: number, place: number) => place % 2 === 0 && place > 0)).toEqual(
        new Array(65_535).fill(1),
      );
    } else expect(text.match(/(?<!"n":)65535/g)).toHaveLength(1);
  });
});

describe('ndjson', () => {
  test.each(samples)(
    'every line is an object, and nothing is lost but broken surrogates: %s',
    (_what, facts) => {
      const lines = render('ndjson', facts)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const recorded = facts.filter(({ type }) => !['host-done', 'warning', 'progress'].includes(type));
      expect(lines).toEqual(JSON.parse(JSON.stringify(recorded), (_key, value) => wellFormed(value)));
    },
  );
});

describe('csv', () => {
  test.each(samples)('is rectangular and free of formulas: %s', (_what, facts) => {
    const [header, ...rows] = parseCsv(render('csv', facts));
    for (const row of rows) {
      expect(row).toHaveLength((header as string[]).length);
      for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }
  });

  test('a reader gets back what was written', () => {
    const rows = parseCsv(render('csv', sampleFacts(', "quoted" text')));
    const [header] = rows as [string[]];
    const ssh = rows.find((row) => row[header.indexOf('port')] === '22') as string[];
    expect(ssh[header.indexOf('product')]).toBe('OpenSSH, "quoted" text');
    expect(ssh[header.indexOf('name')]).toBe('db.lab, "quoted" text');
  });
});

describe('html', () => {
  test.each(samples)('holds no element, attribute or reference but its own: %s', (_what, facts) => {
    const page = render('html', facts);
    const ours = new Set(tagsOf(render('html', sampleFacts())));
    for (const tag of tagsOf(page)) expect(ours).toContain(tag);
    const text = page.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '');
    expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
  });

  test('its script is one a browser can read', () => {
    const [, script] = render('html', sampleFacts()).match(
      /<script>([\s\S]*?)<\/script>/,
    ) as RegExpMatchArray;
    expect(() => new Script(script as string)).not.toThrow();
  });

  test('its policy allows its own style and script by their digests, and no network', () => {
    const page = render('html', sampleFacts());
    for (const kind of ['style', 'script']) {
      const [, source] = page.match(new RegExp(`<${kind}>([\\s\\S]*?)</${kind}>`)) as RegExpMatchArray;
      const digest = createHash('sha256')
        .update(source as string)
        .digest('base64');
      expect(page).toContain(`${kind}-src 'sha256-${digest}'`);
    }
    expect(page).toContain("default-src 'none'");
    const [, style] = page.match(/<style>([\s\S]*?)<\/style>/) as RegExpMatchArray;
    expect(style).not.toMatch(/url\(|@import/);
    expect(page.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '')).not.toMatch(/(?:href|src)\s*=/);
  });
});

describe('grepable', () => {
  test.each(samples)('keeps its columns: %s', (_what, facts) => {
    for (const line of render('grepable', facts).trimEnd().split('\n')) {
      if (line.startsWith('#')) continue;
      const [host, ...fields] = line.split('\t');
      expect(host).toMatch(/^Host: \S+ \([^()]*\)$/);
      for (const field of fields) expect(field).toMatch(/^(Status|Ports|Ignored State|OS): /);
      const ports = fields.find((field) => field.startsWith('Ports: '));
      for (const port of ports?.slice(7).split(', ') ?? []) {
        expect(port).toMatch(/^\d+\/[a-z|]+\/(tcp|udp|sctp|ip)\/\/[^/,]*\/\/[^/,]*\/$/);
      }
    }
  });
});

/** Characters that may not leave: all but drawn ones and the format's own line ends and tabs. */
function unprintable(text: string, name: WriterName): string[] {
  const own = name === 'csv' ? /\r\n/g : name === 'grepable' ? /[\n\t]/g : /\n/g;
  const found = text
    .replace(own, '')
    .match(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]|\p{Default_Ignorable_Code_Point}/gu);
  return [...new Set(found ?? [])].map((character) => (character.codePointAt(0) as number).toString(16));
}

function tagsOf(page: string): string[] {
  return page.replace(/<(style|script)\b([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2>').match(/<[^>]*>/g) ?? [];
}

/** A string with halves of surrogate pairs replaced, as TextEncoder does it. */
function wellFormed(value: unknown): unknown {
  return typeof value === 'string'
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value))
    : value;
}

/** RFC 4180, and no more. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const from = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw new Error(`no CSV at ${from}: ${text.slice(from, from + 60)}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
