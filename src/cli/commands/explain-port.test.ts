import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hostEnds } from '../../engine/hosts/host.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender } from '../../model/observation.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import { plainShow, render, sampleFacts } from '../../report/writer.laws.ts';
import { Journal } from '../../scan/journal/journal.ts';
import { hostDoneCodec } from '../../scan/records/host-records.ts';
import { Records } from '../../scan/records/records.ts';
import { explainPort } from './explain-port.ts';
import type { RecordWorld } from './explain-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = join(folder, 'record.ndjson');
writeFileSync(record, render('ndjson', sampleFacts('\x1b[31m'), plainShow));

/** Three hosts: of the first nothing is known, to the third there is no way, and the second resets port 80 and says nothing on port 443. */
let journals = 0;

async function journal(): Promise<string> {
  const path = join(folder, `${journals++}.journal`);
  const plan = await buildPlan(
    { targets: ['10.7.0.1-3'], ports: '80,443', discovery: 'skip', techniques: ['syn'], seed: 1 },
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
  records.host(2, observation({ kind: 'named', sender: noSender }));
  records.append(hostDoneCodec, { host: 2, end: hostEnds.indexOf('local') });
  kept.batch(0, records.take());
  kept.close();
  return path;
}

/** What the command prints, warnings first. */
async function explain(file: string, place: string, input = ''): Promise<string> {
  const warnings: string[] = [];
  const stdin: RecordWorld['stdin'] = (async function* () {
    yield Buffer.from(input);
  })();
  const text = await explainPort(file, place, { stdin, warn: (message) => warnings.push(message) });
  return [...warnings.map((message) => `warning: ${message}`), text].join('\n');
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a journal shows what was seen, and the row that makes a verdict of it', async () => {
  const path = await journal();
  const text = await explain(path, '10.7.0.2:80');
  expect(text).toContain('80/tcp closed (reset) by syn, from 10.7.0.2, TTL 64, 0.3 ms, asked once');
  expect(text).toContain('answer    tcp, flags RA, window 0, options mss, mss 1460, ttl 64');
  expect(text).toContain('decided   row 1 of syn: TCP with RST');
  expect(text).toContain('Not held: the packets themselves (-oP).');
  const silent = await explain(path, '10.7.0.2:443');
  expect(silent).toContain('asked 4 times');
  expect(silent).toContain('answer    nothing');
  expect(silent).toContain('decided   silence, which syn takes for filtered');
  const unasked = await explain(path, '10.7.0.3:443');
  expect(unasked).toContain('443/tcp unknown (local-error) by syn, not asked');
  expect(unasked).toContain('sent      nothing');
});

test('a record shows what it holds and says what not', async () => {
  const text = await explain(record, '10.0.0.5:30');
  expect(text).toContain('closed (reset) by syn: one of 990 ports with the same answer');
  expect(text).toContain('unfiltered (reset) by ack: one of 998 ports with the same answer');
  expect(text).toContain(
    'Not held: the probes and what else stood in the answers (--evidence), the packets (-oP).',
  );
});

test('probes of variants stand beside, and findings say that they rest on them', async () => {
  const text = await explain(record, '10.0.0.5:25');
  expect(text).toMatch(/a probe by syn, source-port 53.*\n.*\n {2}answer {4}tcp, flags SA, window 65160/);
  expect(text).toMatch(/\n {2}sent {6}a TCP segment with SYN, source-port 53/);
  expect(text).toMatch(
    /\npolicy tcp reject-icmp \(admin-prohibited from 10\.0\.0\.1\) at hop 1, hole \(97 % sure\), this port alone, /,
  );
  expect(text).toMatch(
    /\nfinding source-port-hole.* \[low\]: .* \(60 % sure, not proven; it rests on a probe above\)\n {2}evidence {2}port 53 is in use here/,
  );
  expect(text).not.toContain('\x1b');
});

test('what listens is told with what proved it and what it cost, and nothing of it reaches the terminal as it came', async () => {
  const text = await explain(record, '10.0.0.5:22');
  expect(text).toMatch(/\nservice tcp ssh\S* OpenSSH\S* .*, 2026/);
  expect(text).toMatch(
    /\n {2}decided {3}the parser of ssh\S* read its greeting: it says so itself \(10 of 10\)\n/,
  );
  expect(text).toContain('  cost      1 connection, 41 bytes');
  expect(text).toContain('  not held  the talk, and the rule that named the product (--evidence)');
  expect(text).toMatch(/\n {2}certificate CN=db5/);
  expect(text).not.toContain('\x1b');
});

test('where evidence was kept, the talk is shown in its order, and the rule that named the product', async () => {
  expect(await explain(record, '10.0.0.5:53')).toContain(`
  talk      scan of ports: heard \\x00\\x06unbound\\x1b[31m
  decided   the parser of domain read its answer to the scan of ports: it says so itself (10 of 10)
  product   Unbound\\x1b[31m, by the rule version /^unbound (.+)$/
  cost      0 connections, 0 bytes
`);
});

