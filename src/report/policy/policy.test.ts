import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPorts } from '../../model/ports.ts';
import { plainShow, policyFact, render, sampleFacts } from '../writer.laws.ts';
import { policyRows } from './rows.ts';
import { cellKinds, kindsIn, portSpace } from './space.ts';
import { policyLines } from './text.ts';

const careless = [
  policyFact('1-21,23-79,81-65535', 'drop', { hopRange: [1, 2] }),
  policyFact('22,80', 'allow', { exposure: 'exposed', confidence: 1 }),
  policyFact('25', 'drop', { exposure: 'hole', hop: 2 }),
];

describe('the rows of a policy', () => {
  test('begin with what can be reached', () => {
    expect(policyRows(careless).map(({ exposure, ports }) => `${exposure} ${ports}`)).toEqual([
      'hole 25',
      'exposed 22,80',
      'protected 1-21,23-79,81-65535',
    ]);
  });

  test('say who refuses and how, where probes end, and what else fits', () => {
    const [row] = policyRows([
      policyFact('1', 'reject-icmp', {
        icmp: 'admin-prohibited',
        by: '10.0.0.1',
        hop: 1,
        alternatives: ['drop'],
      }),
    ]);
    expect(row).toMatchObject({
      action: 'reject-icmp (admin-prohibited from 10.0.0.1) or drop',
      hop: '1',
      sure: '97 %',
    });
    const [own] = policyRows([
      policyFact('1', 'reject-icmp', { icmp: 'port-unreach', by: '10.0.0.5', hopRange: [2, 2] }),
    ]);
    expect(own).toMatchObject({ action: 'reject-icmp (port-unreach from the host)', hop: '2' });
  });

  test('claim nothing of what could not be judged', () => {
    expect(policyRows([policyFact('1', 'unknown', { exposure: null, confidence: 0 })])).toMatchObject([
      { exposure: 'unknown', action: 'unknown', hop: '', sure: '' },
    ]);
  });
});

describe('the picture of the port space', () => {
  test('has a line for the first thousand ports and one for the rest, where something was asked', () => {
    expect(portSpace(careless, 64).map(({ title }) => title)).toEqual(['tcp 0-1023', 'tcp 1024-65535']);
    expect(portSpace([policyFact('53', 'drop', { protocol: 'udp' })], 64).map(({ title }) => title)).toEqual([
      'udp 0-1023',
    ]);
    expect(portSpace([], 64)).toEqual([]);
  });

  test('of several things a cell shows the rare one', () => {
    const [low] = portSpace(careless, 64);
    expect(low?.cells.slice(0, 6)).toEqual(['drop', 'hole', 'drop', 'drop', 'drop', 'exposed']);
    const [, high] = portSpace([policyFact('1-5000,5002-65535', 'allow'), policyFact('5001', 'drop')], 64);
    expect(high?.cells.filter((kind) => kind === 'drop')).toHaveLength(1);
  });

  test('shows every port that was asked, in its cell, and nothing where none was', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 65_535 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 300 }),
        (ports, cellCount) => {
          const sorted = [...ports].sort((a, b) => a - b);
          const lines = portSpace([policyFact(formatPorts(sorted), 'drop')], cellCount);
          const shown = lines.flatMap(({ first, last, cells }) =>
            cells.flatMap((kind, cell) => (kind === undefined ? [] : [{ first, last, cell }])),
          );
          const isIn = (port: number, { first, last, cell }: (typeof shown)[number]) =>
            port >= first &&
            port <= last &&
            Math.floor(((port - first) * cellCount) / (last - first + 1)) === cell;
          expect(sorted.every((port) => shown.some((one) => isIn(port, one)))).toBe(true);
          expect(shown.every((one) => sorted.some((port) => isIn(port, one)))).toBe(true);
        },
      ),
    );
  });

  test('has a sign of its own for every kind', () => {
    const signs = Object.values(cellKinds).map(({ sign }) => sign);
    expect(new Set(signs).size).toBe(signs.length);
    expect(kindsIn(portSpace(careless, 64))).toEqual(['hole', 'exposed', 'drop']);
  });
});

describe('the policy as text', () => {
  test('fits a usual terminal, is smaller on a narrow one, and has no picture on less', () => {
    const short = careless.filter(({ exposure }) => exposure !== 'protected');
    for (const [columns, cells] of [
      [200, 64],
      [80, 64],
      [79, 32],
      [48, 32],
    ] as const) {
      const lines = policyLines(short, { ...plainShow, columns });
      const [picture] = lines.filter((line) => line.startsWith('tcp 0-1023'));
      expect(picture).toHaveLength(cells + 16);
      expect(picture?.length).toBeLessThanOrEqual(columns);
    }
    expect(policyLines(short, { ...plainShow, columns: 47 }).join('\n')).not.toContain('tcp 0-1023');
  });

  test('shortens long lists of ports, and has them whole with -v', () => {
    const ports = Array.from({ length: 100 }, (_, i) => 2 * i + 1).join(',');
    const line = (most: string, show = plainShow) =>
      policyLines([policyFact(ports, 'drop'), policyFact(most, 'allow')], show)[2];
    expect(line('1001-1050')).toMatch(/tcp all others that were asked: 100 ports \(-v names them\)$/);
    expect(line('1001-2000')).toMatch(/,31 and 84 more ranges \(-v names all\)$/);
    expect(policyLines([policyFact(ports, 'drop')], { ...plainShow, verbosity: 1 })[2]).toContain(ports);
  });
});

describe.each(['normal', 'ndjson', 'xml', 'csv', 'html'] as const)('%s', (format) => {
  test('holds every range of the policy, and whether a hole was proven', () => {
    const text = render(format, sampleFacts());
    for (const ports of ['22,443', '24,991-995', '1-21,23,26-442,444-599,601-990,996-1000'])
      expect(text).toContain(ports);
    expect(text).toMatch(/not proven|"confirmed":false|,false,port 53 is in use/);
    const proven = sampleFacts().map((fact) =>
      fact.type === 'finding' ? { ...fact, confirmed: true } : fact,
    );
    expect(render(format, proven)).not.toMatch(/not proven|"confirmed":false|,false,port 53 is in use/);
  });
});

test('findings are told gravest first', () => {
  for (const format of ['normal', 'xml', 'html'] as const) {
    const text = render(format, sampleFacts());
    expect(text.indexOf('stateless-filter')).toBeLessThan(text.indexOf('source-port-hole'));
  }
});
