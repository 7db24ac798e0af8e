/** Hosts of which nothing comes: what is asked of them, and what is not said of a filter. */

import { expect, test } from 'vitest';
import { beginFirewall } from './mind.ts';
import { type ModelHost, runModel, type Verdict } from './model-host.laws.ts';

const ports = Array.from({ length: 200 }, (_, i) => i + 1);

function mapOf(verdict: Verdict, more: Partial<ModelHost> = {}) {
  const filters = [{ hop: 1, judge: () => verdict }];
  const run = runModel({ ports, isMute: true, distance: 3, filters, ...more }, (view) => beginFirewall(view));
  return { ...run, ...run.inference.conclude() };
}

test('silence of a host that never answers is waited for seldom', () => {
  const { questions, waits } = mapOf('drop', { filters: [{ hop: 3, judge: () => 'drop' }] });
  expect(questions.map(({ technique }) => technique)).toContain('fin');
  expect(waits).toBeLessThanOrEqual(7);
});

test('a router that does not find the host is no filter that rejects', () => {
  for (const verdict of ['host-unreach', 'no-route', 'net-unreach'] as const) {
    const { findings, policy } = mapOf(verdict);
    expect(findings.map(({ rule }) => rule)).not.toContain('default-reject');
    expect(policy[0]?.alternatives).toContain('unknown');
    for (const range of policy) expect(range).toMatchObject({ action: 'reject-icmp', exposure: null });
  }
});

test('one that says it is forbidden is, and so is one before a host that answers', () => {
  const forbidden = mapOf('admin-prohibited');
  expect(forbidden.findings.map(({ rule }) => rule)).toContain('default-reject');
  const judge = ({ port }: { readonly port: number }): Verdict => (port === 22 ? 'accept' : 'host-unreach');
  const answering = mapOf('host-unreach', { isMute: undefined, open: [22], filters: [{ hop: 1, judge }] });
  expect(answering.findings.map(({ rule }) => rule)).toContain('default-reject');
  expect(answering.policy).toContainEqual(
    expect.objectContaining({ action: 'reject-icmp', exposure: 'protected' }),
  );
});
