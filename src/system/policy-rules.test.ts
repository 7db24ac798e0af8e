import { expect, test } from 'vitest';
import { flowsOf, hideWays, readPortRule, usualFlow } from './policy-rules.ts';

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

test('of protocols but TCP, UDP and ICMP the kernel does not tell the ways', () => {
  const rule = (protocol?: number) => [
    {
      ...(protocol === undefined ? { ports: { first: 80, last: 80 } } : { protocol }),
      hasSourcePorts: false,
    },
  ];
  const hide = (rules: ReturnType<typeof rule>, family: 4 | 6, ...protocols: number[]) =>
    hideWays(rules, new Set(protocols), family);
  expect(hide(rule(132), 4, 6, 132)).toBe(true);
  expect(hide(rule(132), 4, 6, 17, 1)).toBe(false);
  expect(hide(rule(6), 4, 132, 6)).toBe(false);
  // A rule about ports is one of each protocol that has any.
  expect(hide(rule(), 4, 132)).toBe(true);
  expect(hide(rule(), 4, 6, 47, 50)).toBe(false);
  expect([hide(rule(1), 6, 1), hide(rule(58), 6, 58), hide(rule(1), 4, 1)]).toEqual([true, false, false]);
});

test('the usual way is asked for by a packet that no rule is about', () => {
  const rule = (protocol?: number, first?: number) => ({
    ...(protocol !== undefined && { protocol }),
    ...(first !== undefined && { ports: { first, last: first } }),
    hasSourcePorts: false,
  });
  const usual = (...rules: ReturnType<typeof rule>[]) => usualFlow(rules, 4)?.protocol;
  expect(usual()).toBeUndefined();
  expect([usual(rule(6)), usual(rule(17)), usual(rule(17), rule(6))]).toEqual([17, 6, 1]);
  // Packets without a port are none of these.
  expect([usual(rule(17, 53)), usual(rule(undefined, 80))]).toEqual([17, 17]);
  const all = [rule(17), rule(6), rule(1)];
  expect(usual(...all)).toBeUndefined();
  expect([hideWays(all, new Set([47]), 4), hideWays(all, new Set([6, 17]), 4)]).toEqual([true, false]);
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
