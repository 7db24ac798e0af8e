import { expect, it } from 'vitest';
import { numbered, portFact, render, scanFact, summaryFact } from '../writer.laws.ts';

it('a page of one host with all its ports, told one by one, is no longer than 200 kB', () => {
  const services = ['ssh', 'http', 'https', 'domain', 'mysql', 'ldap', 'redis'];
  const facts = Array.from({ length: 65_535 }, (_, i) => {
    const port = i + 1;
    // Mixed without an order that could be packed well.
    const mixed = Math.imul(port, 0x9e37_79b1) >>> 8;
    const rest = { rttMs: (mixed % 4000) / 1000, attempts: 1 + (mixed % 3) };
    if (mixed % 3 === 0)
      return portFact(port, 'open', 'syn-ack', { ...rest, service: services[mixed % services.length] ?? '' });
    return mixed % 3 === 1
      ? portFact(port, 'closed', 'reset', rest)
      : portFact(port, 'filtered', 'no-response', rest);
  });
  const page = render('html', numbered([scanFact, ...facts, summaryFact]));
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(200_000);
});
