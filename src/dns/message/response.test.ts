import { expect, test } from 'vitest';
import { nameBytes } from './domain-name.ts';
import { Response } from './response.ts';

test('what a DNAME takes over from the question is in lower case, its own target is as it stands', () => {
  const type = { A: 1, CNAME: 5, DNAME: 39 };
  const wire = (text: string) => [...(nameBytes(text) ?? [])];
  const upper = (octets: number[]) =>
    octets.map((octet) => (octet >= 0x61 && octet <= 0x7a ? octet & 0xdf : octet));
  const record = (owner: number[], number: number, data: number[]) => [
    ...owner,
    0,
    number,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    data.length,
    ...data,
  ];
  const target = [5, ...Buffer.from('Other'), ...wire('test')];
  const moved = [...upper(wire('x.y')).slice(0, -1), ...target];
  const message = [
    ...[0, 1, 0x84, 0, 0, 1, 0, 2, 0, 0, 0, 0],
    ...[...wire('x.y.d.test'), 0, type.A, 0, 1],
    ...record(wire('d.test'), type.DNAME, target),
    ...record(wire('x.y.d.test'), type.CNAME, moved),
  ];
  expect(
    Response.read(Uint8Array.from(message))?.records.map(({ type: name, value }) => [name, value]),
  ).toEqual([
    ['DNAME', 'Other.test.'],
    ['CNAME', 'x.y.Other.test.'],
  ]);
});
