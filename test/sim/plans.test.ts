/**
 * What must hold for every plan, whatever its transports, shards, losses and interruptions: each host is told once,
 * those that are up have each question once, and nothing is told of a host that was not introduced.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discovery } from '../../src/scan/phases/discovery.ts';
import { ports as portScan } from '../../src/scan/phases/ports.ts';
import type { ShardConfig } from '../../src/scan/shard/config.ts';
import { HostSet } from '../../src/scan/shard/host-set.ts';
import { controlWord } from '../../src/scan/shard/messages.ts';
import type { PeerMessage, PeerPort } from '../../src/scan/shard/peer.ts';
import { Shard } from '../../src/scan/shard/shard.ts';
import { VirtualClock } from './clock.ts';
import { baseAddress, configFor } from './config.ts';
import { simulatedDial } from './dial.ts';
import { SimulatedMachine } from './machine.ts';
import { type HostModel, SimulatedNetwork } from './network.ts';
import { RecordEar } from './record-ear.ts';
import { normalLimits } from './run.ts';
import { SharedClock } from './shared-clock.ts';

/** A plan and the network it meets. */
interface Scene {
  readonly seed: number;
  /** By host: whether it is there, and the kernel knows a way to it. */
  readonly hosts: readonly ('there' | 'gone' | 'cut off')[];
  readonly ports: number;
  readonly technique: 'syn' | 'ack' | 'connect';
  readonly looks: boolean;
  readonly loss: number;
  /** Shards by host, or an owner and its guest. */
  readonly shards: 1 | 2 | 3 | 4 | 'guest';
  /** When it is interrupted, to go on afterwards; 0: never. */
  readonly stopMs: number;
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  seed: fc.integer({ min: 1, max: 1 << 30 }),
  hosts: fc.array(fc.constantFrom<Scene['hosts'][number]>('there', 'there', 'gone', 'cut off'), {
    minLength: 1,
    maxLength: 12,
  }),
  ports: fc.integer({ min: 1, max: 90 }),
  technique: fc.constantFrom<Scene['technique']>('syn', 'ack', 'connect'),
  looks: fc.boolean(),
  loss: fc.constantFrom(0, 0, 0.02, 0.1),
  shards: fc.constantFrom<Scene['shards']>(1, 2, 3, 4, 'guest'),
  stopMs: fc.constantFrom(0, 0, 5, 40, 300, 1500),
});

describe('every plan', () => {
  test('tells each host once and asks each question once', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(scenes, check), { numRuns: 120 });
  });
});

async function check(scene: Scene): Promise<void> {
  const first = await runScene(scene, scene.stopMs, {});
  const rest = scene.stopMs === 0 ? undefined : await runScene(scene, 0, knownOf(scene, first));
  const total = scene.hosts.length;
  const states = new Map<number, string>();
  const ended = new Set<number>();
  for (const ear of [first, rest]) {
    if (ear === undefined) continue;
    const { heard } = ear;
    expect([heard.late, heard.repeated]).toEqual([0, 0]);
    for (const [host, said] of heard.states) {
      expect(said).toHaveLength(1);
      // A host that is up is not introduced again.
      expect(states.has(host)).toBe(false);
      states.set(host, said[0] as string);
    }
    for (const host of heard.ended) {
      expect(ended.has(host)).toBe(false);
      ended.add(host);
    }
    for (const key of heard.verdicts.keys()) expect(states.get(hostOf(key))).toBe('open');
    expect(heard.introducedLate).toBe(0);
  }
  // Up, down and unknown are all there are.
  expect([states.size, ended.size]).toEqual([total, total]);
  const asked = [first, rest].flatMap((ear) => [...(ear?.heard.verdicts.keys() ?? [])]);
  expect(new Set(asked).size).toBe(asked.length);
  for (const [host, state] of states) {
    const mine = asked.filter((key) => hostOf(key) === host);
    expect(mine.length, `host ${host}`).toBe(state === 'open' ? scene.ports : 0);
    const isThere = scene.hosts[host] === 'there';
    if (!scene.looks || (isThere && scene.loss === 0)) expect(state).toBe('open');
    if (scene.looks && !isThere) expect(state).not.toBe('open');
    if (scene.hosts[host] !== 'cut off' || scene.technique === 'connect') continue;
    if (scene.looks) expect(state).toBe('unknown');
    for (const ear of [first, rest])
      for (const [key, verdict] of ear?.heard.verdicts ?? [])
        if (hostOf(key) === host) expect([verdict.state, verdict.reason]).toEqual(['unknown', 'local-error']);
  }
}

