/**
 * A scan that is killed at any moment and resumed tells what an uninterrupted one tells: nothing lost, nothing
 * twice. PORTOLAN_ROUNDS says how many scans are killed, each one to three times.
 *
 * @module
 */

import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import type { RecordedFact } from '../../src/model/fact.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { portolan, portolanCommand } from './lab/portolan.ts';
import type { Finished } from './lab/process.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const rounds = Number(process.env['PORTOLAN_ROUNDS'] ?? 2);
const seed = Number(process.env['PORTOLAN_SEED'] ?? Date.now() % 2 ** 32);
const minuteMs = 60_000;

/**
 * Slow enough, or large enough, that a kill lands in every part of a scan; discovery, packets beside connections and
 * UDP among them. The last three are shared by two workers, which a bound on the rate would forbid.
 */
const scans: readonly Scan[] = [
  { args: ['-sT', '-Pn', '-p1-300', '--max-rate', '600'] },
  { args: ['-sS', '-p1-300', '--max-rate', '600'] },
  { args: ['-sU', '-Pn', '-p1-60', '--max-rate', '200'] },
  { args: ['-sS', '-sT', '-PE', '-p1-100', '--max-rate', '300'] },
  { args: ['-sT', '-Pn', '-p1-20000'] },
  { args: ['-sT', '-p1-20000'] },
  { args: ['-sT', '-p1-20000'], user: 'nobody' },
];

describe.skipIf(missing !== undefined)('killed and resumed', () => {
  let lab: Lab<'web' | 'db' | 'pretender'>;
  let journals: string;
  beforeAll(async () => {
    const input = ['tcp dport 30-39 drop', 'udp dport 30-39 drop', 'tcp dport 40-49 reject'];
    const target = { tcp: '10-19,200', udp: '10-12', input };
    const targets = { web: target, db: target, pretender: { tcp: '2000' } };
    // Which port's refusal is said and which is swallowed differs from scan to scan where refusals are limited.
    lab = await createLab({ targets, wire: { delayMs: 1 }, everyError: true });
    lab.targets.pretender.namespace.nft(
      'table inet elsewhere { chain before { type nat hook prerouting priority -100; meta l4proto tcp redirect to :2000; }; }',
    );
    journals = join(lab.folder, 'journals');
    mkdirSync(journals);
    // Whoever scans writes one, also without privileges.
    chmodSync(journals, 0o1777);
  });
  afterAll(() => lab?.close());

  it(
    `${rounds} scans by turns: the record is that of a scan left in peace`,
    async () => {
      const random = new SeededRandom(seed);
      const models = new Map<string, Peace>();
      for (let round = 0; round < rounds; round++) {
        const { args: words, user = 'root' } = scans[(seed + round) % scans.length] as Scan;
        // Of an address where nobody lives a router says now this, now that: it is for discovery only.
        const nobody = words.includes('-Pn') ? [] : [lab.nobody.v4];
        const scan: Scan = { args: [...words, '-n', '--seed', '7', ...targets(), ...nobody], user };
        const name = [user, ...words].join(' ');
        const model = models.get(name) ?? (await inPeace(scan));
        models.set(name, model);
        const { last, shown, kills } = await killAndResume(scan, model.ms, random);
        const told = `seed ${seed}, round ${round}, killed after ${kills.join(', ')} ms: ${name}`;
        expect(last.status, `${told}\n${last.stderr}`).toBe(0);
        expect(recordOf(last.stdout), told).toEqual(model.record);
        expect(unknownTo(model, shown), told).toEqual([]);
      }
    },
    rounds * minuteMs,
  );

  it(
    'a host that says open for every port is judged once, whenever the scan was killed',
    async () => {
      const random = new SeededRandom(seed);
      const scan = ['-sS', '-sT', '-Pn', '-n', '-p1-300', '--max-rate', '900', '--seed', '7'];
      const args = [...scan, lab.targets.pretender.v4];
      const model = await inPeace({ args });
      expect(model.record.filter((line) => line.includes('redirect-all'))).toHaveLength(1);
      expect(model.record.filter((line) => line.includes(' open|filtered '))).toHaveLength(600);
      for (let round = 0; round < Math.ceil(rounds / 2); round++) {
        const { last, shown, kills } = await killAndResume({ args }, model.ms, random);
        const told = `seed ${seed}, round ${round}, killed after ${kills.join(', ')} ms`;
        expect(recordOf(last.stdout), `${told}\n${last.stderr}`).toEqual(model.record);
        expect(unknownTo(model, shown), told).toEqual([]);
      }
    },
    rounds * minuteMs,
  );

  it('goes on after an interruption, and a scan that is done is told again without a packet', async () => {
    const journal = journalFile();
    const args = ['-sS', '-Pn', '-n', '-p1-300', '--max-rate', '300', '--seed', '7', ...targets()];
    const { record } = await inPeace({ args });
    const first = await lab.scanner.namespace.run(
      portolanCommand(lab, [...args, '--journal', journal, '-oJ', '-']),
      { started: (child) => child.stdout?.once('data', () => child.kill('SIGINT')) },
    );
    expect(first.status, first.stderr).toBe(130);
    const second = await portolan(lab, ['--resume', journal]);
    expect(recordOf(second.stdout), second.stderr).toEqual(record);
    const sent = sentOf(second.facts);
    const third = await portolan(lab, ['--resume', journal]);
    expect(recordOf(third.stdout), third.stderr).toEqual(record);
    expect(sentOf(third.facts)).toBe(sent);
  });

  it('honours exclusions that were added', async () => {
    const journal = journalFile();
    const { web, db } = lab.targets;
    const args = ['-sS', '-Pn', '-n', '-p1-300', '--max-rate', '300', web.v4, db.v4, '--journal', journal];
    // Ended when something is known of the host that will be excluded, and not all.
    const begun = await portolan(lab, [...args, '-vv'], {
      started: (child) => {
        const listen = (text: string) => {
          const isKnown = text
            .split('\n')
            .some((line) => line.includes('"type":"port"') && line.includes(web.v4));
          if (!isKnown) return;
          child.stdout?.off('data', listen);
          child.kill('SIGINT');
        };
        child.stdout?.on('data', listen);
      },
    });
    expect(begun.status, begun.stderr).toBe(130);
    const resumed = await portolan(lab, ['--resume', journal, '--exclude', web.v4]);
    expect(resumed.status, resumed.stderr).toBe(0);
    const table = resumed.ports('syn');
    const told = (host: string) => [...table.keys()].filter((key) => key.startsWith(`${host} `)).length;
    expect(told(db.v4)).toBe(300);
    expect(told(web.v4)).toBeGreaterThan(0);
    expect(told(web.v4)).toBeLessThan(300);
    expect(resumed.facts.at(-1)).toMatchObject({ type: 'summary', hosts: { total: 1 }, exit: 'done' });
  });

  it('a full disk ends the scan with one line and exit 3, and what was told can be resumed', async () => {
    const { web } = lab.targets;
    const disk = join(lab.folder, 'disk');
    const journal = join(disk, 'full.journal');
    const mount = `mkdir -p ${disk}; mount -t tmpfs -o size=16k none ${disk}; exec "$@"`;
    const command = (args: readonly string[]) => [
      'sh',
      '-e',
      '-c',
      mount,
      'sh',
      ...portolanCommand(lab, args),
    ];
    const scan = [
      '-sS',
      '-Pn',
      '-n',
      '-p1-3000',
      '--max-rate',
      '3000',
      web.v4,
      '--journal',
      journal,
      '-oJ',
      '-',
    ];
    const full = await lab.scanner.namespace.run(command(scan));
    expect(full.status, full.stderr).toBe(3);
    expect(full.stderr.trim().split('\n')).toEqual([expect.stringContaining('Cannot write the journal')]);
    expect(full.stdout.trim().split('\n').at(-1)).toContain('"type":"summary"');
  });

  function targets(): readonly string[] {
    return [lab.targets.web.v4, lab.targets.db.v4];
  }

  function journalFile(): string {
    return join(journals, `${files++}.journal`);
  }

  async function inPeace({ args, user = 'root' }: Scan): Promise<Peace> {
    const started = performance.now();
    const { stdout, status, stderr } = await portolan(lab, args, { user });
    expect(status, stderr).toBe(0);
    return { record: recordOf(stdout), ms: performance.now() - started };
  }

  /** Kills the scan, then each resumption but the last. What they had shown by then is kept. */
  async function killAndResume(
    { args, user = 'root' }: Scan,
    ms: number,
    random: SeededRandom,
  ): Promise<Killed> {
    const journal = journalFile();
    const shown: string[] = [];
    const kills: number[] = [];
    for (let left = 1 + random.nextBelow(3); ; left--) {
      const words = kills.length === 0 ? [...args, '--journal', journal] : ['--resume', journal];
      const killMs = left > 0 ? Math.round(random.nextFloat() * ms) : undefined;
      const run = await lab.scanner.namespace.run(portolanCommand(lab, [...words, '-oJ', '-'], user), {
        user,
        started: (child) => {
          if (killMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killMs).unref();
        },
      });
      shown.push(...recordOf(run.stdout));
      // Killed before there was a plan in the journal: nothing had been sent, it begins anew.
      if (!existsSync(journal) || /ends before its plan|is no journal/.test(run.stderr)) {
        rmSync(journal, { force: true });
        kills.length = 0;
      } else if (killMs === undefined) return { last: run, shown, kills };
      else kills.push(killMs);
    }
  }
});

