/**
 * A program: TCP servers that do something with their connections. Argument: by port, what is said at once and
 * whether the connection is closed then, as JSON `{ "22": { "says": "SSH-2.0-x\r\n", "closes": true } }`. Prints
 * `ready` when all listen.
 *
 * @module
 */

import { once } from 'node:events';
import { createServer } from 'node:net';

const plan = JSON.parse(process.argv[2] as string) as Readonly<
  Record<string, { readonly says?: string; readonly closes?: boolean }>
>;
await Promise.all(
  Object.entries(plan).map(([port, { says = '', closes = false }]) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy()).resume();
      if (says !== '') socket.write(says);
      if (closes) socket.end();
    });
    return once(server.listen({ port: Number(port), host: '::' }), 'listening');
  }),
);
process.stdout.write('ready\n');
