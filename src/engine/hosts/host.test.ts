import { expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import type { AnswerRun } from '../batch/batch.ts';
import { Board } from '../board.ts';
import { Host } from './host.ts';

function run(change: Partial<AnswerRun>): AnswerRun {
  const at = (...times: number[]) => Float64Array.from(times);
  return {
    count: 2,
    questions: Uint32Array.of(3, 1),
    codes: Uint32Array.of(0x207, 0x207),
    ttls: Uint32Array.of(64, 64),
    flags: Uint32Array.of(0x14, 0x14),
    windows: Uint32Array.of(0, 0),
    dontFragment: Uint32Array.of(1, 1),
    ipIds: Uint32Array.of(0, 0),
    atUs: at(700, 900),
    sentUs: at(650, 600),
    latestSentUs: 650,
    items: new Uint8Array(24),
    stretches: 1,
    ends: Uint32Array.of(2),
    ...change,
  };
}

test('answers that came together are counted, vouch for the time of their latest probe, and give sentinels', () => {
  const board = new Board(2, 5);
  board.takeRow();
  const host = new Host(0, 4, { path: 0, hop: { neighbour: 0 } }, { order: new Permutation(5, 1) }, board, 0);
  host.inFlight = 3;
  host.silentStreak = 9;
  host.answered(run({}));
  expect([host.inFlight, host.pending, host.answers, host.silentStreak]).toEqual([1, 3, 2, 0]);
  expect([host.lastAnswerUs, host.vouchedUs]).toEqual([900, 650]);
  expect([host.sentinels.onlyRefuse, host.sentinels.has(host.row * 5 + 3)]).toEqual([true, true]);
  host.answered(run({ latestSentUs: 640 }));
  expect(host.vouchedUs).toBe(650);
});
