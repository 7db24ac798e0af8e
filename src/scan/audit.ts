/**
 * The library door's verb for policies: what is expected goes in, checks come out.
 *
 * @module
 */

import { Answers } from '../audit/answers.ts';
import { checksOf } from '../audit/checks.ts';
import type { Policy } from '../audit/policy.ts';
import { type Asking, askingsOf } from '../audit/questions.ts';
import { readPolicy } from '../audit/read-policy.ts';
import { type AuditRequest, scanPart } from '../audit/request.ts';
import { type ResolvedPolicy, resolvePolicy } from '../audit/resolve-targets.ts';
import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { CheckResult, Fact, HostFact, ScanFact, SummaryFact } from '../model/fact.ts';
import { type Environment, readEnvironment } from '../plan/environment.ts';
import { excludedOf } from '../plan/read-plan.ts';
import { withoutKey } from '../plan/without-key.ts';
import type { ArrivalFeed } from './arrived/feed.ts';
import { besideListener, heardOf } from './arrived/of-audit.ts';
import { openFeed } from './arrived/open-feed.ts';
import { auditHeader, auditSummary } from './audit-record.ts';
import { capabilitiesOf } from './phases/index.ts';
import { type PlannedAsking, planAsking } from './plan-asking.ts';
import { checkPlanOrigin } from './runner/check-origin.ts';
import { run, type ScanOptions } from './scan.ts';

/** How an audit is run. */
export interface AuditOptions extends ScanOptions {
  /** Tells of every host whether it is there as well, before the checks. */
  readonly tellsHosts?: boolean;
}

/**
 * Compares a network with a policy. The first fact is `scan`, then come `check` facts, the last is `summary` with their
 * counts. Throws a PortolanError for a policy or a request that cannot be carried out, before anything is sent; what
 * fails later is thrown after a summary that says `failed`.
 */
export async function* audit(request: AuditRequest, options: AuditOptions = {}): AsyncGenerator<Fact, void> {
  const { arrived: source, tellsHosts = false, ...scanOptions } = options;
  const asked = scanPart(request);
  const policy = await readPolicy(request.policy, request.file ?? 'policy.yaml');
  const feed = source && (await openFeed(source, scanOptions));
  try {
    yield* compare(policy, request, asked, scanOptions, { feed, tellsHosts });
  } finally {
    feed?.stop();
  }
}

async function* compare(
  policy: Policy,
  request: AuditRequest,
  asked: ReturnType<typeof scanPart>,
  options: ScanOptions,
  { feed, tellsHosts }: { readonly feed: ArrivalFeed | undefined; readonly tellsHosts: boolean },
): AsyncGenerator<Fact, void> {
  const startedMs = Date.now();
  const scan = { ...(feed !== undefined && besideListener(policy, asked)), ...asked };
  const environment = readEnvironment();
  const resolved = await lookUp(policy, request, environment, options.signal);
  const plans = await planAll(resolved, scan, environment, options);
  let n = 0;
  const header: ScanFact = {
    ...auditHeader(policy, plans, withoutKey(request.args ?? []), startedMs),
    n: ++n,
  };
  const heard = new Heard(header);
  for (const message of resolved.warnings) yield* heard.tell({ type: 'warning', message });
  if (plans.length === 0) yield header;
  for (const [i, { asking, plan }] of plans.entries()) {
    if (heard.isOver) break;
    // What one scan gives up, the next one would miss.
    const ownsProcess = options.ownsProcess === true && i === plans.length - 1;
    yield* heard.all(asking, run(plan, { ...options, ownsProcess }));
  }
  await feed?.settle();
  feed?.stop();
  const heardThere = feed && heardOf(feed, resolved);
  for (const message of feed?.warnings ?? []) yield* heard.tell({ type: 'warning', message });
  if (tellsHosts) for (const host of heard.hosts()) yield { ...host, n: ++n };
  const counts: Record<CheckResult, number> = { pass: 0, fail: 0, inconclusive: 0 };
  const [first] = plans;
  const excluded = first && excludedOf(first.plan);
  const found = {
    answers: heard.answers,
    zones: first?.plan.zones ?? {},
    whyNot: (key: bigint) => (excluded?.has(key) ? 'it is excluded' : undefined),
    ...(heardThere !== undefined && { heard: heardThere }),
  };
  for (const check of checksOf(resolved, found)) {
    counts[check.result]++;
    yield { ...check, n: ++n };
  }
  const isFailed = heard.failure !== undefined;
  yield { ...auditSummary(heard.summaries, counts, startedMs, isFailed), n: ++n };
  if (isFailed) throw heard.failure;
}

