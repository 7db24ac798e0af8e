import { expect, test } from 'vitest';
import type { PortFact, ProbeFact, ProbeReply } from '../../model/fact.ts';
import { explainVerdict } from './explain-verdict.ts';

const at = '2026-11-21T10:00:00.000Z';
const about = { host: '10.0.0.5', protocol: 'tcp', port: 22, attempts: 1, at } as const;

function fact(over: Partial<PortFact>): PortFact {
  return { type: 'port', n: 3, technique: 'syn', state: 'closed', reason: 'reset', ...about, ...over };
}

function probe(reply: ProbeReply | null, over: Partial<ProbeFact> = {}): ProbeFact {
  return { type: 'probe', n: 2, technique: 'syn', reply, from: '10.0.0.5', ...about, ...over };
}

const reset: ProbeReply = { kind: 'tcp', flags: 'RA', window: 0 };
const synAck: ProbeReply = { kind: 'tcp', flags: 'SA', window: 64_240 };

test('a verdict that its row gives, and its answer, stands without a word', () => {
  expect(explainVerdict(fact({}), [probe(reset)])).toEqual(['  decided   row 1 of syn: TCP with RST']);
  const silent = fact({ state: 'filtered', reason: 'no-response' });
  expect(explainVerdict(silent, [probe(null)])).toHaveLength(1);
  const unknown = fact({ state: 'unknown', reason: 'blocked' });
  expect(explainVerdict(unknown, [probe(null, { trouble: 'blocked' })])).toHaveLength(1);
});

test('a state that the cited row does not give is told', () => {
  const lines = explainVerdict(fact({ state: 'open' }), []);
  expect(lines[1]).toBe(
    '  but       the record says open (reset), and row 1 of syn: TCP with RST gives closed',
  );
  expect(explainVerdict(fact({ state: 'open', reason: 'no-response' }), [])[1]).toContain('gives filtered');
  expect(explainVerdict(fact({ state: 'closed', reason: 'blocked' }), [])[1]).toContain('gives unknown');
});

test('an answer that means something else is told, unless another one means the verdict', () => {
  expect(explainVerdict(fact({}), [probe(synAck)])[1]).toBe(
    '  but       the record says closed (reset), and the answer it holds means open (syn-ack) by syn',
  );
  expect(explainVerdict(fact({}), [probe(null)])[1]).toContain('means filtered (no-response)');
  expect(explainVerdict(fact({}), [probe(synAck), probe(reset)])).toHaveLength(1);
});

test('who sent an ICMP error decides between rows', () => {
  const udp = { technique: 'udp', protocol: 'udp', reason: 'port-unreach' } as const;
  const icmp: ProbeReply = { kind: 'icmp', meaning: 'port-unreach' };
  const [own, other] = ['10.0.0.5', '10.0.0.1'].map((from) => ({ from, technique: 'udp' }));
  expect(explainVerdict(fact({ ...udp, ...own, technique: 'udp' }), [probe(icmp, own)])).toEqual([
    expect.stringContaining('from the target itself'),
  ]);
  const filtered = fact({ ...udp, ...other, technique: 'udp', state: 'filtered' });
  expect(explainVerdict(filtered, [probe(icmp, other)])).toHaveLength(1);
  expect(explainVerdict({ ...filtered, state: 'closed' }, [probe(icmp, other)])).toHaveLength(3);
});

test('an open that every port of the host says may be taken back', () => {
  const doubted = fact({ state: 'open|filtered', reason: 'syn-ack' });
  expect(explainVerdict(doubted, [probe(synAck)])).toEqual([
    expect.stringContaining('decided'),
    expect.stringContaining('doubted'),
  ]);
  const udp = fact({ technique: 'udp', protocol: 'udp', state: 'open|filtered', reason: 'udp-response' });
  expect(explainVerdict(udp, [])[1]).toContain('gives open');
});
