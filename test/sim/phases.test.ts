/** Phases in which hosts have questions of their own, over the simulated network. */

import { expect, test } from 'vitest';
import { plainVariant } from '../../src/engine/probes/variant.ts';
import { verdictOf } from '../../src/model/verdict.ts';
import { path as wayTo } from '../../src/scan/phases/path.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { portTechniques } from '../../src/techniques/index.ts';
import { greeting } from '../phases/greeting.ts';
import { secondLook } from '../phases/second-look.ts';
import type { HostModel } from './network.ts';
import { simulate, simulateChecked } from './run.ts';

const hosts: readonly HostModel[] = [
  { port: () => 'open', ttl: 64 },
  { port: () => 'open', ttl: 128 },
  { port: () => 'drop' },
];
/** What is said of each in the end. */
const claims = ['TTLs 64, 64', 'TTLs 128', 'TTLs 0'];
const variants = [{ ...plainVariant, sourcePort: 40_000 }];

test('a phase asks again what the first answer makes worth asking, and each host on its own', () => {
  const outcome = simulate({
    seed: 1,
    path: { rttUs: 20_000 },
    hosts,
    ports: 3,
    phases: [secondLook],
    variants,
  });
  expect(outcome.findings.toSorted((a, b) => a.host - b.host)).toEqual(
    claims.map((claim, host) => ({ host, claim })),
  );
  expect([outcome.ends, outcome.late, outcome.repeated, outcome.timedOut]).toEqual([
    ['done', 'done', 'done'],
    0,
    0,
    false,
  ]);
});

test.each([false, true])(
  'a phase is told which ports said open, one by one or in batches: %j',
  (isSingle) => {
    const told = new Map<number, readonly string[]>();
    const looker: Phase = {
      ...(secondLook as Phase),
      begin: ({ id, openPorts }) => {
        told.set(
          id,
          openPorts.map(({ protocol, port }) => `${protocol} ${port}`),
        );
      },
      agenda: () => [],
      facts: () => [],
    };
    const port = (open: readonly number[]) => (one: number) => (open.includes(one) ? 'open' : 'closed');
    const { inBatches } = simulate({
      seed: 4,
      path: { rttUs: 20_000 },
      hosts: [{ port: port([2, 2900, 3]) }, { port: port([]) }, { port: port([3000]) }],
      ports: 3000,
      phases: [looker],
      isSingle,
    });
    expect(inBatches > 0).toBe(!isSingle);
    expect([...told].toSorted()).toEqual([
      [0, ['tcp 2', 'tcp 3', 'tcp 2900']],
      [1, []],
      [2, ['tcp 3000']],
    ]);
  },
);

test('a phase talks with what said open, and tells what it heard', async () => {
  const talks: Readonly<Record<number, string>> = { 2: 'SSH-2.0-x', 3: '' };
  const server: HostModel = {
    port: (port) => (port in talks ? 'open' : 'closed'),
    talk: (port) => ({ steps: [{ says: talks[port] ?? '' }] }),
  };
  const closed: HostModel = { port: () => 'closed' };
  const { findings, ends } = await simulateChecked({
    seed: 5,
    path: { rttUs: 20_000 },
    hosts: [server, closed],
    ports: 5,
    phases: [greeting as Phase],
  });
  expect(findings.map(({ claim }) => claim).toSorted()).toEqual(['0:2 SSH-2.0-x', '0:3 ']);
  expect(ends).toEqual(['done', 'done']);
});

test('what could not be told apart is asked one after the other, all else at once', () => {
  const said: string[] = [];
  const ways: Phase<{ isAsked: boolean }> = {
    ...secondLook,
    begin: () => ({ isAsked: false }),
    agenda: (_, state) => {
      if (state.isAsked) return [];
      state.isAsked = true;
      return [1, 2, 3, 1, 0].map((variant) => ({ technique: portTechniques.syn, port: 7, variant }));
    },
    news: () => [],
    fold: (_host, _state, { variant }, { code }) => said.push(`${variant} ${verdictOf(code).state}`),
    facts: () => [],
    notes: () => [],
    leftOut: () => [],
  };
  const from53 = { ...plainVariant, sourcePort: 53 };
  const outcome = simulate({
    seed: 3,
    path: { rttUs: 20_000 },
    hosts: hosts.slice(0, 1),
    ports: 1,
    phases: [ways],
    variants: [from53, { ...from53, badChecksum: true }, { ...plainVariant, sourcePort: 20 }],
  });
  expect(said.toSorted()).toEqual(['0 open', '1 open', '1 open', '2 open', '3 open']);
  expect(said.filter((line) => !/^[03]/.test(line))).toEqual(['1 open', '2 open', '1 open']);
  expect(outcome.ends).toEqual(['done']);
});

test('through loss, for more hosts than are asked at once', () => {
  const many = Array.from({ length: 600 }, (_, i) => hosts[i % 3] as HostModel);
  const path = { rttUs: 20_000, loss: 0.1 };
  // At this loss all sendings of one question in ten thousand are lost, or their answers: silence, as it must be told.
  let silent = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const { ends, findings } = simulate({
      seed,
      path,
      hosts: many,
      ports: 1,
      phases: [secondLook],
      variants,
    });
    expect(ends).toHaveLength(600);
    expect(findings.map(({ host }) => host).toSorted((a, b) => a - b)).toEqual(many.map((_, host) => host));
    silent += findings.filter(({ host, claim }) => claim !== claims[host % 3]).length;
  }
  expect(silent).toBeLessThanOrEqual(3);
});

test('ways are followed by what packets have found, whatever connections say beside them', async () => {
  const { ends, timedOut, verdicts } = await simulateChecked({
    seed: 4,
    path: { rttUs: 5000 },
    hosts: hosts.slice(0, 2),
    ports: 5,
    besides: ['connect'],
    discovery: { techniques: ['ping-syn'], techniqueOf: new Uint8Array(1), portOf: Uint16Array.of(1) },
    phases: [wayTo],
  });
  expect([ends, timedOut, verdicts.size]).toEqual([['done', 'done'], false, 20]);
});
