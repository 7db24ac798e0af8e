/**
 * `-sL`: the targets and their names, without a packet to them.
 *
 * @module
 */

import type { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import type { Fact } from '../model/fact.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunJournal } from './journal/run-journal.ts';
import { hostNames } from './records/host-names.ts';
import { HostSource, type HostSpace } from './shard/host-source.ts';
import { zoned } from './shard/zones.ts';

/** Lists the targets of this run's share, in order. */
export async function* listTargets(
  plan: Plan,
  space: HostSpace,
  runJournal: RunJournal,
  names: NameService,
  signal?: AbortSignal,
): AsyncGenerator<Fact> {
  const warnings: string[] = [];
  names.heed((message) => warnings.push(message));
  let n = 1;
  const nameOf = async (host: string) => ({
    host,
    name: plan.reverseNames === 'never' ? undefined : await names.nameOf(host),
  });
  // Whoever waits for a name waits no longer.
  const stop = () => names.stop();
  signal?.addEventListener('abort', stop);
  try {
    for await (const { host, name } of sideBySide(hostsOf(plan, space, signal), nameOf)) {
      if (isStopped(signal)) break;
      for (const message of warnings.splice(0)) yield { type: 'warning', message };
      yield {
        type: 'host',
        n: ++n,
        host,
        ...hostNames(name, plan.askedAs[host]),
        state: 'unknown',
        reason: 'user-set',
        at: new Date().toISOString(),
      };
      yield { type: 'host-done', host };
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const exit = isStopped(signal) ? 'interrupted' : plan.incomplete ? 'incomplete' : 'done';
  yield {
    type: 'summary',
    n: ++n,
    finishedAt: new Date().toISOString(),
    elapsedMs: Math.round(runJournal.elapsedMs),
    hosts: { up: 0, down: 0, unknown: runJournal.hosts, total: runJournal.hosts },
    packets: { sent: 0, received: 0, retransmitted: 0 },
    bytes: { sent: 0, received: 0 },
    ports: {},
    complete: exit === 'done',
    exit,
  };
}

/** The hosts of this run's share, until it is stopped; a signal is heard in a turn of the event loop. */
async function* hostsOf(plan: Plan, space: HostSpace, signal?: AbortSignal): AsyncGenerator<string> {
  const share = new HostSource(space, { seed: plan.seed, inOrder: plan.inOrder, slice: plan.shard });
  for (let id = 0; id < space.size && !isStopped(signal); id++) {
    if (id % turnEvery === 0) await new Promise((resolve) => setImmediate(resolve));
    if (share.owns(id)) yield formatAddress(zoned(space.addressOf(id), plan.zones));
  }
}

/** What comes of work that is begun ahead, in the order of its items. The work never rejects. */
async function* sideBySide<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    underWay.push(work(item));
    if (underWay.length >= mostAhead) yield underWay.shift() as Promise<R>;
  }
  yield* underWay;
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

const turnEvery = 1024;
/** One that takes its time does not keep the name service, which asks 32 at once, from asking on. */
const mostAhead = 256;
