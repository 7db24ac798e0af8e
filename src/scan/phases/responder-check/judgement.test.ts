import { describe, expect, test } from 'vitest';
import type { Heard } from './heard.ts';
import { type CanaryEvidence, isService, judgeCanaries, type Pretence } from './judgement.ts';

const heard = (state: Heard['state'], words = '', more: Partial<Heard> = {}): Heard => ({
  state,
  bytes: new TextEncoder().encode(words),
  ...more,
});
const three = (one: Partial<CanaryEvidence>): readonly CanaryEvidence[] =>
  [0, 1, 2].map(() => ({ isLedElsewhere: false, acknowledgesStray: false, ...one }));
const ruleOf = (evidence: readonly CanaryEvidence[]) => {
  const pretence = judgeCanaries(evidence);
  return pretence && `${pretence.rule} ${pretence.basis}`;
};
const normal = 64_240;

describe('who answers for canaries', () => {
  test.each<[string, Partial<CanaryEvidence>, string | undefined]>([
    ['nothing but their being open', { window: normal }, undefined],
    ['silent connections', { window: normal, heard: heard('open', '', { window: normal }) }, undefined],
    ['no window', { window: 0 }, 'syn-proxy no-window'],
    ['no window, then a reset', { window: 0, heard: heard('reset') }, 'syn-proxy no-window'],
    ['no window, held', { window: 0, heard: heard('open', '', { acknowledges: true }) }, 'tarpit no-window'],
    [
      'no window, no server',
      { window: 0, heard: heard('open', '', { acknowledges: false }) },
      'syn-proxy no-window',
    ],
    [
      'a connection with no window, held',
      { heard: heard('open', '', { window: 0, acknowledges: true }) },
      'tarpit no-window',
    ],
    [
      'a connection with no window, given up',
      { heard: heard('open', '', { window: 0, acknowledges: false }) },
      'unnamed no-window',
    ],
    [
      'a connection with no window, then a reset',
      { heard: heard('reset', '', { window: 0 }) },
      'syn-proxy no-window',
    ],
    ['a window of 10', { window: 10 }, 'tarpit tiny-window'],
    ['a small window', { window: 64 }, undefined],
    ['a window seen by a connection only', { heard: heard('open', '', { window: 5 }) }, 'tarpit tiny-window'],
    ['stray acknowledgements', { window: normal, acknowledgesStray: true }, 'tarpit stray-ack'],
    ['stray acknowledgements, no window', { window: 0, acknowledgesStray: true }, 'tarpit stray-ack'],
    ['resets to no flags', { window: normal, isLedElsewhere: true }, 'redirect-all led-elsewhere'],
    ['the same words', { window: normal, heard: heard('open', '220 hi\r\n') }, 'redirect-all same-words'],
    ['closes', { window: normal, heard: heard('closed') }, 'redirect-all prompt-close'],
    ['resets', { window: normal, heard: heard('reset') }, 'syn-proxy reset'],
    ['connections that failed', { window: normal, heard: heard('refused') }, undefined],
    ['trouble of our own', { heard: heard('unheard') }, undefined],
  ])('%s', (_, evidence, rule) => {
    expect(ruleOf(three(evidence))).toBe(rule);
  });

  test('connections alone name no SYN proxy where one of them is held', () => {
    const [held, mute, ended] = [
      heard('open', '', { window: 0, acknowledges: true }),
      heard('open', '', { window: 0, acknowledges: false }),
      heard('reset', '', { window: 0 }),
    ].map((each) => ({ isLedElsewhere: false, acknowledgesStray: false, heard: each }));
    const rule = (...evidence: (CanaryEvidence | undefined)[]) => ruleOf(evidence as CanaryEvidence[]);
    expect(rule(held, held, mute)).toBe('tarpit no-window');
    expect(rule(held, mute, mute)).toBe('unnamed no-window');
    expect(rule(held, held, ended)).toBe('unnamed no-window');
    expect(rule(ended, ended, ended)).toBe('syn-proxy no-window');
  });

  test('one witness is not enough', () => {
    const [one] = three({ window: 0, isLedElsewhere: true, heard: heard('reset') });
    expect(ruleOf([one as CanaryEvidence])).toBeUndefined();
  });

  test('two resets to no flags are enough, one is not', () => {
    const [honest] = three({ window: normal });
    const [led] = three({ window: normal, isLedElsewhere: true });
    expect(ruleOf([led, led, honest] as CanaryEvidence[])).toBe('redirect-all led-elsewhere');
    expect(ruleOf([led, honest, honest] as CanaryEvidence[])).toBeUndefined();
  });

  test('numbers in a greeting change from one connection to the next, services do not', () => {
    const greet = (...words: string[]) =>
      ruleOf(
        words.map((each) => ({
          isLedElsewhere: false,
          acknowledgesStray: false,
          heard: heard('open', each),
        })),
      );
    expect(greet('220 a 12:01:07\r\n', '220 a 12:01:08\r\n', '220 a 12:01:09\r\n')).toBe(
      'redirect-all same-words',
    );
    expect(greet('SSH-2.0-a\r\n\x01\x02', 'SSH-2.0-a\r\n\x07', 'SSH-2.0-a\r\n')).toBe(
      'redirect-all same-words',
    );
    expect(greet('220 ftp\r\n', 'SSH-2.0-a\r\n', '+OK\r\n')).toBeUndefined();
  });

  test('different ends prove nothing', () => {
    const ends = [heard('closed'), heard('reset'), heard('open')];
    expect(
      ruleOf(ends.map((each) => ({ isLedElsewhere: false, acknowledgesStray: false, heard: each }))),
    ).toBeUndefined();
  });
});

describe('a port of a pretender', () => {
  const proxy = { rule: 'syn-proxy', basis: 'no-window', window: 0 } as Pretence;
  const redirect = { rule: 'redirect-all', basis: 'same-words', window: normal } as Pretence;
  const greeters = three({ heard: heard('open', '220 ready at 5\r\n') });

  test('is open when it speaks for itself', () => {
    expect(isService(heard('open', 'SSH-2.0-x\r\n'), greeters, redirect)).toBe(true);
    expect(isService(heard('closed', 'SSH-2.0-x\r\n'), three({}), proxy)).toBe(true);
    expect(isService(heard('open', '220 ready at 6\r\n'), greeters, redirect)).toBe(false);
    const [one, other] = [three({})[0], greeters[0]] as [CanaryEvidence, CanaryEvidence];
    expect(isService(heard('open', '220 ready at 6\r\n'), [one, other], redirect)).toBe(false);
  });

  test('is open when its window opens where those of canaries stay shut', () => {
    expect(isService(heard('open', '', { window: normal }), three({ window: 0 }), proxy)).toBe(true);
    expect(isService(heard('open', '', { window: 0 }), three({ window: 0 }), proxy)).toBe(false);
    expect(isService(heard('reset', '', { window: normal }), three({ window: 0 }), proxy)).toBe(false);
    expect(isService(heard('open', '', { window: normal }), greeters, redirect)).toBe(false);
  });

  test('proves nothing by silence, a close or our own trouble', () => {
    for (const state of ['open', 'closed', 'reset', 'refused', 'unheard'] as const)
      expect(isService(heard(state), greeters, redirect)).toBe(false);
  });
});
