import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errnos } from '../system/errnos.ts';
import { hasLibc } from '../system/ffi.ts';
import { type AsyncDialer, type Dialer, type DialOptions, dialOutcomes } from './contract.ts';
import { EpollConnector } from './epoll-connector.ts';
import { NodeConnector } from './node-connector.ts';

/** The contract of dialers on loopback, the same for every one of them. */
const dialers: readonly (readonly [string, (options?: DialOptions) => Dialer | AsyncDialer])[] = [
  ...(hasLibc ? [['epoll', (options?: DialOptions) => new EpollConnector(options)] as const] : []),
  ['node', (options?: DialOptions) => new NodeConnector(options)],
];

const loopback4 = Uint8Array.of(127, 0, 0, 1);
const loopback6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

describe.each(dialers)('%s', (_, make) => {
  let servers: Server[] = [];
  let open = 0;
  let open6 = 0;
  let closed = 0;

  beforeAll(async () => {
    servers = await Promise.all([listen('127.0.0.1'), listen('::1'), listen('127.0.0.1')]);
    [open, open6, closed] = servers.map(portOf) as [number, number, number];
    servers[2]?.close();
    await once(servers[2] as Server, 'close');
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  test('tells what connects and what is refused, in both families', async () => {
    const dialer = make();
    expect(dialer.start(0, 4, loopback4, 0, open)).toBe(0);
    expect(dialer.start(1, 4, loopback4, 0, closed)).toBe(0);
    expect(dialer.start(2, 6, loopback6, 0, open6)).toBe(0);
    expect(dialer.start(3, 6, loopback6, 0, closed)).toBe(0);
    expect(dialer.outstanding).toBe(4);
    const found = await collect(dialer, 4);
    expect(found).toEqual(new Map([0, 1, 2, 3].map((t) => [t, t % 2 === 0 ? 'connected' : 'refused'])));
    expect(dialer.outstanding).toBe(0);
    dialer.close();
  });

  test('many attempts one after another each get their own answer', async () => {
    const dialer = make({ most: 8 });
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 8; i++) {
        expect(dialer.start(i, 4, loopback4, 0, (round + i) % 3 === 0 ? open : closed)).toBe(0);
      }
      const found = await collect(dialer, 8);
      for (let i = 0; i < 8; i++) expect(found.get(i)).toBe((round + i) % 3 === 0 ? 'connected' : 'refused');
    }
    dialer.close();
  });

  test('a full dialer says EAGAIN and takes more when something was told', async () => {
    const dialer = make({ most: 2 });
    expect(dialer.capacity).toBe(2);
    expect(dialer.start(0, 4, loopback4, 0, closed)).toBe(0);
    expect(dialer.start(1, 6, loopback6, 0, closed)).toBe(0);
    expect(dialer.start(2, 4, loopback4, 0, closed)).toBe(errnos.EAGAIN);
    await collect(dialer, 2);
    // Both places are free for either family.
    expect(dialer.start(2, 4, loopback4, 0, closed)).toBe(0);
    expect(dialer.start(3, 4, loopback4, 0, closed)).toBe(0);
    expect((await collect(dialer, 2)).size).toBe(2);
    dialer.close();
  });

  test('what was given up is not told, decided or not', async () => {
    const dialer = make();
    for (let i = 0; i < 6; i++) expect(dialer.start(i, 4, loopback4, 0, closed)).toBe(0);
    dialer.cancel(1);
    dialer.cancel(1);
    dialer.cancel(77);
    expect(dialer.outstanding).toBe(5);
    // The token is the caller's again.
    expect(dialer.start(1, 4, loopback4, 0, open)).toBe(0);
    dialer.cancel(4);
    expect(await collect(dialer, 5)).toEqual(
      new Map([0, 1, 2, 3, 5].map((t) => [t, t === 1 ? 'connected' : 'refused'])),
    );
    // What was given up came free once, not twice.
    for (let i = 0; i < 8; i++) expect(dialer.start(i, 4, loopback4, 0, i % 2 ? open : closed)).toBe(0);
    expect(await collect(dialer, 8)).toEqual(
      new Map(Array.from({ length: 8 }, (_, i) => [i, i % 2 ? 'connected' : 'refused'])),
    );
    dialer.close();
  });

  test('what was given up makes room at once', async () => {
    const dialer = make({ most: 1 });
    for (let i = 0; i < 20; i++) {
      expect(dialer.start(i, 4, loopback4, 0, i % 2 ? open : closed)).toBe(0);
      dialer.cancel(i);
    }
    expect(dialer.outstanding).toBe(0);
    expect(dialer.start(99, 4, loopback4, 0, open)).toBe(0);
    expect(await collect(dialer, 1)).toEqual(new Map([[99, 'connected']]));
    dialer.close();
  });

  test('while it tells, attempts may be started and given up', async () => {
    const dialer = make();
    const told: number[] = [];
    for (let i = 0; i < 4; i++) dialer.start(i, 4, loopback4, 0, closed);
    let waits = 0;
    while (told.length < 5 && waits++ < mostWaits) {
      await settle(dialer);
      dialer.poll(0, (token) => {
        told.push(token);
        for (let other = 0; other < 4; other++) if (other !== token && token < 4) dialer.cancel(other);
        if (token < 13) dialer.start(token < 4 ? 10 : token + 1, 4, loopback4, 0, open);
      });
    }
    expect(told).toEqual([told[0], 10, 11, 12, 13]);
    expect(dialer.outstanding).toBe(0);
    dialer.close();
  });

  test('a token that is outstanding cannot be used again', () => {
    const dialer = make();
    dialer.start(5, 4, loopback4, 0, closed);
    expect(() => dialer.start(5, 4, loopback4, 0, closed)).toThrow('token 5');
    expect(dialer.outstanding).toBe(1);
    dialer.close();
  });

  test('an address of one family reaches no target of the other', () => {
    const dialer = make({ sourceAddress: Uint8Array.of(127, 0, 0, 9) });
    expect(dialer.start(0, 6, loopback6, 0, open6)).toBe(errnos.EAFNOSUPPORT);
    expect(dialer.outstanding).toBe(0);
    dialer.close();
  });

  test('a server sees a reset: nothing stays behind', async () => {
    const server = await listen('127.0.0.1');
    const errors: (string | undefined)[] = [];
    const seen = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
        socket.on('close', () => resolve());
        socket.resume();
      });
    });
    const dialer = make();
    dialer.start(0, 4, loopback4, 0, portOf(server));
    expect(await collect(dialer, 1)).toEqual(new Map([[0, 'connected']]));
    await seen;
    expect(errors).toEqual(['ECONNRESET']);
    dialer.close();
    server.close();
  });
});

