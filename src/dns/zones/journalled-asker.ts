/**
 * A journal of answers, a line each: whoever goes on with a search asks the same questions again, and those that were
 * answered before are answered from it. What stayed undecided is asked anew, and so are transfers.
 *
 * @module
 */

import type { Asker, AskingCounts, DnsOutcome, DnsQuestion, DnsRecord, TransferOutcome } from '../asker.ts';

/** Asks, and keeps what was answered. */
export class JournalledAsker implements Asker {
  readonly #asker: Asker;
  readonly #write: (line: string) => void;
  /** Answers of an earlier run, by question, in the order in which they were given. */
  readonly #past: Map<string, DnsOutcome[]>;
  #answered = 0;

  /** `past` are the lines that an earlier one wrote; what is broken among them, as the last may be, counts for nothing. */
  constructor(asker: Asker, write: (line: string) => void, past: Iterable<string> = []) {
    this.#asker = asker;
    this.#write = write;
    this.#past = readPast(past);
  }

  get counts(): AskingCounts {
    return this.#asker.counts;
  }

  /** How many questions were answered from the journal. */
  get answered(): number {
    return this.#answered;
  }

  async ask(question: DnsQuestion, servers?: readonly string[]): Promise<DnsOutcome> {
    const key = keyOf(question, servers);
    const known = this.#past.get(key)?.shift();
    if (known !== undefined) {
      this.#answered++;
      return known;
    }
    const outcome = await this.#asker.ask(question, servers);
    if (outcome.kind === 'answer') this.#write(lineOf(key, outcome, question.dnssec === true));
    return outcome;
  }

  transfer(
    zone: string,
    server: string,
    take: (records: readonly DnsRecord[]) => void,
  ): Promise<TransferOutcome> {
    return this.#asker.transfer(zone, server, take);
  }

  stop(): void {
    this.#asker.stop();
  }
}

function keyOf({ name, type, dnssec, recursive }: DnsQuestion, servers: readonly string[] = []): string {
  return `${name} ${type} ${dnssec === true ? 'd' : ''}${recursive === false ? 'o' : ''} ${servers.join()}`;
}

function lineOf(key: string, outcome: Extract<DnsOutcome, { kind: 'answer' }>, dnssec: boolean): string {
  const { rcode, isAuthoritative, isAuthentic, server, rttMs } = outcome;
  const flags = (isAuthoritative ? 1 : 0) | (isAuthentic ? 2 : 0);
  // Of a plain denial nothing else is read; there are many.
  const isPlain =
    rcode === 'NXDOMAIN' && !dnssec && outcome.records.every(({ section }) => section !== 'answer');
  const records = isPlain
    ? []
    : outcome.records.map(({ name, type, ttl, value, section }) => [
        name,
        type,
        ttl,
        value,
        sections.indexOf(section),
      ]);
  return JSON.stringify([key, rcode, flags, server, Math.round(rttMs * 1000) / 1000, records]);
}

function readPast(lines: Iterable<string>): Map<string, DnsOutcome[]> {
  const past = new Map<string, DnsOutcome[]>();
  for (const line of lines) {
    const read = readLine(line);
    if (read === undefined) continue;
    const [key, outcome] = read;
    const known = past.get(key);
    if (known === undefined) past.set(key, [outcome]);
    else known.push(outcome);
  }
  return past;
}

function readLine(line: string): readonly [string, DnsOutcome] | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields) || fields.length !== 6) return undefined;
  const [key, rcode, flags, server, rttMs, kept] = fields as unknown[];
  if (typeof key !== 'string' || typeof rcode !== 'string' || typeof server !== 'string') return undefined;
  if (typeof flags !== 'number' || typeof rttMs !== 'number' || !Array.isArray(kept)) return undefined;
  const records: DnsRecord[] = [];
  for (const one of kept as unknown[]) {
    if (!Array.isArray(one)) return undefined;
    const [name, type, ttl, value, place] = one as unknown[];
    const section = sections[place as number];
    if (typeof name !== 'string' || typeof type !== 'string' || typeof ttl !== 'number') return undefined;
    if (typeof value !== 'string' || section === undefined) return undefined;
    records.push({ name, type, ttl, value, section, data: undefined });
  }
  const outcome: DnsOutcome = {
    kind: 'answer',
    rcode,
    isAuthoritative: (flags & 1) !== 0,
    isAuthentic: (flags & 2) !== 0,
    records,
    server,
    rttMs,
  };
  return [key, outcome];
}

const sections = ['answer', 'authority', 'additional'] as const;
