/**
 * Takes the facts of a scan one by one and drives any number of writers with them.
 *
 * @module
 */

import type { ChangeFact, SeenFact } from '../model/change-facts.ts';
import type {
  CheckFact,
  Fact,
  HostFact,
  PortFact,
  ProbeFact,
  RecordedFact,
  ScanFact,
  SummaryFact,
} from '../model/fact.ts';
import type { HostReport, Out, ShowOptions, Writer } from './writer.ts';

/** A format and where its text goes. */
export interface Sink {
  readonly writer: Writer;
  readonly out: Out;
}

/**
 * Holds the facts of the hosts in flight and nothing else. `--open` is applied here, once for all formats:
 * what is left out of one is left out of every one, and the counts of the summary stay whole.
 */
export class Collector {
  readonly #sinks: readonly Sink[];
  readonly #show: ShowOptions;
  /** Whether any format wants whole hosts; a stream of lines alone holds nothing. */
  readonly #collects: boolean;
  readonly #keepsProbes: boolean;
  readonly #inFlight = new Map<string, Draft>();
  #scan: ScanFact | undefined;
  /** Those of the scan's questions, each once. */
  #techniques: readonly string[] = [];

  constructor(sinks: readonly Sink[], show: ShowOptions) {
    this.#sinks = sinks;
    this.#show = show;
    this.#collects = sinks.some(({ writer }) => writer.host !== undefined);
    this.#keepsProbes = show.probes === true || sinks.some(({ writer }) => writer.wantsProbes === true);
  }

  /** Takes the next fact; warnings are for others and pass by. */
  take(fact: Fact): void {
    if (fact.type === 'warning') return;
    if (fact.type === 'progress') {
      for (const { writer } of this.#sinks) if (this.#scan !== undefined) writer.progress?.(fact);
      return;
    }
    if (fact.type === 'host-done') {
      this.#finish(fact.host);
      return;
    }
    if (fact.type === 'scan') {
      this.#scan = fact;
      this.#techniques = [...new Set(fact.questions.map(({ technique }) => technique))];
      for (const { writer, out } of this.#sinks) writer.begin?.(fact, out);
    }
    if (this.#show.openOnly && isOther(fact)) return;
    // Whatever was known of unfinished hosts belongs before the end.
    if (fact.type === 'summary') for (const host of [...this.#inFlight.keys()]) this.#finish(host);
    for (const { writer, out } of this.#sinks) writer.fact?.(fact, out);
    if (fact.type === 'summary') this.#end(fact);
    else if ('host' in fact && this.#collects && isOfReport(fact)) this.#keep(fact);
  }

  #keep(fact: HostBound): void {
    // Only for who wants probes they are kept: they may be as many as the questions.
    if (fact.type !== 'probe') add(this.#draftOf(fact.host), fact);
    else if (this.#keepsProbes) this.#draftOf(fact.host).probes.push(fact);
  }

  #end(summary: SummaryFact): void {
    const scan = this.#begun();
    for (const { writer, out } of this.#sinks) writer.end?.(summary, scan, out);
  }

  #finish(host: string): void {
    const draft = this.#inFlight.get(host);
    if (draft === undefined) return;
    this.#inFlight.delete(host);
    const { questions } = this.#begun();
    const report = { ...draft, host: draft.host ?? unannounced(host, draft), techniques: this.#techniques };
    const wanted = this.#show.openOnly
      ? report.ports.length > 0 || report.policies.length > 0 || questions.length === 0
      : report.host.state !== 'down' || report.findings.length > 0 || this.#show.verbosity > 0;
    if (!wanted) return;
    const bare = this.#keepsProbes && this.#show.probes !== true ? { ...report, probes: [] } : report;
    for (const { writer, out } of this.#sinks) {
      writer.host?.(writer.wantsProbes === true ? report : bare, out);
    }
  }

  #draftOf(host: string): Draft {
    let draft = this.#inFlight.get(host);
    if (draft === undefined) {
      draft = {
        host: undefined,
        ports: [],
        groups: [],
        services: [],
        systems: [],
        policies: [],
        findings: [],
        probes: [],
        traces: [],
      };
      this.#inFlight.set(host, draft);
    }
    return draft;
  }

  #begun(): ScanFact {
    if (this.#scan === undefined) throw new Error('a scan fact comes before all others');
    return this.#scan;
  }
}

/** Whether it belongs to the report of its host. */
function isOfReport(fact: Extract<RecordedFact, { host: string }>): fact is HostBound {
  return fact.type !== 'check' && fact.type !== 'change' && fact.type !== 'seen';
}

/** Whether `--open` leaves this fact out. */
function isOther(fact: RecordedFact): boolean {
  return fact.type === 'ports' || (fact.type === 'port' && fact.state !== 'open');
}

function add(draft: Draft, fact: Exclude<HostBound, ProbeFact>): void {
  switch (fact.type) {
    case 'host':
      draft.host = fact;
      break;
    case 'port':
      draft.ports.push(fact);
      break;
    case 'ports':
      draft.groups.push(fact);
      break;
    case 'service':
      draft.services.push(fact);
      break;
    case 'os':
      draft.systems.push(fact);
      break;
    case 'device':
      draft.device = fact;
      break;
    case 'policy':
      draft.policies.push(fact);
      break;
    case 'finding':
      draft.findings.push(fact);
      break;
    case 'trace':
      draft.traces.push(fact);
      break;
  }
}

/** A host of which ports are known before it was announced, as in a sweep: up if it answered for itself. */
function unannounced(host: string, { ports, groups, services, policies, findings, traces }: Draft): HostFact {
  const answer = ports.find((fact: PortFact) => fact.from === host);
  if (answer !== undefined) {
    const { reason, ttl, rttMs, at } = answer;
    return {
      type: 'host',
      n: 0,
      host,
      state: 'up',
      reason,
      ...(ttl === undefined ? {} : { ttl }),
      ...(rttMs === undefined ? {} : { rttMs }),
      at,
    };
  }
  const at =
    [...ports, ...groups, ...services, ...policies, ...findings, ...traces][0]?.at ??
    new Date(0).toISOString();
  return { type: 'host', n: 0, host, state: 'unknown', reason: 'no-response', at };
}

/** A fact that is about one host. */
type HostBound = Exclude<Extract<RecordedFact, { host: string }>, CheckFact | ChangeFact | SeenFact>;

/** A host report while it grows. */
type Draft = {
  -readonly [Field in keyof Omit<HostReport, 'host' | 'techniques'>]: Growing<HostReport[Field]>;
} & {
  host: HostFact | undefined;
};

type Growing<T> = T extends readonly (infer Item)[] ? Item[] : T;
