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
    return { policy: [range], findings: [finding], leftOut: [] };
  }
}

const table = variantsOf({ packet: {}, variants: plannedFirewallVariants }, { first: 0xf000, size: 4096 });

const filtered: HostModel = {
  port: (port) => (port === 5 ? 'open' : port === 6 ? 'closed' : 'drop'),
  talk: () => ({ steps: [{ says: 'SSH-2.0-x' }] }),
};

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
