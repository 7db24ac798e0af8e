/** Peers that mean no good and machines that are out of something, on real sockets. */

import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { errnos } from '../system/errnos.ts';
import { hasLibc } from '../system/ffi.ts';
import { makeCertificate } from './certificate.laws.ts';
import type { Dial, Dialogue, DialTarget } from './dial.ts';
import { Loopback } from './loopback.laws.ts';
import type { DialConfig } from './open-dial.ts';
import { driven, plainDial } from './plain-dial.laws.ts';

const loopback = new Loopback();
afterAll(() => loopback.close());
const nowUs = () => performance.now() * 1000;
const soon = (us = 5_000_000) => nowUs() + us;
const host = { family: 4, value: 0x7f00_0001n } as const;
const to = (port: number, more: Partial<DialTarget> = {}): DialTarget => ({
  host,
  port,
  transport: 'tcp',
  timeoutUs: 5_000_000,
  ...more,
});

/** Runs work on a dial and closes it. The servers live on this thread too, so nothing sleeps in the kernel. */
async function onDial<T>(more: Partial<DialConfig>, work: (dial: Dial) => Promise<T>): Promise<T> {
  const dial = plainDial(more);
  const result = driven(work(dial), async () => {
    dial.poll(0, () => undefined);
    await dial.wait(1);
    await new Promise((resolve) => setImmediate(resolve));
  });
  return result.finally(() => dial.close());
}

async function open(dial: Dial, target: DialTarget): Promise<Dialogue> {
  const opened = await dial.open(target);
  if (opened.outcome !== 'connected') throw new Error(`${opened.outcome} ${opened.errno}`);
  return opened.dialogue;
}

const kinds = [...(hasLibc ? [['epoll', false] as const] : []), ['node', true] as const];

