/**
 * Asks a host's stack a few packets besides: one open, one closed TCP and one closed UDP port. What they show is read where
 * facts are made, from the records of the probes.
 *
 * @module
 */

import type { Question } from '../../../engine/questions/questions.ts';
import { observationKind as kind } from '../../../model/observation.ts';
import type { PhaseCost } from '../../../plan/forecast.ts';
import { type SystemVariantName, systemVariants } from '../../../plan/system-variants.ts';
import { portTechniques } from '../../../techniques/index.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import type { Phase, PhaseHost } from '../phase.ts';

/** What is kept of a host. */
export interface SystemAsking {
  /** What is still to be asked. */
  readonly waiting: Question[];
  /** Packets that were sent, and questions whose packets are not counted yet. */
  spent: number;
  outstanding: number;
  /** How many packets one question may take. */
  readonly most: number;
}

/** The phase. */
export const systems: Phase<SystemAsking> = {
  name: 'systems',
  number: phaseNumbers.systems,
  wants: (plan) => plan.systems === true,
  needs: () => ['CAP_NET_RAW'],
  cost,
  wantsLooks: true,
  begin: (host, { limits }) => ({
    waiting: [...questionsFor(host)],
    spent: 0,
    outstanding: 0,
    most: limits.maxAttempts,
  }),
  agenda({ isTimedOut, plain }, state) {
    if (isTimedOut || plain?.isBlocked === true) return [];
    const room = Math.floor((mostPackets - state.spent - state.outstanding * state.most) / state.most);
    const asked = state.waiting.splice(0, Math.max(0, room));
    state.outstanding += asked.length;
    return asked;
  },
  variantName: ({ variant }) => systemVariants[variant - 1]?.name ?? '',
  fold(_, state, { port, technique }, seen) {
    state.outstanding--;
    state.spent += Math.max(1, seen.attempts);
    // Who is silent, or what cannot be asked, is so the next time too.
    if (seen.kind !== kind.silence && seen.kind !== kind.local) return;
    const isLeft = (one: Question) => one.port !== port || one.technique.about !== technique.about;
    state.waiting.splice(0, state.waiting.length, ...state.waiting.filter(isLeft));
  },
};

/** In order of what they are worth. */
function questionsFor(host: PhaseHost): readonly Question[] {
  const { syn, ack, udp } = portTechniques;
  const ports = portsOf(host);
  const of = (
    technique: Question['technique'],
    port: number | undefined,
    ...names: (SystemVariantName | '')[]
  ) =>
    port === undefined
      ? []
      : names.map((name) => ({
          technique,
          port,
          variant: systemVariants.findIndex((row) => row.name === name) + 1,
        }));
  return [
    ...of(syn, ports.open, 'spaced', 'spaced', 'spaced', 'spaced', 'mss only', 'ecn'),
    ...of(syn, ports.closed, '', ''),
    ...of(ack, ports.closed, ''),
    ...of(udp, ports.closedUdp, ''),
  ];
}

/** Those that the scan has seen, else one where nobody listens. */
function portsOf({ openPorts, plain }: PhaseHost) {
  const open = openPorts.find(({ protocol }) => protocol === 'tcp')?.port;
  const closed = portThat(
    plain,
    'syn',
    ({ answer, flags, from }) => answer === 'tcp' && (flags & 4) !== 0 && !from,
  );
  const refused = portThat(plain, 'udp', ({ meaning, from }) => meaning === 'port-unreach' && !from);
  const spare = (protocol: 'tcp' | 'udp') => spares.find((port) => plain?.isAvoided(protocol, port) !== true);
  return { open, closed: closed ?? spare('tcp'), closedUdp: refused ?? spare('udp') };
}

type Plain = PhaseHost['plain'];
type Look = NonNullable<Plain>['looks']['looks'][number];

function portThat(plain: Plain, technique: string, isMeant: (look: Look) => boolean): number | undefined {
  if (plain === undefined) return undefined;
  const { asked, looks } = plain;
  const number = asked.techniques.indexOf(technique);
  for (let question = 0; question < looks.of.length; question++) {
    if (asked.techniqueOf[question] !== number) continue;
    const look = looks.looks[(looks.of[question] as number) - 1];
    if (look !== undefined && isMeant(look)) return asked.portOf[question];
  }
  return undefined;
}

function cost(): PhaseCost {
  return {
    packets: usualPackets,
    bytes: usualPackets * usualBytes,
    firstMs: usualMs,
    silent: { packets: silentPackets, bytes: silentPackets * silentBytes, firstMs: silentMs },
    assumes: `a system is asked ${usualPackets} packets, ${silentPackets} where no port answers, ${mostPackets} at most`,
  };
}

/** What a host may be sent. */
const mostPackets = 30;
/** Nothing is registered there, so that a live host says so. */
const spares = [40_125, 40_127, 40_131];
const usualPackets = 10;
const usualBytes = 56;
/** Four probes, each with its pause. */
const usualMs = 450;
/** Where no port answers those of closed ports are sent again, and whether the host is still there is asked between. */
const silentPackets = 18;
const silentBytes = 46;
const silentMs = 6200;
