/**
 * Messages by TCP (RFC 7766): each with its length before it, bounded in time and size.
 *
 * @module
 */

import { connect, type Socket } from 'node:net';

import type { Peer } from '../dial/datagram-pool.ts';

/** How a stream ended. */
export type StreamEnd = 'closed' | 'refused' | 'silent';

/** Who reads a stream. */
export interface StreamReader {
  /** A message; whether further ones are wanted. */
  readonly message: (bytes: Uint8Array) => boolean;
  /** Nothing follows; not called where no more was wanted. */
  readonly end: (why: StreamEnd) => void;
}

/** Sends one message and reads what comes back, until no more is wanted; the function that is returned ends it at once. */
export function openStream(peer: Peer, message: Uint8Array, reader: StreamReader): () => void {
  const socket = connect({ host: peer.text, port: peer.port });
  const messages = new Messages();
  let isOver = false;
  const over = () => {
    isOver = true;
    socket.destroy();
  };
  const end = (why: StreamEnd) => {
    if (isOver) return;
    over();
    reader.end(why);
  };
  socket.setTimeout(silenceMs, () => end('silent'));
  socket.on('error', ({ code }: NodeJS.ErrnoException) =>
    end(code === 'ECONNREFUSED' ? 'refused' : 'closed'),
  );
  socket.on('close', () => end('closed'));
  socket.on('data', (bytes: Uint8Array) => {
    for (const one of messages.add(bytes)) {
      if (isOver) return;
      if (!reader.message(one)) over();
    }
  });
  send(socket, message);
  return over;
}

/** Several questions at a time, each by a connection of its own; the others wait. */
export class Streams {
  readonly #waiting: (() => void)[] = [];
  readonly #underWay = new Set<() => void>();

  /** Asks, and calls back with the first message that comes, or without. */
  ask(peer: Peer, message: Uint8Array, done: (bytes: Uint8Array | undefined) => void): void {
    const begin = () => {
      const finish = (bytes: Uint8Array | undefined) => {
        clearTimeout(timer);
        stop();
        this.#underWay.delete(stop);
        this.#waiting.shift()?.();
        done(bytes);
      };
      const stop = openStream(peer, message, {
        message(bytes) {
          finish(bytes);
          return false;
        },
        end: () => finish(undefined),
      });
      // Whoever sends a little now and then is not waited for either.
      const timer = setTimeout(() => finish(undefined), wholeMs);
      this.#underWay.add(stop);
    };
    if (this.#underWay.size < mostAtOnce) begin();
    else this.#waiting.push(begin);
  }

  close(): void {
    this.#waiting.length = 0;
    for (const stop of this.#underWay) stop();
  }
}

/** Puts messages together from pieces of a stream. */
export class Messages {
  /** What belongs to a message that is not complete. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** How many bytes it takes to go on. */
  #needed = 2;

  /** Takes a piece, and gives the messages that it completes. Each is a copy of its own. */
  *add(piece: Uint8Array): Generator<Uint8Array> {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes < this.#needed) return;
    const bytes = this.#held.length === 1 ? piece : Buffer.concat(this.#held);
    let at = 0;
    for (;;) {
      this.#needed = 2;
      if (bytes.length - at < 2) break;
      const length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      this.#needed = 2 + length;
      if (bytes.length - at < 2 + length) break;
      const message = new Uint8Array(length);
      message.set(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
      yield message;
    }
    this.#held = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#heldBytes = bytes.length - at;
  }
}

function send(socket: Socket, message: Uint8Array): void {
  const framed = new Uint8Array(2 + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length & 255;
  framed.set(message, 2);
  socket.setNoDelay(true);
  socket.write(framed);
}

const silenceMs = 8000;
const wholeMs = 9000;
const mostAtOnce = 32;
