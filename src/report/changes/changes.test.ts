import { describe, expect, it } from 'vitest';
import type { ChangeFact } from '../../model/change-facts.ts';
import { factOfLine } from '../read-facts.ts';
import { dataOfPage, hostileTexts } from '../writer.laws.ts';
import { type ChangeWriterName, changeWriters } from './index.ts';

const at = '2026-11-21T10:00:00.000Z';

function change(fields: Partial<ChangeFact>): ChangeFact {
  return {
    type: 'change',
    n: 1,
    host: '10.0.0.5',
    change: 'opened',
    before: null,
    after: null,
    certain: true,
    at,
    ...fields,
  };
}

function written(format: ChangeWriterName, changes: readonly ChangeFact[]): string {
  let text = '';
  const out = (more: string) => {
    text += more;
  };
  const writer = changeWriters[format]();
  writer.begin?.(out);
  for (const [i, one] of changes.entries()) writer.change({ ...one, n: i + 1 }, out);
  writer.end?.(out);
  return text;
}

const port = { protocol: 'tcp', name: 'web-3' } as const;

describe('text', () => {
  it.each<[string, Partial<ChangeFact>]>([
    [
      '8080 on web-3 opened, nginx 1.24',
      {
        ...port,
        port: 8080,
        before: { state: 'closed', reason: 'reset' },
        after: { state: 'open', reason: 'syn-ack', service: 'http', product: 'nginx', version: '1.24' },
      },
    ],
    [
      '22 on db-1 went from open to filtered (certain: asked 4 times)',
      {
        protocol: 'tcp',
        name: 'db-1',
        port: 22,
        change: 'filtered',
        before: { state: 'open', reason: 'syn-ack' },
        after: { state: 'filtered', reason: 'no-response', attempts: 4 },
      },
    ],
    [
      '53/udp on 10.0.0.5 went from closed to open|filtered (uncertain: no answer, asked once)',
      {
        protocol: 'udp',
        port: 53,
        change: 'filtered',
        before: { state: 'closed', reason: 'port-unreach' },
        after: { state: 'open|filtered', reason: 'no-response', attempts: 1 },
        certain: false,
      },
    ],
    [
      'web-3 (10.0.0.5) appeared, open: 22 (ssh), 53/udp',
      {
        name: 'web-3',
        change: 'appeared',
        before: { state: 'down' },
        after: {
          state: 'up',
          ports: [
            { protocol: 'tcp', port: 22, state: 'open', service: 'ssh' },
            { protocol: 'udp', port: 53, state: 'open' },
          ],
        },
      },
    ],
    [
      '443 on web-3: the service is Apache 2.4 (Debian), it was nginx 1.24',
      {
        ...port,
        port: 443,
        change: 'service',
        before: { service: 'http', product: 'nginx', version: '1.24' },
        after: { service: 'http', product: 'Apache', version: '2.4', info: 'Debian' },
      },
    ],
  ])('%s', (text, fields) => {
    expect(written('normal', [change(fields)])).toBe(`${text}\n`);
  });

  it('ports of a host that changed alike stand on one line', () => {
    const changes = [80, 81, 82, 90].map((number) =>
      change({
        ...port,
        port: number,
        change: 'closed',
        before: { state: 'open' },
        after: { state: 'closed' },
      }),
    );
    const other = change({
      ...port,
      host: '10.0.0.6',
      name: 'db',
      port: 80,
      change: 'closed',
      before: { state: 'open' },
      after: { state: 'closed' },
    });
    expect(written('normal', [...changes, other])).toBe(
      '80-82,90 on web-3 went from open to closed\n80 on db went from open to closed\n',
    );
  });
});

it('NDJSON: what is written is read again', () => {
  const one = change({ ...port, port: 80, before: { state: 'closed' }, after: { state: 'open' } });
  expect(factOfLine(written('ndjson', [one]), 1, 0)).toEqual(one);
});

it('CSV: a header and a row each', () => {
  const one = change({
    ...port,
    port: 80,
    before: { state: 'closed' },
    after: { state: 'open', product: 'nginx' },
  });
  expect(written('csv', [one])).toBe(
    'type,host,name,protocol,port,change,stateBefore,stateAfter,before,after,attempts,certain,at\r\n' +
      `change,10.0.0.5,web-3,tcp,80,opened,closed,open,,nginx,,true,${at}\r\n`,
  );
});

it('two thousand hostile texts break no format, wherever they stand', () => {
  const texts = Array.from({ length: 2000 }, (_, i) => `${hostileTexts[i % hostileTexts.length]}${i}`);
  const changes = texts.map((text, i) =>
    change({
      name: text,
      change: (['service', 'os', 'name', 'finding', 'device', 'certificate'] as const)[
        i % 6
      ] as ChangeFact['change'],
      before: {
        service: text,
        product: text,
        names: [text],
        claim: text,
        system: text,
        vendor: text,
        subject: text,
      },
      after: {
        service: text,
        product: text,
        names: [text],
        claim: text,
        system: text,
        vendor: text,
        subject: text,
      },
    }),
  );
  const text = written('normal', changes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
  expect(text.trimEnd().split('\n')).toHaveLength(2000);
  const rows = written('csv', changes).trimEnd().split('\r\n');
  expect(rows).toHaveLength(2001);
  const cells = rows.flatMap((row) =>
    [...row.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,"]*)/g)].map(([, cell]) => cell),
  );
  expect(cells).toHaveLength(2001 * 13);
  for (const cell of cells) expect(cell).not.toMatch(/^"?\s*[=+@-]/);
  for (const line of written('ndjson', changes).trimEnd().split('\n'))
    expect(() => factOfLine(line, 1, 0)).not.toThrow();
});

describe('HTML', () => {
  it('both sides of a change stand beside each other', () => {
    const page = written('html', [
      change({
        ...port,
        port: 80,
        before: { state: 'closed', reason: 'reset' },
        after: { state: 'open', reason: 'syn-ack', service: 'http', product: 'nginx' },
        certain: false,
      }),
      change({ change: 'vanished', before: { state: 'up', ports: [] }, after: { state: 'down' } }),
    ]);
    expect(rowsOf(page)).toEqual([
      {
        host: 'web-3 (10.0.0.5)',
        what: '80/tcp',
        change: 'opened',
        before: 'closed (reset)',
        after: 'open (syn-ack), nginx',
        isCertain: false,
        at,
      },
      expect.objectContaining({ host: '10.0.0.5', what: 'host', before: 'up, no open port', after: 'down' }),
    ]);
  });

  it('no change is a page that says so', () => {
    expect(rowsOf(written('html', []))).toEqual([]);
  });

  it('hostile text stays text', () => {
    const page = written(
      'html',
      hostileTexts.map((text) => change({ name: text, change: 'service', after: { product: text } })),
    );
    const outside = page.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '');
    expect(outside).not.toMatch(/<img|onerror|onload|alert/);
    expect(rowsOf(page)).toHaveLength(hostileTexts.length);
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });
});

function rowsOf(page: string): readonly unknown[] {
  return dataOfPage(page)
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(Array.isArray)
    .flat();
}
