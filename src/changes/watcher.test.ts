import { describe, expect, it } from 'vitest';
import type { ChangeKind } from '../model/change-facts.ts';
import type { Change } from './compare.ts';
import { freshWatch, seenTwice, watchRound } from './watcher.ts';

function change(kind: ChangeKind, more: Partial<Change> = {}): Change {
  return {
    type: 'change',
    host: '10.0.0.5',
    change: kind,
    before: null,
    after: null,
    certain: true,
    at: '2026-11-21T10:00:00.000Z',
    ...more,
  };
}

const opened = change('opened', { protocol: 'tcp', port: 80, after: { state: 'open' } });
const closed = change('closed', { protocol: 'tcp', port: 80, after: { state: 'closed' } });

/** What each round tells; between rounds what later ones are compared with moves on. */
function told(rounds: readonly (readonly Change[])[]): readonly string[][] {
  let state = freshWatch;
  return rounds.map((changes) => {
    const round = watchRound(state, changes);
    state = { ...round.state, told: [] };
    return round.tell.map((one) => one.change);
  });
}

describe('a watch', () => {
  it('tells a change that was seen twice, and no other', () => {
    const seen = { ...opened, after: { state: 'open' as const, attempts: 2 } };
    expect(seenTwice([opened, closed], [seen])).toEqual([seen]);
    expect(seenTwice([opened], [])).toEqual([]);
    expect(
      seenTwice([opened], [change('opened', { protocol: 'tcp', port: 81, after: { state: 'open' } })]),
    ).toEqual([]);
  });

  it('tells it once, as long as later rounds are compared with what was before it', () => {
    const first = watchRound(freshWatch, [opened]);
    expect(first.tell).toEqual([opened]);
    expect(watchRound(first.state, [opened]).tell).toEqual([]);
  });

  it('names once what comes and goes, and is quiet about it then', () => {
    expect(told([[opened], [closed], [opened], [closed], [opened]])).toEqual([
      ['opened'],
      ['flapping'],
      [],
      [],
      [],
    ]);
  });

  it('a host that sleeps in two of five scans gets one note', () => {
    const [gone, back] = [
      change('vanished', { after: { state: 'down' } }),
      change('appeared', { after: { state: 'up' } }),
    ];
    const all = told([[], [gone], [back], [gone], [back]]).flat();
    expect(all).toEqual(['vanished', 'flapping']);
  });

  it('a port has a state for each source port that it is asked from', () => {
    const from = (sourcePort: number) => ({ ...opened, after: { state: 'open' as const, sourcePort } });
    expect(told([[opened, from(20), from(53)]])).toEqual([['opened', 'opened', 'opened']]);
  });

  it('what has been quiet for five rounds is told again', () => {
    const quiet = [[], [], [], [], []];
    expect(told([[opened], [closed], ...quiet, [opened]]).at(-1)).toEqual(['opened']);
  });
});
