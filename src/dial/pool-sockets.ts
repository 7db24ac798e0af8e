/**
 * Which socket of a pool a datagram leaves by: several for each peer, chosen by chance.
 *
 * @module
 */

/** A socket, and whom it is connected to. */
interface Pooled<Socket> {
  readonly number: number;
  readonly peer: number;
  readonly socket: Socket;
}

/** The sockets of a pool. */
export class PoolSockets<Socket> {
  readonly #open: (peer: number, number: number) => Socket | undefined;
  readonly #close: (socket: Socket) => void;
  readonly #random: () => number;
  /** By peer, the one that was used last at the end. */
  readonly #ofPeer = new Map<number, Pooled<Socket>[]>();
  readonly #byNumber = new Map<number, Pooled<Socket>>();
  #numbers = 0;

  /** `open` gives no socket where the system has none left. */
  constructor(
    open: (peer: number, number: number) => Socket | undefined,
    close: (socket: Socket) => void,
    random: () => number = Math.random,
  ) {
    this.#open = open;
    this.#close = close;
    this.#random = random;
  }

  get(number: number): Pooled<Socket> | undefined {
    return this.#byNumber.get(number);
  }

  /** A socket to a peer: the one that was asked for if it is open; undefined where none can be had. */
  choose(peer: number, wanted?: number): Pooled<Socket> | undefined {
    const known = wanted === undefined ? undefined : this.#byNumber.get(wanted);
    if (known?.peer === peer) return known;
    const all = this.#ofPeer.get(peer) ?? [];
    this.#ofPeer.delete(peer);
    this.#ofPeer.set(peer, all);
    if (all.length >= mostForPeer) return all[Math.floor(this.#random() * all.length)];
    // Of many peers few are asked at a time.
    if (this.#byNumber.size >= mostSockets) this.#closeOldest(peer);
    const number = ++this.#numbers;
    const socket = this.#open(peer, number);
    if (socket === undefined) return all[Math.floor(this.#random() * all.length)];
    const pooled = { number, peer, socket };
    all.push(pooled);
    this.#byNumber.set(number, pooled);
    return pooled;
  }

  drop(number: number): void {
    const pooled = this.#byNumber.get(number);
    if (pooled === undefined) return;
    this.#byNumber.delete(number);
    const all = this.#ofPeer.get(pooled.peer) ?? [];
    const at = all.indexOf(pooled);
    if (at >= 0) all.splice(at, 1);
    this.#close(pooled.socket);
  }

  each(visit: (socket: Socket) => void): void {
    for (const { socket } of this.#byNumber.values()) visit(socket);
  }

  close(): void {
    for (const number of [...this.#byNumber.keys()]) this.drop(number);
  }

  #closeOldest(except: number): void {
    for (const [peer, all] of this.#ofPeer) {
      if (peer === except || all.length === 0) continue;
      for (const { number } of [...all]) this.drop(number);
      this.#ofPeer.delete(peer);
      return;
    }
  }
}

/** Whoever forges an answer has to guess which of these ports it is for, beside the id and the letters. */
const mostForPeer = 16;
const mostSockets = 256;
/** Longer than any question. */
export const placeBytes = 320;
