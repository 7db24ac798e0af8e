/**
 * `portolan audit` against real kernels and filters: what holds passes, what does not fails, and what cannot be learnt
 * is neither.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckFact } from '../../src/model/fact.ts';
import { createLab, type Lab } from './lab/lab.ts';
import type { EnterOptions } from './lab/namespace.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { answerSctp } from './lab/sctp.ts';

const missing = labMissing();
const users = ['root', 'nobody'] as const;

describe.skipIf(missing !== undefined)('portolan audit', () => {
  let lab: Lab<'good' | 'careless' | 'bare' | 'mute'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      everyError: true,
      targets: {
        good: {
          tcp: '22,25,443,8000',
          udp: '53,69',
          input: [
            'ip protocol icmp accept',
            'meta l4proto ipv6-icmp accept',
            'tcp dport { 22, 443 } accept',
            'udp dport 53 accept',
            'tcp dport 3306 reject with icmpx type admin-prohibited',
            'tcp flags syn drop',
            'udp dport 1-1024 drop',
          ],
        },
        careless: {
          tcp: '22,25,443',
          udp: '53',
          input: ['tcp sport 53 accept', 'tcp dport 25 drop', 'udp sport 53 accept', 'udp dport 53 drop'],
        },
        bare: { tcp: '22', udp: '53' },
        mute: { tcp: '22', input: ['drop'] },
      },
    });
  });
  afterAll(() => lab?.close());

  for (const user of users) {
    describe(`as ${user}`, () => {
      it('a good filter keeps its policy, by both families', async () => {
        const { v4, v6 } = lab.targets.good;
        const rule = [
          `  - {name: web, targets: ["${v4}", "${v6}"], ports: "20-30,440-450,3306,8000,U:53", allow: [tcp/22, tcp/443, udp/53],`,
          '     deny: rest, deny-as: filtered}',
          `  - {name: udp, targets: ["${v4}"], deny: [udp/69, udp/70], deny-as: filtered}`,
        ];
        const { status, checks, stderr } = await audit(rule, [], { user });
        expect({ wrong: checks.filter(({ result }) => result !== 'pass'), stderr, status }).toEqual({
          wrong: [],
          stderr: '',
          status: 0,
        });
        expect(checks).toHaveLength(2 * 25 + 2);
      });

      it('a careless one does not: a hole by source port, no filter at all, a service that is gone', async () => {
        const { careless, bare } = lab.targets;
        // Below 1024 nobody may bind a port without privileges.
        const hole = user === 'root' ? 53 : 5353;
        const { status, checks } = await audit(
          [
            `  - {name: mail, targets: [${careless.v4}], deny: [tcp/25], deny-as: filtered}`,
            `  - {name: round, targets: [${careless.v4}], deny: [tcp/25], source-ports: [${hole}]}`,
            `  - {name: bare, targets: [${bare.v4}], allow: [tcp/443], deny: [tcp/22, tcp/23], deny-as: filtered}`,
          ],
          [],
          { user },
        );
        expect(checks.map(short)).toEqual([
          `mail ${careless.v4} tcp/25 filtered pass`,
          `round ${careless.v4} tcp/25 ${hole === 53 ? 'open fail' : 'filtered pass'} from ${hole}`,
          `bare ${bare.v4} tcp/443 closed fail`,
          `bare ${bare.v4} tcp/22 open fail`,
          `bare ${bare.v4} tcp/23 closed fail`,
        ]);
        expect(status).toBe(1);
      });

      it('50 denials on ports where nothing listens and nothing filters: none passes as filtered', async () => {
        const { v4 } = lab.targets.bare;
        const rule = [
          `  - {name: r, targets: [${v4}], deny: [tcp/1000-1024, udp/1000-1024], deny-as: filtered}`,
        ];
        const { status, checks } = await audit(rule, [], { user });
        expect(new Set(checks.map(({ found, result }) => `${found} ${result}`))).toEqual(
          new Set(['closed fail']),
        );
        expect(checks).toHaveLength(50);
        expect(status).toBe(1);
      });

      it('UDP that stays silent is inconclusive, and passes only as filtered', async () => {
        const { v4 } = lab.targets.good;
        const { status, checks } = await audit(
          [
            `  - {name: a, targets: [${v4}], deny: [udp/70]}`,
            `  - {name: b, targets: [${v4}], deny: [udp/70], deny-as: filtered}`,
            `  - {name: c, targets: [${v4}], deny: [udp/70], deny-as: closed}`,
          ],
          [],
          { user },
        );
        expect(checks.map(({ found, result }) => `${found} ${result}`)).toEqual([
          'open|filtered inconclusive',
          'open|filtered pass',
          'open|filtered inconclusive',
        ]);
        expect(status).toBe(3);
      });

      it('a target that is asleep, mute, not routed or not resolved is inconclusive, with and without -Pn', async () => {
        const { nobody: gone, targets } = lab;
        for (const options of [[], ['-Pn']]) {
          const { status, checks } = await audit(
            [
              `  - {name: asleep, targets: [${gone.v4}, "${gone.v6}"], allow: [tcp/22], deny: [tcp/25], deny-as: filtered}`,
              `  - {name: mute, targets: [${targets.mute.v4}], deny: [tcp/22, tcp/25], deny-as: filtered}`,
              '  - {name: unroutable, targets: [198.51.100.7], deny: [tcp/25, udp/53], deny-as: filtered}',
              '  - {name: unresolvable, targets: [gone.invalid], deny: [tcp/25], deny-as: filtered}',
            ],
            options,
            { user },
          );
          expect(checks.filter(({ result }) => result !== 'inconclusive')).toEqual([]);
          expect(checks).toHaveLength(4 + 2 + 2 + 1);
          for (const { why } of checks) expect(why).toBeTruthy();
          expect(status).toBe(3);
        }
      });
    });
  }

  it('--exclude and --scope hold: what is excluded is inconclusive, what is beyond the scope refused', async () => {
    const { good, bare } = lab.targets;
    const rule = [`  - {name: r, targets: [${good.v4}, ${bare.v4}], allow: [tcp/22]}`];
    const excluded = await audit(rule, ['--exclude', bare.v4]);
    expect(excluded.checks.map(({ host, result, why }) => [host, result, why])).toEqual([
      [good.v4, 'pass', undefined],
      [bare.v4, 'inconclusive', 'it is excluded'],
    ]);
    expect(excluded.status).toBe(3);
    const scope = join(lab.folder, 'scope');
    writeFileSync(scope, `${good.v4}\n`);
    const refused = await audit(rule, ['--scope', scope]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(bare.v4);
    expect(refused.checks).toEqual([]);
  });

  it('wrong policies are refused with file, line and column, and nothing is sent', async () => {
    const { v4 } = lab.targets.bare;
    for (const [rule, place] of [
      [`  - {name: r, targets: [${v4}], alow: [tcp/22]}`, '3:38'],
      ['  - {name: r, targets: [10.0.0.300], deny: [tcp/22]}', '3:25'],
      [`  - {name: r, targets: [${v4}], deny: [tcp/99999]}`, '3:45'],
    ] as const) {
      const { status, stderr, stdout, file } = await audit([rule], []);
      expect(stderr.slice(0, `portolan: ${file}:${place}: `.length)).toBe(`portolan: ${file}:${place}: `);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    }
  });

  it('a source port that may not be bound is said before anything is sent', async () => {
    const { v4 } = lab.targets.bare;
    const rules = (port: number) => [
      `  - {name: plain, targets: [${v4}], allow: [tcp/22]}`,
      `  - {name: from, targets: [${v4}], deny: [tcp/25], source-ports: [${port}]}`,
    ];
    const refused = await audit(rules(53), [], { user: 'nobody' });
    expect(refused.stderr).toMatch(/^portolan: .*53/);
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 4, stdout: '' });
  });

  it('whatever a rule is called, no report is broken by it', async () => {
    const { v4 } = lab.targets.bare;
    const name = '\\e[31m</testsuite>\\u202e\\r\\n::error::##[error]=1+1,"\\0';
    const rules = [`  - {name: "${name.replace('"', '\\"')}", targets: [${v4}], allow: [tcp/23]}`];
    const at = (file: string) => join(lab.folder, file);
    const files = {
      '--junit': at('j.xml'),
      '--sarif': at('s.sarif'),
      '-oC': at('c.csv'),
      '-oN': at('t.txt'),
    };
    const done = await audit(rules, Object.entries(files).flat());
    expect(done.status, done.stderr).toBe(1);
    const texts = [done.stdout, ...Object.values(files).map((file) => readFileSync(file, 'utf8'))];
    for (const text of texts) expect(text.replaceAll(/\r?\n/g, '')).toMatch(/^[\x20-\x7e]*$/);
    const [junit, sarif, csv] = texts.slice(1) as [string, string, string];
    expect(junit.match(/<\/?testsuite\b/g)).toHaveLength(2);
    expect(JSON.parse(sarif).runs[0].results).toHaveLength(1);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(2);
  });

  it('the record begins with scan, ends with summary, and holds the counts', async () => {
    const { v4 } = lab.targets.bare;
    const { facts } = await audit([`  - {name: r, targets: [${v4}], allow: [tcp/22], deny: [tcp/23]}`], []);
    expect(facts.map(({ type, n }) => `${n} ${type}`)).toEqual(['1 scan', '2 check', '3 check', '4 summary']);
    expect(facts[0]).toMatchObject({
      targets: v4,
      questions: [{ technique: 'syn', protocol: 'tcp', ports: '22-23', count: 2 }],
      options: { policy: { rules: ['r'] } },
    });
    expect(facts.at(-1)).toMatchObject({
      checks: { pass: 2, fail: 0, inconclusive: 0 },
      complete: true,
      exit: 'done',
    });
  });

  it('--init writes a policy that holds, until something changes', async () => {
    const { careless, bare } = lab.targets;
    const argv = ['audit', '--init', '-p', '20-30', careless.v4, bare.v4];
    const { stdout, status } = await lab.scanner.namespace.run([...program(lab), ...argv]);
    expect(status).toBe(0);
    const [, rules = ''] = stdout.split('rules:\n');
    const lines = rules.trimEnd().split('\n');
    expect((await audit(lines, [])).status).toBe(0);
    bare.namespace.nft(
      'table inet late { chain input { type filter hook input priority 0; tcp dport 22 drop; }; }',
    );
    const { status: later, checks } = await audit(lines, []);
    bare.namespace.nft('delete table inet late');
    expect(later).toBe(1);
    expect(checks.filter(({ result }) => result !== 'pass').map(short)).toEqual([
      `${bare.v4} ${bare.v4} tcp/22 filtered fail`,
    ]);
  });

  it('SCTP is judged like TCP, and refused where there are no raw sockets', async () => {
    const { bare } = lab.targets;
    await answerSctp(bare.namespace, '2905');
    bare.namespace.nft(
      'table inet late { chain input { type filter hook input priority 0; sctp dport 5000 drop; }; }',
    );
    const rules = [
      `  - {name: signalling, targets: [${bare.v4}], ports: "S:2900-2910,5000", allow: [sctp/2905], deny: rest, deny-as: closed}`,
      `  - {name: mixed, targets: [${bare.v4}], allow: [tcp/22], deny: [udp/69, sctp/22]}`,
    ];
    const { status, checks } = await audit(rules, []);
    bare.namespace.nft('delete table inet late');
    expect(status).toBe(1);
    expect(checks.filter(({ result }) => result !== 'pass').map(short)).toEqual([
      `signalling ${bare.v4} sctp/5000 filtered fail`,
    ]);
    expect(checks.filter(({ protocol }) => protocol === 'sctp')).toHaveLength(13);
    const without = await audit(rules, [], { user: 'nobody' });
    expect(without).toMatchObject({ status: 4, stdout: '' });
  });

  it('a watched policy tells a hole that was cut and a host that is gone, once', async () => {
    const { bare } = lab.targets;
    const rules = [
      `  - {name: plain, targets: [${bare.v4}], allow: [tcp/22], deny: [tcp/23]}`,
      `  - {name: round, targets: [${bare.v4}], deny: [tcp/22], deny-as: filtered, source-ports: [53]}`,
    ];
    const env = { XDG_STATE_HOME: join(lab.folder, 'state') };
    const round = async () => {
      const { status, facts } = await audit(rules, ['--once'], { env });
      return { status, changes: facts.filter((fact) => fact.type === 'change') };
    };
    const filter = (rule: string) =>
      bare.namespace.nft(`table inet late { chain input { type filter hook input priority 0; ${rule}; }; }`);
    expect(await round()).toEqual({ status: 0, changes: [] });
    filter('tcp sport 53 tcp dport 22 reject with icmpx admin-prohibited');
    const { status, changes } = await round();
    expect(status).toBe(1);
    expect(changes).toMatchObject([
      {
        change: 'filtered',
        port: 22,
        before: { state: 'open', result: 'fail', sourcePort: 53 },
        after: { state: 'filtered', result: 'pass', rule: 'round', line: 4 },
        certain: true,
      },
    ]);
    expect(await round()).toEqual({ status: 0, changes: [] });
    bare.namespace.nft('delete table inet late');
    filter('drop');
    const gone = await round();
    bare.namespace.nft('delete table inet late');
    expect(gone.changes).toMatchObject([
      { change: 'vanished', host: bare.v4, before: { ports: [{ port: 22 }] } },
    ]);
    expect(await round()).toMatchObject({ changes: [{ change: 'flapping', host: bare.v4 }] });
  });

  /** Runs `portolan audit ARGS POLICY -oJ -` with these rules, which begin in line 3. */
  async function audit(rules: readonly string[], args: readonly string[], options: EnterOptions = {}) {
    const file = join(lab.folder, 'policy.yaml');
    writeFileSync(file, `version: 1\nrules:\n${rules.join('\n')}\n`);
    const done = await portolan(lab, ['audit', ...args, file], options);
    const checks = done.facts.filter((fact): fact is CheckFact => fact.type === 'check');
    return { ...done, file, checks };
  }
});

function short({ rule, host, protocol, port, found, result, sourcePort }: CheckFact): string {
  const from = sourcePort === undefined ? '' : ` from ${sourcePort}`;
  return `${rule} ${host} ${protocol}/${port} ${found} ${result}${from}`;
}

function program(lab: Lab<string>): readonly string[] {
  const { node, root } = lab.scanner.namespace.paths();
  return [node, join(root, 'bin/portolan.js')];
}
