/**
 * Which ports of the hosts on their way said open, for the phases that come after: seen by this shard or its guest, or
 * in an earlier run of the same scan. It is kept only where a phase has questions of its own, and until its host gets there.
 *
 * @module
 */

import { isOpen } from '../../engine/answers/answer-kind.ts';
import type { Protocol } from '../../model/verdict.ts';
import { ObservationReader } from '../records/observations.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { Verdicts } from '../records/verdicts.ts';
import type { ShardConfig } from './config.ts';
import { askedTechnique } from './question-list.ts';

/** A port that said open, by whichever technique. */
export interface OpenPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** Open ports by host. */
export class OpenPorts {
  readonly #config: Pick<ShardConfig, 'ports' | 'open'>;
  readonly #verdicts: Verdicts;
  readonly #reader = new ObservationReader();
  /** The questions that were answered by open. */
  readonly #byHost = new Map<number, number[]>();

  constructor(config: Pick<ShardConfig, 'ports' | 'discovery' | 'open'>) {
    this.#config = config;
    this.#verdicts = new Verdicts(config);
  }

  /** Takes what a question about a port came to, see `verdictCode`. */
  note(host: number, question: number, code: number): void {
    if (!isOpen(code)) return;
    const questions = this.#byHost.get(host);
    if (questions === undefined) this.#byHost.set(host, [question]);
    else questions.push(question);
  }

  /** Takes a record of observations that another shard made. */
  hear(view: DataView, start: number, end: number): void {
    const reader = this.#reader;
    if (reader.open(view, start, end) !== undefined || reader.phase !== phaseNumbers.ports) return;
    for (let i = 0; i < reader.count; i++) {
      reader.read(i);
      const { host, question, seen } = reader;
      this.note(host, question, this.#verdicts.of(phaseNumbers.ports, question, seen));
    }
  }

  /** The open ports of a host that is about to leave, ascending, each once; they are forgotten. */
  take(host: number): readonly OpenPort[] {
    const { ports, open } = this.#config;
    const questions = [...(open?.get(host) ?? []), ...(this.#byHost.get(host) ?? [])];
    this.#byHost.delete(host);
    const found = new Map<string, OpenPort>();
    for (const question of questions) {
      const name = ports?.techniques[ports.techniqueOf[question] ?? -1];
      if (name === undefined) continue;
      const protocol = askedTechnique(name).about as Protocol;
      const port = ports?.portOf[question] as number;
      found.set(`${protocol} ${port}`, { protocol, port });
    }
    return [...found.values()].sort((a, b) => a.port - b.port);
  }
}
