/** Hosts that are asked what their answers suggest, over the simulated network. */

import { describe, expect, test } from 'vitest';
import { Permutation } from '../../src/base/permutation.ts';
import { OptionTable } from '../../src/engine/answers/option-table.ts';
import { PacketEngine } from '../../src/engine/engine.ts';
import type { AdaptivePhase, PhaseOptions } from '../../src/engine/engine-options.ts';
import type { Host, HostEnd } from '../../src/engine/hosts/host.ts';
import { plainVariant } from '../../src/engine/probes/variant.ts';
import { ListedQuestions } from '../../src/engine/questions/listed-questions.ts';
import type { Question } from '../../src/engine/questions/questions.ts';
import { verdictOf } from '../../src/model/verdict.ts';
import { portTechniques } from '../../src/techniques/index.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { VirtualClock } from './clock.ts';
import { type HostModel, type PathModel, SimulatedNetwork } from './network.ts';
import { batch, normalLimits, SimulatedOutbox } from './run.ts';

const { syn, udp } = portTechniques;
const echo: Question = { technique: syn, port: 7, variant: 0 };
const shortLived: Question = { ...echo, variant: 1 };
const path: PathModel = { rttUs: 20_000 };
const lossy: PathModel = { ...path, loss: 0.15, jitterUs: 3000, duplicates: 0.05 };
const linux: HostModel = { port: () => 'open', ttl: 64 };
const windows: HostModel = { port: () => 'open', ttl: 128 };
const silent: HostModel = { port: () => 'drop' };

