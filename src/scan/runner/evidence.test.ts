import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { headerFor, Recorder } from '../../link/record.ts';
import { captured } from '../../wire/captured.laws.ts';
import { Evidence } from './evidence.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hasTcpdump = spawnSync('tcpdump', ['--version']).error === undefined;

const none = new Uint8Array(0);
let files = 0;
const newPath = () => join(folder, `${files++}.pcapng`);

/** A recorder that hands over what it keeps as a shard does. */
function recorder(evidence: Evidence, source: number): Recorder {
  return new Recorder((blocks) => evidence.take(source, structuredClone(blocks)));
}

function packetsIn(path: string): string[] {
  const args = ['-n', '-q', '-t', '-r', path];
  const text = execFileSync('tcpdump', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return text.split('\n').filter(Boolean);
}

/** The packets of a run: two sources with interfaces in another order, many packets of each. */
function write(evidence: Evidence, rounds: number): void {
  const [first, second] = [recorder(evidence, 0), recorder(evidence, 1)];
  const add = (to: Recorder, id: number, bytes: Uint8Array) =>
    to.add(
      id,
      'in',
      bytes === captured.arpReply ? none : headerFor(bytes, 0),
      bytes,
      0,
      bytes.length,
      0,
      bytes.length,
    );
  first.addInterface('eth0');
  second.addInterface('eth1');
  second.addInterface('eth0');
  for (let i = 0; i < rounds; i++) {
    add(first, 0, captured.echoRequest);
    add(second, 1, captured.reset6);
    add(second, 0, captured.arpReply);
  }
  first.flush();
  second.flush();
  evidence.close();
}

test.skipIf(!hasTcpdump)(
  'what two sources hand over is one file, each packet under its own interface',
  () => {
    const path = newPath();
    write(Evidence.open(path, false), 5000);
    const kinds = packetsIn(path).map((line) => line.split(' ', 1)[0]);
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    expect([count('IP'), count('IP6'), count('ARP,'), kinds.length]).toEqual([5000, 5000, 5000, 15_000]);
  },
);

test.skipIf(!hasTcpdump)('a scan that goes on adds to the file, behind the last whole packet', () => {
  const path = newPath();
  write(Evidence.open(path, false), 10);
  truncateSync(path, readFileSync(path).length - 5);
  write(Evidence.open(path, true), 10);
  expect(packetsIn(path)).toHaveLength(59);
  write(Evidence.open(path, false), 1);
  expect(packetsIn(path)).toHaveLength(3);
});

test('a file that is no evidence is not added to', () => {
  const path = newPath();
  writeFileSync(path, 'a diary of many years');
  expect(() => Evidence.open(path, true)).toThrow('is no evidence of a scan');
  expect(readFileSync(path, 'utf8')).toContain('diary');
});

test('a scan that is refused leaves what the file held', () => {
  const path = newPath();
  writeFileSync(path, 'old');
  Evidence.open(path, false).abandon();
  expect(readFileSync(path, 'utf8')).toBe('old');
  Evidence.open(path, false).close();
  expect(readFileSync(path).readUInt32LE(0)).toBe(0x0a0d_0d0a);
});

test('a file that cannot be opened, and one that cannot be written on', () => {
  expect(() => Evidence.open(join(folder, 'none', 'x'), false)).toThrow(
    /^Cannot write ".*": no such folder$/,
  );
  const path = newPath();
  const taken = Evidence.open(path, false);
  expect(() => Evidence.open(path, false)).toThrow('another scan, which still runs, is writing it');
  taken.close();
  Evidence.open(path, false).close();
  const full = Evidence.open('/dev/full', false);
  const describe = () => recorder(full, 0).addInterface('eth0');
  expect(describe).toThrow(expect.objectContaining({ code: 'write-failed', exit: 3 }));
});
