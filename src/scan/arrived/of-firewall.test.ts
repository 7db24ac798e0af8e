import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../audit/arrival.ts';
import type { Fact, FindingFact, PolicyFact } from '../../model/fact.ts';
import type { Plan } from '../../plan/plan.ts';
import { keyCheckOf } from '../mark-key.ts';
import { ArrivalFeed } from './feed.ts';
import { joinArrived, joined } from './of-firewall.ts';

const policy: PolicyFact = {
  type: 'policy',
  n: 5,
  host: '10.0.0.5',
  protocol: 'tcp',
  ports: '1-10',
  action: 'drop',
  icmp: null,
  by: null,
  hop: 2,
  exposure: 'protected',
  confidence: 0.9,
  at: '2026-11-21T10:00:00.000Z',
};
const of = (change: Partial<PolicyFact>, arrival: Arrival | undefined) => {
  const [only, ...others] = joined({ ...policy, ...change }, () => arrival);
  expect(others).toEqual([]);
  const { action, exposure, hop, alternatives } = only as PolicyFact;
  return { action, exposure, hop, ...(alternatives !== undefined && { alternatives }) };
};

describe('what a policy says of a range', () => {
  test('what arrived was let through: what stops it after that is the other possibility', () => {
    expect(of({}, 'arrived')).toEqual({ action: 'allow', exposure: null, hop: null, alternatives: ['drop'] });
    expect(of({ action: 'reject-icmp', icmp: 'admin-prohibited', by: '10.0.0.1' }, 'arrived').action).toBe(
      'allow',
    );
    expect(of({ action: 'unknown', exposure: null }, 'arrived')).toEqual({
      action: 'allow',
      exposure: null,
      hop: null,
    });
    const closed = {
      action: 'allow',
      exposure: 'unprotected',
      hop: null,
      alternatives: ['reject-rst'],
    } as const;
    expect(of(closed, 'arrived')).toEqual({ action: 'allow', exposure: 'unprotected', hop: null });
  });

  test('what did not was stopped: a reset then is forged, a silence a drop', () => {
    expect(of({}, 'not-arrived')).toEqual({ action: 'drop', exposure: 'protected', hop: 2 });
    expect(of({ protocol: 'udp', exposure: null, alternatives: ['allow'] }, 'not-arrived')).toEqual({
      action: 'drop',
      exposure: 'protected',
      hop: 2,
    });
    expect(
      of({ action: 'allow', exposure: 'unprotected', alternatives: ['reject-rst'] }, 'not-arrived').action,
    ).toBe('reject-rst');
    const limited = { action: 'reject-icmp', alternatives: ['drop', 'allow'] } as const;
    expect(of(limited, 'not-arrived')).toMatchObject({ action: 'reject-icmp', alternatives: ['drop'] });
    expect(of({ action: 'allow', exposure: 'exposed' }, 'not-arrived').action).toBe('allow');
    expect(of({ action: 'unknown', exposure: null }, 'not-arrived').action).toBe('unknown');
  });

  test('where nobody knows it stays as it was', () => {
    for (const arrival of ['perhaps', undefined] as const)
      expect(joined(policy, () => arrival)).toEqual([policy]);
  });

  test('it falls into parts where ports differ', () => {
    const parts = joined(policy, (port) => (port > 8 ? 'arrived' : port > 6 ? undefined : 'not-arrived'));
    expect(parts.map(({ ports, action }) => [ports, action])).toEqual([
      ['1-6', 'drop'],
      ['7-8', 'drop'],
      ['9-10', 'allow'],
    ]);
  });
});

test('ordinals go on where a range falls into parts, and findings still cite what they rest on', async () => {
  const lines = [
    { type: 'listening', addresses: ['10.0.0.5'], tcp: '1-1024', udp: '', keyCheck: keyCheckOf('k') },
    {
      type: 'arrived',
      from: '10.0.0.9',
      to: '10.0.0.5',
      protocol: 'tcp',
      port: 3,
      technique: 'syn',
      variant: 'plain',
      ttl: 62,
    },
  ];
  const feed = new ArrivalFeed(
    (async function* () {
      yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await new Promise(() => {});
    })(),
    'k',
  );
  await feed.begin(undefined);
  const finding = { type: 'finding', n: 2, host: '10.0.0.5', facts: [1] } as unknown as FindingFact;
  const later = { ...finding, n: 3, facts: [1, 2] };
  async function* facts(): AsyncGenerator<Fact> {
    yield { ...policy, n: 1 };
    yield finding;
    yield later;
  }
  const plan = {
    groups: [{ targets: '10.0.0.5', ports: { tcp: '1-10', udp: '', sctp: '', ip: '' } }],
  } as unknown as Plan;
  const told: unknown[] = [];
  for await (const fact of joinArrived(facts(), feed, plan))
    told.push(
      fact.type === 'policy'
        ? [fact.n, fact.ports, fact.action]
        : 'facts' in fact
          ? [fact.n, fact.facts]
          : fact,
    );
  expect(told).toEqual([
    [1, '1-2,4-10', 'drop'],
    [2, '3', 'allow'],
    [3, [1]],
    [4, [1, 3]],
  ]);
});
