/**
 * Netcat's answer: one line a port on standard error, and whether all of them were open.
 *
 * @module
 */

import type { Fact, HostFact, PortFact } from '../model/fact.ts';

/** Collects the verdicts of one `-z` run. */
export class NetcatReport {
  readonly #isVerbose: boolean;
  readonly #say: (line: string) => void;
  readonly #names = new Map<string, string>();
  readonly #unopened = new Set<string>();
  readonly #opened = new Set<string>();

  /** Without `-v` netcat says nothing; its exit code does. */
  constructor(isVerbose: boolean, say: (line: string) => void) {
    this.#isVerbose = isVerbose;
    this.#say = say;
  }

  /** Takes any fact of the scan. */
  take(fact: Fact): void {
    if (fact.type === 'host') this.#host(fact);
    if (fact.type === 'port') this.#port(fact);
  }

  /** A name stands for all its addresses: one that takes every connection is enough. */
  get allOpen(): boolean {
    return [...this.#opened].some((host) => !this.#unopened.has(host));
  }

  /** Raw probes ask for the hardware address first: a neighbour without one has no ports to speak of. */
  #host({ host, askedAs = host, state }: HostFact): void {
    this.#names.set(host, askedAs);
    if (state === 'up' || !this.#isVerbose) return;
    this.#say(
      `portolan: connect to ${this.#where(host)} failed: ${state === 'down' ? 'Host is down' : 'No route to host'}`,
    );
  }

  #port(fact: PortFact): void {
    const { host, port, protocol, state } = fact;
    (state === 'open' ? this.#opened : this.#unopened).add(host);
    if (!this.#isVerbose) return;
    const where = this.#where(host);
    if (state === 'open') {
      this.#say(`Connection to ${where} ${port} port [${protocol}/${fact.service ?? '*'}] succeeded!`);
    } else this.#say(`portolan: connect to ${where} port ${port} (${protocol}) failed: ${outcome(fact)}`);
  }

  #where(host: string): string {
    const name = this.#names.get(host) ?? host;
    return name === host ? host : `${name} (${host})`;
  }
}

function outcome({ reason, state }: PortFact): string {
  if (state === 'closed') return 'Connection refused';
  if (reason === 'no-response') return 'Connection timed out';
  return `${state} (${reason})`;
}
