import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { vantageOf } from './vantage.ts';

it('vantage: this machine is one, whatever it is called by', () => {
  expect(vantageOf('127.0.0.1-127.0.0.9')).toBe('this machine');
  expect(vantageOf('::1')).toBe('this machine');
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, family } of own)
    if (family === 'IPv4') expect(vantageOf(address)).toBe('this machine');
});

it('vantage: elsewhere it is a network and a next hop, or nobody knows', () => {
  for (const target of ['192.0.2.1', '2001:db8::1', '', 'no address'])
    expect(vantageOf(target)).toMatch(
      /^(?:unknown|[\da-f.:]+\/\d+(?: via [\da-f.:]+)?|[\w.@-]+(?: via [\da-f.:]+)?)$/,
    );
});