function hostOf(key: string): number {
  return Number(key.split('/')[0]);
}

/** Runs a scene once. */
async function runScene(scene: Scene, stopMs: number, known: Partial<ShardConfig>): Promise<RecordEar> {
  const { seed, hosts, loss } = scene;
  const clock = new VirtualClock();
  const turns = new SharedClock(clock);
  const path = { rttUs: 3000, loss };
  const models = (address: number) => (hosts[address - baseAddress] === 'there' ? there : undefined);
  const configs = configsOf(scene, known);
  const ear = new RecordEar(configs[0] as ShardConfig, clock);
  const [owner, guest] = peers();
  const shards = configs.map((config) => {
    const network = new SimulatedNetwork(clock, seed, path, models, (packet) => machine.deliver(packet));
    const machine: SimulatedMachine = new SimulatedMachine({
      clock,
      send: (packet) => network.send(packet),
      dial: turns.share(simulatedDial({ clock, seed, path, hostOf: models })),
      hasRoute: (address) => hosts[address - baseAddress] !== 'cut off',
      limitUs: 1e9,
    });
    const peer = config.role === undefined ? undefined : config.role === 'owner' ? owner : guest;
    const words = new Int32Array(config.control);
    if (stopMs > 0) clock.at(stopMs * 1000, () => Atomics.store(words, controlWord.stop, 1));
    const shard = new Shard(
      config,
      [discovery, portScan],
      machine,
      (message) => {
        if (message.type === 'batch') Atomics.add(words, controlWord.batchesRead, 1);
        ear.say(message);
      },
      peer,
    );
    return () => shard.run();
  });
  await turns.run(shards);
  return ear;
}

/** One configuration a shard. */
function configsOf(
  { seed, hosts, ports, technique, looks, shards }: Scene,
  known: Partial<ShardConfig>,
): ShardConfig[] {
  const isSocket = technique === 'connect';
  const ping = {
    techniques: [isSocket ? 'ping-connect' : 'ping-syn'],
    techniqueOf: new Uint8Array(1),
    portOf: Uint16Array.of(3),
  };
  const whole = () =>
    configFor(technique, hosts.length, ports, {
      seed,
      limits: normalLimits,
      transport: isSocket ? 'socket' : 'packet',
      discovery: looks ? ping : undefined,
      ...known,
    });
  if (shards === 'guest' && isSocket) {
    const config = whole();
    const [group] = config.groups;
    const some = Uint32Array.from({ length: ports }, (_, question) => question);
    const part = (isMine: (q: number) => boolean) =>
      [{ ...group, some: some.filter(isMine) }] as ShardConfig['groups'];
    return [
      { ...config, role: 'owner', groups: part((q) => q % 3 > 0) },
      { ...whole(), role: 'guest', discovery: undefined, groups: part((q) => q % 3 === 0) },
    ];
  }
  const count = shards === 'guest' ? 2 : shards;
  return Array.from({ length: count }, (_, index) => {
    const portBlock = 0xf000 - index * 4096;
    const config = whole();
    const variants = config.variants.map((variant) => ({ ...variant, portBlock }));
    return { ...config, slice: { index, count }, portBlock, variants };
  });
}

/** What a journal would know after an interruption. */
function knownOf({ ports }: Scene, { heard }: RecordEar): Partial<ShardConfig> {
  const skip = new HostSet();
  for (const host of heard.ended) skip.add(host);
  const known = new Map<number, Uint8Array>();
  for (const [host, [state]] of heard.states)
    if (state === 'open' && !skip.has(host)) known.set(host, new Uint8Array(Math.ceil(ports / 8)));
  for (const key of heard.verdicts.keys()) {
    const question = Number(key.split('/')[1]) - 1;
    const settled = known.get(hostOf(key));
    if (settled !== undefined) settled[question >> 3]! |= 1 << (question & 7);
  }
  return { skip: skip.pages, known };
}

/** The two ends of a channel. */
function peers(): readonly [PeerPort, PeerPort] {
  const [toOwner, toGuest]: [PeerMessage[], PeerMessage[]] = [[], []];
  return [
    { send: (message) => void toGuest.push(message), take: () => toOwner.shift() },
    { send: (message) => void toOwner.push(message), take: () => toGuest.shift() },
  ];
}

const there: HostModel = {
  port: (port) => (port % 7 === 3 ? 'open' : port % 5 === 4 ? 'drop' : 'closed'),
};
