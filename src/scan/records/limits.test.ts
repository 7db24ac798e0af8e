/** What becomes of limits that were met: their figure, and what a phase has found out of them. */

import { expect, test } from 'vitest';
import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import { noSender } from '../../model/observation.ts';
import type { LimitedRecord } from './host-records.ts';
import { LimitBook } from './limits.ts';

const at = '2026-12-01T00:00:00.000Z';
const host = '10.0.0.5';
const met: LimitedRecord = {
  ...{ host: 0, what: 'rst', perKiloSecond: 20_000, count: 1000, isLong: true, part: 0, sender: noSender },
};
const shown: Unnumbered<FindingFact> = {
  type: 'finding',
  host,
  rule: 'syn-rate-limit',
  severity: 'info',
  claim: '',
  confidence: 0.95,
  evidence: ['ACKs came back'],
  facts: [7, 9],
  refutedBy: 'ACKs that are swallowed',
  at,
};

test('a limit that shows as one on SYNs is told as that, once, with the figure that the scan has found', () => {
  const book = new LimitBook();
  book.take(host, met, undefined, {}, at);
  expect(book.explain(shown)).toBe(true);
  expect(book.tell(host, [])).toEqual([
    {
      ...{ type: 'finding', host, rule: 'syn-rate-limit', severity: 'info', confidence: 0.9, at },
      claim: 'consistent with a limit of about 20 SYNs that get through per second',
      evidence: ['answers to SYNs came at 20 per second however fast probes were sent', 'ACKs came back'],
      facts: [7, 9],
      refutedBy: 'ACKs that are swallowed',
    },
  ]);
  expect(book.tell(host, [])).toEqual([]);
});

test('a limit that nothing more is known of names both', () => {
  const book = new LimitBook();
  book.take(host, met, undefined, {}, at);
  expect(book.tell(host, [])).toMatchObject([
    { rule: 'rst-rate-limit', evidence: [expect.any(String), expect.stringContaining('so many SYNs')] },
  ]);
});

test('what is found of a host without a limit, or of an own limit on errors, is told by itself', () => {
  const book = new LimitBook();
  expect(book.explain(shown)).toBe(false);
  book.take(host, { ...met, what: 'icmp' }, undefined, {}, at);
  expect(book.explain(shown)).toBe(false);
  expect(book.explain({ ...shown, rule: 'default-drop' })).toBe(false);
});
