/** The pool of Node's own sockets, which is used where the C library cannot be called. */

import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import type { Peer } from './datagram-pool.ts';
import { NodeDatagramPool } from './node-datagram-pool.ts';

const loopback = (port: number): Peer => ({
  family: 4,
  address: Uint8Array.of(127, 0, 0, 1),
  scopeId: 0,
  port,
  text: '127.0.0.1',
});

/** A promise, and what settles it. */
function settling<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}

test('what is sent is answered to the socket that it left by', async () => {
  const server = createSocket('udp4');
  server.on('message', (bytes, { port, address }) => server.send(bytes, port, address));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const peer = loopback(server.address().port);
  const socketOf = new Map<number, number>();
  const answered = new Map<number, number>();
  let turns = 0;
  const ended = settling<void>();
  const pool = new NodeDatagramPool({
    datagram(number, socket, bytes) {
      expect(number).toBe(7);
      answered.set(bytes[0] as number, socket);
      if (answered.size === 40) ended.resolve();
    },
    unreachable: () => ended.reject(new Error('unreachable')),
    turn: () => turns++,
  });
  pool.expect(true);
  for (let i = 0; i < 40; i++) {
    const place = pool.place(7, peer);
    if (place === undefined) throw new Error('no place');
    place.bytes[place.at] = i;
    socketOf.set(i, place.socket);
    pool.send(place, 1);
  }
  pool.flush();
  await ended.promise;
  expect(answered).toEqual(socketOf);
  expect(new Set(socketOf.values()).size).toBe(16);
  await new Promise((resolve) => setImmediate(resolve));
  expect(turns).toBeGreaterThan(0);
  pool.close();
  server.close();
});

test('a port that nobody listens at is told', async () => {
  const probe = createSocket('udp4');
  await new Promise<void>((resolve) => probe.bind(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  const told = settling<number>();
  const pool = new NodeDatagramPool({
    datagram: () => told.reject(new Error('an answer')),
    unreachable: told.resolve,
    turn: () => undefined,
  });
  pool.expect(true);
  const place = pool.place(3, loopback(port));
  if (place === undefined) throw new Error('no place');
  pool.send(place, 1);
  expect(await told.promise).toBe(3);
  pool.close();
});