describe.each(kinds)('%s', (_, isPortable) => {
  test('a peer that sends without end is held back by its window while nobody reads', async () => {
    let sent = 0;
    const port = await loopback.listenRaw((socket: Socket) => {
      const more = (): void => {
        // A tenth of a megabyte a time, a hundred at most.
        while (sent < 10_000_000 && socket.write(Buffer.alloc(100_000))) sent += 100_000;
      };
      socket.on('drain', more);
      more();
    });
    await onDial({ isPortable }, async (dial) => {
      const dialogue = await open(dial, to(port));
      expect(await dialogue.read(1, soon())).toMatchObject({ kind: 'bytes' });
      // Long enough for all of it, were it taken.
      expect(await dial.open(to(await loopback.listen({}), { timeoutUs: 50_000, tls: {} }))).toMatchObject({
        outcome: 'connected',
      });
      expect(sent).toBeLessThan(9_000_000);
      expect(dialogue.cost.bytesIn).toBe(1);
    });
  });

  test('old servers: TLS 1.0 and 1.1, and ciphers that nobody offers any more', async () => {
    const { key, cert } = makeCertificate('old.test');
    await onDial({ isPortable }, async (dial) => {
      for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const) {
        const server = createTlsServer(
          {
            key,
            cert,
            minVersion: version,
            maxVersion: version,
            ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0',
          },
          (socket) => void socket.on('error', () => undefined).end('old words'),
        );
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as { port: number };
        const dialogue = await open(dial, to(port, { tls: {} }));
        expect(dialogue.tls).toMatchObject({
          kind: 'session',
          version,
          cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
        });
        expect(await dialogue.read(100, soon())).toEqual({ kind: 'bytes', bytes: Buffer.from('old words') });
        dialogue.close('fin');
        server.close();
      }
    });
  });

  test('a certificate of any size a server may show is kept, a chain beyond that is a failure', async () => {
    const large = makeCertificate('large.test', 60_000);
    await onDial({ isPortable }, async (dial) => {
      const results = [];
      for (const cert of [large.cert, large.cert.repeat(3)]) {
        const server = createTlsServer(
          { key: large.key, cert },
          (socket) => void socket.on('error', () => undefined),
        );
        server.on('tlsClientError', () => undefined);
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as { port: number };
        const dialogue = await open(dial, to(port, { tls: {} }));
        results.push(dialogue.tls);
        dialogue.close('reset');
        server.close();
      }
      expect(results[0]).toMatchObject({ kind: 'session', certificates: [Uint8Array.from(large.der)] });
      expect(results[1]).toMatchObject({ kind: 'failure', reason: 'protocol' });
    });
  });

  test('an address as a server name is not sent, and nobody warns of it', async () => {
    const { key, cert } = makeCertificate('named.test');
    const names: unknown[] = [];
    const server = createTlsServer({ key, cert }, (socket) => {
      names.push(socket.servername);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const warnings: string[] = [];
    const warned = ({ message }: Error) => void warnings.push(message);
    process.on('warning', warned);
    await onDial({ isPortable }, async (dial) => {
      for (const serverName of ['127.0.0.1', 'named.test'])
        expect((await open(dial, to(port, { tls: { serverName } }))).tls).toMatchObject({ kind: 'session' });
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect([names, warnings]).toEqual([[false, 'named.test'], []]);
    server.close();
  });

  test('garbage after a good handshake breaks the dialogue off', async () => {
    const { key, cert } = makeCertificate('bad.test');
    const server = createTlsServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      // Past TLS, into the connection below it.
      const raw = (socket as unknown as { _parent?: Socket })._parent;
      socket.write('good', () => raw?.write('\x17\x03\x03\x00\x05wrong'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await onDial({ isPortable }, async (dial) => {
      const dialogue = await open(dial, to((server.address() as { port: number }).port, { tls: {} }));
      const first = await dialogue.read(100, soon());
      expect(first).toMatchObject({ kind: 'bytes' });
      expect(['reset', 'timeout']).toContain((await dialogue.read(100, soon(100_000))).kind);
      dialogue.close('reset');
    });
    server.close();
  });

  test('a reset stays one when words were on their way to whoever sent it', async () => {
    let isOver: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      isOver = resolve;
    });
    const port = await loopback.listenRaw((socket) => {
      socket.once('close', isOver);
      socket.resetAndDestroy();
    });
    await onDial({ isPortable }, async (dial) => {
      const dialogue = await open(dial, to(port));
      await over;
      dialogue.send(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
      expect(await dialogue.read(100, soon())).toEqual({ kind: 'reset' });
      dialogue.close('reset');
    });
  });

  test('a source port that another program holds is trouble of this machine, never a state', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const sourcePort = (holder.address() as { port: number }).port;
    const port = await loopback.listen({});
    const origin = { sourceAddress: Uint8Array.of(127, 0, 0, 1) };
    await onDial({ isPortable, origin }, async (dial) => {
      const opened = await dial.open(to(port, { sourcePort, timeoutUs: 50_000 }));
      expect(opened).toMatchObject({ outcome: 'local', errno: errnos.EADDRINUSE });
    });
    holder.close();
  });

  test('the asked source port is the one connections come from, one after the other', async () => {
    const seen: (number | undefined)[] = [];
    const port = await loopback.listenRaw((socket) => {
      seen.push(socket.remotePort);
      socket.write('x');
    });
    const sourcePort = await loopback.closedPort();
    await onDial({ isPortable }, async (dial) => {
      for (let i = 0; i < 3; i++) {
        const dialogue = await open(dial, to(port, { sourcePort }));
        await dialogue.read(1, soon());
        dialogue.close('reset');
      }
    });
    expect(seen).toEqual([sourcePort, sourcePort, sourcePort]);
  });

  test.skipIf(!existsSync('/proc/self/fd'))('no descriptor stays behind, however dialogues end', async () => {
    const habits = await Promise.all([
      loopback.listen({ steps: [{ says: 'x', ends: 'fin' }] }),
      loopback.listen({ steps: [{ ends: 'reset' }] }),
      loopback.listen({}),
      loopback.closedPort(),
      loopback.listen({ steps: [{ hears: '\x16', says: 'no' }] }),
    ]);
    const clients = () => {
      const count = readdirSync('/proc/self/fd').length;
      return new Promise<number>((resolve) => setImmediate(() => resolve(count)));
    };
    const round = () =>
      onDial({ isPortable }, async (dial) => {
        await Promise.all(
          habits.flatMap((port) =>
            Array.from({ length: 4 }, async (_, i) => {
              const tls = i % 2 === 0 ? {} : { tls: {} };
              const opened = await dial.open(to(port, { ...tls, timeoutUs: 50_000 }));
              if (opened.outcome !== 'connected') return;
              await opened.dialogue.read(10, soon(10_000));
              // Some are left to close().
              if (i < 3) opened.dialogue.close(i === 1 ? 'fin' : 'reset');
            }),
          ),
        );
      });
    await round();
    const before = await settledCount(clients);
    for (let i = 0; i < 3; i++) await round();
    expect(await settledCount(clients, before)).toBeLessThanOrEqual(before);
  });
});

describe.skipIf(!hasLibc)('a loop that may sleep', () => {
  test('sleeps in the kernel while the network is silent, for attempts and dialogues at once', async () => {
    // The server has a thread of its own: this one sleeps.
    const server = new Worker(
      `const { createServer } = require('node:net');
       const { parentPort } = require('node:worker_threads');
       createServer((socket) => {
         socket.on('error', () => {});
         let left = 3;
         const tick = () => { socket.write('tick'); if (--left > 0) setTimeout(tick, 40); else socket.end(); };
         setTimeout(tick, 40);
       }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`,
      { eval: true },
    );
    const [port] = (await once(server, 'message')) as [number];
    const dial = plainDial({ kinds: new Set(['connection']) });
    let isOver = false;
    let polls = 0;
    const work = (async () => {
      const dialogue = await open(dial, to(port, { timeoutUs: 1_000_000 }));
      let text = '';
      for (;;) {
        const read = await dialogue.read(100, soon());
        if (read.kind !== 'bytes') return `${text} ${read.kind}`;
        text += Buffer.from(read.bytes);
      }
    })().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      polls++;
      dial.poll(100, () => undefined);
      if (dial.isAsync) await dial.wait(100);
    }
    expect(await work).toBe('tickticktick end');
    // Five things happened; each is worth a few turns, and two hundred milliseconds of spinning thousands.
    expect(polls).toBeLessThan(60);
    dial.close();
    await server.terminate();
  });
});

/** Waits until sockets that are being closed are gone. */
async function settledCount(count: () => Promise<number>, wanted = 0): Promise<number> {
  let last = await count();
  for (let quiet = 0; quiet < 50 && last > wanted; ) {
    const now = await count();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
  return last;
}
