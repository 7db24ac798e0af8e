/**
 * The library door's verb for names: what is wanted to be known goes in, facts come out.
 *
 * @module
 */

import { version } from '../../base/version.ts';
import { readResolvConf } from '../../dns/resolv-conf.ts';
import { Resolver } from '../../dns/resolver.ts';
import type { Fact, ScanFact, SummaryFact } from '../../model/fact.ts';
import { errands } from './errands.ts';
import { forecastNames } from './forecast-names.ts';
import type { NamesRequest } from './names-request.ts';
import { NamesTelling } from './names-telling.ts';

/** How it is carried out. */
export interface NamesOptions {
  /** Aborting ends it, with a summary. */
  readonly signal?: AbortSignal;
}

/** Learns about names. The first fact is `scan`, the last one `summary`. */
export async function* searchNames(
  request: NamesRequest,
  { signal }: NamesOptions = {},
): AsyncGenerator<Fact, void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  const servers = request.dnsServers ?? readResolvConf().servers;
  const asker = new Resolver({
    servers,
    ...(request.ratePerSecond !== undefined && { mostPerSecond: request.ratePerSecond }),
    ...(request.budget !== undefined && { mostQueries: request.budget }),
  });
  stop.signal.addEventListener('abort', () => asker.stop());
  const begunMs = performance.now();
  const wanted = errands.filter((errand) => errand.wants(request));
  const telling = new NamesTelling(asker, begunMs, forecastNames(request).queries);
  yield scanFactOf(request, servers);
  let fault: unknown;
  const work = (async () => {
    for (const errand of wanted) {
      if (stop.signal.aborted) break;
      await errand.run({ request, asker, servers, signal: stop.signal, ...telling.roomOf(errand.name) });
    }
  })().then(
    () => telling.end(),
    (error: unknown) => {
      fault = error;
      telling.end();
    },
  );
  try {
    for await (const facts of telling.facts()) for (const fact of facts) yield fact;
    await work;
    if (asker.isSpent) telling.tellSpent(request.budget ?? 0);
    telling.tellLimits(asker.limits, request.names[0] ?? '');
    for await (const facts of telling.facts()) for (const fact of facts) yield fact;
  } finally {
    stop.abort();
    signal?.removeEventListener('abort', abort);
    asker.stop();
  }
  yield summaryOf(telling, signal?.aborted === true, fault !== undefined, performance.now() - begunMs);
  if (fault !== undefined) throw fault;
}

function scanFactOf(request: NamesRequest, servers: readonly string[]): ScanFact {
  const { args = [], ...options } = request;
  return {
    type: 'scan',
    n: 1,
    schema: 1,
    version,
    startedAt: new Date().toISOString(),
    args,
    seed: 0,
    questions: [],
    targets: '',
    excluded: '',
    options: { ...options, command: 'dns', dnsServers: servers },
  };
}

function summaryOf(
  telling: NamesTelling,
  isInterrupted: boolean,
  hasFailed: boolean,
  elapsedMs: number,
): SummaryFact {
  const { sent, received, retransmitted, bytesSent, bytesReceived } = telling.counts;
  const isComplete = telling.isComplete && !isInterrupted && !hasFailed;
  return {
    type: 'summary',
    n: telling.nextNumber(),
    finishedAt: new Date().toISOString(),
    elapsedMs: Math.round(elapsedMs),
    hosts: { up: 0, down: 0, unknown: 0, total: 0 },
    packets: { sent, received, retransmitted },
    bytes: { sent: bytesSent, received: bytesReceived },
    ports: {},
    names: telling.totals,
    complete: isComplete,
    exit: hasFailed ? 'failed' : isInterrupted ? 'interrupted' : isComplete ? 'done' : 'incomplete',
  };
}
