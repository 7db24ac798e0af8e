/** `audit --watch`: audits again and again, and tells what changes of what the policy is about. @module */

import type { AuditRequest } from '../audit/request.ts';
import type { ExitCode } from '../base/errors.ts';
import type { CheckResult, RecordedFact } from '../model/fact.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { ndjsonLine } from '../report/lines.ts';
import { AuditRecords, type RecordFile } from '../store/audit-records.ts';
import { type StoreFolder, watchFolder } from '../store/folder.ts';
import { hashOf } from './keeper-of.ts';
import { optionWords } from './option-words.ts';
import { lookAt } from './run-watch.ts';
import { type Look, type LookOptions, type Watched, type Watching, watchRounds } from './watching.ts';
import type { World } from './world.ts';

/** Watches until a signal comes, or for one round; ends as `diff` does. */
export function watchAudit(
  request: AuditRequest,
  key: { readonly key?: string },
  watching: Watching,
  world: World,
): Promise<ExitCode> {
  return watchRounds(new WatchedAudit(request, key, world), watching, world);
}

class WatchedAudit implements Watched {
  readonly series: string;
  readonly folder: StoreFolder;
  readonly #request: AuditRequest;
  readonly #key: { readonly key?: string };
  readonly #world: World;
  readonly #records: AuditRecords;

  constructor(request: AuditRequest, key: { readonly key?: string }, world: World) {
    const { args, seed, ...asked } = request;
    this.series = hashOf(JSON.stringify(['audit', asked]));
    this.folder = watchFolder(world.environment);
    this.#request = request;
    this.#key = key;
    this.#world = world;
    this.#records = new AuditRecords(this.folder, this.series);
  }

  records(): readonly string[] {
    return this.#records.list();
  }

  settle(base: string): void {
    this.#records.keepOnly(base);
  }

  async look(options: LookOptions): Promise<Look | undefined> {
    const { isKept, signal, notice } = options;
    const isFirst = this.records().length === 0;
    const record = isKept ? new Recording(this.#records.open(Date.now()), notice) : undefined;
    const counts: Record<CheckResult, number> = { pass: 0, fail: 0, inconclusive: 0 };
    try {
      const facts = await this.#world.audit(this.#request, {
        signal,
        words: optionWords,
        tellsHosts: true,
        ...this.#key,
      });
      const look = await lookAt(facts, options, (fact) => {
        record?.take(fact);
        if (fact.type === 'check') counts[fact.result]++;
      });
      if (look === undefined) return undefined;
      record?.finish();
      if (isFirst) notice(firstWords(counts));
      return record?.isLost === true ? { ...look, isWhole: false } : look;
    } finally {
      record?.end();
    }
  }
}

/** A record as facts come; one that cannot be written costs the audit nothing. */
class Recording {
  isLost = false;
  readonly #file: RecordFile;
  readonly #notice: (line: string) => void;
  #isFinished = false;

  constructor(file: RecordFile, notice: (line: string) => void) {
    this.#file = file;
    this.#notice = notice;
  }

  take(fact: RecordedFact): void {
    this.#attempt(() => this.#file.write(ndjsonLine(fact)));
  }

  finish(): void {
    this.#attempt(() => {
      this.#file.finish();
      this.#isFinished = true;
    });
  }

  end(): void {
    if (!this.#isFinished) this.#file.discard();
  }

  #attempt(write: () => void): void {
    if (this.isLost) return;
    try {
      write();
    } catch (error) {
      this.isLost = true;
      this.#notice(
        `warning: Cannot keep this round: ${writeTrouble(error)}; the next one is compared with an earlier one`,
      );
    }
  }
}

/** What the first round has to say: it is compared with nothing. */
function firstWords({ pass, fail, inconclusive }: Readonly<Record<CheckResult, number>>): string {
  const all = `${pass} passed, ${fail} failed, ${inconclusive} inconclusive`;
  return `the first round: ${all}; later rounds are compared with it`;
}
