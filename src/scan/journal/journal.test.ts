import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { observation } from '../../model/observation.laws.ts';
import { noSender } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment, unprivileged } from '../../plan/fake-environment.laws.ts';
import type { Plan } from '../../plan/plan.ts';
import { Records } from '../records/records.ts';
import { recordKind } from '../shard/messages.ts';
import { Journal, lockJournal } from './journal.ts';
import { Past } from './past.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a journal', () => {
  test('tells again what it was told, in its order', async () => {
    const path = await written();
    expect(readAgain(path).told).toEqual(everything);
  });

  test('torn at any byte: all that was whole before is told again, nothing else', async () => {
    const bytes = readFileSync(await written());
    const seen = new Set<number>();
    for (let length = 0; length <= bytes.length; length++) {
      const result = readAgain(fileOf(bytes.subarray(0, length)));
      seen.add(result.told?.length ?? -1);
      // Refused as long as the plan is not whole, then a beginning of what was told.
      if (result.told === undefined) expect(result.problem).toMatch(/is no journal|ends before its plan/);
      else expect(result.told).toEqual(everything.slice(0, result.told.length));
    }
    expect([...seen]).toEqual([-1, 0, 1, 2, 3, 4]);
  });

  test('damaged at any byte: nothing of the damaged block or after it is told', async () => {
    const bytes = readFileSync(await written());
    let told = 0;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x41;
      const result = readAgain(fileOf(damaged));
      expect(result.told ?? [], `byte ${at}`).toEqual(everything.slice(0, result.told?.length ?? 0));
      expect(result.told?.length ?? 0).toBeLessThan(everything.length);
      told = Math.max(told, result.told?.length ?? 0);
    }
    expect(told).toBe(everything.length - 1);
  });

  test('goes on where it was torn, and forgets what was torn', async () => {
    const bytes = readFileSync(await written());
    const path = fileOf(bytes.subarray(0, bytes.length - 1));
    const past = Past.open(path);
    past.stand(extent);
    expect(past.lostBytes).toBeGreaterThan(0);
    const journal = past.goOn();
    journal.warning({ message: 'later', incomplete: false });
    journal.close();
    expect(readAgain(path).told).toEqual([...everything.slice(0, -1), 'warning later']);
  });

  test('cannot be written by two', async () => {
    const path = await written();
    const past = Past.open(path);
    expect(() => Past.open(path)).toThrow('is being written by a scan that still runs');
    past.stand(extent);
    past.goOn().close();
    expect(readAgain(path).told).toEqual(everything);
  });

  test('is never overwritten; an empty file will do', async () => {
    const path = await written();
    const before = readFileSync(path);
    const { plan } = await planned();
    expect(() => Journal.create(path, plan, startedAt)).toThrow('is there already');
    expect(readFileSync(path)).toEqual(before);
    const empty = fileOf(Buffer.alloc(0));
    Journal.create(empty, plan, startedAt).close();
    expect(readAgain(empty).told).toEqual([]);
  });

  test('a full disk is said in one line, and what was there stays', async () => {
    const { plan } = await planned();
    expect(() => Journal.create('/dev/full', plan, startedAt)).toThrow(
      /^Cannot write the journal "\/dev\/full": ENOSPC/,
    );
    expect(existsSync('/dev/full')).toBe(true);
  });

  test('written under other tables it is refused, with both named', async () => {
    const { plan } = await planned();
    const path = fileOf(Buffer.alloc(0));
    Journal.create(path, plan, startedAt).close();
    const bytes = readFileSync(path);
    const other = Buffer.from(bytes.toString('latin1').replace(/"tables":"./, '"tables":"!'), 'latin1');
    // The checksum has to fit, or the block is not there at all.
    const { encodeBlock, firstLine } = await import('./block.ts');
    const block = encodeBlock(1, 0, [other.subarray(firstLine.length + 20)]);
    expect(readAgain(fileOf(Buffer.concat([firstLine, block]))).problem).toMatch(
      /other tables: found !\w{15} of portolan .*, wanted \w{16} of/,
    );
  });

  test.each([
    ['a host beyond the plan', (records: Records) => records.append(2, recordKind.hostDone, 0, 0, 0)],
    ['a question beyond the plan', (records: Records) => verdictOn(records, 0, 3)],
    ['a verdict that does not exist', (records: Records) => records.append(0, 0, 0xffff, 0, noSender)],
    ['a protocol that does not exist', (records: Records) => records.append(0, recordKind.trace, 99, 0, 0)],
  ])('records of another plan are refused: %s', async (_, add) => {
    const path = await written();
    const past = Past.open(path);
    past.stand(extent);
    const journal = past.goOn();
    const records = new Records();
    add(records);
    journal.batch(0, [], records.take());
    journal.close();
    expect(readAgain(path).problem).toContain('do not belong to its plan');
  });
});

