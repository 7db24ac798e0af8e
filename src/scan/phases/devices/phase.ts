/**
 * What devices are: each host that is up is asked in the words of those protocols by which devices tell of themselves, by
 * unicast, and what its answers lead to on the host itself.
 *
 * @module
 */

import type { DeviceClaim, DeviceQuestion, Learnt } from '../../../detect/device/contract.ts';
import type { Question } from '../../../engine/questions/questions.ts';
import { formatAddress } from '../../../model/address.ts';
import { observationKind as kind, type Observation } from '../../../model/observation.ts';
import { portTechniques } from '../../../techniques/index.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import type { ShardConfig } from '../../shard/config.ts';
import { sourcePort } from '../capabilities.ts';
import type { Phase, PhaseHost } from '../phase.ts';
import { type Conversation, converse } from '../services/conversation.ts';
import { lookOfConnection, lookOfDatagrams } from '../services/looks.ts';
import { forecastDevices, longestUs } from './forecast.ts';

/** What is kept of a host. */
interface Devices {
  readonly config: ShardConfig;
  /** Questions that are still to be put, and those that ever were, by name and port. */
  readonly waiting: DeviceQuestion[];
  readonly asked: Set<string>;
  readonly claims: DeviceClaim[];
  /** Trouble on this side kept something from being asked. */
  isShort: boolean;
}

/** A question, and what was learnt by it. */
interface AskedQuestion extends Question {
  readonly about: DeviceQuestion;
  learnt?: Learnt;
}

/** Devices. */
export const devices: Phase<Devices> = {
  name: 'devices',
  number: phaseNumbers.devices,
  wants: ({ devices: wish }) => wish === true,
  needs: sourcePort,
  cost: forecastDevices,
  async prepare() {
    detection ??= await import('../../../detect/device/index.ts');
  },
  begin(host, config) {
    const state: Devices = { config, waiting: [], asked: new Set(), claims: [], isShort: false };
    if (host.isTimedOut || host.plain?.isBlocked === true) return state;
    const { deviceQuestions, questionsByPort, readAnnounced } = detect();
    const device = { address: formatAddress(host.address) };
    for (const { name, bytes } of config.announced?.get(device.address) ?? []) {
      const { claims, next = [] } = readAnnounced(name, bytes, device);
      state.claims.push(...claims);
      add(state, next);
    }
    const byPort = host.openPorts.flatMap(({ protocol, port }) => {
      const question = protocol === 'tcp' ? questionsByPort.get(port) : undefined;
      return question === undefined ? [] : [question];
    });
    add(state, [...deviceQuestions, ...byPort]);
    return state;
  },
  agenda: (_, { waiting }) =>
    waiting.splice(0).map((about): AskedQuestion => {
      const technique = about.transport === 'tcp' ? portTechniques.connect : portTechniques.udp;
      return { technique, port: about.port, variant: 0, about };
    }),
  via: () => 'dial',
  async talk(host, question, dial) {
    const { about } = question as AskedQuestion;
    const { address, scopeId, untilUs } = host;
    const conversation = await converse(
      about.ask({ address: formatAddress(address) }),
      {
        target: { host: address, scopeId, port: about.port, transport: about.transport },
        timeoutUs: longestUs,
        untilUs,
        // A connection that a device leaves open is not worth waiting for.
        closes: 'reset',
      },
      dial,
    );
    (question as AskedQuestion).learnt = conversation.result;
    return lookOf(conversation, host, about, dial.nowUs);
  },
  fold(_, state, question, seen) {
    const { learnt } = question as AskedQuestion;
    if (learnt === undefined) state.isShort ||= seen.kind === kind.local;
    else {
      state.claims.push(...learnt.claims);
      add(state, learnt.next ?? []);
    }
  },
  facts: (_, { claims }) => (claims.length === 0 ? [] : [{ claims }]),
  leftOut: ({ isTimedOut }) => (isTimedOut ? ['what device it is'] : []),
  notes: ({ address }, { isShort }) =>
    isShort ? [`What device ${formatAddress(address)} is was not asked in full: trouble on this side`] : [],
};

/** Each place is asked once, few besides those that all are asked at, and none that nothing may be sent to. */
function add(state: Devices, questions: readonly DeviceQuestion[]): void {
  const { avoidedPorts, avoidedUdpPorts } = state.config;
  for (const question of questions) {
    const { name, transport, port } = question;
    const key = `${name} ${port}`;
    const isAvoided = (transport === 'tcp' ? avoidedPorts : avoidedUdpPorts).includes(port);
    if (isAvoided || state.asked.has(key) || state.asked.size === mostQuestions) continue;
    state.asked.add(key);
    state.waiting.push(question);
  }
}

function lookOf(
  conversation: Conversation<Learnt>,
  { address }: PhaseHost,
  { transport }: DeviceQuestion,
  nowUs: number,
): Observation {
  return transport === 'udp'
    ? lookOfDatagrams(conversation, address, nowUs).seen
    : lookOfConnection(conversation);
}

/** All that devices are asked, which no other scan need load. */
let detection: typeof import('../../../detect/device/index.ts') | undefined;

function detect(): NonNullable<typeof detection> {
  if (detection === undefined) throw new Error('the phase "devices" has not been prepared');
  return detection;
}

const mostQuestions = 16;
