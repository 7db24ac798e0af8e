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
  /** The targets that led to a host: names, or its address. */
  readonly #targetsOf = new Map<string, readonly string[]>();
  /** Whether a port took a connection, by target. */
  readonly #isOpen = new Map<string, Map<string, boolean>>();

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

  /**
   * Whether every port of every target took a connection. A name is one target, whichever of its addresses took it;
   * each address of a block is one.
   */
  get allOpen(): boolean {
    const targets = [...this.#isOpen.values()];
    return (
      targets.length > 0 && targets.every((ports) => ports.size > 0 && [...ports.values()].every(Boolean))
    );
  }

  /** A host that there is no way to has no ports to speak of. */
  #host({ host, name, names = [], askedAs = host, state }: HostFact): void {
    this.#names.set(host, askedAs);
    const others = names.filter((one) => one !== name && one !== askedAs);
    const targets = [askedAs, ...(askedAs === host ? [] : others)];
    this.#targetsOf.set(host, targets);
    for (const target of targets) this.#portsOf(target);
    if (state === 'up' || !this.#isVerbose) return;
    this.#say(
      `portolan: connect to ${this.#where(host)} failed: ${state === 'down' ? 'Host is down' : 'No route to host'}`,
    );
  }

  #port(fact: PortFact): void {
    const { host, port, protocol, state } = fact;
    for (const target of this.#targetsOf.get(host) ?? [host]) {
      const ports = this.#portsOf(target);
      const key = `${protocol}/${port}`;
      ports.set(key, ports.get(key) === true || state === 'open');
    }
    if (!this.#isVerbose) return;
    const where = this.#where(host);
    if (state === 'open') {
      this.#say(`Connection to ${where} ${port} port [${protocol}/${fact.service ?? '*'}] succeeded!`);
    } else this.#say(`portolan: connect to ${where} port ${port} (${protocol}) failed: ${outcome(fact)}`);
  }

  #portsOf(target: string): Map<string, boolean> {
    const known = this.#isOpen.get(target);
    if (known !== undefined) return known;
    const ports = new Map<string, boolean>();
    this.#isOpen.set(target, ports);
    return ports;
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