const startedAt = '2026-11-21T10:00:00.000Z';
const extent = { hosts: 2, questions: 3 };

/** What a journal of {@link written} tells. */
const everything = ['0: state done', '1: state 0', 'warning no route', '1: 1 2 done'];

async function planned(): Promise<{ plan: Plan }> {
  const request = {
    targets: ['10.7.0.1', '10.7.0.2'],
    ports: '22,80,443',
    discovery: 'skip' as const,
    seed: 1,
  };
  return { plan: await buildPlan(request, fakeEnvironment(unprivileged)) };
}

let files = 0;

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.journal`);
  writeFileSync(path, bytes);
  return path;
}

/** One host is down, the other is asked three questions by one shard. */
async function written(): Promise<string> {
  const { plan } = await planned();
  const path = join(folder, `${files++}.journal`);
  const journal = Journal.create(path, plan, startedAt);
  journal.session();
  const records = new Records();
  records.append(0, recordKind.hostState, verdictCode('filtered', 'no-response'), 0, noSender);
  records.append(0, recordKind.hostDone, 0, 0, 0);
  journal.batch(0, [], records.take());
  records.append(1, recordKind.hostState, verdictCode('open', 'user-set'), 0, noSender);
  verdictOn(records, 1, 0);
  journal.batch(0, ['10.7.0.254'], records.take());
  journal.warning({ message: 'no route', incomplete: true });
  verdictOn(records, 1, 1);
  verdictOn(records, 1, 2);
  records.append(1, recordKind.hostDone, 0, 0, 0);
  journal.batch(0, [], records.take());
  journal.close();
  return path;
}

function verdictOn(records: Records, host: number, question: number): void {
  records.observed(host, question, observation({ code: verdictCode('closed', 'reset') }));
}

/** What a journal tells, batch by batch; or why it is refused. */
function readAgain(path: string): { readonly told?: readonly string[]; readonly problem?: string } {
  let past: Past;
  try {
    past = Past.open(path);
  } catch (error) {
    return { problem: (error as Error).message };
  }
  const told: string[] = [];
  try {
    const standing = past.stand(extent);
    const reader = {
      batch: (records: Uint32Array) => void told.push(describeBatch(records)),
      warning: ({ message }: { readonly message: string }) => void told.push(`warning ${message}`),
    };
    for (const _ of past.replay(standing, reader));
    return { told };
  } catch (error) {
    return { problem: (error as Error).message };
  } finally {
    past.goOn().close();
  }
}

function describeBatch(records: Uint32Array): string {
  const words: string[] = [];
  for (let i = 0; i < records.length; i += 5) {
    const kind = records[i + 1] as number;
    words.push(kind === recordKind.hostState ? 'state' : kind === recordKind.hostDone ? 'done' : `${kind}`);
  }
  return `${records[0]}: ${words.join(' ')}`;
}

test('a lock goes with its file', async () => {
  const path = fileOf(Buffer.alloc(0));
  const first = openSync(path, 'r+');
  lockJournal(path, first);
  const second = openSync(path, 'r+');
  expect(() => lockJournal(path, second)).toThrow('still runs');
  closeSync(first);
  const third = openSync(path, 'r+');
  lockJournal(path, third);
  closeSync(third);
});
