import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '../audit/read-policy.ts';
import type { CheckFact, CheckResult, Fact } from '../model/fact.ts';
import { readAuditCall } from './audit-call.ts';
import { begin, fakeWorld, hostUp, portFact, someFacts, summary } from './fake-world.laws.ts';
import { auditLanguage } from './flags/audit.ts';
import { flags, spellings } from './flags/index.ts';
import { run } from './main.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-audit-'));
  writeFileSync(at('p.yaml'), 'version: 1\nrules:\n  - {name: r, targets: [127.0.0.1], deny: [tcp/25]}\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

function check(result: CheckResult, port = 25): CheckFact {
  const found = { pass: 'closed', fail: 'open', inconclusive: 'unknown' } as const;
  return {
    type: 'check',
    n: 2,
    rule: 'r',
    host: '127.0.0.1',
    protocol: 'tcp',
    port,
    expected: 'not-open',
    found: found[result],
    result,
    line: 3,
  };
}

/** What an audit with these results tells. */
function told(
  results: readonly CheckResult[],
  exit: 'done' | 'incomplete' | 'failed' = 'done',
): readonly Fact[] {
  const count = (wanted: CheckResult) => results.filter((one) => one === wanted).length;
  const checks = { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') };
  const last = { ...summary(exit), n: results.length + 2, checks };
  return [begin, ...results.map((result, i) => ({ ...check(result, i + 1), n: i + 2 })), last];
}

describe('audit: exit codes', () => {
  it.each([
    [0, ['pass', 'pass'], 'done'],
    [1, ['pass', 'fail'], 'done'],
    [1, ['fail', 'inconclusive'], 'incomplete'],
    [3, ['pass', 'inconclusive'], 'incomplete'],
    [3, ['pass'], 'incomplete'],
    [5, ['fail'], 'failed'],
  ] as const)('%i after %j, %s', async (code, results, exit) => {
    const world = fakeWorld(() => told(results, exit));
    expect(await run(['audit', at('p.yaml')], world)).toBe(code);
    expect(world.audits[0]).toMatchObject({ file: at('p.yaml'), policy: read('p.yaml') });
  });

  it.each([
    [['audit'], 'audit takes one policy, found none'],
    [['audit', 'a', 'b'], 'audit takes one policy, found "a", "b"'],
    [['audit', '/nosuch.yaml'], 'Cannot read the policy "/nosuch.yaml": no such file'],
    [['audit', '-sX', 'p.yaml'], '"-sX" is no option of audit'],
    [['audit', '--arrived', '-', 'p.yaml'], '--arrived tells of marked probes: wanted --key beside it'],
    [
      ['audit', '--watch', '5m', '--once', 'p.yaml'],
      '--once ends after one round: wanted it without --watch',
    ],
    [['audit', '--watch', '5m', '--init', 'h'], '--init is no audit that could be watched'],
    [['audit', '--once', '--merge', 'a', 'b'], '--merge is no audit that could be watched'],
    [['audit', '--watch', '5m', '--junit', 'x', 'p.yaml'], '--junit tells checks, and a watch tells changes'],
    [['audit', '--once', '--github', 'p.yaml'], '--github tells checks, and a watch tells changes'],
    [['audit', '--once', '--key', 'k', '--arrived', '-', 'p.yaml'], '--arrived is for one audit'],
    [['audit', '--once', '--packet-trace', 'p.yaml'], '--packet-trace and --stats-every are for one audit'],
    [
      ['audit', '--command', 'x', 'p.yaml'],
      '--command hears of changes: wanted it with --watch TIME or --once',
    ],
    [
      ['audit', '--webhook', 'http://h/', 'p.yaml'],
      '--webhook hears of changes: wanted it with --watch TIME',
    ],
    [['audit', '--watch', '10ms', 'p.yaml'], '--watch'],
    [['audit', '-oX', 'x', 'p.yaml'], '"-oX" is no option of audit'],
    [['audit', '-p', '1', 'p.yaml'], '-p and techniques are for --init'],
    [['audit', '-sS', 'p.yaml'], '-p and techniques are for --init'],
    [['audit', '-oJ', '-', '-oC', '-', 'p.yaml'], 'ndjson and csv cannot both go to standard output'],
    [['audit', '--github', '-oJ', '-', 'p.yaml'], 'ndjson and github cannot both go to standard output'],
    [['audit', '-Pn', '-PE', 'p.yaml'], '-Pn takes every target to be up'],
    [['audit', '--init'], '--init: no target'],
    [['audit', '--init', 'h', '-oJ', 'x'], '--init writes a policy to standard output'],
    [['audit', '--merge', '--init', 'a', 'b'], '--init: wanted one of --init and --merge'],
    [['audit', '--merge', 'a'], '--merge: wanted the records (-oJ) of two or more vantage points'],
    [['audit', '--merge', 'a', 'b', '-T4'], '--merge sends nothing'],
    [['audit', '--merge', 'a', 'b', '--junit', 'x'], '--merge: found junit'],
    [['audit', '--merge', '/nosuch', 'b'], 'Cannot read "/nosuch": no such file'],
  ])('2 after %j', async (argv, problem) => {
    const world = fakeWorld();
    expect(await run(argv, world)).toBe(2);
    expect(world.err).toContain(`portolan: ${problem}`);
    expect(world.err.split('\n')).toHaveLength(2);
    expect([world.audits, world.requests]).toEqual([[], []]);
  });

  it('2 where a report would be written over the policy, or the policy is no text', async () => {
    const world = fakeWorld();
    expect(await run(['audit', at('p.yaml'), '--junit', at('p.yaml')], world)).toBe(2);
    expect(world.err).toContain(`junit cannot go to "${at('p.yaml')}": it is read`);
    expect(read('p.yaml')).toContain('version: 1');
    writeFileSync(at('q.yaml'), Uint8Array.of(0xff, 0xfe, 0x41));
    expect(await run(['audit', at('q.yaml')], world)).toBe(2);
    expect(await run(['audit', '/dev/zero'], world)).toBe(2);
    expect(world.err).toContain('it is not UTF-8 text');
    expect(world.err).toContain('it is larger than 1 MiB');
    expect(world.audits).toEqual([]);
  });
});

describe('audit: reports', () => {
  it('go where they are wanted, text to the screen unless another one goes there', async () => {
    const world = fakeWorld(() => told(['pass', 'fail']));
    const files = { '--junit': 'j', '--sarif': 's', '-oJ': 'n', '-oC': 'c', '-oN': 't' };
    const argv = Object.entries(files).flatMap(([flag, file]) => [flag, at(file)]);
    expect(await run(['audit', ...argv, at('p.yaml')], world)).toBe(1);
    expect(world.out).toContain(
      `FAIL ${at('p.yaml')}:3 r: 127.0.0.1 tcp/2: wanted anything but open, found open`,
    );
    expect(read('t')).toBe(world.out);
    expect(read('j')).toContain('<testsuite name="r" tests="2" failures="1"');
    expect(JSON.parse(read('s')).runs[0].results).toHaveLength(1);
    expect(read('n').trimEnd().split('\n')).toHaveLength(4);
    expect(read('c').trimEnd().split('\r\n')).toHaveLength(3);
    const github = fakeWorld(() => told(['fail']));
    await run(['audit', '--github', at('p.yaml')], github);
    expect(github.out).toMatch(/^::error file=.*\nPortolan: 0 passed, 1 failed, 0 inconclusive\n$/);
  });

  it('are coloured where that is wanted', async () => {
    const world = fakeWorld(() => told(['fail']));
    await run(['audit', '--color', 'always', at('p.yaml')], world);
    expect(world.out).toContain('\u001b[31mFAIL\u001b[39m ');
  });
});

describe('audit: options', () => {
  it('of scan mean the same, and reach the request', () => {
    const call = readAuditCall([
      '-T4',
      '--max-retries',
      '3',
      '-e',
      'lo',
      '-S',
      '127.0.0.1',
      '-Pn',
      '-n',
      'p.yaml',
    ]);
    expect(call).toMatchObject({
      wants: 'audit',
      request: {
        file: 'p.yaml',
        timing: 'aggressive',
        maxRetries: 3,
        discovery: 'skip',
        packet: { interface: 'lo', sourceAddress: '127.0.0.1' },
        args: ['audit', '-T4', '--max-retries', '3', '-e', 'lo', '-S', '127.0.0.1', '-Pn', '-n', 'p.yaml'],
      },
    });
  });

  it('of its own are no options of scan, and no name means two things', () => {
    const own = auditLanguage.own.flatMap(spellings);
    expect(flags.flatMap(spellings).filter((name) => own.includes(name))).toEqual([]);
    const all = auditLanguage.flags.flatMap(spellings);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are told by its help', async () => {
    for (const argv of [
      ['audit', '--help'],
      ['help', 'audit'],
      ['audit', '-v', '-h', 'x'],
    ]) {
      const world = fakeWorld();
      expect(await run(argv, world)).toBe(0);
      expect(world.out).toMatch(/^Usage: portolan audit POLICY\.yaml/);
      for (const name of auditLanguage.own.flatMap(spellings)) expect(world.out).toContain(`  ${name}`);
      for (const line of world.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

describe('audit --init', () => {
  it('writes a policy that is kept by what was found', async () => {
    const world = fakeWorld(() => [
      begin,
      { ...hostUp, askedAs: 'b\u202e"ox' },
      portFact(22),
      portFact(23, 'closed'),
      portFact(24, 'closed'),
      { ...portFact(25, 'unknown'), reason: 'blocked' },
      { ...hostUp, host: '10.0.0.9', state: 'down', reason: 'no-response' },
      summary(),
    ]);
    expect(await run(['audit', '--init', '-p', '22-25', '-sT', 'box'], world)).toBe(0);
    expect(world.requests[0]).toMatchObject({ targets: ['box'], ports: '22-25', techniques: ['connect'] });
    expect(world.out).toContain('# Left out: 127.0.0.1 tcp/25 (unknown)\n# Left out: 10.0.0.9 (down)\n');
    expect(world.out).toMatch(/^[\x20-\x7e\n]*$/);
    const { rules } = await readPolicy(world.out, 'new.yaml');
    expect(rules).toMatchObject([
      {
        name: 'b\u202e"ox (127.0.0.1)',
        targets: [{ text: '127.0.0.1' }],
        expectations: [
          { protocol: 'tcp', ports: Uint16Array.of(22), expected: 'open' },
          { protocol: 'tcp', ports: Uint16Array.of(23, 24), expected: 'closed' },
        ],
      },
    ]);
  });

  it('ends as the scan does', async () => {
    expect(
      await run(
        ['audit', '--init', 'h'],
        fakeWorld(() => someFacts('incomplete')),
      ),
    ).toBe(3);
  });
});

describe('audit --merge', () => {
  const record = async (name: string, facts: readonly Fact[]) => {
    await run(
      ['audit', at('p.yaml'), '-oJ', at(name)],
      fakeWorld(() => facts),
    );
  };

  it('joins vantage points: who did not look has a cell that says so', async () => {
    await record('a', told(['pass', 'fail', 'pass']));
    await record('b', told(['pass', 'pass']));
    const world = fakeWorld();
    expect(await run(['audit', '--merge', at('a'), at('b')], world)).toBe(1);
    expect(world.out.replaceAll(folder, '')).toBe(
      [
        '# 1: /a',
        '# 2: /b',
        '',
        'HOST       PORT   1              2',
        '127.0.0.1  tcp/2  fail (open)    pass (closed)',
        '127.0.0.1  tcp/3  pass (closed)  -',
        '',
        '   PASS  FAIL  INCONCLUSIVE  NOT LOOKED',
        '1  2     1     0             0',
        '2  2     0     0             1',
        '',
      ].join('\n'),
    );
    const json = fakeWorld();
    await run(['audit', '--merge', at('a'), at('b'), '-oJ', '-'], json);
    const lines = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toEqual({
      type: 'matrix',
      n: 3,
      host: '127.0.0.1',
      protocol: 'tcp',
      port: 3,
      cells: [
        { vantage: at('a'), result: 'pass', expected: 'not-open', found: 'closed', rule: 'r', line: 3 },
        { vantage: at('b'), result: 'not-looked' },
      ],
    });
  });

  it('is 0 where all is as it should be, 3 where something is not known or a record is cut off', async () => {
    await record('a', told(['pass']));
    await record('b', told(['pass', 'inconclusive'], 'incomplete'));
    expect(await run(['audit', '--merge', at('a'), at('a')], fakeWorld())).toBe(0);
    expect(await run(['audit', '--merge', at('a'), at('b')], fakeWorld())).toBe(3);
    writeFileSync(at('c'), read('a').slice(0, -20));
    const world = fakeWorld();
    expect(await run(['audit', '--merge', at('a'), at('c')], world)).toBe(3);
    expect(world.err).toContain('is cut off');
  });

  it('refuses what holds no checks', async () => {
    await record('a', told(['pass']));
    await record('b', someFacts());
    const world = fakeWorld();
    expect(await run(['audit', '--merge', at('a'), at('b')], world)).toBe(2);
    expect(world.err).toContain('holds no checks: wanted what portolan audit -oJ wrote');
    writeFileSync(at('c'), 'no json\n');
    expect(await run(['audit', '--merge', at('a'), at('c')], world)).toBe(2);
    expect(world.err).toContain('Line 1 of the record is no JSON');
  });
});

describe('audit: watched', () => {
  /** A world in which round after round brings the next of these lists of checks. */
  const rounds = (...lists: readonly (readonly CheckFact[])[]) => {
    let round = 0;
    return fakeWorld(
      () => {
        const checks = lists[round++] ?? [];
        const counts = { pass: 0, fail: 0, inconclusive: 0 };
        for (const { result } of checks) counts[result]++;
        return [begin, hostUp, ...checks, { ...summary(), checks: counts }].map((fact, i) => ({
          ...fact,
          n: i + 1,
        }));
      },
      { environment: { XDG_STATE_HOME: folder } },
    );
  };
  const records = () => readdirSync(at('portolan/scans')).filter((name) => name.endsWith('.ndjson'));

  it('tells once what was seen twice, and keeps one record', async () => {
    const [pass, fail] = [check('pass'), check('fail')];
    const world = rounds([pass], [pass], [fail], [fail], [fail], [pass], [fail]);
    const round = () => run(['audit', '--once', at('p.yaml')], world);
    expect(await round()).toBe(0);
    expect(world.err).toBe(
      'portolan: the first round: 1 passed, 0 failed, 0 inconclusive; later rounds are compared with it\n',
    );
    expect(await round()).toBe(0);
    expect(await round()).toBe(1);
    expect(world.out).toBe('25 on box opened, which fails (rule r, line 3, wanted anything but open)\n');
    expect(records()).toHaveLength(1);
    expect(await round()).toBe(0);
    // Seen once, and not when it was asked again.
    expect(await round()).toBe(0);
    expect(world.out.split('\n')).toHaveLength(2);
    expect(world.audits).toHaveLength(7);
    expect(records()).toHaveLength(1);
  });

  it('another policy begins anew, and what cannot be looked at ends with 3', async () => {
    const world = rounds([check('pass')], [check('inconclusive')], [check('fail')]);
    const round = () => run(['audit', '--once', at('p.yaml')], world);
    expect(await round()).toBe(0);
    writeFileSync(at('p.yaml'), `${read('p.yaml')}# another\n`);
    world.err = '';
    expect(await round()).toBe(0);
    expect(world.err).toContain('the first round: 0 passed, 0 failed, 1 inconclusive');
    expect(world.out).toBe('');
    expect(records()).toHaveLength(2);
  });
});
