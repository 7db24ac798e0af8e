/** Lookups against name servers of our own on the loopback. */

import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { formatAddress } from '../model/address.ts';
import { systemLookups } from './lookups.ts';
import { reverseDomain } from './reverse-domain.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

test('the servers that were named are asked for both families and for names of addresses', async () => {
  const { server, asked } = await serve({
    'one.test A': [10, 0, 0, 1],
    'one.test AAAA': [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), 1],
    'four.test A': [10, 0, 0, 4],
    [`${reverseDomain('10.0.0.1')} PTR`]: [3, ...Buffer.from('one'), 4, ...Buffer.from('test'), 0],
  });
  const lookups = systemLookups([server]);
  const forward = async (name: string) => (await lookups.forward(name)).map(formatAddress);
  expect(await forward('one.test')).toEqual(['10.0.0.1', '2001:db8::1']);
  expect(await forward('four.test')).toEqual(['10.0.0.4']);
  expect(await lookups.reverse('10.0.0.1')).toEqual(['one.test']);
  await expect(forward('none.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect(asked).toContain('one.test AAAA');
  lookups.stop();
});

test('what the hosts file knows is not asked, and neither is localhost', async () => {
  const { server, asked } = await serve({});
  const folder = mkdtempSync(join(tmpdir(), 'portolan-lookups-'));
  const path = join(folder, 'hosts');
  writeFileSync(path, '10.0.0.7 seven.test seven\n');
  const lookups = systemLookups([server], { hosts: path });
  expect((await lookups.forward('Seven')).map(formatAddress)).toEqual(['10.0.0.7']);
  expect(await lookups.reverse('10.0.0.7')).toEqual(['seven.test']);
  expect((await lookups.forward('localhost')).map(formatAddress)).toContain('127.0.0.1');
  expect(await lookups.reverse('::1')).toEqual(['localhost']);
  expect(asked).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a server that refuses or fails is alive, one that nobody runs is not', async () => {
  const { server } = await serve('refused');
  const lookups = systemLookups([server]);
  expect(await lookups.isAlive()).toBe(true);
  await expect(lookups.forward('one.test')).rejects.toMatchObject({ code: 'EREFUSED' });
  // Nothing listens on the loopback's port 9 for names; the kernel refuses.
  const dead = systemLookups(['127.0.0.1:9']);
  expect(dead.asked).toBe('127.0.0.1:9');
  expect(await dead.isAlive()).toBe(false);
  await expect(dead.forward('one.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
});

test('what is under way ends when it is stopped', async () => {
  const { server } = await serve('silent');
  const lookups = systemLookups([server]);
  const waiting = [lookups.forward('one.test'), lookups.reverse('10.0.0.1')];
  lookups.stop();
  for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'ECANCELLED' });
});

test('an address has its domain', () => {
  expect(reverseDomain('10.0.2.7')).toBe('7.2.0.10.in-addr.arpa');
  expect(reverseDomain('2001:db8::1')).toBe(`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
});

/** A name server with these records; it refuses everything, or is silent. */
async function serve(records: Readonly<Record<string, readonly number[]>> | 'refused' | 'silent') {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    let at = 12;
    const labels: string[] = [];
    while (query[at] !== 0) {
      const length = query[at] as number;
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const type = query.readUInt16BE(at + 1);
    const key = `${labels.join('.').toLowerCase()} ${types[type] ?? type}`;
    asked.push(key);
    if (records === 'silent') return;
    const data = records === 'refused' ? undefined : records[key];
    const isKnown =
      records !== 'refused' &&
      Object.keys(records).some((one) => one.startsWith(`${labels.join('.').toLowerCase()} `));
    const code = records === 'refused' ? 5 : isKnown ? 0 : 3;
    const head = Buffer.from([0x81, 0x80 | code, 0, 1, 0, data === undefined ? 0 : 1, 0, 0, 0, 0]);
    const answer = data === undefined ? [] : [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data];
    socket.send(
      Buffer.concat([query.subarray(0, 2), head, question, Buffer.from(answer)]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { server: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked };
}

const types: Readonly<Record<number, string>> = { 1: 'A', 12: 'PTR', 28: 'AAAA' };
