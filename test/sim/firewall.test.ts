/** The phase that looks at filters, over the simulated network. */

import { expect, test } from 'vitest';
import type {
  Conclusions,
  FirewallQuestion,
  FirewallView,
  Inference,
  Seen,
} from '../../src/firewall/contract.ts';
import { plannedFirewallVariants } from '../../src/plan/firewall-variants.ts';
import { firewallPhase } from '../../src/scan/phases/firewall/phase.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { variantsOf } from '../../src/scan/shard/variants-of-plan.ts';
import type { HostModel } from './network.ts';
import { simulateChecked } from './run.ts';

/** Asks a list, and keeps what it is told. */
class Asker implements Inference {
  readonly view: FirewallView;
  readonly seen: [FirewallQuestion, Seen][] = [];
  #left: readonly FirewallQuestion[];

  constructor(view: FirewallView, questions: readonly FirewallQuestion[]) {
    this.view = view;
    this.#left = questions;
  }

  agenda(): readonly FirewallQuestion[] {
    const questions = this.#left;
    this.#left = [];
    return questions;
  }

  fold(question: FirewallQuestion, seen: Seen): void {
    this.seen.push([question, seen]);
  }

  conclude(): Conclusions {
    const range = {
      protocol: 'tcp',
      ports: '1-4',
      action: 'drop',
      icmp: null,
      by: null,
      hop: 1,
      exposure: 'protected',
      confidence: 0.9,
      cites: [0],
    } as const;
    const finding = {
      rule: 'source-port-hole',
      severity: 'high',
      claim: 'tcp/5 answers',
      confirmed: true,
      confidence: 0.9,
      evidence: ['it answered'],
      refutedBy: 'silence',
      cites: [1],
    } as const;
    return { policy: [range], findings: [finding], changed: [], leftOut: [] };
  }
}

/** Asks one question after the other's answer. */
class OneByOne extends Asker {
  readonly #questions: FirewallQuestion[];

  constructor(view: FirewallView, questions: readonly FirewallQuestion[]) {
    super(view, []);
    this.#questions = [...questions];
  }

  override agenda(): readonly FirewallQuestion[] {
    return this.#questions.splice(0, 1);
  }
}

const table = variantsOf({ packet: {}, variants: plannedFirewallVariants }, { first: 0xf000, size: 4096 });

const filtered: HostModel = {
  port: (port) => (port === 5 ? 'open' : port === 6 ? 'closed' : 'drop'),
  talk: () => ({ steps: [{ says: 'SSH-2.0-x' }] }),
};

const mute: HostModel = { port: () => 'drop' };
/** One request for the hardware address of the next hop, before anything is sent to a host. */
const findsTheWay = 1;

