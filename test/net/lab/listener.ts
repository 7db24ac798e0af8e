/**
 * A program: opens the ports its argument names and answers on them. Prints `ready` when all are open.
 *
 * TCP connections are taken and held until the other side lets go; a UDP datagram gets itself back.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const plan = JSON.parse(process.argv[2] as string) as {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  readonly family: 0 | 4 | 6;
};

const server = (port: number) => {
  const made = createServer((socket) => socket.on('error', () => socket.destroy()).resume());
  const host = plan.family === 4 ? '0.0.0.0' : '::';
  made.listen({ port, host, ipv6Only: plan.family === 6, backlog: 4096 });
  return once(made, 'listening');
};

const datagrams = (port: number, type: 'udp4' | 'udp6') => {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' });
  socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address));
  socket.bind(port);
  return once(socket, 'listening');
};

await Promise.all([
  ...plan.tcp.map(server),
  ...(plan.family === 6 ? [] : plan.udp.map((port) => datagrams(port, 'udp4'))),
  ...(plan.family === 4 ? [] : plan.udp.map((port) => datagrams(port, 'udp6'))),
]);
process.stdout.write('ready\n');
