import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileKeeper } from './file-keeper.ts';
import { storeFolder } from './folder.ts';
import { keptScans, tidy } from './kept-files.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portolan-store-'));
  path = join(root, 'portolan', 'scans');
});
afterEach(() => rmSync(root, { recursive: true }));

const day = Date.parse('2026-11-21T10:00:00.000Z');

function keeper(series = 'a', most = 100) {
  return new FileKeeper({ folder: { path, owner: undefined }, series, most, vantageOf: () => 'here' });
}

/** Keeps a finished scan. */
function keep(at: number, series = 'a', most = 100): void {
  const file = keeper(series, most).open(at);
  writeSync(file.descriptor, 'x');
  file.finish();
}

describe('kept scans', () => {
  it('are files for their owner alone, the newest first', () => {
    keep(day);
    keep(day + 5000);
    const [newest, oldest] = keptScans(path);
    expect([newest?.startedMs, oldest?.startedMs]).toEqual([day + 5000, day]);
    expect(statSync(newest?.path ?? '').mode & 0o777).toBe(0o600);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('one that is being written, or was left, is no scan', () => {
    const file = keeper().open(day);
    expect(keptScans(path)).toEqual([]);
    file.discard();
    expect(readdirSync(path)).toEqual([]);
  });

  it('of a series at most so many stay, of other series all', () => {
    keep(day, 'b');
    for (let i = 1; i <= 5; i++) keep(day + i, 'a', 2);
    expect(keptScans(path).map(({ series, startedMs }) => [series, startedMs - day])).toEqual([
      ['a', 5],
      ['a', 4],
      ['b', 0],
    ]);
  });

  it('what a killed scan left is finished where it is whole, and removed where it is old', () => {
    const file = keeper().open(day);
    tidy(path, () => false);
    expect(existsSync(file.path)).toBe(true);
    tidy(path, () => true);
    expect(keptScans(path)).toHaveLength(1);
    const left = join(path, '2026-11-21T10-00-09.000Z-a-1.part');
    writeFileSync(left, 'torn');
    utimesSync(left, 0, 0);
    tidy(path, () => false);
    expect(existsSync(left)).toBe(false);
  });

  it('files of others are nobody’s business', () => {
    keep(day);
    writeFileSync(join(path, 'notes.txt'), '');
    tidy(path, () => false);
    expect(existsSync(join(path, 'notes.txt'))).toBe(true);
    expect(keptScans(path)).toHaveLength(1);
  });
});

describe('the folder', () => {
  it('is the one that is named, if it is a whole path', () => {
    expect(storeFolder({ XDG_STATE_HOME: '/state' }).path).toBe('/state/portolan/scans');
    expect(storeFolder({ XDG_STATE_HOME: 'state' }).path).toMatch(/^\/.*\/\.local\/state\/portolan\/scans$/);
  });

  it.runIf(process.getuid?.() === 0)('is below sudo that of the caller, who owns it', () => {
    const { path: folder, owner } = storeFolder({ SUDO_UID: '1', SUDO_GID: '2' });
    expect(owner).toEqual({ uid: 1, gid: 2 });
    expect(folder).not.toMatch(/^\/root\//);
    const own = { path, owner: { uid: 1, gid: 2 } };
    const file = new FileKeeper({ folder: own, series: 'a', most: 1, vantageOf: () => '' }).open(day);
    file.finish();
    const [scan] = keptScans(path);
    for (const one of [scan?.path ?? '', path, join(path, '..')])
      expect(statSync(one)).toMatchObject({ uid: 1, gid: 2 });
  });
});
