import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import {
  descriptorLimit,
  ephemeralPorts,
  freePortBlock,
  raiseDescriptorLimit,
  readBoundPorts,
} from './limits.ts';

test('limits: raising leaves the soft limit at the hard one', () => {
  const { hard } = descriptorLimit();
  expect(raiseDescriptorLimit()).toBe(hard);
  expect(descriptorLimit()).toEqual({ soft: hard, hard });
});

test('limits: a port that the kernel chose lies in the ephemeral range', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  const { first, last } = ephemeralPorts();
  expect(port).toBeGreaterThanOrEqual(first);
  expect(port).toBeLessThanOrEqual(last);
});

test('limits: a block is aligned, and moves away when a socket is bound in it', async () => {
  const first = freePortBlock(256);
  expect(first % 256).toBe(0);
  const server = createServer().listen(first + 17, '127.0.0.1');
  await once(server, 'listening');
  const second = freePortBlock(256);
  server.close();
  expect(second).not.toBe(first);
  expect(second % 256).toBe(0);
});

test('limits: a block holds no port that is taken, and where none is left that is said', () => {
  const first = freePortBlock(4096);
  expect(freePortBlock(4096, [first + 4095])).not.toBe(first);
  const everywhere = Array.from({ length: 16 }, (_, i) => 4096 * i + 7);
  expect(() => freePortBlock(4096, everywhere)).toThrow('leave no block of 4096 source ports free');
});

test('limits: no block outside the ports there are', () => {
  for (const size of [0, 3, 65_536]) expect(() => freePortBlock(size)).toThrow(`no block of ${size} ports`);
});

test('limits: bound ports are read from the kernel’s table, whatever else stands there', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1199 1',
    '   1: 0100007F:F001 0100007F:0050 06 00000000:00000000 03:00000015 00000000     0        0 0 3',
    '  10: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000',
    'garbage: 00000000:0001 x',
  ].join('\n');
  expect(readBoundPorts(table)).toEqual([0x7e8, 0x35]);
});