test('it is handed what every port said, asks as it is told to, and tells policy before findings', async () => {
  const askers: Asker[] = [];
  const from53 = { protocol: 'tcp', variant: 'source-port 53' } as const;
  const questions: readonly FirewallQuestion[] = [
    { protocol: 'tcp', technique: 'ack', port: 6, variant: '' },
    { ...from53, technique: 'syn', port: 5 },
    { ...from53, technique: 'syn', port: 5 },
    { ...from53, technique: 'connect', port: 5 },
    { protocol: 'tcp', technique: 'syn', port: 1, variant: 'ttl 3' },
    { protocol: 'tcp', technique: 'syn', port: 5, variant: '' },
    { protocol: 'tcp', technique: 'syn', port: 5, variant: '' },
    { protocol: 'tcp', technique: 'connect', port: 6, variant: '' },
  ];
  const phase = firewallPhase((view) => {
    const asker = new Asker(view, questions);
    askers.push(asker);
    return asker;
  });
  const outcome = await simulateChecked({
    seed: 1,
    path: { rttUs: 20_000 },
    hosts: [filtered],
    ports: 20,
    phases: [phase as Phase],
    table,
  });
  const [{ view, seen }] = askers as [Asker];
  expect([view.host, view.family, view.ports.tcp.length, view.hasAnswered]).toEqual([
    '10.0.1.0',
    4,
    20,
    true,
  ]);
  expect(view.plain('tcp', 5)).toMatchObject({ answer: 'tcp', flags: 0x12, window: 64_240, ttl: 63 });
  expect(view.plain('tcp', 5).options).toBe('mss,sack,ts,nop,wscale');
  expect(view.plain('tcp', 6)).toMatchObject({ answer: 'tcp', flags: 0x14, attempts: 1 });
  expect(view.plain('tcp', 1).answer).toBe('silence');
  expect(view.plain('tcp', 1)).toBe(view.plain('tcp', 20));
  const said = seen.map(([{ technique, port, variant }, { answer, flags }]) =>
    [technique, port, variant, answer, flags].join(' '),
  );
  expect(said.toSorted()).toEqual(
    [
      'ack 6  tcp 20',
      'syn 5 source-port 53 tcp 18',
      'syn 5 source-port 53 tcp 18',
      'connect 5 source-port 53 connected 0',
      'syn 1 ttl 3 silence 0',
      'syn 5  tcp 18',
      'syn 5  tcp 18',
      'connect 6  refused 0',
    ].toSorted(),
  );
  const connected = seen.find(([, { answer }]) => answer === 'connected');
  expect(new TextDecoder().decode(connected?.[1].greeting)).toBe('SSH-2.0-x');
  expect(outcome.policies.map(({ policy: { ports, action, hop } }) => [ports, action, hop])).toEqual([
    ['1-4', 'drop', 1],
  ]);
  expect(outcome.findings.map(({ claim }) => claim)).toEqual(['tcp/5 answers']);
  expect(outcome.probes).toContain('0 syn 5 source-port 53');
  expect(outcome.ends).toEqual(['done']);
});

test.each([
  [1, 300, false],
  [3, 300, true],
  [3, 1000, false],
])('%j hosts within a budget of %j packets, one by one: %j', async (hosts, budget, isSingle) => {
  const budgets: (number | undefined)[] = [];
  const phase = firewallPhase((view, options) => {
    budgets.push(options.budget);
    const port = view.ports.tcp[0] as number;
    return new Asker(view, [{ protocol: 'tcp', technique: 'ack', port, variant: 'fragments 8' }]);
  });
  const outcome = await simulateChecked({
    seed: 2,
    path: { rttUs: 20_000 },
    hosts: Array.from({ length: hosts }, () => filtered),
    ports: 200,
    phases: [phase as Phase],
    table,
    budget,
    isSingle,
  });
  expect(outcome.sent).toBeLessThanOrEqual(budget);
  expect(outcome.sent).toBeGreaterThan(budget - 20);
  expect(outcome.ends).toHaveLength(hosts);
  // What was not asked often enough is no silence.
  const judged = [...outcome.verdicts.values()].filter(({ state }) => state !== 'unknown');
  expect(judged.length).toBeLessThan(hosts * 200);
  for (const { state, attempts } of judged) if (state === 'filtered') expect(attempts).toBeGreaterThan(1);
  expect(outcome.warnings).toEqual([
    { message: expect.stringContaining(`what ${budget} packets could not ask`), incomplete: true },
  ]);
  expect(budgets).toHaveLength(hosts);
  for (const one of budgets) expect(one).toBeLessThan(20);
});

test('a host that a budget of one packet leaves unasked is unknown, by no failure', async () => {
  const outcome = await simulateChecked({
    seed: 2,
    path: { rttUs: 20_000 },
    hosts: [filtered],
    ports: 20,
    phases: [firewallPhase((view) => new Asker(view, [])) as Phase],
    table,
    budget: 1,
  });
  expect(outcome.sent).toBeLessThanOrEqual(1);
  const verdicts = [...outcome.verdicts.values()];
  expect(verdicts.length).toBeGreaterThan(0);
  for (const { state, reason } of verdicts) expect([state, reason]).toEqual(['unknown', 'user-set']);
  expect(outcome.warnings).toEqual([
    {
      message: expect.stringMatching(/what 1 packet could not ask stays unknown \(user-set\)$/),
      incomplete: true,
    },
  ]);
});

