/**
 * Makes facts of what the parts of a look at names tell, in order and each once, for whoever pulls them.
 *
 * @module
 */

import type { Asker } from '../../dns/asker.ts';
import { rateLimitFinding } from '../../dns/zones/findings.ts';
import type { Fact } from '../../model/fact.ts';
import type { NameTotals } from '../../model/name-facts.ts';
import type { ErrandRoom, NamesNews } from './errand.ts';

/** A limit of a server. */
interface Limit {
  readonly server: string;
  readonly perSecond: number;
  readonly by: 'refused' | 'servfail' | 'silence';
}

/** Who asks, and whether he has asked all that he may. */
type SpendingAsker = Pick<Asker, 'counts'> & { readonly isSpent: boolean };

/** Facts on their way to whoever reads them. */
export class NamesTelling {
  readonly #asker: SpendingAsker;
  readonly #begunMs: number;
  readonly #expected: number;
  #facts: Fact[] = [];
  #isOver = false;
  #wake: (() => void) | undefined;
  #n = 1;
  /** The number of each record that was told. */
  readonly #numbers = new Map<string, number>();
  /** Names of which something was told that is of no transfer. */
  readonly #toldElse = new Set<string>();
  #isOpen = false;
  /** The time as it was last written: many facts share a millisecond. */
  #at = '';
  #atMs = 0;
  #progressMs = Number.NEGATIVE_INFINITY;
  readonly #leftOut: Record<string, number> = {};
  readonly #totals = { asked: 0, found: 0, absent: 0, undecided: 0 };

  /** `expected`: how many questions are forecast. */
  constructor(asker: SpendingAsker, begunMs: number, expected: number) {
    this.#asker = asker;
    this.#begunMs = begunMs;
    this.#expected = expected;
  }

  get counts(): Asker['counts'] {
    return this.#asker.counts;
  }

  get totals(): NameTotals {
    const hasLeftOut = Object.keys(this.#leftOut).length > 0;
    return { ...this.#totals, ...(hasLeftOut && { leftOut: this.#leftOut }) };
  }

  /** Whether nothing was left open. */
  get isComplete(): boolean {
    return !this.#isOpen;
  }

  nextNumber(): number {
    return ++this.#n;
  }

  /** What an errand is given to tell with. */
  roomOf(part: string): Pick<ErrandRoom, 'tell' | 'count' | 'leaveOpen' | 'progress'> {
    return {
      tell: (news) => this.#tell(news),
      count: (totals) => this.#count(totals),
      leaveOpen: () => {
        this.#isOpen = true;
      },
      progress: (done, total) => this.#progress(part, done, total),
    };
  }

  /** All messages that may be sent were sent. */
  tellSpent(budget: number): void {
    this.#isOpen = true;
    this.#out({
      type: 'warning',
      message: `The budget of ${budget} queries is spent: what was left is not decided`,
    });
  }

  /** Names the limits of servers that were met. */
  tellLimits(limits: readonly Limit[], zone: string): void {
    for (const { server, perSecond, by } of limits)
      this.#tell({
        kind: 'finding',
        finding: rateLimitFinding(zone, server, perSecond, by === 'silence' ? 'timeout' : by),
      });
  }

  /** Nothing follows for now. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** What has been told, as it is told, until the end; many at a time, since each turn of a generator costs. */
  async *facts(): AsyncGenerator<readonly Fact[], void> {
    for (;;) {
      const facts = this.#facts;
      this.#facts = [];
      if (facts.length > 0) yield facts;
      if (this.#facts.length > 0) continue;
      if (this.#isOver) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #tell(news: NamesNews): number {
    switch (news.kind) {
      case 'record': {
        const { name, type: record, value, ttl } = news.record;
        const { via, server } = news;
        // A transfer tells each record once by itself; all of its records would take as much memory as it takes altogether.
        const isKept = via !== 'axfr' || this.#numbers.size < mostRemembered || this.#toldElse.has(name);
        const key = isKept ? `${name} ${record} ${value}` : '';
        const known = isKept ? this.#numbers.get(key) : undefined;
        if (known !== undefined) return known;
        if (via !== 'axfr') this.#toldElse.add(name);
        const told = this.#push((n, at) => ({
          type: 'dns',
          n,
          name,
          record,
          value,
          ttl,
          via,
          ...(server !== undefined && { server }),
          at,
        }));
        if (isKept) this.#numbers.set(key, told);
        return told;
      }
      case 'undecided': {
        const { name, why, types, via } = news;
        this.#isOpen = true;
        const undecided = why === 'stopped' && this.#asker.isSpent ? 'budget' : why;
        // What was not asked any more is not told of name by name.
        if (undecided === 'stopped') return 0;
        return this.#push((n, at) => ({
          type: 'dns',
          n,
          name,
          undecided,
          ...(types !== undefined && { types }),
          ...(via !== undefined && { via }),
          at,
        }));
      }
      case 'absent': {
        const { name, answer, server } = news;
        return this.#push((n, at) => ({ type: 'dns', n, name, answer, via: 'query', server, at }));
      }
      case 'transfer': {
        const { zone, server, outcome } = news;
        // One that was refused is decided.
        if (outcome.result === 'partial' || outcome.result === 'timeout') this.#isOpen = true;
        const { result, records } = outcome;
        return this.#push((n, at) => ({ type: 'transfer', n, zone, server, result, records, at }));
      }
      case 'finding':
        return this.#push((n, at) => ({ type: 'finding', n, ...news.finding, at }));
      case 'zone':
        return this.#push((n, at) => ({ type: 'zone', n, ...news.zone, at }));
      case 'notice':
        this.#out({ type: 'warning', isNotice: true, message: news.message });
        return 0;
      case 'warning':
        this.#out({ type: 'warning', ...news.warning });
        return 0;
    }
  }

  #push(make: (n: number, at: string) => Fact): number {
    const n = this.nextNumber();
    const nowMs = Date.now();
    if (nowMs !== this.#atMs) {
      this.#atMs = nowMs;
      this.#at = new Date(nowMs).toISOString();
    }
    this.#out(make(n, this.#at));
    return n;
  }

  #out(fact: Fact): void {
    this.#facts.push(fact);
    this.#wake?.();
  }

  #count({ leftOut = {}, ...totals }: Partial<NameTotals>): void {
    for (const name of ['asked', 'found', 'absent', 'undecided'] as const)
      this.#totals[name] += totals[name] ?? 0;
    for (const [reason, value] of Object.entries(leftOut))
      this.#leftOut[reason] = (this.#leftOut[reason] ?? 0) + value;
  }

  #progress(part: string, done: number, total: number): void {
    const elapsedMs = performance.now() - this.#begunMs;
    if (elapsedMs - this.#progressMs < progressMs) return;
    this.#progressMs = elapsedMs;
    const whole = Math.max(total, this.#expected, done);
    const { sent } = this.#asker.counts;
    this.#out({
      type: 'progress',
      phase: `names: ${part}`,
      done,
      total: whole,
      elapsedMs,
      ...(done > 0 && { etaMs: (elapsedMs * (whole - done)) / done }),
      ratePps: (sent * 1000) / Math.max(1, elapsedMs),
      hostsUp: 0,
      open: this.#numbers.size,
    });
  }
}

const progressMs = 100;
const mostRemembered = 20_000;
