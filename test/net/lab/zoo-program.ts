/**
 * A program: servers that mean no good, one a port from the first argument on, honest ones that answer as real servers
 * have, one a port from the second on, and from the third on one that says something else to each. Prints `ready` when all
 * listen.
 *
 * @module
 */

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { makeCertificate } from '../../../src/dial/certificate.laws.ts';
import { honest, hostileNames } from './zoo.ts';

type Serve = (socket: Socket) => void;

/** Clears a screen, moves the cursor, sets a title, goes back over what was written, turns text around, ends a line. */
const nasty =
  '\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x9b31m\b\b\b\x7f\0\u202e\u2066\r\n\ufeff=cmd|calc"\',;<script>&\ud800\t\v';
const nastyBytes = Buffer.from(nasty, 'utf8');
const after =
  (say: (socket: Socket) => void): Serve =>
  (socket) =>
    void socket.once('data', () => say(socket));
const greets =
  (words: string | Uint8Array): Serve =>
  (socket) =>
    void socket.write(words);
/** Writes for ever, as fast as it is taken. */
const pours = (head: string | Uint8Array, more: Uint8Array) => (socket: Socket) => {
  socket.write(head);
  const go = () => {
    if (!socket.destroyed && socket.write(more)) setImmediate(go);
  };
  socket.on('drain', go);
  go();
};
const http = (fields: string, body: string | Uint8Array = '') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${fields}\r\n`), Buffer.from(body)]);
const inOneLine = nasty.replaceAll(/[\r\n]/g, '');

const dripping: Serve = (socket) => {
  const timer = setInterval(() => socket.write('S'), 1000);
  socket.once('close', () => clearInterval(timer));
};
const certified = makeCertificate(`${nasty}.example`);
const oddlyCertified: Serve = (socket) => {
  const inside = new TLSSocket(socket, { isServer: true, key: certified.key, cert: certified.cert });
  inside.on('error', () => undefined).once('data', () => inside.end(http(`Server: ${inOneLine}\r\n`)));
};
/** A record of a handshake that announces more than comes. */
const half = Uint8Array.of(0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3, ...new Uint8Array(40));

const hostile: Readonly<Record<(typeof hostileNames)[number], Serve>> = {
  'endless greeting': pours('220 ', Buffer.alloc(1 << 16, 'A')),
  'endless zeros': pours('', Buffer.alloc(1 << 16)),
  'endless lines': pours('220-', Buffer.from('220-more\r\n'.repeat(4096))),
  'a byte a second': dripping,
  'a gigabyte': after((socket) =>
    pours(http('Content-Length: 1073741824\r\n'), Buffer.alloc(1 << 16, 'x'))(socket),
  ),
  'endless chunks': after(
    pours(http('Transfer-Encoding: chunked\r\n'), Buffer.from('5\r\nhello\r\n'.repeat(1000))),
  ),
  'endless fields': after(pours('HTTP/1.1 200 OK\r\n', Buffer.from('X: y\r\n'.repeat(1000)))),
  'a packed bomb': after((socket) => {
    socket.end(http('Content-Encoding: gzip\r\n', gzipSync(Buffer.alloc(1 << 26))));
  }),
  'escapes in HTTP': after((socket) => {
    const fields = ['Server', 'Location', 'X-Powered-By', 'Via', 'WWW-Authenticate'].map(
      (name) => `${name}: ${inOneLine}\r\n`,
    );
    socket.end(http(fields.join(''), `<title>${nasty}</title>`));
  }),
  'escapes in SSH': greets(`SSH-2.0-OpenSSH_9.2p1 ${inOneLine}\r\n`),
  'escapes in FTP': greets(`220 (vsFTPd ${inOneLine})\r\n`),
  'escapes in SMTP': (socket) => {
    socket.write(`220 ${inOneLine} ESMTP Exim 4.96\r\n`);
    socket.on('data', () => socket.write(`250-${inOneLine}\r\n250 ${inOneLine}\r\n`));
  },
  'escapes in MySQL': greets(
    Buffer.concat([
      Uint8Array.of(nastyBytes.length + 50, 0, 0, 0, 10),
      Buffer.from('8.0'),
      nastyBytes.filter((byte) => byte !== 0),
      new Uint8Array(60),
    ]),
  ),
  'escapes that nobody knows': greets(nastyBytes),
  'TLS that never ends': after((socket) => void socket.write(half)),
  'TLS without end': after(pours(half, Buffer.concat(Array.from({ length: 100 }, () => half)))),
  'TLS with an odd certificate': oddlyCertified,
  'a key exchange of 4 GB': greets(
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Uint8Array.of(255, 255, 255, 255, 4, 20)]),
  ),
  'titles in titles': after((socket) => void socket.end(http('', '<title '.repeat(1 << 14)))),
  'a reset in the middle': after((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nServer: ');
    setImmediate(() => socket.resetAndDestroy());
  }),
  'nothing taken': (socket) => void socket.pause(),
  'STARTTLS that is none': (socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n');
    socket.on('data', (bytes: Buffer) =>
      socket.write(bytes.includes('STARTTLS') ? nastyBytes : 'p1 OK\r\np2 OK\r\n'),
    );
  },
};

/** What servers of the samples have said: those that greet at once, others when they are asked. */
function play(socket: Socket, { bytes, greets: isFirst }: (typeof honest)[number]): void {
  if (isFirst) socket.write(bytes);
  else socket.once('data', () => socket.end(bytes));
}

async function listen(port: number, serve: Serve): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy()).once('end', () => socket.end());
    serve(socket);
    socket.resume();
  });
  await once(server.listen(port, '0.0.0.0'), 'listening');
}

const [first = 0, firstHonest = 0, babel = 0] = process.argv.slice(2).map(Number);
if (first > 0) await Promise.all(hostileNames.map((name, i) => listen(first + i, hostile[name])));
if (firstHonest > 0)
  await Promise.all(honest.map((one, i) => listen(firstHonest + i, (socket) => play(socket, one))));
let said = 0;
if (babel > 0)
  await listen(babel, (socket) => {
    said++;
    const one = honest[said % honest.length];
    socket.write(
      said % 3 === 0 ? nastyBytes : Buffer.concat([one?.bytes ?? nastyBytes, Buffer.from(`${said}\r\n`)]),
    );
  });
process.stdout.write('ready\n');