describe('a host is asked what its answers suggest', () => {
  test('port 7 once more in another variant where the first answer had TTL 64', () => {
    const run = askPort7(path, [linux, windows, silent]);
    expect(run.told).toEqual([
      ['0: tcp/7 0 open', '0: tcp/7 1 open'],
      ['1: tcp/7 0 open'],
      ['2: tcp/7 0 filtered'],
    ]);
    expect(run.ends).toEqual({ 0: ['done'], 1: ['done'], 2: ['done'] });
    expect(run.ttls(0)).toEqual([64, 12]);
    expect(run.ttls(1)).toEqual([64]);
    // Two transmissions at least: one silence may be chance.
    expect(run.ttls(2).length).toBeGreaterThan(1);
  });

  test('once where that was said to do, and oftener as soon as a loss was seen', () => {
    const questions = [8, 9, 10].map((port) => ({ ...echo, port, isOnce: true }));
    const begin = (run: Parameters<Parameters<typeof simulate>[2]>[0], isLossy: boolean) => ({
      begin: (id: number) => {
        const host = run.engine.admit(0, id, addressOf(id), here, questions, 0);
        if (isLossy) host.loss.count(1);
      },
    });
    const calm = simulate({ path, hosts: [silent] }, [adaptive], (run) => begin(run, false));
    expect([calm.ttls(0).length, calm.told[0]?.length]).toEqual([3, 3]);
    const doubtful = simulate({ path, hosts: [silent] }, [adaptive], (run) => begin(run, true));
    expect(doubtful.ttls(0).length).toBeGreaterThanOrEqual(6);
  });

  test('through loss, jitter and duplicates, each question once and right', () => {
    const hosts = Array.from({ length: 90 }, (_, i) => [linux, windows, silent][i % 3] as HostModel);
    const { told, ends } = askPort7(lossy, hosts);
    expect(told).toHaveLength(hosts.length);
    for (const [id, lines] of told.entries()) {
      const wanted = [['0 open', '1 open'], ['0 open'], ['0 filtered']][id % 3] as string[];
      expect(lines, `host ${id}`).toEqual(wanted.map((end) => `${id}: tcp/7 ${end}`));
      expect(ends[id]).toEqual(['done']);
    }
  });

  test('after a silence as well, and what comes last ends the host', () => {
    const run = simulate({ path, hosts: [silent] }, [adaptive], ({ engine, told }) => ({
      begin: (id, admit) => admit(id, 0, [echo]),
      told: (host) => {
        if (told[host.id]?.length === 1) engine.ask(host, { technique: udp, port: 9, variant: 0 });
      },
    }));
    expect(run.told).toEqual([['0: tcp/7 0 filtered', '0: udp/9 0 open|filtered']]);
    expect(run.ends).toEqual({ 0: ['done'] });
  });

  test('again after its end, and late answers to the former questions are none to the latter', () => {
    let admissions = 0;
    let seen = 0;
    // The first answer to come is to the first question, after it was given up.
    const slow: HostModel = { port: () => (seen++ === 0 ? 'open' : 'drop') };
    const impatient = { ...adaptive, limits: { ...normalLimits, maxAttempts: 1, rtt: shortRtt } };
    const run = simulate({ path: { rttUs: 300_000 }, hosts: [slow] }, [impatient], ({ engine }) => {
      const admit = (id: number) => void engine.admit(0, id, addressOf(id), here, [echo], 0);
      return {
        begin: admit,
        ended: (host) => {
          if (admissions++ === 0) admit(host.id);
        },
      };
    });
    expect(run.told).toEqual([['0: tcp/7 0 filtered', '0: tcp/7 0 filtered']]);
    expect(run.engine.correlator.anomalies).toBe(1);
  });

  test('while a list is asked of it: every answer goes where it belongs', () => {
    const isClosed = (port: number) => (port % 10 === 7 ? 'open' : 'closed');
    const hosts = Array.from({ length: 8 }, (): HostModel => ({ port: isClosed, ttl: 64 }));
    const ports = Array.from({ length: 200 }, (_, i) => i + 1);
    const questions = ListedQuestions.of(ports.map((port) => ({ technique: syn, port, variant: 0 })));
    const list: PhaseOptions = {
      kind: 'list',
      questions,
      rows: hosts.length,
      limits: normalLimits,
      firstAnswerSettles: false,
    };
    const run = simulate({ path: lossy, hosts }, [list, adaptive], ({ engine, told }) => ({
      begin: (id) => {
        const order = new Permutation(ports.length, id + 1);
        engine.admit(0, id, addressOf(id), here, { order }, 0);
        engine.admit(1, id, addressOf(id), here, [echo, { ...echo, port: 8 }], 0);
      },
      told: (host) => {
        if (host.phase === 1 && told[host.id]?.at(-1)?.endsWith(' 0 open')) engine.ask(host, shortLived);
      },
    }));
    expect(run.told).toHaveLength(hosts.length);
    for (const [id, lines] of run.told.entries()) {
      const wanted = ports.map((port) => `${id}: tcp/${port} 0 ${isClosed(port)}`);
      wanted.push(`${id}: tcp/7 0 open`, `${id}: tcp/7 1 open`, `${id}: tcp/8 0 closed`);
      expect(lines.toSorted(), `host ${id}`).toEqual(wanted.toSorted());
      expect(run.ends[id]).toEqual(['done', 'done']);
    }
  });

  test('a host that is given up says of every question what it cannot know', () => {
    const run = simulate(
      { path, hosts: [silent] },
      [{ ...adaptive, limits: hurried }],
      ({ engine, told }) => ({
        begin: (id, admit) => admit(id, 0, [echo]),
        told: (host) => {
          if (told[host.id]?.length === 1) engine.ask(host, shortLived);
        },
      }),
    );
    expect(run.told).toEqual([['0: tcp/7 0 unknown', '0: tcp/7 1 unknown']]);
    expect(run.ends).toEqual({ 0: ['timeout'] });
  });

  test('more than its slots are refused, and a host that is done takes none', () => {
    let host: Host | undefined;
    const { engine } = simulate({ path, hosts: [linux] }, [{ ...adaptive, slots: 2 }], ({ engine }) => ({
      begin: (id) => {
        host = engine.admit(0, id, addressOf(id), here, [echo, shortLived], 0);
        expect(engine.roomFor(host)).toBe(0);
        expect(() => engine.ask(host as Host, echo)).toThrow('no room for more than 2 questions');
      },
    }));
    expect(() => engine.ask(host as Host, echo)).toThrow('done');
    const three = [echo, shortLived, { ...echo, port: 9 }];
    expect(() => engine.admit(0, 0, addressOf(0), here, three, 0)).toThrow('no room');
    // Nothing is left of it.
    expect([engine.isBusy, engine.hasRoom(0)]).toEqual([false, true]);
    expect(engine.admit(0, 0, addressOf(0), here, [echo], 0).agendaSize).toBe(1);
  });

  test('a variant leaves its host alone for as long as it says', () => {
    const spaced = [3, 4, 5, 6].map((port) => ({ technique: syn, port, variant: 2 }));
    const run = simulate({ path, hosts: [linux, linux] }, [adaptive], () => ({
      begin: (id, admit) => admit(id, 0, id === 0 ? spaced : [echo, shortLived]),
    }));
    const gaps = run.times(0).map((atUs, i, all) => atUs - (all[i - 1] ?? Number.NEGATIVE_INFINITY));
    expect(gaps).toHaveLength(4);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100_000);
    expect(Math.max(...run.times(1))).toBeLessThan(100_000);
  });
});

