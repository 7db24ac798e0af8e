/**
 * Real servers on the loopback that follow the simulator's scripts, for the laws of dials.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { makeCertificate } from './certificate.laws.ts';
import { type Talk, TalkRun } from './talk.laws.ts';

/** What every TLS server here shows. */
export const certificate = makeCertificate('loopback.test');

/** Servers that were started, to be closed together. */
export class Loopback {
  readonly #closers: (() => void)[] = [];

  /** A port that talks as it is told to. */
  async listen(talk: Talk): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, talk));
    return this.#open(server);
  }

  /** A port that does whatever it likes. */
  async listenRaw(serveSocket: (socket: Socket) => void): Promise<number> {
    return this.#open(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.on('error', () => undefined);
        serveSocket(socket);
      }),
    );
  }

  /** A UDP port that talks as it is told to once something came. */
  async listenDatagrams(talk: Talk): Promise<number> {
    const socket = createSocket('udp4');
    let run: TalkRun | undefined;
    socket.on('message', (bytes, { port, address }) => {
      run ??= new TalkRun(talk, realClock, {
        say: (words) => socket.send(words, port, address),
        end: () => undefined,
      });
      run.hear(bytes);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    this.#closers.push(() => {
      run?.stop();
      socket.close();
    });
    return socket.address().port;
  }

  /** A port that was free a moment ago. */
  async closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  async #open(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }
}

function serve(socket: Socket, talk: Talk): void {
  let stream: Socket = socket;
  const run = new TalkRun({ ...talk, tls: undefined }, realClock, {
    say: (bytes) => void (stream.destroyed || stream.write(bytes)),
    end: (how) => void (how === 'fin' ? stream.end() : socket.resetAndDestroy()),
  });
  const listen = (one: Socket) => {
    one.on('error', () => undefined);
    one.on('data', (bytes: Uint8Array) => take(one, bytes));
    one.once('end', () => one.end());
    one.once('close', () => run.stop());
  };
  const take = (one: Socket, bytes: Uint8Array) => {
    const { tls } = talk;
    if (one !== socket || bytes[0] !== handshake || tls === undefined) run.hear(bytes);
    else if ('alert' in tls) socket.write(Uint8Array.of(0x15, 3, 3, 0, 2, 2, tls.alert));
    else {
      socket.removeAllListeners('data');
      socket.pause();
      socket.unshift(bytes);
      stream = new TLSSocket(socket, {
        isServer: true,
        key: certificate.key,
        cert: certificate.cert,
        ALPNProtocols: tls.alpn === undefined ? [] : [tls.alpn],
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      listen(stream);
    }
  };
  listen(socket);
}

/** The simulator's clock as far as scripts need it, in real time. */
const realClock = {
  get nowUs(): number {
    return performance.now() * 1000;
  },
  at(atUs: number, run: () => void): void {
    const delayMs = atUs / 1000 - performance.now();
    if (delayMs <= 0) setImmediate(run);
    else setTimeout(run, delayMs);
  },
};
const handshake = 22;
