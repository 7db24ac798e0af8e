/** What a scan by SYN and by ACK shows by itself. */

import { expect, test } from 'vitest';
import { beginComparison } from './comparison.ts';
import { type ModelHost, ModelNetwork, type Packet, runModel, type Verdict } from './model-host.laws.ts';

const ports = Array.from({ length: 100 }, (_, i) => i + 1);
const isSyn = ({ flags }: Packet) => (flags & 0x17) === 2;

function compared(judge: (packet: Packet) => Verdict, more: Partial<ModelHost> = {}) {
  const host: ModelHost = { ports, open: [22, 80], distance: 2, filters: [{ hop: 1, judge }], ...more };
  const acks = new ModelNetwork(host);
  const ackOf = (port: number) => acks.ask({ protocol: 'tcp', technique: 'ack', port, variant: '' }, 3, true);
  const { inference, packets } = runModel(host, (view) => beginComparison(view, ackOf));
  return { ...inference.conclude(), packets };
}

test.each([0, 0.02])(
  'SYN is stopped where ACK gets through: stateless, by a few packets more, loss %f',
  (loss) => {
    for (let seed = 1; seed <= 10; seed++) {
      const stateless = (p: Packet): Verdict => (isSyn(p) && ![22, 80].includes(p.port) ? 'drop' : 'accept');
      const { findings, policy, packets } = compared(stateless, { loss, seed });
      expect(findings).toMatchObject([
        { rule: 'stateless-filter', claim: expect.stringContaining('a bare ACK gets through') },
      ]);
      expect(findings[0]?.cites.length).toBeGreaterThan(1);
      expect(Math.min(...(findings[0]?.cites ?? []))).toBe(0);
      expect(policy).toEqual([]);
      expect(packets).toBeLessThan(30);
    }
  },
);

test('a filter with state, none at all, and one whose resets are its own show nothing, and cost nothing', () => {
  const stateful = (p: Packet): Verdict => ([22, 80].includes(p.port) && isSyn(p) ? 'accept' : 'drop');
  const rejecting = (p: Packet): Verdict =>
    isSyn(p) && ![22, 80].includes(p.port) ? 'drop' : isSyn(p) ? 'accept' : 'rst';
  expect(compared(stateful)).toMatchObject({ findings: [], packets: 0 });
  expect(compared(() => 'accept')).toMatchObject({ findings: [], packets: 0 });
  expect(compared(rejecting, { hasEcho: true }).findings).toEqual([]);
});
