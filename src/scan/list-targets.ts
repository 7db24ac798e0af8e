/**
 * `-sL`: the targets and their names, without a packet to them.
 *
 * @module
 */

import type { NameService } from '../dns/name-service.ts';
import { type Address, formatAddress } from '../model/address.ts';
import type { Fact } from '../model/fact.ts';
import type { Plan } from '../plan/plan.ts';
import { unlessAborted } from '../plan/unless-aborted.ts';
import type { RunJournal } from './journal/run-journal.ts';
import { hostNames } from './records/host-names.ts';
import { HostSource, type HostSpace } from './shard/host-source.ts';

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
  const share = new HostSource(space, { seed: plan.seed, inOrder: plan.inOrder, slice: plan.shard });
  for (let id = 0; id < space.size && !isStopped(signal); id++) {
    // A signal is heard in a turn of the event loop.
    if (id % turnEvery === 0) await new Promise((resolve) => setImmediate(resolve));
    if (!share.owns(id)) continue;
    const host = formatAddress(zoned(space.addressOf(id), plan.zones));
    const name = plan.reverseNames === 'never' ? undefined : await unlessStopped(names.nameOf(host), signal);
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

/** A name that is not known yet when the listing is stopped is not waited for. */
function unlessStopped(name: Promise<string | undefined>, signal?: AbortSignal): Promise<string | undefined> {
  return unlessAborted(name, signal).catch(() => undefined);
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Puts the zone back that the plan keeps beside a link-local address. */
export function zoned(address: Omit<Address, 'zone'>, zones: Plan['zones']): Address {
  // IPv4 has no zones, and is what is named most.
  const zone = address.family === 4 ? undefined : zones[formatAddress(address)];
  return zone === undefined ? address : { ...address, zone };
}

const turnEvery = 1024;
