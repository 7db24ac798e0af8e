/**
 * A program: asks UDP services. Takes a JSON object a line on standard input, `{ host, port, payload, tries,
 * sourcePort? }` with the payload in hexadecimal, and prints one back, `{ answer?, port? }`, in the same order.
 * Repeats the question until something comes back, because a server that just starts may not hear the first.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

interface Question {
  readonly host: string;
  readonly port: number;
  readonly payload: string;
  readonly tries: number;
  readonly sourcePort?: number;
}

// Before the loop: what stands after a top-level await is not there yet.
const againMs = 250;

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await ask(JSON.parse(line) as Question))}\n`);
}

function ask({ host, port, payload, tries, sourcePort }: Question): Promise<object> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (result: object) => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    let left = tries;
    const send = () => {
      if (left-- === 0) return end({});
      socket.send(Buffer.from(payload, 'hex'), port, host);
      timer = setTimeout(send, againMs);
    };
    // The socket is not connected: closed ports are no errors, and answers from other ports are heard.
    socket.on('message', (bytes, from) => {
      if (from.address === host) end({ answer: bytes.toString('hex'), port: from.port });
    });
    socket.bind(sourcePort ?? 0, send);
  });
}
