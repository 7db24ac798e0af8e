import { expect, test } from 'vitest';
import { flowsOf, readPortRule } from './port-rules.ts';

test('without rules about ports there is one way to each host', () => {
  expect(flowsOf([], 4)).toEqual([]);
});

test('flows are cut where rules begin and end', () => {
  const rules = [
    { protocol: 6, ports: { first: 80, last: 90 }, hasSourcePorts: false },
    { ports: { first: 85, last: 65_535 }, hasSourcePorts: false },
  ];
  const flows = flowsOf(rules, 4).map(({ protocol, first, last }) => `${protocol} ${first}-${last}`);
  expect(flows).toEqual(['6 0-79', '6 80-84', '6 85-90', '6 91-65535', '17 0-84', '17 85-65535', '1 0-0']);
});

test('a rule of the kernel is read', () => {
  // ip rule add ipproto tcp dport 80-81 lookup 100
  const body = Uint8Array.of(
    ...[2, 0, 0, 0, 100, 0, 0, 1, 0, 0, 0, 0],
    ...[5, 0, 22, 0, 6, 0, 0, 0],
    ...[8, 0, 24, 0, 80, 0, 81, 0],
  );
  const message = { type: 32, flags: 0, sequence: 1, body };
  expect(readPortRule(message)).toEqual({
    protocol: 6,
    ports: { first: 80, last: 81 },
    hasSourcePorts: false,
  });
  expect(readPortRule({ ...message, body: body.slice(0, 12) })).toBeUndefined();
});
