import { describe, expect, it } from 'vitest';
import type { Expected } from '../model/fact.ts';
import type { Verdict } from '../model/verdict.ts';
import { judge } from './judge.ts';

const fine = { isReached: true, lossChance: 0 };
const verdicts = {
  open: { state: 'open', reason: 'syn-ack' },
  closed: { state: 'closed', reason: 'reset' },
  dropped: { state: 'filtered', reason: 'no-response' },
  rejected: { state: 'filtered', reason: 'admin-prohibited' },
  'silent udp': { state: 'open|filtered', reason: 'no-response' },
  'open like all': { state: 'open|filtered', reason: 'syn-ack' },
  'local trouble': { state: 'unknown', reason: 'local-error' },
  blocked: { state: 'unknown', reason: 'blocked' },
} as const satisfies Record<string, Verdict>;

const table: Readonly<Record<Expected, Readonly<Record<keyof typeof verdicts, string>>>> = {
  open: {
    open: 'pass',
    closed: 'fail',
    dropped: 'fail',
    rejected: 'fail',
    'silent udp': 'inconclusive',
    'open like all': 'inconclusive',
    'local trouble': 'inconclusive',
    blocked: 'inconclusive',
  },
  'not-open': {
    open: 'fail',
    closed: 'pass',
    dropped: 'pass',
    rejected: 'pass',
    'silent udp': 'inconclusive',
    'open like all': 'inconclusive',
    'local trouble': 'inconclusive',
    blocked: 'inconclusive',
  },
  filtered: {
    open: 'fail',
    closed: 'fail',
    dropped: 'pass',
    rejected: 'pass',
    'silent udp': 'pass',
    'open like all': 'inconclusive',
    'local trouble': 'inconclusive',
    blocked: 'inconclusive',
  },
  closed: {
    open: 'fail',
    closed: 'pass',
    dropped: 'fail',
    rejected: 'fail',
    'silent udp': 'inconclusive',
    'open like all': 'inconclusive',
    'local trouble': 'inconclusive',
    blocked: 'inconclusive',
  },
};

const cases = (Object.keys(table) as Expected[]).flatMap((expected) =>
  (Object.keys(verdicts) as (keyof typeof verdicts)[]).map((found) => ({ expected, found })),
);

describe('a check', () => {
  it.each(cases)('$expected wanted, $found', ({ expected, found }) => {
    const protocol = found === 'silent udp' ? 'udp' : 'tcp';
    const { result, why } = judge(expected, protocol, verdicts[found], fine);
    expect(result).toBe(table[expected][found]);
    expect(why !== undefined).toBe(result === 'inconclusive');
  });

  it.each(cases)(
    '$expected wanted, $found: nothing is judged of a host that is not reached',
    ({ expected, found }) => {
      for (const protocol of ['tcp', 'udp'] as const) {
        const { result } = judge(expected, protocol, verdicts[found], { ...fine, isReached: false });
        expect(result).toBe('inconclusive');
      }
    },
  );

  it.each(cases)(
    '$expected wanted, $found: silence that may be loss is no verdict',
    ({ expected, found }) => {
      const protocol = found === 'silent udp' ? 'udp' : 'tcp';
      const lossy = judge(expected, protocol, verdicts[found], { ...fine, lossChance: 0.02 }).result;
      const isSilent = verdicts[found].reason === 'no-response';
      expect(lossy).toBe(isSilent ? 'inconclusive' : table[expected][found]);
      expect(judge(expected, protocol, verdicts[found], { ...fine, lossChance: 0.005 }).result).toBe(
        table[expected][found],
      );
    },
  );
});
