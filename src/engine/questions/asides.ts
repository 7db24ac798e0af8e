/**
 * Questions that are put to hosts beside their agendas.
 *
 * @module
 */

import { type Board, taskState } from '../board.ts';
import type { Host } from '../hosts/host.ts';

/** What is asked besides of the hosts on one board. */
export class Asides {
  readonly #board: Board;
  readonly #wake: (host: Host) => void;
  readonly #goOn: (host: Host) => void;

  /** `wake`: a host has a question to ask. `goOn`: it has one less to wait for. */
  constructor(board: Board, wake: (host: Host) => void, goOn: (host: Host) => void) {
    this.#board = board;
    this.#wake = wake;
    this.#goOn = goOn;
  }

  /** Puts one question more to a host, before others. Its answer is told like theirs; that it stays silent is not. */
  ask(host: Host, question: number): void {
    const task = this.#taskOf(host, question);
    if (host.done || this.#board.state[task] !== taskState.unasked) return;
    this.#board.state[task] = taskState.waiting;
    host.asides ??= new Set();
    host.asides.add(question);
    host.pending++;
    host.retries.push(task);
    this.#wake(host);
  }

  /** Takes back what {@link ask} asked: its answer is of no interest any more. */
  withdraw(host: Host, question: number): void {
    const task = this.#taskOf(host, question);
    const state = this.#board.state[task];
    if (host.done || state === taskState.unasked || state === taskState.settled) return;
    host.settle(task);
    this.#goOn(host);
  }

  /** Whether a question, of the agenda or not, has been sent to a host that is being asked. */
  isSent(host: Host, question: number): boolean {
    return (this.#board.attempts[this.#taskOf(host, question)] as number) > 0;
  }

  #taskOf(host: Host, question: number): number {
    return host.row * this.#board.questions + question;
  }
}
