/**
 * The evidence of one run, from its shards and from the kernel's connections, written until that fails: the scan goes on
 * without.
 *
 * @module
 */

import { PortolanError } from '../../base/errors.ts';
import type { Evidence } from './evidence.ts';
import type { HeardConnections } from './heard-connections.ts';

/** Who hears of what goes wrong. */
export interface Hearer {
  warn(entry: { readonly message: string; readonly incomplete: boolean }): void;
  fail(error: unknown): void;
}

/** Writes what it is handed, and tells its hearer once that it cannot any more. */
export class RunEvidence {
  #evidence: Evidence | undefined;
  readonly #heard: HeardConnections | undefined;
  readonly #hearer: Hearer;

  constructor(evidence: Evidence, heard: HeardConnections | undefined, hearer: Hearer) {
    this.#evidence = evidence;
    this.#heard = heard;
    this.#hearer = hearer;
    heard?.begin(
      (blocks) => this.#write((kept) => kept.take(connections, blocks)),
      (error) => hearer.fail(error),
    );
  }

  /** Takes blocks of a shard's recorder. */
  take(shard: number, blocks: Uint8Array): void {
    this.#write((evidence) => evidence.take(connections + 1 + shard, blocks));
  }

  /** Hears no more, and closes the file. */
  close(): void {
    try {
      const lost = this.#heard?.stop() ?? 0;
      const message = `The evidence lacks ${lost} packets of connections: they came faster than they could be kept`;
      if (lost > 0 && this.#evidence !== undefined) this.#hearer.warn({ message, incomplete: false });
    } catch (error) {
      this.#hearer.fail(error);
    }
    this.#write((evidence) => evidence.close());
  }

  #write(act: (evidence: Evidence) => void): void {
    const evidence = this.#evidence;
    if (evidence === undefined) return;
    try {
      act(evidence);
    } catch (error) {
      // Connections are heard until the end: this may come in the midst of what they hand over.
      this.#evidence = undefined;
      evidence.abandon();
      if (error instanceof PortolanError) {
        this.#hearer.warn({ message: error.told.message, incomplete: true });
      } else this.#hearer.fail(error);
    }
  }
}

/** Under which number packets of connections go into the evidence; asking the link is 0, the shards follow. */
const connections = 1;
