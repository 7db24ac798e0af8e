/**
 * The contract of UDP payloads: what to say to a port so that its service answers.
 *
 * A payload is a question that changes nothing that lasts at the other side and that the protocol obliges, or at least
 * allows, to be answered to a stranger. All of them are written from the documents named at each.
 *
 * @module
 */

/** One question to one kind of service. */
export interface UdpPayload {
  /** The name used in documentation and tests, unique. */
  readonly name: string;
  /** The service that answers, by IANA's name where it has one. */
  readonly service: string;
  /** The ports where this question is asked. */
  readonly ports: readonly number[];
  /** When the service stays silent although it is there. */
  readonly note?: string;
  /**
   * The datagram. `id` is an unsigned 32-bit cookie, placed where the answer will echo it, as far as it fits;
   * where the protocol wants more random bytes than that, they are derived from it.
   */
  build(id: number): Uint8Array;
  /**
   * Whether the datagram in `bytes` from `start` to `end` echoes this id. Absent: the protocol has no id, so
   * any datagram counts.
   */
  answers?(bytes: Uint8Array, start: number, end: number, id: number): boolean;
  /** Services answer as well when other bytes follow: a mark may stand there. */
  readonly bearsTail?: true;
  /** The answer comes from a port the server chooses for it. */
  readonly repliesFromOtherPort?: true;
}