/** What the scans said. */
class Heard {
  readonly #header: ScanFact;
  readonly answers = new Map<number | undefined, Answers>();
  readonly summaries: SummaryFact[] = [];
  failure: unknown;
  readonly #told = new Set<string>();

  /** `header` is told when the first scan begins: one that is refused leaves nothing behind. */
  constructor(header: ScanFact) {
    this.#header = header;
  }

  /** Nothing more is asked. */
  get isOver(): boolean {
    return this.failure !== undefined || this.summaries.at(-1)?.exit === 'interrupted';
  }

  /** Each host once: one that is there for any of the scans is there. */
  hosts(): Iterable<HostFact> {
    const hosts = new Map<string, HostFact>();
    for (const answers of this.answers.values()) {
      for (const host of answers.hosts()) {
        const known = hosts.get(host.host);
        if (known === undefined || presences[host.state] > presences[known.state]) hosts.set(host.host, host);
      }
    }
    return hosts.values();
  }

  /** Listens to a scan, and hands on what is for whoever watches. */
  async *all({ groups, sourcePort }: Asking, facts: AsyncIterable<Fact>): AsyncGenerator<Fact, void> {
    const answers = new Answers(groups);
    this.answers.set(sourcePort, answers);
    try {
      for await (const fact of facts) {
        answers.take(fact);
        if (fact.type === 'scan' && this.answers.size === 1) yield this.#header;
        else if (fact.type === 'summary') this.summaries.push(fact);
        else yield* this.tell(fact);
      }
    } catch (error) {
      // Before anything was asked there is nothing to say.
      if (this.summaries.length === 0) throw error;
      this.failure = error;
    }
  }

  /** Progress, and each warning once. */
  *tell(fact: Fact): Generator<Fact> {
    if (fact.type === 'progress') yield fact;
    if (fact.type !== 'warning' || this.#told.has(fact.message)) return;
    this.#told.add(fact.message);
    yield fact;
  }
}

async function lookUp(
  policy: Parameters<typeof resolvePolicy>[0],
  { family, packet, dnsServers = [] }: AuditRequest,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<ResolvedPolicy> {
  const names = environment.nameService(dnsServers);
  const zone = packet?.interface;
  try {
    const resolved = await resolvePolicy(
      policy,
      { ...(family !== undefined && { family }), ...(zone !== undefined && { zone }) },
      { ...environment, names, ...(signal !== undefined && { signal }) },
    );
    if (dnsServers.length === 0 || resolved.asksNames) return resolved;
    throw badRequest(`The policy has no names to ask for: wanted it without ${named('dnsServers')}`);
  } finally {
    names.stop();
  }
}

/** Every plan before the first scan: what cannot be asked is refused before anything is sent. */
async function planAll(
  resolved: ResolvedPolicy,
  scan: ReturnType<typeof scanPart>,
  environment: Environment,
  options: ScanOptions,
): Promise<readonly PlannedAsking[]> {
  const plans: PlannedAsking[] = [];
  for (const asking of askingsOf(resolved.rules)) {
    const planned = await planAsking(asking, resolved, scan, environment, options);
    if (planned === undefined) continue;
    checkPlanOrigin(planned.plan);
    plans.push(planned);
  }
  // What a scan gives up for good the next one, or the next audit, would miss: the one that keeps most is the last.
  return plans.sort((a, b) => capabilitiesOf(a.plan).length - capabilitiesOf(b.plan).length);
}

const presences = { unknown: 0, down: 1, up: 2 } as const satisfies Record<HostFact['state'], number>;
