import { describe, expect, it } from 'vitest';
import { systemLookups } from '../dns/lookups.ts';
import { NameService } from '../dns/name-service.ts';
import type { Address } from '../model/address.ts';
import type { CheckFact, Fact, Unnumbered } from '../model/fact.ts';
import { parseAddress } from '../model/parse-address.ts';
import { formatPorts } from '../model/ports.ts';
import type { PortState, Reason } from '../model/verdict.ts';
import type { PlanningEnvironment } from '../plan/environment.ts';
import { Answers } from './answers.ts';
import { checksOf } from './checks.ts';
import { askingsOf } from './questions.ts';
import { readPolicy } from './read-policy.ts';
import { resolvePolicy } from './resolve-targets.ts';

/** Names as a hosts file would have them; nobody is asked. */
const book: Readonly<Record<string, readonly string[]>> = { 'web.lab': ['10.0.0.1', 'fd00::1'] };
const environment: PlanningEnvironment = {
  platform: 'linux',
  capabilities: { netRaw: true, netAdmin: true, bpf: true },
  nameService: () => names(),
  names: names(),
  stdin: (async function* () {})(),
};

function names(): NameService {
  return new NameService({
    ...systemLookups([]),
    forward: async (name) => {
      const addresses = book[name];
      if (addresses === undefined) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
      return addresses.map((address) => parseAddress(address) as Address);
    },
  });
}

async function resolve(rules: string) {
  const policy = await readPolicy(`version: 1\nrules:\n${rules}`, 'p.yaml');
  return resolvePolicy(policy, {}, environment);
}

const at = '2026-11-21T10:00:00.000Z';

function up(host: string, reason: Reason = 'echo-reply', state: 'up' | 'down' = 'up'): Fact {
  return { type: 'host', n: 1, host, state, reason, at };
}

function port(host: string, number: number, state: PortState, reason: Reason, attempts = 1): Fact {
  const from = reason === 'no-response' ? {} : { from: host };
  return {
    type: 'port',
    n: 1,
    host,
    protocol: 'tcp',
    port: number,
    technique: 'syn',
    state,
    reason,
    attempts,
    ...from,
    at,
  };
}

/** The checks of a policy whose scans told these facts, by source port. */
async function checked(
  rules: string,
  facts: Readonly<Record<string, readonly Fact[]>>,
  excluded: readonly bigint[] = [],
  loss = 0,
): Promise<Unnumbered<CheckFact>[]> {
  const resolved = await resolve(rules);
  const answers = new Map(
    askingsOf(resolved.rules).map(({ sourcePort, groups }) => {
      const one = new Answers(groups);
      for (const fact of facts[sourcePort ?? 'any'] ?? []) one.take(fact);
      one.loss = loss;
      return [sourcePort, one] as const;
    }),
  );
  const whyNot = (key: bigint) => (excluded.includes(key) ? 'it is excluded' : undefined);
  return [...checksOf(resolved, { answers, zones: {}, whyNot })];
}

const short = (checks: readonly Unnumbered<CheckFact>[]) =>
  checks.map(({ host, protocol, port, found, result, sourcePort }) =>
    [host, `${protocol}/${port}`, found, result, ...(sourcePort === undefined ? [] : [sourcePort])].join(' '),
  );

describe('questions', () => {
  it('ask each port of each host once, in one scan for each source port', async () => {
    const { rules } = await resolve(
      [
        '  - {name: a, targets: [10.0.0.0/30], allow: [tcp/22], deny: [tcp/25, udp/53]}\n',
        '  - {name: b, targets: [10.0.0.1], allow: [tcp/22, tcp/80]}\n',
        '  - {name: c, targets: [10.0.0.2], deny: [tcp/25], source-ports: [53, 20]}\n',
      ].join(''),
    );
    const told = askingsOf(rules).map(({ sourcePort, groups }) => [
      sourcePort,
      groups.map(({ targets, ports }) => [targets.size, formatPorts(ports.tcp), formatPorts(ports.udp)]),
    ]);
    expect(told).toEqual([
      [
        undefined,
        [
          [3n, '22,25', '53'],
          [1n, '22,25,80', '53'],
        ],
      ],
      [53, [[1n, '25', '']]],
      [20, [[1n, '25', '']]],
    ]);
  });

  it('are refused with their place where they are too many', async () => {
    await expect(
      resolve('  - {name: a, targets: [10.0.0.1, "fd00::/64"], deny: [tcp/25]}\n'),
    ).rejects.toThrow(
      /^p\.yaml:3:25: targets: found 18446744073709551617 checks up to here, wanted at most 16777216/,
    );
  });
});

