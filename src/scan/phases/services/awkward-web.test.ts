/** Web servers that do not do as the book says, on real sockets: each is called `http`, and nothing else. */

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Asked } from '../../../detect/service/contract.ts';
import type { Service } from '../../../detect/service/service.ts';
import { certificate, Loopback } from '../../../dial/loopback.laws.ts';
import { talkWithAll } from './loopback-talks.laws.ts';

/** What a server does with words; what it says at once; how it is asked for, and what is told of it. */
interface Awkward {
  readonly hears?: (words: string, socket: Socket) => void;
  readonly greets?: string;
  readonly asked?: Partial<Asked>;
  readonly tls?: true;
  readonly told?: Partial<Service>;
}

const page = 'HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 2\r\n\r\nok';
const always = (answer: string | Uint8Array) => (_: string, socket: Socket) => void socket.end(answer);
/** Whoever says words of HTTP gets them. */
const toGet = (answer: string) => (words: string, socket: Socket) =>
  void (words.startsWith('GET') ? socket.end(answer) : socket.end());
/** Answers as long as it is listened to, whatever it is about. */
const endless = (head: string, more: string) => (_: string, socket: Socket) => {
  socket.write(head);
  const go = () => {
    if (!socket.destroyed && socket.write(more)) setImmediate(go);
  };
  socket.on('drain', go);
  go();
};
/** Whatever version it hears, it says. */
const repeating = (words: string, socket: Socket) =>
  void socket.end(
    `${/ ((?:HTTP|RTSP|SIP)\/\d\.\d)\r\n/.exec(words)?.[1] ?? 'HTTP/1.0'} 400 Bad Request\r\n\r\n`,
  );
/** Waits for the end of a request and then takes each byte for a segment. */
const dripping = (words: string, socket: Socket) => {
  if (!words.startsWith('GET')) return;
  const left = [...'HTTP/1.0 200 OK\r\nServer: nginx\r\n\r\n'];
  const drip = () => {
    const [next] = left.splice(0, 1);
    if (next === undefined || socket.destroyed) return void socket.end();
    socket.setNoDelay(true).write(next, () => setTimeout(drip, 2));
  };
  drip();
};

