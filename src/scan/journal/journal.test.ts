import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender } from '../../model/observation.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment, unprivileged } from '../../plan/fake-environment.laws.ts';
import type { Plan } from '../../plan/plan.ts';
import { eachFrame, recordKinds } from '../records/frame.ts';
import { hostDoneCodec } from '../records/host-records.ts';
import { type Observations, observationsCodec } from '../records/observations.laws.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { Records } from '../records/records.ts';
import { serviceCodec } from '../records/service-record.ts';
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
      /^Cannot write the journal "\/dev\/full": no space left$/,
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

  test.each<[string, (records: Records) => void, string]>([
    ['a host beyond the plan', (records) => done(records, 2), 'do not belong to its plan'],
    ['a question beyond the plan', (records) => observed(records, 0, 3), 'do not belong to its plan'],
    [
      'an observation without a verdict',
      (records) => records.observed(0, 0, observation({ kind: 'echo-reply' })),
      'do not belong to its plan',
    ],
    [
      'a kind that nobody knows',
      (records) => records.append({ ...hostDoneCodec, name: 'later' as 'host' }, { host: 0, end: 0 }),
      'records of the kind "0", which portolan',
    ],
    [
      'a phase that nobody knows',
      (records) => records.observed(0, 0, refused, 77),
      'records of the phase "77", which portolan',
    ],
  ])('records of another plan or program are refused: %s', async (_, add, problem) => {
    const path = await written();
    const past = Past.open(path);
    past.stand(extent);
    const journal = past.goOn();
    const records = new Records();
    add(records);
    journal.batch(0, records.take());
    journal.close();
    expect(readAgain(path).problem).toContain(problem);
  });

  test('a phase of a later version is refused by the name that the journal gives it', async () => {
    const path = await written();
    const bytes = readFileSync(path);
    const { encodeBlock, readBlocks, blockKind } = await import('./block.ts');
    const descriptor = openSync(path, 'r');
    const blocks = [...readBlocks(descriptor)];
    closeSync(descriptor);
    const session = { records: { banner: 99 }, phases: { services: 77 } };
    const records = new Records();
    records.observed(0, 0, refused, 77);
    const later = Buffer.concat([
      bytes.subarray(0, blocks[0]?.end),
      encodeBlock(blockKind.session, 0, [Buffer.from(JSON.stringify(session))]),
      encodeBlock(blockKind.batch, 0, [new Uint8Array(4), records.take()]),
    ]);
    expect(readAgain(fileOf(later)).problem).toMatch(/holds records of the phase "services", which portolan/);
    const frame = Uint8Array.of(6, 0, 0, 0, 99, 0, 0, 0, 0, 0);
    const kind = Buffer.concat([
      bytes.subarray(0, blocks[0]?.end),
      encodeBlock(blockKind.session, 0, [Buffer.from(JSON.stringify(session))]),
      encodeBlock(blockKind.batch, 0, [new Uint8Array(4), frame]),
    ]);
    expect(readAgain(fileOf(kind)).problem).toMatch(/holds records of the kind "banner", which portolan/);
  });
});

const startedAt = '2026-11-21T10:00:00.000Z';
const extent = {
  hosts: 2,
  discovery: undefined,
  ports: {
    techniques: ['connect'],
    techniqueOf: new Uint8Array(3),
    portOf: Uint16Array.of(22, 80, 443),
  },
};

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
  records.host(0, observation({ kind: 'silence', sender: noSender }));
  done(records, 0);
  journal.batch(0, records.take());
  records.host(1, observation({ kind: 'named', sender: noSender }));
  observed(records, 1, 0);
  journal.batch(0, records.take());
  journal.warning({ message: 'no route', incomplete: true });
  observed(records, 1, 1);
  observed(records, 1, 2);
  done(records, 1);
  journal.batch(0, records.take());
  journal.close();
  return path;
}

function observed(records: Records, host: number, question: number): void {
  records.observed(host, question, refused);
}

