/**
 * Which ports of the hosts on their way said open, and which UDP ports were silent, for the phases that come after: seen
 * by this shard or its guest, or in an earlier run of the same scan. It is kept only where a phase has questions of its own,
 * and until its host gets there.
 *
 * @module
 */

import type { Protocol } from '../../model/verdict.ts';
import { ObservationReader } from '../records/observations.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { Verdicts } from '../records/verdicts.ts';
import type { ShardConfig } from './config.ts';
import { askedTechnique } from './question-list.ts';
import { PortSorter, portKey, type SortedPorts } from './said-ports.ts';

/** A port that said open, by whichever technique. */
export interface OpenPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** The datagram by which it did. */
  readonly answer?: Uint8Array;
}

/** A UDP port that stayed silent. */
export interface SilentPort {
  readonly port: number;
  /** By which question. */
  readonly question: number;
}

/** Those of one host, ascending, each once. */
export interface PortsAtHand {
  readonly open: readonly OpenPort[];
  readonly silent: readonly SilentPort[];
}

/** Ports by host. */
export class OpenPorts {
  readonly #config: Pick<ShardConfig, 'ports' | 'said'>;
  readonly #verdicts: Verdicts;
  readonly #sorter: PortSorter;
  readonly #reader = new ObservationReader();
  readonly #byHost = new Map<number, SortedPorts>();

  /** `wantsSilent`: UDP ports that were silent are kept as well. */
  constructor(config: Pick<ShardConfig, 'ports' | 'discovery' | 'said'>, wantsSilent = false) {
    this.#config = config;
    this.#verdicts = new Verdicts(config);
    this.#sorter = new PortSorter(config.ports, wantsSilent);
  }

  /** Takes what a question about a port came to, see `verdictCode`; `data` is what came in a datagram. */
  note(host: number, question: number, code: number, data?: Uint8Array): void {
    const before = this.#byHost.get(host);
    const said = this.#sorter.sort(before, question, code, data);
    if (said !== before && said !== undefined) this.#byHost.set(host, said);
  }

  /** Takes a record of observations that another shard made. */
  hear(view: DataView, start: number, end: number): void {
    const reader = this.#reader;
    if (reader.open(view, start, end) !== undefined || reader.phase !== phaseNumbers.ports) return;
    for (let i = 0; i < reader.count; i++) {
      reader.read(i);
      const { host, question, seen } = reader;
      this.note(host, question, this.#verdicts.of(phaseNumbers.ports, question, seen), seen.data);
    }
  }

  /** The ports of a host that is about to leave; they are forgotten. */
  take(host: number): PortsAtHand {
    const { ports, said } = this.#config;
    const all = [said?.get(host), this.#byHost.get(host)].filter((some) => some !== undefined);
    this.#byHost.delete(host);
    const found = new Map<string, OpenPort>();
    const silent = new Map<number, SilentPort>();
    for (const { open, heard, silent: questions } of all) {
      for (const question of open) {
        const name = ports?.techniques[ports.techniqueOf[question] ?? -1];
        if (name === undefined) continue;
        const protocol = askedTechnique(name).about as Protocol;
        const port = ports?.portOf[question] as number;
        const answer = heard.get(question);
        const key = portKey(protocol, port);
        if (answer !== undefined || !found.has(key))
          found.set(key, { protocol, port, ...(answer !== undefined && { answer }) });
      }
      for (const question of questions) {
        const port = ports?.portOf[question] as number;
        silent.set(port, { port, question });
      }
    }
    for (const { protocol, port } of found.values()) if (protocol === 'udp') silent.delete(port);
    const byPort = (a: { readonly port: number }, b: { readonly port: number }) => a.port - b.port;
    return { open: [...found.values()].sort(byPort), silent: [...silent.values()].sort(byPort) };
  }
}
