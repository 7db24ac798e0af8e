/**
 * Datagrams to and from a number of servers in masses. Each is asked from several local ports, which the system chooses by
 * chance, over sockets that are connected to it: what comes from elsewhere never arrives.
 *
 * @module
 */

/** Whom datagrams go to. */
export interface Peer {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly scopeId: number;
  readonly port: number;
  /** The address as text, with its zone. */
  readonly text: string;
}

/** Takes what comes in. */
export interface DatagramEvents {
  /** From the peer of this number, to the socket of that one. The bytes are used again after the call. */
  readonly datagram: (peer: number, socket: number, bytes: Uint8Array) => void;
  /** The system says that nobody is at a peer's port, or that there is no way to it. */
  readonly unreachable: (peer: number) => void;
  /** A batch has come in, or there is room again. */
  readonly turn: () => void;
}

/** Where a datagram is written before it is sent; the next one may be the same object. */
export interface DatagramPlace {
  readonly bytes: Uint8Array;
  readonly at: number;
  /** Its socket, by a number that is never given again. */
  readonly socket: number;
}

/** Sends and receives. */
export interface DatagramPool {
  /** A place of {@link placeBytes} bytes towards a peer, from the `socket` that is named if it is still there; undefined where the system takes no more just now. */
  place(number: number, peer: Peer, socket?: number): DatagramPlace | undefined;
  /** Sends what was written there, at the latest with {@link flush}. */
  send(place: DatagramPlace, length: number): void;
  flush(): void;
  /** Whether anything is waited for; what waits for nothing keeps no process alive. */
  expect(isBusy: boolean): void;
  close(): void;
}
