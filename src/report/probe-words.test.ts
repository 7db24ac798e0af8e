import { describe, expect, test } from 'vitest';
import type { ProbeFact } from '../model/fact.ts';
import { probeLines, probeText } from './probe-words.ts';
import { at, dataOfPage, plainShow, render, sampleFacts } from './writer.laws.ts';

const probe = (port: number, rest: Partial<ProbeFact> = {}): ProbeFact => ({
  type: 'probe',
  n: 1,
  host: '10.0.0.5',
  protocol: 'tcp',
  port,
  technique: 'syn',
  attempts: 1,
  reply: null,
  at: at(7),
  ...rest,
});

describe('probes in words', () => {
  test('name the variant, the answer and its sender', () => {
    const reply = { kind: 'tcp', flags: 'SA', ttl: 62 } as const;
    expect(
      probeText(probe(25, { variant: 'source-port 53', reply, from: '10.0.0.5', rttMs: 0.4, attempts: 2 })),
    ).toBe('syn 25/tcp, source-port 53: tcp, flags SA, ttl 62 (asked 2 times, 0.4 ms)');
    expect(
      probeText(probe(25, { reply: { kind: 'icmp', meaning: 'admin-prohibited' }, from: '10.0.0.1' })),
    ).toBe('syn 25/tcp: icmp, meaning admin-prohibited from 10.0.0.1 (asked once)');
    expect(probeText(probe(25, { trouble: 'blocked', attempts: 0 }))).toBe('syn 25/tcp: blocked (not asked)');
  });

  test('those alike are one line, whatever every answer has of its own', () => {
    const reset = (ipId: number) => ({ reply: { kind: 'tcp', flags: 'R', ipId } as const, from: '10.0.0.5' });
    expect(
      probeLines(
        [probe(1), probe(2), probe(4), probe(7, reset(1)), probe(8, reset(2)), probe(9, { attempts: 3 })],
        plainShow,
      ),
    ).toEqual([
      'syn 1-2,4/tcp: nothing (3 probes, each asked once)',
      'syn 7-8/tcp: tcp, flags R (2 probes, each asked once)',
      'syn 9/tcp: nothing (asked 3 times)',
    ]);
  });

  test('are listed where they are wanted, and below the finding that rests on them', () => {
    expect(render('normal', sampleFacts())).not.toContain('source-port 53:');
    const all = render('normal', sampleFacts(), { ...plainShow, probes: true });
    expect(all).toContain('syn 25/tcp, source-port 53: tcp, flags SA, window 65160');
    // A page shows them behind a click, so it has those that findings cite in any case.
    expect(dataOfPage(render('html', sampleFacts()))).toContain(
      'syn 25/tcp, source-port 53: tcp, flags SA, window 65160',
    );
    const lines = render('normal', sampleFacts(), { ...plainShow, probes: true }).split('\n');
    const finding = lines.findIndex((line) => line.startsWith('Finding: source-port-hole'));
    expect(lines.slice(finding + 1, finding + 3)).toEqual([
      '  evidence: port 53 is in use here',
      expect.stringMatching(/^ {2}probe: syn 25\/tcp, source-port 53: tcp, flags SA/),
    ]);
  });
});
