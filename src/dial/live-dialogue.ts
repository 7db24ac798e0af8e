/**
 * One dialogue over one socket: what comes in is taken from the socket only when somebody reads, so that the kernel's
 * window holds a peer back that sends without end.
 *
 * @module
 */

import { joined } from '../wire/bytes.ts';
import type { DialCost, Dialogue, DialTarget, PeerFacts, Read } from './dial.ts';
import { mostDialogueBytes } from './dial.ts';
import type { Endpoint, EndpointOpened } from './endpoint.ts';
import type { Secure, SecureStream } from './secure-stream.ts';
import type { TlsFailure, TlsSession, TlsWish } from './tls-session.ts';

/** What a dialogue needs from those who keep it. */
export interface DialogueOwner {
  readonly secure: Secure;
  /** Code that waited for this dialogue may run now. */
  touch(): void;
  /** It has sent a datagram of so many bytes. */
  datagram(dialogue: LiveDialogue, bytes: number): void;
  /** The dialogue has something due then. */
  due(atUs: number): void;
  /** It is over. */
  ended(dialogue: LiveDialogue): void;
}

/** A dialogue as its owner sees it. */
export class LiveDialogue implements Dialogue {
  readonly begunUs: number;
  readonly target: DialTarget;
  tls: TlsSession | TlsFailure | undefined;
  readonly #owner: DialogueOwner;
  readonly #endpoint: Endpoint;
  readonly #mostBytes: number;
  readonly #untilUs: number;
  #secure: SecureStream | undefined;
  /** Taken from the socket already and not read yet. */
  #ahead: Uint8Array = nothing;
  /** Given to send and not taken by the socket yet. */
  #behind: Uint8Array = nothing;
  #waiter: Waiter | undefined;
  #over: 'timeout' | 'dropped' | undefined;
  #cost = { bytesOut: 0, bytesIn: 0 };
  #last: { readonly peer: PeerFacts; readonly packets: ReturnType<Endpoint['packets']> } | undefined;

  constructor(target: DialTarget, endpoint: Endpoint, owner: DialogueOwner, nowUs: number) {
    this.target = target;
    this.begunUs = nowUs;
    this.#owner = owner;
    this.#mostBytes = target.mostBytes ?? mostDialogueBytes;
    this.#untilUs = target.untilUs ?? Number.POSITIVE_INFINITY;
    this.#endpoint = endpoint;
    owner.due(this.dueUs);
  }

