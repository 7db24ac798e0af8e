import { describe, expect, test } from 'vitest';
import { headlineOf } from './headline.ts';
import { portStates, reasons, type Verdict } from './verdict.ts';

const verdict = (state: Verdict['state'], reason: Verdict['reason']): Verdict => ({ state, reason });

describe('headline of a port', () => {
  test('one technique speaks for itself, whatever it says', () => {
    for (const state of portStates) {
      for (const reason of reasons) {
        const only = verdict(state, reason);
        expect(headlineOf([only])).toBe(only);
      }
    }
  });

  test('the first technique stands against evidence of the same strength', () => {
    const first = verdict('closed', 'reset');
    expect(headlineOf([first, verdict('unfiltered', 'reset')])).toBe(first);
    expect(headlineOf([first, verdict('open', 'reset-window')])).toBe(first);
    expect(headlineOf([first, verdict('closed', 'refused'), verdict('closed', 'abort')])).toBe(first);
  });

  test.each([
    [
      'silence gives way to ICMP',
      verdict('filtered', 'no-response'),
      verdict('filtered', 'admin-prohibited'),
    ],
    ['ICMP gives way to a reset', verdict('filtered', 'host-unreach'), verdict('unfiltered', 'reset')],
    ['a reset gives way to a handshake', verdict('closed', 'reset'), verdict('open', 'syn-ack')],
    [
      'a joined state gives way to a reset',
      verdict('open|filtered', 'no-response'),
      verdict('closed', 'reset'),
    ],
    ['what was blocked gives way to a reset', verdict('unknown', 'blocked'), verdict('unfiltered', 'reset')],
  ])('%s, and never the other way', (_what, weak, strong) => {
    expect(headlineOf([weak, strong])).toBe(strong);
    expect(headlineOf([strong, weak])).toBe(strong);
  });

  test('a joined state replaces nothing, however strong what it rests on', () => {
    const first = verdict('filtered', 'no-response');
    expect(headlineOf([first, verdict('open|filtered', 'reset')])).toBe(first);
  });

  test('silence does not turn what was blocked into filtered', () => {
    const first = verdict('unknown', 'blocked');
    expect(headlineOf([first, verdict('filtered', 'no-response')])).toBe(first);
  });

  test('of several stronger ones the strongest wins, then the earliest', () => {
    const open = verdict('open', 'syn-ack');
    const verdicts = [
      verdict('filtered', 'no-response'),
      verdict('unfiltered', 'reset'),
      open,
      verdict('open', 'connected'),
    ] as const;
    expect(headlineOf([...verdicts])).toBe(open);
  });
});
