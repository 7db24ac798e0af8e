/**
 * A program: the services of a host. Argument: `{ tcp: { "22": "what is said at once" }, udp: [53] }`; a datagram gets
 * itself back. Prints `ready` when all listen. Plain JavaScript, so that it starts at once.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const { tcp = {}, udp = [] } = JSON.parse(process.argv[2]);
await Promise.all([
  ...Object.entries(tcp).map(([port, says]) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy()).resume();
      if (says !== '') socket.write(says);
    });
    return once(server.listen({ port: Number(port), host: '::', backlog: 4096 }), 'listening');
  }),
  ...udp.flatMap((port) =>
    ['udp4', 'udp6'].map((type) => {
      const socket = createSocket({ type, ipv6Only: type === 'udp6' });
      socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address));
      socket.bind(port);
      return once(socket, 'listening');
    }),
  ),
]);
process.stdout.write('ready\n');