  get cost(): DialCost {
    const connections = this.target.transport === 'tcp' ? 1 : 0;
    return { connections, ...this.#cost, ...(this.#last?.packets ?? this.#endpoint.packets()) };
  }

  /** When something is due here. */
  get dueUs(): number {
    return Math.min(this.#untilUs, this.#waiter?.dueUs ?? Number.POSITIVE_INFINITY);
  }

  /** Resolves when the socket stands or does not come about. */
  opened(deadlineUs: number): Promise<EndpointOpened | 'timeout' | 'dropped'> {
    return this.#until<EndpointOpened | 'timeout' | 'dropped'>(
      () => this.#endpoint.opened,
      (why) => why,
      deadlineUs,
    );
  }

  send(bytes: Uint8Array): boolean {
    if (this.#over !== undefined) return false;
    return this.#secure === undefined ? this.#put(bytes) : this.#secure.put(bytes);
  }

  read(most: number, deadlineUs: number): Promise<Read> {
    if (!(most > 0)) throw new Error(`cannot read ${most} bytes`);
    return this.#until<Read>(
      () => (this.#over === undefined ? (this.#secure ?? this.#plain).take(most) : { kind: this.#over }),
      (kind) => ({ kind }),
      deadlineUs,
    );
  }

  async upgrade(wish: TlsWish, deadlineUs: number): Promise<TlsSession | TlsFailure> {
    if (this.tls?.kind === 'session') throw new Error('TLS inside TLS');
    if (this.#over !== undefined) return { kind: 'failure', reason: this.#over, heard: nothing };
    const secure = this.#owner.secure({ ...this.#plain, news: () => this.look() }, wish);
    this.#secure = secure;
    const result = await this.#until(
      () => secure.result,
      (why) => secure.giveUp(why),
      deadlineUs,
    );
    this.tls = result;
    if (result.kind === 'session') return result;
    secure.close();
    this.#secure = undefined;
    if (result.reason === 'plain') this.#ahead = joined(result.heard, this.#ahead);
    return result;
  }

  peer(): PeerFacts {
    return this.#last?.peer ?? this.#endpoint.peer();
  }

  close(how: 'fin' | 'reset'): void {
    this.end(how, 'dropped');
  }

  /** Ends it; whoever reads is told why. */
  end(how: 'fin' | 'reset', why: 'timeout' | 'dropped'): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    this.#secure?.close();
    this.#last = { peer: this.#endpoint.peer(), packets: this.#endpoint.packets() };
    this.#endpoint.close(how);
    this.#waiter?.giveUp(why);
    this.#owner.ended(this);
  }

  /** Bytes that came with a proxy's last words are the target's first. */
  unread(bytes: Uint8Array): void {
    this.#ahead = joined(bytes, this.#ahead);
  }

  /** Looks whether what is waited for has come. */
  look(): void {
    if (this.#over !== undefined) return;
    this.#flush();
    this.#secure?.look();
    this.#waiter?.look();
  }

  /** Ends what has waited long enough. */
  tick(nowUs: number): void {
    if (this.#untilUs <= nowUs) this.end('reset', 'timeout');
    else if (this.#waiter !== undefined && this.#waiter.dueUs <= nowUs) this.#waiter.giveUp('timeout');
  }

  /** Waits until `find` finds something. */
  #until<T>(
    find: () => T | undefined,
    late: (why: 'timeout' | 'dropped') => T,
    deadlineUs: number,
  ): Promise<T> {
    if (this.#waiter !== undefined) throw new Error('a dialogue has one reader at a time');
    return new Promise((resolve) => {
      const settle = (value: T) => {
        this.#waiter = undefined;
        this.#owner.touch();
        resolve(value);
      };
      const look = () => {
        const found = find();
        if (found !== undefined) settle(found);
      };
      this.#waiter = { dueUs: deadlineUs, look, giveUp: (why) => settle(late(why)) };
      look();
      this.#owner.due(this.dueUs);
    });
  }

  readonly #plain = {
    take: (most: number): Read | undefined => {
      if (this.#ahead.length > 0) {
        const bytes = this.#ahead.subarray(0, most);
        this.#ahead = this.#ahead.subarray(bytes.length);
        return { kind: 'bytes', bytes };
      }
      const left = this.#mostBytes - this.#cost.bytesIn;
      if (left <= 0) return { kind: 'limit' };
      const read = this.#endpoint.receive(Math.min(most, left));
      if (read?.kind === 'bytes') this.#cost.bytesIn += read.bytes.length;
      return read;
    },
    put: (bytes: Uint8Array): boolean => this.#put(bytes),
  };

  #put(bytes: Uint8Array): boolean {
    this.#owner.touch();
    if (this.target.transport === 'udp') {
      const isSent = this.#endpoint.send(bytes) >= 0;
      if (!isSent) return false;
      this.#cost.bytesOut += bytes.length;
      this.#owner.datagram(this, bytes.length);
      return true;
    }
    if (this.#behind.length + bytes.length > mostBehindBytes) return false;
    // Another owner may use these bytes again before the socket takes them.
    this.#behind = joined(this.#behind, bytes);
    return this.#flush();
  }

  #flush(): boolean {
    while (this.#behind.length > 0) {
      const taken = this.#endpoint.send(this.#behind);
      if (taken === 0) return true;
      if (taken < 0) {
        this.#behind = nothing;
        return false;
      }
      this.#cost.bytesOut += taken;
      this.#behind = this.#behind.subarray(taken);
    }
    return true;
  }
}

interface Waiter {
  readonly dueUs: number;
  look(): void;
  giveUp(why: 'timeout' | 'dropped'): void;
}

const nothing = new Uint8Array(0);
/** A peer that takes nothing is not worth more memory. */
const mostBehindBytes = 1 << 20;