interface Scan {
  readonly args: readonly string[];
  /** Root where it is not said. */
  readonly user?: 'root' | 'nobody';
}

interface Peace {
  readonly record: readonly string[];
  readonly ms: number;
}

interface Killed {
  readonly last: Finished;
  readonly shown: readonly string[];
  readonly kills: readonly number[];
}

/**
 * A record without what varies: times, and which probe found a host first. A line that the kill tore is left
 * out, and of the summary stays what it counts.
 */
function recordOf(stdout: string): readonly string[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.flatMap((line) => statements(JSON.parse(line) as RecordedFact)).sort();
}

/** What was shown that the record does not hold. A line may stand in it tens of thousands of lines down. */
function unknownTo({ record }: Peace, shown: readonly string[]): readonly string[] {
  const known = new Set(record);
  return shown.filter((line) => !known.has(line));
}

function statements(fact: RecordedFact): readonly string[] {
  switch (fact.type) {
    case 'host':
      return [`${fact.host} ${fact.state}`];
    case 'port':
    case 'ports': {
      const ports = fact.type === 'port' ? [fact.port] : parsePortRanges(fact.ports);
      return ports.map((port) => `${fact.host} ${fact.technique} ${port} ${fact.state} ${fact.reason}`);
    }
    case 'summary':
      return fact.exit === 'done' ? [JSON.stringify([fact.hosts, sorted(fact.ports), fact.complete])] : [];
    case 'finding':
      // Limits are found in one run and not in the other.
      return fact.rule === 'redirect-all' ? [`${fact.host} ${fact.rule}`] : [];
    default:
      return [];
  }
}

function sorted(counts: object): readonly unknown[] {
  return Object.entries(counts).sort();
}

function sentOf(facts: readonly RecordedFact[]): number | undefined {
  const last = facts.at(-1);
  return last?.type === 'summary' ? last.packets.sent : undefined;
}

let files = 0;
