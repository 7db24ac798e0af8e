import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeenIndex } from './seen-index.ts';
import { seenStates } from './seen-states.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-index-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const day = Date.parse('2026-11-21T10:00:00.000Z');
const at = (days: number) => new Date(day + days * 86_400_000).toISOString();

/** What the scans of some days found: open ports, and closed ones as ranges. */
const scans = new Map([
  ['one', { days: 0, open: [22, 80], closed: '1-21,23-79' }],
  ['two', { days: 1, open: [22], closed: '1-21,23-80' }],
  ['three', { days: 2, open: [22, 80], closed: '1-21,23-79' }],
]);

const reader = {
  *facts(path: string) {
    const { open, closed } = scans.get(path) ?? { open: [], closed: '' };
    const host = '10.0.0.5';
    for (const port of open) yield { type: 'port', host, protocol: 'tcp', port, state: 'open' };
    yield { type: 'ports', host, protocol: 'tcp', ports: closed, state: 'closed' };
    yield { type: 'port', host, protocol: 'tcp', port: 99, state: 'unknown' };
    yield { type: 'host-done', host };
  },
  vantageOf: (path: string) => (scans.has(path) ? 'here' : undefined),
};

function kept(...names: readonly string[]) {
  return names.map((path) => ({
    path,
    startedMs: day + (scans.get(path)?.days ?? 9) * 86_400_000,
    series: 'a',
    bytes: 1,
  }));
}

function open(): SeenIndex {
  return SeenIndex.open({ path: folder, owner: undefined }, reader);
}

describe('the index', () => {
  it('tells when states were seen first and last, and when was looked last', () => {
    const index = open();
    index.update(kept('three', 'two', 'one', 'torn'));
    const seen = seenStates('10.0.0.5', index.looksAt('10.0.0.5'));
    index.close();
    expect(
      seen.map(({ port, state, firstSeen, lastSeen, lastLooked }) => [
        port,
        state,
        firstSeen,
        lastSeen,
        lastLooked,
      ]),
    ).toEqual([
      [22, 'open', at(0), at(2), at(2)],
      [80, 'open', at(0), at(2), at(2)],
      [80, 'closed', at(1), at(1), at(2)],
    ]);
    expect(statSync(join(folder, 'index.db')).mode & 0o777).toBe(0o600);
  });

  it('knows ports that were never open by their number', () => {
    const index = open();
    index.update(kept('one'));
    const looks = index.looksAt('10.0.0.5');
    index.close();
    expect(seenStates('10.0.0.5', looks, 7)).toMatchObject([{ port: 7, state: 'closed' }]);
    expect(seenStates('10.0.0.5', looks, 99)).toEqual([]);
  });

  it('forgets scans that are gone, and takes none twice', () => {
    const index = open();
    index.update(kept('one', 'two'));
    index.update(kept('two'));
    expect(index.looksAt('10.0.0.5')).toHaveLength(1);
    index.close();
  });

  it('is used by several at once', () => {
    const [one, other] = [open(), open()];
    one.update(kept('one', 'two'));
    other.update(kept('one', 'two', 'three'));
    expect(one.looksAt('10.0.0.5')).toHaveLength(3);
    one.close();
    other.close();
  });

  it('is made anew where it is broken', () => {
    writeFileSync(join(folder, 'index.db'), 'x'.repeat(10_000));
    const index = open();
    index.update(kept('one'));
    expect(index.looksAt('10.0.0.5')).toHaveLength(1);
    index.close();
  });
});