test('of several services behind one port each is told, and no cost where the first has that of all', async () => {
  const text = await explain(record, '10.0.0.5:443');
  expect(text.match(/^service tcp [^ ,]+/gm)).toEqual([
    'service tcp ssl/http',
    expect.stringMatching(/ ssh/),
  ]);
  expect(text).not.toContain('  cost ');
});

test('of the policy the range that holds the port is shown, of either protocol', async () => {
  expect(await explain(record, '10.0.0.5:30')).toContain('one of 990 ports: 1-21,23,26-442');
  const text = await explain(record, '10.0.0.5:161');
  expect(text.match(/^policy .*/gm)).toEqual([
    expect.stringMatching(/^policy tcp allow or reject-rst, unprotected/),
    expect.stringMatching(/^policy udp drop, exposure unknown/),
  ]);
  expect(await explain(record, '10.0.0.5:600')).toContain(
    '\npolicy tcp unknown, exposure unknown, this port alone, 2026',
  );
});

test.each([
  ['10.0.0.5:1001', 'does not hold port 1001 of "10.0.0.5": it was not asked'],
  ['10.9.9.9:22', 'does not hold the host "10.9.9.9": it is none of the targets'],
  ['10.0.0.6:22', '"10.0.0.6" was down (no-response) when'],
  ['10.0.0.5', 'wanted HOST:PORT'],
  ['10.0.0.5:99999', 'wanted HOST:PORT'],
  ['db.lab:22', 'wanted HOST:PORT'],
])('%s is refused: %s', async (place, problem) => {
  await expect(explain(record, place)).rejects.toThrow(problem);
});

test('what a journal does not hold is refused', async () => {
  await expect(explain(await journal(), '10.7.0.2:3')).rejects.toThrow('does not hold port 3');
  await expect(explain(await journal(), '10.7.0.1:80')).rejects.toThrow(
    'does not hold the host "10.7.0.1": it is among the targets',
  );
});

test.each([
  ['a file that is not there', join(folder, 'none'), 'no such file'],
  ['a folder', folder, 'it is a directory'],
  ['a name that no file can have', 'a\0b', 'no file can have this name'],
])('%s is refused in one line', async (_, path, problem) => {
  const refused = explain(path, '10.7.0.1:80');
  await expect(refused).rejects.toThrow(`: ${problem}`);
  await expect(refused).rejects.toMatchObject({ code: 'bad-request' });
});

test.skipIf(process.platform !== 'linux')('memory and a device of zeros are no record', async () => {
  await expect(explain('/proc/self/mem', '10.7.0.1:80')).rejects.toThrow('input/output error');
  await expect(explain('/dev/zero', '10.7.0.1:80')).rejects.toThrow('Line 1 of the record is no JSON');
});

test('a damaged journal says that something is missing', async () => {
  const whole = readFileSync(await journal());
  const place = '10.7.0.2:80';
  const torn = await explain(file('torn.journal', Buffer.concat([whole, Buffer.alloc(33)])), place);
  expect(torn).toMatch(/^warning: the last 33 bytes of the journal "[^"]+" are torn/);
  expect(torn).toContain('80/tcp closed (reset)');
  await expect(explain(await journal(), place)).resolves.not.toContain('warning');
});

test('a record that was cut off is used as far as it goes', async () => {
  const text = readFileSync(record, 'utf8');
  const cut = await explain(file('cut.ndjson', text.slice(0, -20)), '10.0.0.5:22');
  expect(cut).toMatch(/^warning: "[^"]+": Line \d+ of the record is cut off/);
  expect(cut).toContain('22/tcp open (syn-ack)');
});

test('a record may come from standard input, a journal may not', async () => {
  const text = readFileSync(record, 'utf8');
  expect(await explain('-', '10.0.0.5:22', text)).toContain('22/tcp open (syn-ack)');
  await expect(explain('-', '10.0.0.5:1001', text)).rejects.toThrow('standard input does not hold port');
  await expect(explain('-', '10.0.0.5:22', 'portolan journal 1\n')).rejects.toThrow(
    'standard input is a journal: wanted the name of its file',
  );
});

test('a host that stands in a record twice is shown once', async () => {
  const text = readFileSync(record, 'utf8').replace('"host":"10.0.0.6"', '"host":"10.0.0.5"');
  expect((await explain(file('twice.ndjson', text), '10.0.0.5:22')).match(/^host /gm)).toHaveLength(1);
});

test('a host is found by its address, however that is written', async () => {
  const text = readFileSync(record, 'utf8').replaceAll('"host":"10.0.0.5"', '"host":"fe80::5%eth0"');
  const links = file('links.ndjson', text);
  for (const host of ['fe80::5%eth0', 'FE80:0:0:0:0:0:0:5%eth0', 'fe80::0:5'])
    expect(await explain(links, `[${host}]:22`)).toContain('22/tcp open (syn-ack)');
  await expect(explain(links, '[fe80::5%eth1]:22')).rejects.toThrow('does not hold the host "fe80::5%eth1"');
  const both = file('both.ndjson', text.replace('"host":"10.0.0.6"', '"host":"fe80::5%eth1"'));
  await expect(explain(both, '[fe80::5]:22')).rejects.toThrow('wanted one of fe80::5%eth0, fe80::5%eth1');
});
