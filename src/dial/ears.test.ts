import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasLibc } from '../system/ffi.ts';
import type { Ear } from './ear.ts';
import { EpollEar } from './epoll-ear.ts';
import { NodeEar } from './node-ear.ts';

/** The contract of ears on loopback, the same for every one of them. */
const ears: readonly (readonly [string, () => Ear])[] = [
  ...(hasLibc ? [['epoll', () => new EpollEar()] as const] : []),
  ['node', () => new NodeEar()],
];

const loopback4 = Uint8Array.of(127, 0, 0, 1);
const loopback6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const nothing = new Uint8Array(0);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe.each(ears)('%s', (_, make) => {
  const servers: Server[] = [];
  const ports: Record<string, number> = {};
  const said: string[] = [];
  beforeAll(async () => {
    const habits: Readonly<Record<string, (socket: Socket) => void>> = {
      greets: (socket) => void socket.write('220 ready\r\n'),
      greets6: (socket) => void socket.write('220 over six\r\n'),
      closes: (socket) => void socket.end(),
      resets: (socket) => void socket.resetAndDestroy(),
      silent: (socket) => void socket.on('data', (bytes) => said.push(`${bytes}`)),
      talks: (socket) => void socket.write('x'.repeat(5000)),
    };
    for (const [name, habit] of Object.entries(habits)) {
      const server = createServer((socket) => habit(socket.on('error', () => undefined)));
      server.listen(0, name === 'greets6' ? '::1' : '127.0.0.1');
      await once(server, 'listening');
      ports[name] = (server.address() as AddressInfo).port;
      servers.push(server);
    }
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    ports['nobody'] = (gone.address() as AddressInfo).port;
    gone.close();
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  const hear = async (name: string, words = nothing) => {
    const ear = make();
    const [family, address] = name === 'greets6' ? ([6, loopback6] as const) : ([4, loopback4] as const);
    expect(ear.start(7, family, address, 0, ports[name] as number, words)).toBe(0);
    await news(ear, 7);
    const heard = ear.end(7);
    ear.close();
    return heard;
  };

  test('hears a greeting, in both families', async () => {
    expect(await hear('greets').then(({ state, bytes }) => [state, text(bytes)])).toEqual([
      'open',
      '220 ready\r\n',
    ]);
    expect(await hear('greets6').then(({ bytes }) => text(bytes))).toEqual('220 over six\r\n');
  });

  test('hears no more than it must', async () => {
    expect((await hear('talks')).bytes.length).toBe(256);
  });

  test('tells a close from a reset and both from a refusal', async () => {
    expect((await hear('closes')).state).toBe('closed');
    expect((await hear('resets')).state).toBe('reset');
    expect((await hear('nobody')).state).toBe('refused');
  });

  test('says its words, and a silent connection stands until it is ended', async () => {
    const ear = make();
    said.length = 0;
    ear.start(1, 4, loopback4, 0, ports['silent'] as number, new TextEncoder().encode('hello'));
    const told: number[] = [];
    while (said.length === 0) {
      ear.poll((token) => told.push(token));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([told, said]).toEqual([[], ['hello']]);
    const { state, bytes, window } = ear.end(1);
    expect([state, bytes.length]).toEqual(['open', 0]);
    // Only Linux tells it; an ordinary listener on loopback takes tens of kilobytes.
    if (window !== undefined) expect(window).toBeGreaterThan(1000);
    ear.close();
  });

  test('what is ended before anything came is unheard, and its token is free again', async () => {
    const ear = make();
    ear.start(1, 4, loopback4, 0, ports['silent'] as number, nothing);
    ear.end(1);
    expect(() => ear.end(1)).toThrow();
    expect(ear.start(1, 4, loopback4, 0, ports['greets'] as number, nothing)).toBe(0);
    await news(ear, 1);
    expect(text(ear.end(1).bytes)).toBe('220 ready\r\n');
    ear.close();
  });
});

/** Waits until an ear has news of a connection. */
async function news(ear: Ear, wanted: number): Promise<void> {
  for (let isThere = false; !isThere; ) {
    ear.poll((token) => {
      isThere ||= token === wanted;
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
}
