import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeOf, timeText } from './time.ts';

it('times: text and number mean what the platform’s own clock says', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 250_000_000_000_000 }), (ms) => {
      const text = new Date(ms).toISOString();
      expect(timeOf(text)).toBe(ms);
      expect(timeText(ms)).toBe(text);
    }),
  );
});

it('times: a fraction may be absent or longer', () => {
  expect(timeOf('2026-02-28T23:59:59Z')).toBe(Date.parse('2026-02-28T23:59:59Z'));
  expect(timeOf('2026-02-28T23:59:59.123456Z')).toBe(Date.parse('2026-02-28T23:59:59.123Z'));
  expect(timeOf('2026-02-28T23:59:59.5Z')).toBe(Date.parse('2026-02-28T23:59:59.500Z'));
});
