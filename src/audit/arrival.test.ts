import { expect, test } from 'vitest';
import type { Arrival } from './arrival.ts';
import { judge } from './judge.ts';

const here = { isReached: true, lossChance: 0 };

test.each([
  // A denied port where a probe arrived was let through, whatever came back.
  ['not-open', 'tcp', 'filtered', 'no-response', 'arrived', 'fail'],
  ['not-open', 'tcp', 'closed', 'reset', 'arrived', 'fail'],
  ['filtered', 'tcp', 'filtered', 'no-response', 'arrived', 'fail'],
  ['filtered', 'tcp', 'unknown', 'blocked', 'arrived', 'fail'],
  ['filtered', 'udp', 'open|filtered', 'no-response', 'arrived', 'fail'],
  ['closed', 'tcp', 'closed', 'reset', 'arrived', 'pass'],
  ['closed', 'udp', 'open|filtered', 'no-response', 'arrived', 'inconclusive'],
  // What must be open is not, because something arrives.
  ['open', 'tcp', 'open', 'syn-ack', 'arrived', 'pass'],
  ['open', 'tcp', 'closed', 'reset', 'arrived', 'fail'],
  ['open', 'tcp', 'filtered', 'no-response', 'arrived', 'fail'],
  ['open', 'udp', 'open|filtered', 'no-response', 'arrived', 'pass'],
  // What did not arrive was stopped.
  ['filtered', 'tcp', 'filtered', 'no-response', 'not-arrived', 'pass'],
  ['filtered', 'tcp', 'closed', 'reset', 'not-arrived', 'pass'],
  ['filtered', 'udp', 'open|filtered', 'no-response', 'not-arrived', 'pass'],
  ['not-open', 'udp', 'open|filtered', 'no-response', 'not-arrived', 'pass'],
  ['open', 'udp', 'open|filtered', 'no-response', 'not-arrived', 'fail'],
  ['not-open', 'tcp', 'open', 'syn-ack', 'not-arrived', 'fail'],
  ['filtered', 'tcp', 'unknown', 'blocked', 'not-arrived', 'inconclusive'],
  // One that may be another's decides nothing.
  ['filtered', 'tcp', 'filtered', 'no-response', 'perhaps', 'inconclusive'],
  ['not-open', 'tcp', 'open', 'syn-ack', 'perhaps', 'inconclusive'],
  ['open', 'tcp', 'open', 'syn-ack', 'perhaps', 'pass'],
] as const)('%s %s: %s (%s), %s: %s', (expected, protocol, state, reason, arrival, result) => {
  expect(judge(expected, protocol, { state, reason }, { ...here, arrival }).result).toBe(result);
});

test('where much gets lost, what did not arrive proves nothing', () => {
  const arrival: Arrival = 'not-arrived';
  const lossy = { isReached: true, lossChance: 0.05, arrival };
  expect(judge('filtered', 'udp', { state: 'open|filtered', reason: 'no-response' }, lossy).result).toBe(
    'inconclusive',
  );
});

test('where nothing gets there at all, no filter is credited with it', () => {
  const nowhere = { isReached: false, lossChance: 0, arrival: 'not-arrived' } as const;
  expect(judge('filtered', 'tcp', { state: 'filtered', reason: 'no-response' }, nowhere).result).toBe(
    'inconclusive',
  );
});
