import { describe, expect, it, vi } from 'vitest';
import type { AuditRequest } from '../audit/request.ts';
import type { Fact, HostFact, PortFact, SummaryFact } from '../model/fact.ts';
import type { Plan } from '../plan/plan.ts';
import { audit } from './audit.ts';

const { carryOut, plans } = vi.hoisted(() => ({
  carryOut: vi.fn<(run: number) => AsyncIterable<Fact>>(),
  plans: [] as Plan[],
}));

/** Nothing is sent: scans tell what a test wants heard. */
vi.mock('./scan.ts', () => ({
  run: (plan: Plan) => {
    plans.push(plan);
    return carryOut(plans.length);
  },
}));

const begin: Fact = {
  type: 'scan',
  n: 1,
  schema: 1,
  version: '0.1.0',
  startedAt: '2026-11-21T10:00:00.000Z',
  args: [],
  targets: 'of one scan',
  excluded: '',
  options: {},
  seed: 1,
  questions: [],
};
const at = '2026-11-21T10:00:00.000Z';
const host: HostFact = { type: 'host', n: 2, host: '127.0.0.1', state: 'up', reason: 'localhost', at };

function port(number: number, state: PortFact['state'] = 'closed'): PortFact {
  const reason = state === 'closed' ? 'reset' : 'syn-ack';
  const about = { host: '127.0.0.1', protocol: 'tcp', port: number, technique: 'syn' } as const;
  return { type: 'port', n: 3, ...about, state, reason, attempts: 1, from: '127.0.0.1', at };
}

function summary(exit: SummaryFact['exit']): SummaryFact {
  return {
    type: 'summary',
    n: 4,
    finishedAt: at,
    elapsedMs: 1,
    hosts: { up: 1, down: 0, unknown: 0, total: 1 },
    packets: { sent: 2, received: 1, retransmitted: 1 },
    bytes: { sent: 20, received: 10 },
    ports: { closed: 1 },
    complete: exit === 'done',
    exit,
  };
}

const policy = `
version: 1
rules:
  - {name: a, targets: [127.0.0.1], deny: [tcp/1, tcp/2]}
  - {name: b, targets: [127.0.0.1, 127.0.0.2], deny: [tcp/2, udp/3]}
  - {name: c, targets: [127.0.0.1], deny: [tcp/1], source-ports: [1053, 1088]}
`;

/** All that an audit tells, and what it throws. */
async function told(request: AuditRequest): Promise<{ facts: Fact[]; error: unknown }> {
  plans.length = 0;
  const facts: Fact[] = [];
  try {
    for await (const fact of audit(request)) facts.push(fact);
  } catch (error) {
    return { facts, error };
  }
  return { facts, error: undefined };
}

async function* say(...facts: readonly (Fact | Error)[]): AsyncGenerator<Fact> {
  for (const fact of facts) {
    if (fact instanceof Error) throw fact;
    yield fact;
  }
}

const results = (facts: readonly Fact[]) =>
  facts.flatMap((fact) =>
    fact.type === 'check' ? [`${fact.rule} ${fact.host} ${fact.protocol}/${fact.port} ${fact.result}`] : [],
  );

