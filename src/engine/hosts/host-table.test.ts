import { expect, test } from 'vitest';
import { Board } from '../board.ts';
import { Host } from './host.ts';
import { HostTable } from './host-table.ts';

const board = new Board(64, 1);
const hostOf = (id: number, family: 4 | 6 = 4) =>
  new Host(id, family, { path: 0, hop: { neighbour: 0 } }, undefined, board, 0);

function allOf(table: HostTable, address: number): number[] {
  const ids: number[] = [];
  for (let host = table.findV4(address); host !== undefined; host = table.findNext()) ids.push(host.id);
  return ids.toSorted();
}

test('an address that several phases ask is several hosts, each found and removed by itself', () => {
  const table = new HostTable(32, 5);
  const hosts = Array.from({ length: 12 }, (_, id) => hostOf(id));
  // Four addresses with three hosts each.
  for (const host of hosts) table.add(host, Uint32Array.of(0x0a00_0000 + (host.id % 4)));
  expect(allOf(table, 0x0a00_0001)).toEqual([1, 5, 9]);
  table.remove(hosts[5] as Host);
  expect(allOf(table, 0x0a00_0001)).toEqual([1, 9]);
  expect(allOf(table, 0x0a00_0002)).toEqual([10, 2, 6]);
  table.remove(hosts[1] as Host);
  table.remove(hosts[9] as Host);
  expect(allOf(table, 0x0a00_0001)).toEqual([]);
  expect(allOf(table, 0x0a00_0003)).toEqual([11, 3, 7]);
});

test('addresses of either family are told apart by all their words', () => {
  const table = new HostTable(4, 5);
  table.add(hostOf(1), Uint32Array.of(1));
  table.add(hostOf(2, 6), Uint32Array.of(1, 0, 0, 0));
  table.add(hostOf(3, 6), Uint32Array.of(1, 0, 0, 9));
  const bytes = new Uint8Array(16);
  bytes[3] = 1;
  expect(table.find(4, bytes, 0)?.id).toBe(1);
  expect(table.find(6, bytes, 0)?.id).toBe(2);
  expect(table.findNext()).toBeUndefined();
});