test('what is left of a budget is shared by the hosts, and what a host is left without is said', async () => {
  const budgets: (number | undefined)[] = [];
  const phase = firewallPhase((view, options) => {
    budgets.push(options.budget);
    const asker = new Asker(view, []);
    const { policy, findings, changed } = asker.conclude();
    return Object.assign(asker, {
      conclude: () => ({ policy, findings, changed, leftOut: ['fragments', 'its place'] }),
    });
  });
  const outcome = await simulateChecked({
    seed: 3,
    path: { rttUs: 20_000 },
    hosts: [filtered, filtered],
    ports: 20,
    phases: [phase as Phase],
    table,
    budget: 1000,
  });
  for (const one of budgets) expect(one).toBeGreaterThan(400);
  expect(outcome.warnings.map(({ incomplete }) => incomplete)).toEqual([true, true]);
  expect(outcome.warnings[0]?.message).toContain('is spent for 10.0.1.');
  expect(outcome.warnings[0]?.message).toContain('fragments, its place');
});

test.each([
  ['that never answers is told of every packet, also those by which the next hop is', mute, 1, 80],
  ['that answers shows by itself that the next hop is the same', filtered, 2, 8],
] as const)('a host %s', async (_, host, hosts, mostFrames) => {
  const askers: OneByOne[] = [];
  const phase = firewallPhase((view) => {
    const ports = Array.from({ length: 20 }, (_, i) => i + 1);
    const questions = [6, ...ports].map(
      (port) => ({ protocol: 'tcp', technique: 'syn', port, variant: 'source-port 53' }) as const,
    );
    const asker = new OneByOne(view, questions);
    askers.push(asker);
    return asker;
  });
  const outcome = await simulateChecked({
    seed: 5,
    path: { rttUs: 20_000 },
    hosts: Array.from({ length: hosts }, () => host),
    ports: 20,
    phases: [phase as Phase],
    table,
    nextHop: { machineAt: () => 7 },
  });
  const { totals, sent } = outcome;
  const frames = totals.sentPackets - sent;
  const known = askers.reduce((sum, { view }) => sum + view.sentPackets(), 0);
  expect(known).toBe(totals.sentPackets - findsTheWay);
  expect(frames).toBeGreaterThan(findsTheWay);
  expect(frames).toBeLessThanOrEqual(mostFrames);
});

test('banned in the middle of it: what is left is unknown, nothing more is asked', async () => {
  let asked = 0;
  const askers: Asker[] = [];
  const phase = firewallPhase((view) => {
    const ports = Array.from({ length: 40 }, (_, i) => i + 1);
    const questions = ports.map(
      (port) => ({ protocol: 'tcp', technique: 'ack', port, variant: '' }) as const,
    );
    const asker = new Asker(view, questions);
    askers.push(asker);
    return asker;
  });
  const outcome = await simulateChecked({
    seed: 4,
    path: { rttUs: 20_000 },
    hosts: [{ port: (port) => (port <= 40 && ++asked > 60 ? 'drop' : port === 5 ? 'open' : 'closed') }],
    ports: 40,
    phases: [phase as Phase],
    table,
    limits: { banManners: { pausesUs: [5e6, 10e6, 20e6], mostReturns: 2 } },
  });
  const [{ seen }] = askers as [Asker];
  expect(seen).toHaveLength(40);
  const answers = seen.map(([, { answer }]) => answer);
  expect(answers).toContain('unknown');
  expect(answers).not.toContain('silence');
  expect(outcome.blocked).toHaveLength(1);
  expect(outcome.elapsedMs).toBeGreaterThan(35_000);
});
