import { expect, test } from 'vitest';
import { effectiveCapabilities } from './capabilities.ts';
import { inspect } from './doctor.ts';

test('doctor: every feature is looked at once, and what does not work says what it needs', () => {
  const checks = inspect();
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  for (const { works, found, needs } of checks) {
    expect(found).not.toBe('');
    expect(needs === undefined).toBe(works);
    expect(needs).not.toBe('');
  }
});

test('doctor: raw scans never work without the capability', () => {
  const raw = inspect().find(({ name }) => name === 'raw scans');
  if (!effectiveCapabilities().netRaw) expect(raw?.works).toBe(false);
  else expect(raw).toMatchObject({ works: true });
});
