/** What is asked once more without a name, and what is told of it. */

import { expect, test } from 'vitest';
import type { Move, Outcome } from './moves.ts';
import type { Service } from './service.ts';
import { withUnnamed } from './unnamed.ts';

const own = Uint8Array.of(1);
const service: Service = {
  name: 'http',
  cpe: [],
  tls: true,
  confidence: 10,
  via: 'http',
  alpn: 'http/1.1',
  certificates: [own],
  extra: { version: '1.1' },
};
const secured = (certificate: Uint8Array): Outcome => ({
  was: 'secured',
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  certificates: [certificate],
});
const refused: Outcome = { was: 'not-secured', reason: 'alert', alert: 112, heard: new Uint8Array(0) };

function ask(outcome: Outcome, of: Service = service, host = 'db.lab', intensity = 8) {
  const steps = withUnnamed(of, { host, port: 443 }, intensity);
  const moves: Move[] = [];
  let step = steps.next();
  while (step.done !== true) {
    moves.push(step.value);
    step = steps.next(step.value.does === 'open' ? { was: 'opened', rttMs: 1 } : outcome);
  }
  return { moves, told: step.value.extra?.['withoutName'] };
}

test('another certificate is told, the same is not, and a refusal is', () => {
  expect(ask(secured(Uint8Array.of(2))).told).toBe('another certificate');
  expect(ask(secured(own)).told).toBeUndefined();
  expect(ask(refused).told).toBe('refused');
});

test('it is asked on a connection of its own, without a name, for what was agreed on before', () => {
  expect(ask(secured(own)).moves).toMatchObject([
    { does: 'open' },
    { does: 'secure', alpn: ['http/1.1'], isNamed: false },
  ]);
});

test('nobody is asked who was asked by an address, in plain text, or with less intensity', () => {
  expect(ask(refused, service, '10.0.0.5').moves).toEqual([]);
  expect(ask(refused, service, '[fd00::5]').moves).toEqual([]);
  expect(ask(refused, { ...service, tls: false }).moves).toEqual([]);
  expect(ask(refused, { ...service, certificates: [] }).moves).toEqual([]);
  expect(ask(refused, service, 'db.lab', 7).moves).toEqual([]);
});