describe('checks', () => {
  const rule =
    '  - {name: a, targets: [10.0.0.1], allow: [tcp/22], deny: [tcp/25, tcp/80], deny-as: filtered}\n';

  it('pass and fail by what was found, with rule and line', async () => {
    const facts = [
      up('10.0.0.1'),
      port('10.0.0.1', 22, 'open', 'syn-ack'),
      port('10.0.0.1', 25, 'filtered', 'no-response'),
      port('10.0.0.1', 80, 'closed', 'reset'),
    ];
    const checks = await checked(rule, { any: facts });
    expect(checks[0]).toEqual({
      type: 'check',
      rule: 'a',
      host: '10.0.0.1',
      protocol: 'tcp',
      port: 22,
      expected: 'open',
      found: 'open',
      result: 'pass',
      line: 3,
      reason: 'syn-ack',
      attempts: 1,
    });
    expect(short(checks).slice(1)).toEqual(['10.0.0.1 tcp/25 filtered pass', '10.0.0.1 tcp/80 closed fail']);
  });

  it.each([
    ['is down', [up('10.0.0.1', 'no-response', 'down')]],
    [
      'is said to be up and is silent',
      [up('10.0.0.1', 'user-set'), port('10.0.0.1', 25, 'filtered', 'no-response')],
    ],
    ['cannot be routed to', [port('10.0.0.1', 25, 'filtered', 'net-unreach')].map(fromRouter)],
    ['was never asked', []],
  ])('are inconclusive where the host %s', async (_what, facts) => {
    const checks = await checked(rule, { any: facts });
    expect(checks.map(({ result }) => result)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    for (const { why } of checks) expect(why).toBeTruthy();
  });

  it('are inconclusive for a name that leads nowhere, and for what is excluded', async () => {
    const [check, ...others] = await checked('  - {name: a, targets: [gone.lab], deny: [tcp/25]}\n', {});
    expect(others).toEqual([]);
    expect(check).toMatchObject({ host: 'gone.lab', found: 'unknown', result: 'inconclusive' });
    expect(check?.why).toContain('Cannot resolve "gone.lab"');
    const [left] = await checked('  - {name: a, targets: [10.0.0.1], deny: [tcp/25]}\n', {}, [0x0a00_0001n]);
    expect(left).toMatchObject({ result: 'inconclusive', why: 'it is excluded' });
  });

  it('have the name of a host that has one, for each of its addresses', async () => {
    const facts = [up('10.0.0.1'), port('10.0.0.1', 25, 'closed', 'reset'), up('fd00::1')];
    const checks = await checked('  - {name: a, targets: [web.lab], deny: [tcp/25]}\n', { any: facts });
    expect(checks.map(({ host, name, result }) => [host, name, result])).toEqual([
      ['10.0.0.1', 'web.lab', 'pass'],
      ['fd00::1', 'web.lab', 'inconclusive'],
    ]);
  });

  it('of a rule with source ports are judged by the scans from there', async () => {
    const rules = '  - {name: a, targets: [10.0.0.1], deny: [tcp/25], source-ports: [53, 20]}\n';
    const checks = await checked(rules, {
      any: [port('10.0.0.1', 25, 'open', 'syn-ack')],
      53: [up('10.0.0.1', 'user-set'), port('10.0.0.1', 25, 'open', 'syn-ack')],
      20: [up('10.0.0.1', 'user-set'), port('10.0.0.1', 25, 'filtered', 'no-response')],
    });
    // What came back from one source port shows that the host is there for all of them.
    expect(short(checks)).toEqual(['10.0.0.1 tcp/25 open fail 53', '10.0.0.1 tcp/25 filtered pass 20']);
  });

  it('take silence for nothing where packets get lost as often as it was asked', async () => {
    const facts = [
      up('10.0.0.1'),
      port('10.0.0.1', 25, 'filtered', 'no-response', 1),
      port('10.0.0.1', 80, 'filtered', 'no-response', 3),
    ];
    const rules = '  - {name: a, targets: [10.0.0.1], deny: [tcp/25, tcp/80]}\n';
    expect(short(await checked(rules, { any: facts }, [], 0.1))).toEqual([
      '10.0.0.1 tcp/25 filtered inconclusive',
      '10.0.0.1 tcp/80 filtered pass',
    ]);
  });
});

function fromRouter(fact: Fact): Fact {
  return fact.type === 'port' ? { ...fact, from: '10.9.9.9' } : fact;
}