/** The phase that the issue of adaptive questions asks for. */
function askPort7(path: PathModel, hosts: readonly HostModel[]) {
  return simulate({ path, hosts }, [adaptive], ({ engine }) => ({
    begin: (id, admit) => admit(id, 0, [echo]),
    told: (host, question, ttl) => {
      if (question === 0 && ttl === 64) engine.ask(host, shortLived);
    },
  }));
}

interface Behaviour {
  begin(id: number, admit: (id: number, phase: number, questions: readonly Question[]) => void): void;
  told?(host: Host, question: number, ttl: number): void;
  ended?(host: Host): void;
}

interface Run {
  readonly engine: PacketEngine;
  /** By host: what was told of it, question by question. */
  readonly told: string[][];
  readonly ends: Record<number, HostEnd[]>;
  /** TTLs of the probes to a host, in the order of sending. */
  ttls(host: number): readonly number[];
  /** When they left. */
  times(host: number): readonly number[];
}

/** Runs phases over hosts until nothing is left to do. */
function simulate(
  world: { readonly path: PathModel; readonly hosts: readonly HostModel[] },
  phases: readonly PhaseOptions[],
  behave: (run: Run) => Behaviour,
): Run {
  batch.forget();
  const clock = new VirtualClock();
  const reader = new PacketReader();
  const told: string[][] = world.hosts.map(() => []);
  const ends: Record<number, HostEnd[]> = {};
  const sent: Uint8Array[] = [];
  const sentAtUs: number[] = [];
  const engine: PacketEngine = new PacketEngine(
    {
      phases,
      inOrder: false,
      batch,
      key: [7, 11],
      variants: [plain, { ...plain, ttl: 12 }, { ...plain, spacingUs: 100_000 }],
      payloadsFor: () => [],
      strayPorts: [],
      senderOf: () => 0,
      optionTable: new OptionTable(),
    },
    {
      observed(host, question, { code, ttl }) {
        const { questions } = engine.phases[host.phase] as PacketEngine['phases'][number];
        const { about } = questions.techniqueAt(host.row, question);
        const what = `${about}/${questions.portAt(host.row, question)} ${questions.variantAt(host.row, question)}`;
        told[host.id]?.push(`${host.id}: ${what} ${verdictOf(code).state}`);
        behaviour.told?.(host, question, ttl);
      },
      hostDone(host, end) {
        ends[host.id] = [...(ends[host.id] ?? []), end];
        behaviour.ended?.(host);
      },
      blocked: () => {},
    },
    0,
  );
  const sentTo = (host: number) =>
    [...sent.keys()].filter((i) => (sent[i] as Uint8Array)[19] === firstHost + host);
  const run: Run = {
    engine,
    told,
    ends,
    ttls: (host) => sentTo(host).map((i) => (sent[i] as Uint8Array)[8] as number),
    times: (host) => sentTo(host).map((i) => sentAtUs[i] as number),
  };
  const behaviour = behave(run);
  const network = new SimulatedNetwork(
    clock,
    3,
    world.path,
    (address) => world.hosts[address - baseAddress],
    (packet) => {
      if (reader.read(packet, 0, packet.length))
        engine.handlePacket(reader, packet, clock.nowUs, packet.length);
    },
  );
  const outbox = new SimulatedOutbox({
    send(packet) {
      sent.push(packet);
      sentAtUs.push(clock.nowUs);
      network.send(packet);
    },
  });
  engine.sender.addPath({ family: 4, source: Uint8Array.of(10, 0, 0, 1) });
  for (const id of world.hosts.keys())
    behaviour.begin(
      id,
      (id, phase, questions) => void engine.admit(phase, id, addressOf(id), here, questions, 0),
    );
  while (engine.isBusy && clock.nowUs < 100e6) {
    engine.handleTimeout(clock.nowUs);
    engine.pollTransmit(clock.nowUs, outbox);
    outbox.reset();
    const due = Math.max(engine.pollTimeout(clock.nowUs), clock.nowUs + 50);
    clock.advance(Math.min(due, clock.nextUs));
  }
  expect(engine.isBusy).toBe(false);
  clock.advance(clock.nowUs + 10e6);
  return run;
}

const addressOf = (id: number) => Uint32Array.of(baseAddress + id);
const here = { path: 0, hop: { neighbour: 0 } };
const baseAddress = 0x0a00_0100;
const firstHost = 0;
const shortRtt = { initialUs: 200_000, minUs: 100_000, maxUs: 200_000 };
const hurried = { ...normalLimits, hostTimeoutUs: 500_000 };
const adaptive: AdaptivePhase = { kind: 'adaptive', slots: 64, rows: 90, limits: normalLimits };
const plain = { ...plainVariant, portBlock: 0xf000, portBlockSize: 4096 };
