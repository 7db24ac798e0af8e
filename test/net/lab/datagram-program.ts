/**
 * A program: UDP servers that answer only what begins with the bytes they know. Argument: by port, in hexadecimal digits, what
 * a datagram must hold, and what is answered with its first two bytes before, as JSON `{ "9953": { "holds": "0776", "says": "8180" } }`.
 * Prints `ready` when all listen.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const plan = JSON.parse(process.argv[2] as string) as Readonly<
  Record<string, { readonly holds: string; readonly says: string }>
>;
await Promise.all(
  Object.entries(plan).map(([port, { holds, says }]) => {
    const socket = createSocket({ type: 'udp6' });
    socket.on('message', (bytes, { address, port: from }) => {
      if (!bytes.includes(Buffer.from(holds, 'hex'))) return;
      socket.send(Buffer.concat([bytes.subarray(0, 2), Buffer.from(says, 'hex')]), from, address);
    });
    return once(socket.bind(Number(port), '::'), 'listening');
  }),
);
process.stdout.write('ready\n');