describe('an audit', () => {
  it('asks each port of each host once, TCP and UDP in one scan, and once more from each source port', async () => {
    carryOut.mockImplementation(() => say(begin, host, port(1), port(2), summary('done')));
    const { facts, error } = await told({ policy });
    expect(error).toBeUndefined();
    const asked = plans.map(({ packet, techniques, groups }) => [
      packet.sourcePort,
      techniques.length,
      groups.map(({ targets, ports }) => `${targets} T:${ports.tcp} U:${ports.udp}`),
    ]);
    expect(asked).toEqual([
      [undefined, 2, ['127.0.0.1 T:1-2 U:3', '127.0.0.2 T:2 U:3']],
      [1053, 1, ['127.0.0.1 T:1 U:']],
      [1088, 1, ['127.0.0.1 T:1 U:']],
    ]);
    expect(facts[0]).toMatchObject({ type: 'scan', n: 1, targets: '127.0.0.1-127.0.0.2' });
    expect(facts.at(-1)).toMatchObject({
      type: 'summary',
      n: facts.length,
      checks: { pass: 5, fail: 0, inconclusive: 3 },
      packets: { sent: 6 },
      exit: 'incomplete',
    });
  });

  it('tells each warning once, and progress as it comes', async () => {
    const warning: Fact = { type: 'warning', message: 'mind' };
    const now = { phase: 'ports', done: 1, total: 2, elapsedMs: 1, ratePps: 1, hostsUp: 1, open: 0 };
    carryOut.mockImplementation(() => say(begin, warning, { type: 'progress', ...now }, summary('done')));
    const { facts } = await told({ policy });
    expect(facts.filter(({ type }) => type === 'warning')).toEqual([warning]);
    expect(facts.filter(({ type }) => type === 'progress')).toHaveLength(3);
  });

  it('that is interrupted asks no more, and what was not asked is inconclusive', async () => {
    carryOut.mockImplementation(() => say(begin, host, port(1), summary('interrupted')));
    const { facts } = await told({ policy });
    expect(plans).toHaveLength(1);
    expect(results(facts)).toEqual(
      [
        'a 127.0.0.1 tcp/1 pass',
        ...['a 127.0.0.1 tcp/2', 'b 127.0.0.1 tcp/2', 'b 127.0.0.1 udp/3', 'b 127.0.0.2 tcp/2'],
        ...['b 127.0.0.2 udp/3', 'c 127.0.0.1 tcp/1', 'c 127.0.0.1 tcp/1'],
      ].map((line) => (line.endsWith('pass') ? line : `${line} inconclusive`)),
    );
    expect(facts.at(-1)).toMatchObject({ exit: 'interrupted', complete: false });
  });

  it.each([
    [
      'after its summary',
      () => say(begin, host, port(1, 'open'), summary('failed'), new Error('table is full')),
    ],
    [
      'before it',
      (run: number) =>
        run === 1 ? say(begin, host, port(1, 'open'), summary('done')) : say(new Error('table is full')),
    ],
  ])('of which a scan fails %s tells what is known, then throws', async (_what, facts) => {
    carryOut.mockImplementation(facts);
    const done = await told({ policy });
    expect(done.error).toEqual(new Error('table is full'));
    expect(results(done.facts)[0]).toBe('a 127.0.0.1 tcp/1 fail');
    expect(done.facts.at(-1)).toMatchObject({ type: 'summary', exit: 'failed', complete: false });
  });

  it('that cannot begin says nothing but why', async () => {
    carryOut.mockImplementation(() => say(new Error('no')));
    const { facts, error } = await told({ policy });
    expect(error).toEqual(new Error('no'));
    expect(facts).toEqual([]);
  });

  it.each([
    [{ policy, ports: '1-9' }, 'An audit has no field "ports"'],
    [{ policy, targets: ['h'] }, 'An audit has no field "targets"'],
    [{ policy, packet: { sourcePort: 53 } }, 'packet.sourcePort: wanted source-ports in the policy'],
    [{ policy, packet: { sourcePrt: 53 } }, 'packet has no field "sourcePrt"'],
    [{ policy, timing: 'fast' }, 'timing "fast": wanted'],
    [{ policy: 7 }, 'policy is missing'],
    [{ policy, file: 7 }, 'file: wanted the name of a file'],
    [{ policy, dnsServers: ['127.0.0.1'] }, 'The policy has no names to ask for'],
    [{ policy: 'version: 1\nrules: 3\n' }, 'policy.yaml:2:8: rules: found "3"'],
    [{ policy, exclude: ['127.0.0.0/8'] }, 'No target is left: all are excluded'],
    [{ policy, scope: ['127.0.0.1'] }, '127.0.0.2'],
  ])('is refused: %j', async (request, problem) => {
    const { facts, error } = await told(request as AuditRequest);
    expect((error as Error).message).toContain(problem);
    expect([facts, plans]).toEqual([[], []]);
  });
});
