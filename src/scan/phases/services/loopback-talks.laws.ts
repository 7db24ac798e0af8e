/**
 * Conversations with servers of the tests' own process, over real sockets.
 *
 * @module
 */

import type { Socket } from 'node:net';
import type { Asked } from '../../../detect/service/contract.ts';
import { inquire } from '../../../detect/service/index.ts';
import type { Service } from '../../../detect/service/service.ts';
import type { Loopback } from '../../../dial/loopback.laws.ts';
import { driven, plainDial } from '../../../dial/plain-dial.laws.ts';
import { type Conversation, converse } from './conversation.ts';

/** A server, and as what it is asked: the port that it really has is another. */
export interface Host {
  readonly asked?: Partial<Asked>;
  readonly intensity?: number;
  readonly keepsTalk?: boolean;
  serve(socket: Socket): void;
}

/** Talks with all of them at once. */
export async function talkWithAll(
  loopback: Loopback,
  hosts: Readonly<Record<string, Host>>,
): Promise<ReadonlyMap<string, Conversation<Service>>> {
  const dial = plainDial();
  const found = new Map<string, Conversation<Service>>();
  const talks = Object.entries(hosts).map(
    async ([name, { asked, intensity = 7, keepsTalk = false, serve }]) => {
      const port = await loopback.listenRaw(serve);
      const target = { host: { family: 4, value: 0x7f00_0001n }, port, transport: 'tcp' } as const;
      const moves = inquire({ host: '10.0.0.5', port: 7777, ...asked }, intensity);
      found.set(
        name,
        await converse(moves, { target, timeoutUs: 30_000_000, closes: 'fin', keepsTalk }, dial),
      );
    },
  );
  try {
    // The servers live on this thread too, so nothing sleeps in the kernel.
    await driven(Promise.all(talks), async () => {
      dial.poll(0, () => undefined);
      await dial.wait(1);
      await new Promise((resolve) => setImmediate(resolve));
    });
  } finally {
    dial.close();
  }
  return found;
}
