import { describe, expect, test } from 'vitest';
import { ResetSuspicion } from './reset-suspicion.ts';

describe('resets for every address', () => {
  const heard = (count: number, ttlOf: (i: number) => number) => {
    const suspicion = new ResetSuspicion();
    for (let i = 0; i < count; i++) suspicion.note('reset', ttlOf(i));
    return suspicion;
  };

  test('are noticed when nothing else ever answers and all come from equally far', () => {
    expect(heard(32, () => 63).warning()).toContain('All 32 hosts are up by resets with TTL 63 alone');
  });

  test('are believed of few hosts', () => {
    expect(heard(31, () => 63).warning()).toBeUndefined();
  });

  test('are believed when they come from different distances', () => {
    expect(heard(100, (i) => (i === 50 ? 62 : 63)).warning()).toBeUndefined();
  });

  test('are believed where a host answers otherwise too, but neighbours do not count', () => {
    const suspicion = heard(100, () => 63);
    suspicion.note('arp-response', 0);
    expect(suspicion.warning()).toBeDefined();
    suspicion.note('echo-reply', 63);
    expect(suspicion.warning()).toBeUndefined();
  });
});