test.skipIf(!hasLibc)('epoll: an origin that cannot be is told in one line', () => {
  const make = (options: DialOptions) => () => new EpollConnector(options).close();
  expect(make({ sourceAddress: Uint8Array.of(192, 0, 2, 254) })).toThrow('192.0.2.254');
  expect(make({ interfaceName: 'nowhere0' })).toThrow('"nowhere0": no such interface');
  expect(make({ interfaceName: 'lo' })).not.toThrow();
});

test('node: an interface cannot be chosen', () => {
  expect(() => new NodeConnector({ interfaceName: 'lo' })).toThrow('"lo"');
});

/** Polls until `count` outcomes came, by token. */
async function collect(dialer: Dialer | AsyncDialer, count: number): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (let i = 0; found.size < count && i < mostWaits; i++) {
    await settle(dialer);
    dialer.poll(20, (token, outcome) => {
      if (found.has(token)) throw new Error(`token ${token} told twice`);
      found.set(token, dialOutcomes[outcome] as string);
    });
  }
  return found;
}

async function settle(dialer: Dialer | AsyncDialer): Promise<void> {
  // The servers live in this very thread: let them accept, or their queues fill up.
  await new Promise((resolve) => setImmediate(resolve));
  if ('wait' in dialer) await dialer.wait(20);
}

async function listen(host: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const mostWaits = 200;
