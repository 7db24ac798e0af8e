import { expect, test } from 'vitest';
import type { PageHost } from '../data.ts';
import { wayOf } from './way.ts';

const host = (address: string, rest: Partial<PageHost> = {}): PageHost => ({
  address,
  title: address,
  state: 'up',
  notes: [],
  ...rest,
});
const trace = (...hops: (string | null)[]) => ({
  traces: [{ by: '22/tcp', isReached: true, hops: hops.map((address, i) => ({ ttl: i + 1, address })) }],
});

test('ways that begin alike share their nodes, and each says how many hosts lie behind it', () => {
  const { nodes, edges } = wayOf(
    [host('10.2.0.1', trace('10.1.0.1', '10.2.0.1')), host('10.2.0.2', trace('10.1.0.1', '10.2.0.2'))],
    9,
  );
  expect(nodes.map(({ label, hop, kind, weight }) => [label, hop, kind, weight])).toEqual([
    ['this machine', 0, 'here', 2],
    ['10.1.0.1', 1, 'router', 2],
    ['10.2.0.1', 2, 'host', 1],
    ['10.2.0.2', 2, 'host', 1],
  ]);
  expect(edges.every(({ evidence }) => evidence === 'measured')).toBe(true);
});

test('whoever stays silent makes the way before and behind it inferred', () => {
  const { edges } = wayOf([host('10.2.0.1', trace('10.1.0.1', null, '10.2.0.1'))], 9);
  expect(edges.map(({ evidence }) => evidence)).toEqual(['measured', 'inferred', 'inferred']);
});

test('a filter stands at its hop; where nobody was followed the host stands behind it, inferred', () => {
  const filters = [{ low: 1, high: 2, action: 'drop', ports: 'tcp 25' }];
  const followed = wayOf([host('10.2.0.1', { ...trace('10.1.0.1', '10.2.0.1'), filters })], 9);
  expect(followed.nodes.find(({ filters }) => filters.size > 0)?.label).toBe('10.1.0.1');
  const { nodes, edges } = wayOf([host('10.2.0.1', { filters })], 9);
  expect(nodes.map(({ hop }) => hop)).toEqual([0, 2]);
  expect(edges.map(({ evidence }) => evidence)).toEqual(['inferred']);
  expect([...(nodes[1]?.filters ?? [])]).toEqual(['drop at hop 1 or 2: tcp 25']);
});

test('those that have no room are counted, hosts without a known way are not', () => {
  const hosts = Array.from({ length: 5 }, (_, i) => host(`10.2.0.${i}`, trace(`10.2.0.${i}`)));
  expect(wayOf([...hosts, host('10.3.0.1')], 3).leftOut).toBe(2);
  expect(wayOf([host('10.3.0.1')], 3).nodes).toEqual([]);
});
