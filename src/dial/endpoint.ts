/**
 * This end of a dialogue: one socket, as the kernel, Node or the simulator has it. Nothing here waits, and
 * nothing is remembered but what the socket itself remembers.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import type { DialOutcome } from './contract.ts';
import type { PeerFacts, Read } from './dial.ts';

/** Opens sockets for dialogues. */
export interface Endpoints {
  /** Begins one; `news` is called whenever it may have something to say. A number is the errno of trouble on this side. */
  begin(target: EndpointTarget, news: () => void): Endpoint | number;
  /** Calls `news` of those that have some. Sockets of an event loop call it by themselves. */
  poll(): void;
  /** Becomes readable when {@link poll} has something to do; undefined where nothing can be waited for. */
  readonly descriptor: number | undefined;
  /** Whether sockets live on Node's event loop. */
  readonly isAsync: boolean;
  close(): void;
}

/** Where a socket leads. */
export interface EndpointTarget {
  readonly transport: 'tcp' | 'udp';
  /** Several are the same machine, of which whichever answers will do; only Node's own sockets take them. */
  readonly host: Address | readonly Address[];
  readonly scopeId: number;
  readonly port: number;
  readonly sourcePort?: number;
}

/** One socket. */
export interface Endpoint {
  /** What became of opening it; undefined as long as nobody knows. */
  readonly opened: EndpointOpened | undefined;
  /** Gives bytes to the socket and returns how many it took; 0: none now; below 0: it takes none any more. */
  send(bytes: Uint8Array): number;
  /** What has come, at most `most` bytes; undefined when nothing has. */
  receive(most: number): Read | undefined;
  peer(): PeerFacts;
  /** Packets sent and received, where that is known. */
  packets(): { readonly packetsOut?: number; readonly packetsIn?: number };
  close(how: 'fin' | 'reset'): void;
}

/** How opening a socket ended. */
export interface EndpointOpened {
  readonly outcome: DialOutcome;
  /** By Linux's list; 0 when it is connected. */
  readonly errno: number;
  readonly sender?: Uint8Array;
}
