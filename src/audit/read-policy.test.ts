import { describe, expect, it } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import { formatPorts } from '../model/ports.ts';
import { readPolicy } from './read-policy.ts';

const read = (text: string) => readPolicy(text, 'p.yaml');

/** What is said of a policy that cannot be read. */
async function refused(text: string): Promise<string> {
  const error = await read(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PortolanError);
  expect((error as PortolanError).exit).toBe(2);
  return (error as PortolanError).message;
}

/** A policy with one rule of these lines, which begin in line 4. */
function rule(...lines: readonly string[]): string {
  return `version: 1\nrules:\n  - name: r\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

describe('a policy', () => {
  it('is read as the contract has it', async () => {
    const policy = await read(`version: 1
name: web tier, seen from the office
rules:
  - name: web servers
    targets: [10.20.0.10, 10.20.0.11, "fd00:20::10"]
    ports: 1-1024            # what is probed; -p syntax
    allow: [tcp/22, tcp/443] # must be open
    deny: rest               # everything else probed, or a list
    deny-as: filtered        # filtered, closed, or any
  - name: no way round by source port
    targets: [10.20.0.0/28]
    deny:
      - tcp/25
      - udp/53
    source-ports: [20, 53, 88]
`);
    expect(policy.name).toBe('web tier, seen from the office');
    const told = policy.rules.map(({ name, targets, expectations, sourcePorts }) => ({
      name,
      targets: targets.map(({ text }) => text),
      expectations: expectations.map(({ protocol, ports, expected, line }) => [
        `${protocol}/${formatPorts(ports)}`,
        expected,
        line,
      ]),
      sourcePorts,
    }));
    expect(told).toEqual([
      {
        name: 'web servers',
        targets: ['10.20.0.10', '10.20.0.11', 'fd00:20::10'],
        expectations: [
          ['tcp/22', 'open', 7],
          ['tcp/443', 'open', 7],
          ['tcp/1-21,23-442,444-1024', 'filtered', 8],
        ],
        sourcePorts: [],
      },
      {
        name: 'no way round by source port',
        targets: ['10.20.0.0/28'],
        expectations: [
          ['tcp/25', 'not-open', 13],
          ['udp/53', 'not-open', 14],
        ],
        sourcePorts: [20, 53, 88],
      },
    ]);
  });

  it('has ports of both protocols, names of services, and nothing that is taken for a number', async () => {
    const { rules } = await read(
      rule('targets: [db.lab]', 'ports: [http, "T:8000-8001", "U:53"]', 'allow: [tcp/https]', 'deny: rest'),
    );
    const ports = rules[0]?.expectations.map(({ protocol, ports }) => `${protocol}/${formatPorts(ports)}`);
    expect(ports).toEqual(['tcp/443', 'tcp/80,8000-8001', 'udp/53']);
    expect((await refused(rule('targets: [1.10]', 'deny: [tcp/25]'))).startsWith('p.yaml:4:15: ')).toBe(true);
  });

  it('may allow nothing', async () => {
    const { rules } = await read(rule('targets: [h]', 'ports: 1-9', 'allow: []', 'deny: rest'));
    expect(rules[0]?.expectations).toMatchObject([{ protocol: 'tcp', expected: 'not-open', line: 7 }]);
  });

  it.each([
    ['', '1:1', 'a policy: found nothing'],
    ['version: 2\nrules: []\n', '1:10', 'version: found "2", wanted one of 1'],
    ['rules: [{}]\n', '1:1', 'version is missing'],
    ['version: 1\n', '1:1', 'rules is missing'],
    ['version: 1\nrules: []\n', '2:8', 'rules: found an empty list'],
    ['version: 1\nrule: []\n', '2:1', 'a policy: found the key "rule", wanted one of version, name, rules'],
    ['version: 1\nname: [a]\nrules: [{name: a, targets: [h], deny: [tcp/1]}]\n', '2:7', 'name: found a list'],
    ['version: 1\nrules:\n  - a\n', '3:5', 'a rule: found "a", wanted a map'],
    ['version: 1\nrules:\n  - {targets: [h]}\n', '3:5', 'a rule: name is missing'],
    ['version: 1\nversion: 1\n', '2:1', 'found the key version twice'],
    ['version: 1\n\trules: 3\n', '2:1', 'cannot be read'],
    ['version: !!int 1\nrules: 3\n', '1:10', 'cannot be read'],
    ['version: 1\n---\nversion: 1\n', '2:1', 'cannot be read'],
    ['version: &v 1\nrules: *v\n', '2:8', 'found an alias'],
    [rule('targets: [h]', 'alow: [tcp/1]'), '5:5', 'a rule: found the key "alow", wanted one of'],
    [rule('targets: h', 'deny: [tcp/1]'), '4:14', 'targets: found "h", wanted a list'],
    [rule('targets: []', 'deny: [tcp/1]'), '4:14', 'targets: found an empty list'],
    [rule('targets: [h, [g]]', 'deny: [tcp/1]'), '4:18', 'targets: found a list'],
    [rule('targets: [10.0.0.256]', 'deny: [tcp/1]'), '4:15', 'target "10.0.0.256"'],
    [rule('targets: [h, h]', 'deny: [tcp/1]'), '4:18', 'targets: found "h" twice'],
    [rule('targets: ["h:22"]', 'deny: [tcp/1]'), '4:15', 'targets: found ports behind "h:22"'],
    [rule('targets: [h/24]', 'deny: [tcp/1]'), '4:15', 'targets: found a block around a name'],
    [rule('targets: [h]'), '3:5', 'a rule: found neither allow nor deny'],
    [rule('targets: [h]', 'allow: []', 'deny: []'), '3:5', 'a rule: found no port in allow and deny'],
    [rule('targets: [h]', 'deny: [22]'), '5:12', 'deny: found "22", wanted a list of ports such as'],
    [rule('targets: [h]', 'deny: all'), '5:11', 'deny: found "all", wanted a list of ports such as'],
    [rule('targets: [h]', 'deny: [tcp/70000]'), '5:12', 'deny "70000": "70000": wanted decimal numbers'],
    [rule('targets: [h]', 'deny: [tcp/nosuch]'), '5:12', 'no service of this name'],
    [rule('targets: [h]', 'deny: [dccp/1]'), '5:12', 'deny: found "dccp/1", wanted a list of ports'],
    [rule('targets: [h]', 'allow: [tcp/1-9]', 'deny: [tcp/7-99]'), '6:12', 'deny: found tcp/7-9 twice'],
    [rule('targets: [h]', 'allow: [tcp/1, tcp/1]'), '5:20', 'allow: found tcp/1 twice'],
    [rule('targets: [h]', 'deny: rest'), '5:5', 'deny: rest: found no ports beside it'],
    [rule('targets: [h]', 'allow: [tcp/1]', 'ports: 1-9'), '6:5', 'ports: found no deny: rest beside it'],
    [rule('targets: [h]', 'allow: [tcp/1]', 'ports: 1', 'deny: rest'), '7:11', 'found all ports in allow'],
    [
      rule('targets: [h]', 'ports: 9-1', 'deny: rest'),
      '5:12',
      'ports "T:9-1": "9-1": the range runs backwards',
    ],
    [rule('targets: [h]', 'ports: "P:1"', 'deny: rest'), '5:12', 'ports: found ports of ip'],
    [rule('targets: [h]', 'allow: [tcp/1]', 'deny-as: any'), '6:5', 'deny-as: found no deny beside it'],
    [
      rule('targets: [h]', 'deny: [tcp/1]', 'deny-as: droped'),
      '6:14',
      'deny-as: found "droped", wanted one of',
    ],
    [rule('targets: [h]', 'deny: [tcp/1]', 'source-ports: [0]'), '6:20', 'source-ports: found "0"'],
    [rule('targets: [h]', 'deny: [tcp/1]', 'source-ports: [5, 5]'), '6:23', 'source-ports: found 5 twice'],
    [
      `${rule('targets: [h]', 'deny: [tcp/1]')}  - name: r\n    targets: [h]\n    deny: [tcp/1]\n`,
      '6:11',
      'name: found "r" twice',
    ],
  ])('%j is refused with its place', async (text, place, problem) => {
    const message = await refused(text);
    expect(message.slice(0, `p.yaml:${place}: `.length)).toBe(`p.yaml:${place}: `);
    expect(message).toContain(problem);
  });

  it.each([
    ['lists in lists', '['.repeat(50_000)],
    ['blocks in blocks', '- '.repeat(50_000)],
    ['maps in maps', '{a: '.repeat(50_000)],
    ['a little nesting', `version: 1\nrules: ${'['.repeat(20)}${']'.repeat(20)}\n`],
    ['more than a megabyte', `#${'x'.repeat(2 ** 20)}\n`],
    ['laughs', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'],
    ['all ports a hundred times', `version: 1\nrules:\n${manyRules(300)}`],
  ])('%s: refused, in bounded time and memory', async (_what, text) => {
    expect(await refused(text)).toMatch(/^p\.yaml:\d+:\d+: /);
  });

  it('names nothing that a terminal would obey', async () => {
    const message = await refused('version: 1\n"ru\\e[31mles\\u202e": 1\n');
    expect(message).toMatch(/^[\x20-\x7e]*$/);
    expect(await refused('version: 1\n"\\e[31m": 1\n"\\e[31m": 1\n')).toMatch(/^[\x20-\x7e]*$/);
  });
});

function manyRules(count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `  - {name: r${i}, targets: [h], ports: "-", deny: rest}\n`,
  ).join('');
}
