/** Phases in which hosts have questions of their own, over the simulated network. */

import { expect, test } from 'vitest';
import { plainVariant } from '../../src/engine/probes/variant.ts';
import { verdictOf } from '../../src/model/verdict.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { portTechniques } from '../../src/techniques/index.ts';
import type { HostModel } from './network.ts';
import { simulate } from './run.ts';

/** Asks port 7 and, where the answer has come with TTL 64, once more otherwise. */
function secondLook(said: string[]): Phase<{ asked: number; answers: number[] }> {
  return {
    name: 'second-look',
    number: 200,
    wants: () => true,
    needs: () => ['CAP_NET_RAW'],
    cost: () => ({ packets: 2, connections: 0, roundTrips: 2 }),
    begin: () => ({ asked: 0, answers: [] }),
    agenda: (_, state) => {
      const isDue = state.asked === 0 || (state.asked === 1 && state.answers[0] === 64);
      const technique = state.asked === 0 ? portTechniques.syn : portTechniques.ack;
      if (isDue) state.asked++;
      return isDue ? [{ technique, port: 7, variant: 0 }] : [];
    },
    fold: ({ id }, state, { technique }, { code, ttl }) => {
      state.answers.push(ttl);
      said.push(`${id}: ${technique.name} ${verdictOf(code).state} ${ttl}`);
    },
    facts: ({ id }, { answers }) => {
      said.push(`${id}: done after ${answers.length}`);
      return [];
    },
  };
}

const hosts: readonly HostModel[] = [
  { port: () => 'open', ttl: 64 },
  { port: () => 'open', ttl: 128 },
  { port: () => 'drop' },
];

test('a phase asks again what the first answer makes worth asking, and each host on its own', () => {
  const said: string[] = [];
  const outcome = simulate({ seed: 1, path: { rttUs: 20_000 }, hosts, ports: 3, phases: [secondLook(said)] });
  const of = (host: number) => said.filter((line) => line.startsWith(`${host}:`));
  expect(of(0)).toEqual(['0: syn open 64', '0: ack filtered 0', '0: done after 2']);
  expect(of(1)).toEqual(['1: syn open 128', '1: done after 1']);
  expect(of(2)).toEqual(['2: syn filtered 0', '2: done after 1']);
  expect([outcome.ends, outcome.late, outcome.repeated, outcome.timedOut]).toEqual([
    ['done', 'done', 'done'],
    0,
    0,
    false,
  ]);
});

test('what could not be told apart is asked one after the other, all else at once', () => {
  const said: string[] = [];
  const ways: Phase<{ isAsked: boolean }> = {
    ...secondLook(said),
    begin: () => ({ isAsked: false }),
    agenda: (_, state) => {
      if (state.isAsked) return [];
      state.isAsked = true;
      return [1, 2, 3, 1, 0].map((variant) => ({ technique: portTechniques.syn, port: 7, variant }));
    },
    fold: (_host, _state, { variant }, { code }) => said.push(`${variant} ${verdictOf(code).state}`),
    facts: () => [],
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
  const said: string[] = [];
  const many = Array.from({ length: 600 }, (_, i) => hosts[i % 3] as HostModel);
  const outcome = simulate({
    seed: 2,
    path: { rttUs: 20_000, loss: 0.1 },
    hosts: many,
    ports: 1,
    phases: [secondLook(said)],
  });
  expect(outcome.ends).toHaveLength(600);
  for (let id = 0; id < 600; id++) {
    const done = said.filter((line) => line.startsWith(`${id}: done`));
    expect(done, `host ${id}`).toEqual([`${id}: done after ${id % 3 === 0 ? 2 : 1}`]);
  }
});
