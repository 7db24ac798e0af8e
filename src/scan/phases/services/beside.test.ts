/** Several services behind one port, on real sockets. */

import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Loopback } from '../../../dial/loopback.laws.ts';
import { driven, plainDial } from '../../../dial/plain-dial.laws.ts';
import type { ShardConfig } from '../../shard/config.ts';
import type { PhaseHost } from '../phase.ts';
import { services } from './phase.ts';

const loopback = new Loopback();
beforeAll(() => services.prepare?.());
afterAll(() => loopback.close());

test('all are told at once, the cost of all with the first', async () => {
  const port = await loopback.listenRaw(multiplex);
  const host: PhaseHost = {
    id: 3,
    address: { family: 4, value: 0x7f00_0001n },
    scopeId: 0,
    isNear: true,
    isTimedOut: false,
    untilUs: Number.POSITIVE_INFINITY,
    openPorts: [{ protocol: 'tcp', port }],
    silentPorts: [],
  };
  const wish = { intensity: 8, names: {}, timeoutUs: 8_000_000, keepsTalk: false };
  const config = { services: wish, variants: [] } as unknown as ShardConfig;
  const state = services.begin?.(host, config) as never;
  const [question] = services.agenda?.(host, state) ?? [];
  const dial = plainDial();
  try {
    const talk = services.talk?.(host, question as never, dial) as Promise<never>;
    const seen = await driven(talk, async () => {
      dial.poll(0, () => undefined);
      await dial.wait(1);
      await new Promise((resolve) => setImmediate(resolve));
    });
    services.fold?.(host, state, question as never, seen);
  } finally {
    dial.close();
  }
  const told = services.news?.(host, state);
  expect(told).toMatchObject([
    { port, name: 'http', product: 'nginx', connections: expect.any(Number) },
    { port, name: 'ssh', product: 'OpenSSH', version: '9.2p1' },
  ]);
  expect(told?.[1]).not.toHaveProperty('connections');
  expect(told?.[0]).not.toHaveProperty('beside');
});

/** By the first bytes: the web, SSH, or the end. */
function multiplex(socket: Socket): void {
  socket.once('data', (bytes) => {
    const words = bytes.toString('latin1');
    if (words.startsWith('GET / '))
      socket.end('HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n');
    else if (words.startsWith('SSH-2.0-')) socket.end('SSH-2.0-OpenSSH_9.2p1\r\n');
    else socket.end();
  });
}
