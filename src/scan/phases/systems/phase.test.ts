import { describe, expect, test } from 'vitest';
import { Observation, observationKind } from '../../../model/observation.ts';
import type { ShardConfig } from '../../shard/config.ts';
import type { PhaseHost } from '../phase.ts';
import { systems } from './phase.ts';

const host = { openPorts: [{ protocol: 'tcp', port: 22 }], isTimedOut: false } as unknown as PhaseHost;

describe('no host is sent more than 30 packets', () => {
  test.each([1, 2, 4, 8, 16, 30, 31, 100])('where a question may take %i', (most) => {
    // The worst case: each takes all it may, and is answered in the end.
    expect(ask(most, most, observationKind.tcp)).toBeLessThanOrEqual(30);
    expect(ask(most, 1, observationKind.tcp)).toBeLessThanOrEqual(30);
    expect(ask(most, most, observationKind.silence)).toBeLessThanOrEqual(30);
  });

  test('all is asked where each takes one', () => {
    expect(ask(8, 1, observationKind.tcp)).toBe(10);
  });
});

test('a host whose time is over, or that stopped answering, is asked nothing', () => {
  for (const one of [
    { ...host, isTimedOut: true },
    {
      ...host,
      plain: {
        isBlocked: true,
        asked: { techniques: [], techniqueOf: [], portOf: [] },
        looks: { of: [], looks: [] },
        isAvoided: () => false,
      },
    },
  ] as unknown as PhaseHost[]) {
    const state = systems.begin?.(one, config(8));
    expect(systems.agenda?.(one, state as NonNullable<typeof state>)).toEqual([]);
  }
});

test('a port that must not be asked is not', () => {
  const state = systems.begin?.(
    {
      ...host,
      openPorts: [],
      plain: {
        asked: { techniques: [], techniqueOf: [], portOf: [] },
        looks: { of: [], looks: [] },
        isAvoided: () => true,
      },
    } as unknown as PhaseHost,
    config(8),
  );
  expect(state?.waiting).toEqual([]);
});

/** Asks until nothing more is asked; returns the packets. */
function ask(most: number, attempts: number, kind: number): number {
  const state = systems.begin?.(host, config(most)) as NonNullable<
    ReturnType<NonNullable<typeof systems.begin>>
  >;
  let packets = 0;
  const open = [...(systems.agenda?.(host, state) ?? [])];
  for (let question = open.shift(); question !== undefined; question = open.shift()) {
    const seen = new Observation();
    seen.begin(kind);
    seen.attempts = attempts;
    packets += attempts;
    systems.fold?.(host, state, question, seen);
    open.push(...(systems.agenda?.(host, state) ?? []));
  }
  return packets;
}

function config(maxAttempts: number): ShardConfig {
  return { limits: { maxAttempts } } as unknown as ShardConfig;
}