function done(records: Records, host: number): void {
  records.append(hostDoneCodec, { host, end: 0 });
}

const refused = observation({ kind: 'refused', sender: fromTarget });

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
      batch: (records: Uint8Array) => void told.push(describeBatch(records)),
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

function describeBatch(batch: Uint8Array): string {
  const words: string[] = [];
  const hosts = new Set<number>();
  eachFrame(batch, (kind, view, start, end) => {
    hosts.add(view.getUint32(start, true));
    if (kind === recordKinds.host) words.push('state');
    if (kind === recordKinds['host-done']) words.push('done');
    if (kind !== recordKinds.observations) return;
    const { answers } = observationsCodec.parse(view, start, end) as Observations;
    words.push(...answers.map(({ question }) => `${question}`));
  });
  return `${[...hosts].join()}: ${words.join(' ')}`;
}

test('says which questions of a host that is not done were answered by open', async () => {
  const { plan } = await planned();
  const fresh = join(folder, `${files++}.journal`);
  const kept = Journal.create(fresh, plan, startedAt);
  kept.session();
  const records = new Records();
  records.host(1, observation({ kind: 'named', sender: noSender }));
  observed(records, 1, 0);
  records.observed(1, 2, observation({ kind: 'connected', sender: fromTarget }));
  records.observed(0, 1, observation({ kind: 'connected', sender: fromTarget }));
  kept.batch(0, records.take());
  kept.close();
  const past = Past.open(fresh);
  expect([...past.stand(extent).said()]).toEqual([[1, { open: [2], heard: new Map(), silent: new Set() }]]);
  past.goOn().close();
});

test('says which UDP ports of a host that is not done were silent, and what was heard of others', async () => {
  const { plan } = await planned();
  const fresh = join(folder, `${files++}.journal`);
  const kept = Journal.create(fresh, plan, startedAt);
  kept.session();
  const records = new Records();
  records.host(1, observation({ kind: 'named', sender: noSender }));
  const silence = observation({ kind: 'silence', sender: noSender });
  for (const question of [0, 1, 2]) records.observed(1, question, silence);
  const data = Uint8Array.of(1, 2);
  records.observed(1, 0, observation({ kind: 'udp', sender: fromTarget, data }), phaseNumbers.services);
  records.observed(1, 1, silence, phaseNumbers.services);
  kept.batch(0, records.take());
  kept.close();
  const past = Past.open(fresh);
  const ports = { techniques: ['udp'], techniqueOf: new Uint8Array(3), portOf: Uint16Array.of(7, 8, 9) };
  const standing = past.stand({ ...extent, ports, wantsSilent: true });
  expect([...standing.said()]).toEqual([
    [1, { open: [0], heard: new Map([[0, data]]), silent: new Set([2]) }],
  ]);
  // What answered has a service that may not have been told; what stayed silent has none.
  expect([...standing.told()]).toEqual([[1, new Set(['udp 8'])]]);
  past.goOn().close();
});

test('says which services of a host that is not done were told, but for those that could not be asked', async () => {
  const { plan } = await planned();
  const fresh = join(folder, `${files++}.journal`);
  const kept = Journal.create(fresh, plan, startedAt);
  kept.session();
  const records = new Records();
  const service = { protocol: 'tcp', name: null, cpe: [], tls: false, confidence: 3 } as const;
  const tell = (host: number, port: number, more = {}) =>
    records.append(serviceCodec, { host, phase: 7, service: { ...service, port, ...more } });
  records.host(1, observation({ kind: 'named', sender: noSender }));
  tell(1, 22);
  tell(1, 80);
  tell(1, 443, { isUntried: true });
  records.host(0, observation({ kind: 'named', sender: noSender }));
  tell(0, 22);
  records.append(hostDoneCodec, { host: 0, end: 0 });
  kept.batch(0, records.take());
  kept.close();
  const past = Past.open(fresh);
  expect([...past.stand(extent).told()]).toEqual([[1, new Set(['tcp 22', 'tcp 80'])]]);
  past.goOn().close();
});

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
