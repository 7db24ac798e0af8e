/**
 * The talk with a proxy before it connects: bytes in, bytes out, no socket. Each protocol is one generator that
 * says what it sends and how much it waits for; {@link ProxyHandshake} gathers the bytes.
 *
 * @module
 */

import { joined } from '../wire/bytes.ts';

/** Whom the proxy is asked to connect to. */
export interface ProxyTarget {
  /** 4 or 16 bytes, or a name that the proxy resolves. */
  readonly host: Uint8Array | string;
  readonly port: number;
}

/** How the talk ended. */
export type ProxyResult =
  /** What follows comes from the target. */
  | { readonly kind: 'connected' }
  /** The target refused: its port is closed. */
  | { readonly kind: 'refused' }
  /** The proxy tried and did not arrive; `cause` where it says why, else nothing is known of the port. */
  | { readonly kind: 'unreached'; readonly cause?: ProxyCause; readonly reason: string }
  /** The proxy did not try, or did not speak its protocol: nothing is known of the port. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Why a target was not reached, in the words of the verdicts. */
type ProxyCause = 'net-unreach' | 'host-unreach' | 'time-exceeded' | 'no-response';

/** What to do after bytes came in. */
export type ProxyStep =
  | { readonly kind: 'more'; readonly send: Uint8Array }
  | { readonly kind: 'done'; readonly result: ProxyResult; readonly rest: Uint8Array };

/** A protocol: yields what it wants, is given the bytes it waited for. */
export type ProxyDialogue = Generator<ProxyWish, ProxyResult, Uint8Array>;

/** Bytes to send now, and bytes to wait for: a number of them, or up to an end mark. */
export interface ProxyWish {
  readonly send?: Uint8Array;
  readonly expect: number | EndMark;
}

/** Ends a head of unknown length; `atMost` bounds what a proxy may make us keep. */
export interface EndMark {
  readonly mark: Uint8Array;
  readonly atMost: number;
}

/** A talk under way. Give it what arrives, send what it says. */
export class ProxyHandshake {
  /** The first bytes to send. */
  readonly opening: Uint8Array;
  readonly #dialogue: ProxyDialogue;
  #expect: number | EndMark = 0;
  #heard = new Uint8Array(0);
  #result: ProxyResult | undefined;

  constructor(dialogue: ProxyDialogue) {
    this.#dialogue = dialogue;
    this.opening = this.#advance(dialogue.next());
  }

  /** Takes bytes from the proxy. */
  receive(bytes: Uint8Array): ProxyStep {
    this.#heard = joined(this.#heard, bytes);
    let send = nothing;
    while (this.#result === undefined) {
      const length = lengthOf(this.#heard, this.#expect);
      if (length === tooLong) {
        this.#result = { kind: 'failed', reason: 'the proxy’s answer does not end' };
      } else if (length < 0) return { kind: 'more', send };
      else {
        const part = this.#heard.slice(0, length);
        this.#heard = this.#heard.slice(length);
        send = joined(send, this.#advance(this.#dialogue.next(part)));
      }
    }
    return { kind: 'done', result: this.#result, rest: this.#heard };
  }

  /** The proxy closed the connection. */
  end(): ProxyResult {
    this.#result ??= { kind: 'failed', reason: 'the proxy closed the connection before it had answered' };
    return this.#result;
  }

  #advance({ done, value }: IteratorResult<ProxyWish, ProxyResult>): Uint8Array<ArrayBuffer> {
    if (done === true) {
      this.#result = value;
      return nothing;
    }
    this.#expect = value.expect;
    return Uint8Array.from(value.send ?? nothing);
  }
}

/** How many bytes fulfil the wish; negative when they are not all there. */
function lengthOf(heard: Uint8Array, expect: number | EndMark): number {
  if (typeof expect === 'number') return heard.length < expect ? incomplete : expect;
  const { mark, atMost } = expect;
  const at = Buffer.from(heard.buffer, heard.byteOffset, heard.length).indexOf(mark);
  if (at >= 0 && at + mark.length <= atMost) return at + mark.length;
  return at >= 0 || heard.length >= atMost ? tooLong : incomplete;
}

const nothing = new Uint8Array(0);
const incomplete = -1;
const tooLong = -2;
