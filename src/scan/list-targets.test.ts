/** The list of targets, whose names are asked for side by side. */

import { expect, test } from 'vitest';
import { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import type { Fact } from '../model/fact.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { fakeEnvironment, fakeLookups } from '../plan/fake-environment.laws.ts';
import { RunJournal } from './journal/run-journal.ts';
import { listTargets } from './list-targets.ts';
import { agendaOf } from './shard/agenda.ts';
import { HostSpace } from './shard/host-source.ts';

test('names are asked for side by side, no more than the name service bears, and told in order', async () => {
  let [underWay, most] = [0, 0];
  const facts = await listing('10.0.0.0/23', async (address) => {
    most = Math.max(most, ++underWay);
    // The last of each group answers first.
    for (let turn = Number(address.split('.')[3]) % 32; turn < 32; turn++) await turnOfLoop();
    underWay--;
    return [`n${address}`];
  });
  const hosts = facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, fact.name]] : []));
  const expected = Array.from({ length: 512 }, (_, n) =>
    formatAddress({ family: 4, value: 0x0a000000n + BigInt(n) }),
  );
  expect(hosts).toEqual(expected.map((host) => [host, `n${host}`]));
  expect(most).toBe(32);
  expect(facts.at(-1)).toMatchObject({ type: 'summary', exit: 'done', n: 514 });
});

test('a listing that waits for names ends at once when it is stopped', async () => {
  const stopping = new AbortController();
  const facts = await listing(
    '10.0.0.0/8',
    (address) => {
      if (address === '10.0.0.7') setImmediate(() => stopping.abort());
      return address < '10.0.0.4' ? Promise.resolve(['early']) : new Promise(() => {});
    },
    stopping.signal,
  );
  expect(facts.filter(({ type }) => type === 'host').length).toBeLessThanOrEqual(4);
  expect(facts.at(-1)).toMatchObject({ type: 'summary', exit: 'interrupted', complete: false });
});

/** Lists targets with these names. */
async function listing(
  target: string,
  reverse: (address: string) => Promise<readonly string[]>,
  signal?: AbortSignal,
) {
  const plan = await buildPlan({ targets: [target], goal: 'list' }, fakeEnvironment());
  const names = new NameService(fakeLookups(async () => [], { reverse }));
  const agenda = agendaOf(plan);
  const space = new HostSpace(agenda.groups);
  const runJournal = new RunJournal(plan, space, agenda);
  return gather(listTargets(plan, space, runJournal, names, signal));
}

async function gather(facts: AsyncIterable<Fact>): Promise<readonly Fact[]> {
  const all: Fact[] = [];
  for await (const fact of facts) all.push(fact);
  return all;
}

function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