const servers: Readonly<Record<string, Awkward>> = {
  'says 400 to everything': { hears: always('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n') },
  'says 405 to everything': { hears: always('HTTP/1.1 405 Not Allowed\r\nAllow: POST\r\n\r\n') },
  'says 505 to everything': { hears: always('HTTP/1.0 505 HTTP Version Not Supported\r\n\r\n') },
  'sends elsewhere': {
    hears: always('HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example:8443/\r\n\r\n'),
  },
  'sends to TLS on its own port': {
    hears: toGet('HTTP/1.1 301 Moved\r\nLocation: https://10.0.0.5:8006/\r\n\r\n'),
    tls: true,
    told: { tls: true },
  },
  'has no fields': { hears: always('HTTP/1.1 200 OK\r\n\r\nhello') },
  'has no reason': { hears: always('HTTP/1.1 200\r\nServer: nginx\r\n\r\n'), told: { product: 'nginx' } },
  'speaks HTTP/0.9': { hears: always('<HTML><title>old</title></HTML>'), told: { confidence: 7 } },
  'answers RTSP in kind': { hears: repeating, asked: { port: 554 } },
  'answers SIP in kind': { hears: repeating, asked: { port: 5060 } },
  'sends chunks for ever': {
    hears: endless(
      'HTTP/1.1 200 OK\r\nServer: nginx\r\nTransfer-Encoding: chunked\r\n\r\n',
      '5\r\nhello\r\n',
    ),
    told: { product: 'nginx' },
  },
  'sends a page for ever': {
    hears: endless('HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n', 'x'.repeat(1 << 16)),
    told: { product: 'nginx' },
  },
  'writes fields in lower case': {
    hears: always(page.toLowerCase().replace('http/1.1', 'HTTP/1.1')),
    told: { product: 'nginx' },
  },
  'has huge fields': {
    hears: always(`HTTP/1.1 200 OK\r\nServer: nginx\r\nSet-Cookie: a=${'x'.repeat(1 << 16)}\r\n\r\n`),
    told: { product: 'nginx' },
  },
  'has thousands of fields': {
    hears: always(`HTTP/1.1 200 OK\r\nServer: nginx\r\n${'A: b\r\n'.repeat(1 << 13)}\r\n`),
    told: { product: 'nginx' },
  },
  'stalls after its head': {
    hears: (_, socket) => void socket.write('HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 99\r\n\r\n'),
    told: { product: 'nginx' },
  },
  'stalls in its head': {
    hears: (_, socket) => void socket.write('HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Le'),
    told: { product: 'nginx' },
  },
  'says to go on first': {
    hears: always(`HTTP/1.1 100 Continue\r\n\r\n${page}`),
    told: { product: 'nginx' },
  },
  'ends lines in line feeds alone': { hears: always(page.replaceAll('\r', '')), told: { product: 'nginx' } },
  'hangs up on HTTP/1.1': {
    hears: (words, socket) => void (/ HTTP\/1\.0\r\n/.test(words) ? socket.end(page) : socket.end()),
    told: { product: 'nginx' },
  },
  'answers for one name alone': {
    hears: (words, socket) =>
      void (/\nHost: known\.example[:\r]/.test(words) ? socket.end(page) : socket.end()),
    asked: { host: 'known.example' },
    told: { product: 'nginx' },
  },
  'hangs up on names that it does not know': {
    hears: (words, socket) =>
      void (/\nHost: \/\r/.test(words)
        ? socket.end('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n')
        : socket.end()),
    told: { product: 'nginx' },
  },
  'resets unknown names': {
    hears: (words, socket) =>
      void (/\nHost: \/\r/.test(words)
        ? socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
        : socket.resetAndDestroy()),
  },
  'says something before it': { hears: always(`debug: request\r\n\r\n${page}`), told: { confidence: 7 } },
  'answers before it is asked': { greets: 'HTTP/1.0 408 Request Time-out\r\nServer: nginx\r\n\r\n' },
  'wants TLS and says so': {
    hears: toGet(
      'HTTP/1.1 400 Bad Request\r\n\r\n<title>400 The plain HTTP request was sent to HTTPS port</title>',
    ),
    tls: true,
    told: { tls: true, product: 'nginx' },
  },
  'says that it wants TLS and does not speak it': {
    hears: toGet('HTTP/1.1 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.'),
  },
  'answers a hello of TLS in plain text': {
    hears: (words, socket) =>
      void socket.end(words.startsWith('GET') ? page : 'HTTP/1.1 400 Bad Request\r\n\r\n'),
    asked: { port: 443 },
    told: { product: 'nginx' },
  },
  'packs what nobody asked to be packed': {
    hears: always(
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Encoding: gzip\r\n\r\n'),
        gzipSync('<title>x</title>'.repeat(1000)),
      ]),
    ),
    told: { product: 'nginx' },
  },
  'has control characters in its fields': {
    hears: always('HTTP/1.1 200 OK\r\nSer\0ver: a\r\nX\x1b[2J: b\r\n: c\r\nServer: nginx\r\n\r\n'),
    told: { product: 'nginx' },
  },
  'takes each byte for a segment': { hears: dripping, told: { product: 'nginx' } },
};

const loopback = new Loopback();
let found: Awaited<ReturnType<typeof talkWithAll>>;

beforeAll(async () => {
  const hosts = Object.entries(servers).map(([name, server]) => {
    const { asked } = server;
    return [name, { ...(asked && { asked }), serve: (socket: Socket) => serve(socket, server) }] as const;
  });
  found = await talkWithAll(loopback, Object.fromEntries(hosts));
});
afterAll(() => loopback.close());

test.each(Object.keys(servers))('a server that %s', (name) => {
  const { told } = servers[name] as Awkward;
  expect(found.get(name)?.result).toMatchObject({ name: 'http', tls: false, ...told });
});

/** Words come whole here: they are shorter than a segment. */
function serve(socket: Socket, { hears, greets, tls }: Awkward): void {
  if (greets !== undefined) socket.write(greets);
  socket.once('end', () => socket.end());
  socket.once('data', (bytes: Buffer) => {
    if (tls === undefined || bytes[0] !== handshake) return hears?.(bytes.toString('latin1'), socket);
    socket.pause();
    socket.unshift(bytes);
    const inside = new TLSSocket(socket, { isServer: true, key: certificate.key, cert: certificate.cert });
    inside.on('error', () => undefined).once('data', () => inside.end(page));
  });
}

const handshake = 22;
