/** Loss of one packet in fifty changes no finding. */

import { expect, test } from 'vitest';
import { beginFirewall } from './mind.ts';
import { type Packet, runModel, type Verdict } from './model-host.laws.ts';

const ports = Array.from({ length: 70 }, (_, i) => (i < 30 ? i + 1 : i > 30 ? 2970 + i : 443));
const open = [22, 25, 443, 3006];
const isAllowed = ({ port, state }: Packet) => state !== 'invalid' && [22, 443].includes(port);

const filters: readonly [string, (packet: Packet) => Verdict, readonly string[], number][] = [
  ['no filter', () => 'accept', ['no-filter'], 600],
  [
    'a default drop with a trusted source port',
    (packet) => (isAllowed(packet) || packet.from === 53 ? 'accept' : 'drop'),
    ['default-drop', 'filter-location', 'source-port-hole', 'stateful-filter'],
    60,
  ],
  [
    'a default drop of SYN alone',
    (packet) => ((packet.flags & 0x12) === 2 && !isAllowed(packet) ? 'drop' : 'accept'),
    ['default-drop', 'filter-location', 'flag-hole', 'stateless-filter'],
    60,
  ],
  [
    'a default reset',
    (packet) => (isAllowed(packet) ? 'accept' : packet.state === 'invalid' ? 'drop' : 'rst'),
    ['default-reject', 'filter-location', 'forged-reset', 'stateful-filter'],
    60,
  ],
];

test.each(filters)('%s is found through loss', (_, judge, rules, seeds) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const host = { ports, open, greeters: [22], distance: 2, seed, loss: 0.02, attempts: 2 } as const;
    const run = runModel({ ...host, filters: [{ hop: 1, judge, isTracking: true }] }, (view) =>
      beginFirewall(view),
    );
    const { findings, leftOut } = run.inference.conclude();
    const told = findings.map(({ rule }) => rule).sort();
    expect([told, leftOut], `seed ${seed}`).toEqual([rules, []]);
  }
});

const dropped: readonly [string, (packet: Packet) => Verdict, boolean, readonly string[]][] = [
  [
    'a default drop',
    (packet) => (isAllowed(packet) ? 'accept' : 'drop'),
    true,
    ['default-drop', 'filter-location', 'stateful-filter'],
  ],
  [
    'a trusted source port',
    (packet) => (isAllowed(packet) || packet.from === 53 ? 'accept' : 'drop'),
    true,
    ['default-drop', 'filter-location', 'source-port-hole', 'stateful-filter'],
  ],
  [
    'a filter without state that does not see the flags of small fragments',
    ({ port, flags }) => ([22, 443].includes(port) || (flags & 2) === 0 ? 'accept' : 'drop'),
    false,
    ['default-drop', 'filter-location', 'flag-hole', 'fragment-hole', 'stateless-filter'],
  ],
];

// Where silent ports are asked four times, that is all which the scan of so few may cost.
test.each(dropped)(
  '%s is looked at in full where the scan took its whole share',
  (_, judge, isTracking, rules) => {
    for (let seed = 1; seed <= 60; seed++) {
      const lossy = { loss: 0.05, scanAttempts: 4, attempts: 3, seed } as const;
      const host = { ports, open, greeters: [22], distance: 2, ...lossy };
      const run = runModel({ ...host, filters: [{ hop: 1, judge, isTracking }] }, (view) =>
        beginFirewall(view),
      );
      const { findings, leftOut } = run.inference.conclude();
      const told = findings.map(({ rule }) => rule).sort();
      expect([told, leftOut], `seed ${seed}`).toEqual([rules, []]);
    }
  },
);
