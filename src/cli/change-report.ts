/** Changes to files and screen. @module */

import type { ChangeFact } from '../model/change-facts.ts';
import { quoted } from '../plan/quoted.ts';
import { type ChangeWriterName, changeWriters } from '../report/changes/index.ts';
import { mustWrite } from './print.ts';
import { openFile, type Place } from './sink.ts';
import type { World } from './world.ts';

/** Reports of changes, all in step. */
export class ChangeReport {
  readonly #reports: readonly Report[];
  #n = 0;

  constructor(
    outputs: readonly { readonly format: ChangeWriterName; readonly path: string }[],
    world: Pick<World, 'write'>,
  ) {
    this.#reports = outputs.map(({ format, path }) => new Report(format, path, world));
  }

  /** How many were told. */
  get count(): number {
    return this.#n;
  }

  /** Tells a change: it gets its ordinal here. */
  tell({ type, ...change }: Omit<ChangeFact, 'n'>): ChangeFact {
    const fact: ChangeFact = { type, n: ++this.#n, ...change };
    for (const report of this.#reports) report.tell(fact);
    return fact;
  }

  /** Writes what waits: whoever reads a pipe has it now. */
  flush(): void {
    for (const report of this.#reports) report.flush();
  }

  end(): void {
    for (const report of this.#reports) report.end();
  }
}

class Report {
  readonly #writer: ReturnType<(typeof changeWriters)[ChangeWriterName]>;
  readonly #where: string;
  readonly #place: Place;
  #pending = '';

  constructor(format: ChangeWriterName, path: string, world: Pick<World, 'write'>) {
    this.#writer = changeWriters[format]();
    this.#where = path === '-' ? 'standard output' : quoted(path);
    const screen: Place = { write: (text) => world.write(1, text), close: () => undefined };
    this.#place = path === '-' ? screen : openFile(path);
    this.#writer.begin?.(this.#out);
  }

  readonly #out = (text: string): void => {
    this.#pending += text;
  };

  tell(fact: ChangeFact): void {
    this.#writer.change(fact, this.#out);
    if (this.#pending.length >= blockLength) this.flush();
  }

  flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') mustWrite(this.#where, () => this.#place.write(text));
  }

  end(): void {
    this.#writer.end?.(this.#out);
    this.flush();
    mustWrite(this.#where, () => this.#place.close());
  }
}

const blockLength = 64 * 1024;
