import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import { Records } from '../records/records.ts';
import { agendaOf } from '../shard/agenda.ts';
import { HostSpace } from '../shard/host-source.ts';
import { Journal } from './journal.ts';
import { RunJournal } from './run-journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-run-journal-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A journal that was named, or one that a long scan keeps by itself. */
async function journalOf(path?: string): Promise<RunJournal> {
  const plan = await buildPlan({ targets: ['10.0.0.1'], ports: '1' }, fakeEnvironment());
  const agenda = agendaOf(plan);
  const journal = path === undefined ? {} : { path };
  return new RunJournal({ ...plan, journal }, new HostSpace(agenda.groups), agenda);
}

const batch = { type: 'batch', records: new Records().take() } as const;

function fillDisk(): void {
  vi.spyOn(Journal.prototype, 'batch').mockImplementation(() => {
    throw new Error('Cannot write the journal: no space left');
  });
}

test('a journal that nobody asked for is done without when it cannot be written any more, and that is said once', async () => {
  const journal = await journalOf();
  const notices: string[] = [];
  journal.heed((message) => notices.push(message));
  journal.begin();
  fillDisk();
  for (let i = 0; i < 3; i++) journal.keep(0, batch, 1);
  journal.close();
  expect(notices).toEqual([
    expect.stringMatching(/^Cannot write the journal: no space left: the scan goes on/),
  ]);
  expect(readdirSync(join(folder, 'portolan'))).toHaveLength(1);
});

test('one that was asked for ends the scan', async () => {
  const journal = await journalOf(join(folder, 'own'));
  journal.begin();
  fillDisk();
  expect(() => journal.keep(0, batch, 1)).toThrow('no space left');
  journal.close();
});

test('a place that is none is said in one line', async () => {
  await expect(journalOf(join(folder, 'none', 'own'))).rejects.toThrow(
    /^Cannot begin the journal .*: no such folder$/,
  );
  mkdirSync(join(folder, 'a'));
  await expect(journalOf(join(folder, 'a'))).rejects.toThrow(/: it is a folder$/);
  vi.stubEnv('XDG_STATE_HOME', '/dev/null');
  const { notices } = await journalOf();
  expect(notices.map(({ message }) => message)).toEqual([
    'No journal is kept, the scan cannot be resumed: Cannot make the folder "/dev/null/portolan": a part of the path is no folder',
  ]);
  expect(existsSync(join(folder, 'portolan'))).toBe(false);
});
