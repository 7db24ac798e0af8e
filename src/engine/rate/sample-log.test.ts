import { describe, expect, test } from 'vitest';
import { SampleLog } from './sample-log.ts';

/** Sends samples 10 ms apart with ten questions each; `+` comes back, `-` does not, a gap in the word is a pause of 50 ms. */
function logOf(word: string, questions: (at: number) => number = () => 10): SampleLog {
  const log = new SampleLog();
  let [nowUs, asked] = [1_000_000, 0];
  for (const [at, fate] of [...word].entries()) {
    nowUs += fate === ' ' ? 50_000 : 10_000;
    if (fate === ' ') continue;
    asked += questions(at);
    log.sent(7, at, nowUs, asked);
    if (fate === '+') log.answered(7, at);
  }
  log.expire(nowUs);
  return log;
}

const three = () => 3;

describe('a time in which the path was gone', () => {
  test('shows when all come back after some were lost in a row', () => {
    expect(logOf('++----+++').takeGap(three)).toEqual({ sinceUs: 1_020_000, lost: 4 });
  });

  test.each(['++--+++', '++----++', '++---+-+++', '+++', '----'])('does not show in %s', (word) => {
    expect(logOf(word).takeGap(three)).toBeUndefined();
  });

  test('is told once', () => {
    const log = logOf('++----+++');
    log.takeGap(three);
    expect(log.takeGap(three)).toBeUndefined();
  });

  test('does not show where less is asked afterwards: something may have swallowed what was too much', () => {
    expect(logOf('++----++++', (at) => (at < 6 ? 10 : 5)).takeGap(three)).toBeUndefined();
  });

  test('shows after a pause only when they come back for longer than it took', () => {
    expect(logOf('++---- +++').takeGap(three)).toBeUndefined();
    expect(logOf('++---- +++').isComingBack).toBe(true);
    expect(logOf('++---- +++++++').takeGap(three)).toMatchObject({ lost: 4 });
  });

  test('may end in a pause for which all is forgotten that is on its way', () => {
    const log = logOf('++----');
    log.pause();
    for (let at = 10; at < 20; at++) {
      log.sent(7, at, 1_100_000 + 10_000 * (at - 10), 60 + 10 * (at - 10));
      log.answered(7, at);
    }
    expect(log.takeGap(three)).toMatchObject({ sinceUs: 1_020_000, lost: 4 });
    expect(log.lostInARow).toBe(0);
  });
});

test('a sample that was lost all the same is none that came back, whatever was answered', () => {
  const log = new SampleLog();
  log.sent(7, 1, 1000, 10);
  log.sent(8, 1, 2000, 20);
  expect(log.answered(7, 1, (sentUs) => sentUs === 1000)).toBeNaN();
  expect(log.answered(8, 1, (sentUs) => sentUs === 1000)).toBe(2000);
  expect(log.expire(3000)).toBe(1);
});
