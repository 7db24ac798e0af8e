import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender } from '../../model/observation.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import { plainShow, render, sampleFacts } from '../../report/writer.laws.ts';
import { Journal } from '../../scan/journal/journal.ts';
import { hostDoneCodec } from '../../scan/records/host-records.ts';
import { Records } from '../../scan/records/records.ts';
import { explainPort } from './explain-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = join(folder, 'record.ndjson');
writeFileSync(record, render('ndjson', sampleFacts('\x1b[31m'), plainShow));

/** Two hosts, of which the second resets port 80 and says nothing on port 443. */
let journals = 0;

async function journal(): Promise<string> {
  const path = join(folder, `${journals++}.journal`);
  const plan = await buildPlan(
    { targets: ['10.7.0.1', '10.7.0.2'], ports: '80,443', discovery: 'skip', techniques: ['syn'], seed: 1 },
    fakeEnvironment(),
  );
  const kept = Journal.create(path, plan, '2026-11-21T10:00:00.000Z');
  kept.session();
  const options = [Uint8Array.of(2, 4, 5, 0xb4)];
  const records = new Records({ senders: [], options });
  records.host(1, observation({ kind: 'named', sender: noSender }));
  records.observed(1, 0, observation({ flags: 0x14, options: 1, sender: fromTarget }));
  records.observed(
    1,
    1,
    observation({ kind: 'silence', attempt: 0, attempts: 4, rttUs: -1, sender: noSender }),
  );
  records.append(hostDoneCodec, { host: 1, end: 0 });
  kept.batch(0, records.take());
  kept.close();
  return path;
}

test('a journal shows what was seen, and the row that makes a verdict of it', async () => {
  const path = await journal();
  const text = await explainPort(path, '10.7.0.2:80');
  expect(text).toContain('80/tcp closed (reset) by syn, from 10.7.0.2, TTL 64, 0.3 ms, asked once');
  expect(text).toContain('answer    tcp, flags RA, window 0, options mss, mss 1460, ttl 64');
  expect(text).toContain('decided   row 1 of syn: TCP with RST');
  expect(text).toContain('Not held: the packets themselves (-oP).');
  const silent = await explainPort(path, '10.7.0.2:443');
  expect(silent).toContain('asked 4 times');
  expect(silent).toContain('answer    nothing');
  expect(silent).toContain('decided   silence, which syn takes for filtered');
});

test('a record shows what it holds and says what not', async () => {
  const text = await explainPort(record, '10.0.0.5:30');
  expect(text).toContain('closed (reset) by syn: one of 990 ports with the same answer');
  expect(text).toContain('unfiltered (reset) by ack: one of 998 ports with the same answer');
  expect(text).toContain(
    'Not held: the probes and what else stood in the answers (--evidence), the packets (-oP).',
  );
});

test('probes of variants stand beside, and findings say that they rest on them', async () => {
  const text = await explainPort(record, '10.0.0.5:25');
  expect(text).toMatch(/a probe by syn, source-port 53.*\n {2}answer {4}tcp, flags SA, window 65160/);
  expect(text).toContain('(it rests on a probe above)');
  expect(text).not.toContain('\x1b');
});

test.each([
  ['10.0.0.5:1001', 'does not hold port 1001 of "10.0.0.5"'],
  ['10.9.9.9:22', 'does not hold the host "10.9.9.9"'],
  ['10.0.0.5', 'wanted HOST:PORT'],
  ['10.0.0.5:99999', 'wanted HOST:PORT'],
])('%s is refused: %s', async (place, problem) => {
  await expect(explainPort(record, place)).rejects.toThrow(problem);
});

test('what a journal does not hold is refused, and so is a file that is not there', async () => {
  await expect(explainPort(await journal(), '10.7.0.2:3')).rejects.toThrow('does not hold port 3');
  await expect(explainPort(await journal(), '10.7.0.1:80')).rejects.toThrow('does not hold the host');
  await expect(explainPort(join(folder, 'none'), '10.7.0.1:80')).rejects.toThrow('Cannot open');
});
