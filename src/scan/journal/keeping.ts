/**
 * Keeps one scan while it runs. Whatever goes wrong with it ends the keeping and no scan.
 *
 * @module
 */

import type { HostFact, SummaryFact, WarningFact } from '../../model/fact.ts';
import type { Plan } from '../../plan/plan.ts';
import { withoutSecrets } from '../scan-fact.ts';
import { Journal } from './journal.ts';
import type { Keeper, KeptFile } from './keeper.ts';
import { endText } from './kept-end.ts';
import type { Past } from './past.ts';

/** What is kept, and by whom. */
export interface KeepingOptions {
  readonly keeper: Keeper;
  readonly plan: Plan;
  readonly startedAt: string;
  /** What an earlier run has found out. */
  readonly past: Past | undefined;
  /** Hears why nothing is kept. */
  readonly notices: WarningFact[];
}

/** The journal of a scan that is kept when it is finished. */
export class Keeping {
  readonly #options: KeepingOptions;
  readonly #file: KeptFile;
  #journal: Journal | undefined;
  readonly #names = new Map<string, readonly string[]>();
  #told: (message: string) => void = () => undefined;
  /** What went wrong before anybody heard. */
  #early: string | undefined;

  private constructor(options: KeepingOptions, file: KeptFile) {
    this.#options = options;
    this.#file = file;
  }

  /** Opens the file; undefined: there is nothing to be kept, or nowhere. */
  static begin(options: KeepingOptions): Keeping | undefined {
    const { keeper, plan, startedAt, past, notices } = options;
    if (plan.goal === 'list') return undefined;
    let file: KeptFile;
    try {
      file = keeper.open(Date.now());
    } catch (error) {
      const message = `This scan is not kept: ${(error as Error).message}`;
      notices.push({ type: 'warning', isNotice: true, message });
      return undefined;
    }
    const keeping = new Keeping(options, file);
    keeping.#try(() => {
      const journal = Journal.keep(file.path, file.descriptor, known(plan), startedAt);
      keeping.#journal = journal;
      for (const piece of past?.pieces() ?? []) journal.copy(piece);
    });
    return keeping;
  }

  /** Hears what a user should know: the scan is not kept. */
  heed(told: (message: string) => void): void {
    this.#told = told;
    if (this.#early !== undefined) told(this.#early);
  }

  write(act: (journal: Journal) => void): void {
    const journal = this.#journal;
    if (journal !== undefined) this.#try(() => act(journal));
  }

  /** Names are asked while facts are made. */
  note({ host, name, names }: HostFact): void {
    if (name === undefined && names === undefined) return;
    if (this.#journal === undefined || this.#names.size >= mostNames) return;
    this.#names.set(host, names ?? [name as string]);
  }

  /** The scan is finished. */
  finish(summary: SummaryFact): void {
    const { keeper, plan, startedAt } = this.#options;
    this.write((journal) => {
      const names = [...this.#names];
      for (let at = 0; at < names.length; at += namesABlock)
        journal.names(Object.fromEntries(names.slice(at, at + namesABlock)));
      const vantage = keeper.vantageOf(plan.groups[0]?.targets ?? '');
      journal.end(endText(plan, { startedAt, vantage, summary }));
    });
    if (this.#journal === undefined) return;
    this.#journal.abandon();
    this.#journal = undefined;
    this.#file.finish();
  }

  /** It is not to be kept. */
  discard(): void {
    if (this.#journal === undefined) return;
    this.#journal.abandon();
    this.#journal = undefined;
    this.#file.discard();
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      const message = `${(error as Error).message}: the scan goes on, and is not kept`;
      if (this.#journal === undefined) this.#file.discard();
      else this.discard();
      this.#early = message;
      this.#told(message);
    }
  }
}

/** The plan as it may lie about: names and passwords of proxies are nobody's business. */
function known(plan: Plan): Plan {
  const { journal: _, capture: __, ...rest } = plan;
  return { ...rest, args: withoutSecrets(plan.args), proxies: withoutSecrets(plan.proxies) };
}

const namesABlock = 1000;
const mostNames = 1_000_000;
