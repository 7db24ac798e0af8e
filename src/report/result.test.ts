import { describe, expect, test } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import { collect } from './result.ts';
import { writeReport } from './write-report.ts';
import { at, portFact, portsFact, scanFact, summaryFact } from './writer.laws.ts';

const facts: readonly Fact[] = [
  { type: 'warning', message: 'mind the gap' },
  scanFact,
  { type: 'host', n: 1, host: '10.0.0.5', state: 'up', reason: 'echo-reply', at: at(1) },
  portFact(22, 'open', 'syn-ack', { host: '10.0.0.5' }),
  portsFact('1-21', 21, 'closed', 'reset', { host: '10.0.0.5' }),
  { type: 'host-done', host: '10.0.0.5' },
  { type: 'host', n: 1, host: '10.0.0.6', state: 'down', reason: 'no-response', at: at(2) },
  { type: 'host-done', host: '10.0.0.6' },
  summaryFact,
];

describe('a scan as one object', () => {
  test('holds hosts, ports, warnings and totals', async () => {
    const result = await collect(facts);
    expect(result.hosts.map(({ host }) => `${host.host} ${host.state}`)).toEqual([
      '10.0.0.5 up',
      '10.0.0.6 down',
    ]);
    expect(result.ports.map(({ port, state }) => `${port} ${state}`)).toEqual(['22 open']);
    expect(result.hosts[0]?.groups.map(({ ports }) => ports)).toEqual(['1-21']);
    expect(result.warnings).toEqual(['mind the gap']);
    expect([result.scan, result.summary]).toEqual([scanFact, summaryFact]);
  });

  test('is not made of half a scan', async () => {
    await expect(collect(facts.slice(0, -1))).rejects.toThrow(/no whole scan/);
  });
});

describe('a report by name', () => {
  test('is written as the facts come, and waits for whoever writes', async () => {
    const pieces: string[] = [];
    let writing = 0;
    const write = async (text: string) => {
      expect(++writing).toBe(1);
      await Promise.resolve();
      pieces.push(text);
      writing--;
    };
    await writeReport('csv', facts, write);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('').split('\n')[0]).toContain('type,host');
    pieces.length = 0;
    await writeReport('csv', facts, write, { openOnly: true });
    expect(pieces.join('')).not.toContain('closed');
  });

  test('of no such format is refused', async () => {
    await expect(writeReport('pdf' as 'csv', facts, () => {})).rejects.toThrow(PortolanError);
  });
});
