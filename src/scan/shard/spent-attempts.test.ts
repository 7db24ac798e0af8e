import { expect, test } from 'vitest';
import { hostOf, meetLimit } from '../../engine/hosts/test-hosts.laws.ts';
import { Attempts } from './attempts.ts';
import { SpentAttempts } from './spent-attempts.ts';

/** Attempts at questions of one host that began at these times; only the latest at question 0 is waited for. */
function spentOf({ isLimited }: { readonly isLimited: boolean }) {
  const host = hostOf(20, 'own');
  if (isLimited) meetLimit(host);
  const attempts = new Attempts();
  const tokens = [
    { question: 0, attempt: 1, startedUs: 0 },
    { question: 0, attempt: 2, startedUs: 50_000 },
    { question: 1, attempt: 1, startedUs: 60_000 },
    { question: 2, attempt: 1, startedUs: 500_000 },
  ].map((attempt) => attempts.take({ host, ...attempt }));
  const isNeeded = ({ question, attempt }: { question: number; attempt: number }) =>
    question === 0 && attempt === 2;
  return { spent: new SpentAttempts(attempts, isNeeded), tokens };
}

test('behind a limit what nobody waits for is given up before the kernel repeats it', () => {
  const { spent, tokens } = spentOf({ isLimited: true });
  expect(spent.due(800_000)).toEqual([]);
  expect(spent.due(970_000)).toEqual([tokens[0], tokens[2]]);
  // It does not look each time.
  expect(spent.due(975_000)).toEqual([]);
});

test('where nobody limits anything a late answer is welcome', () => {
  expect(spentOf({ isLimited: false }).spent.due(5_000_000)).toEqual([]);
});
