/**
 * What filters the way to a host: asks what the answers so far make worth asking, and tells what follows.
 *
 * @module
 */

import { named } from '../../../base/words.ts';
import type { Question } from '../../../engine/questions/questions.ts';
import type { Conclusions, FirewallQuestion, FirewallView, Inference } from '../../../firewall/contract.ts';
import { firewallVariants } from '../../../firewall/variants.ts';
import type { PhaseCost } from '../../../plan/forecast.ts';
import type { Plan } from '../../../plan/plan.ts';
import { portTechniques } from '../../../techniques/index.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import { seenOf } from '../../records/seen-words.ts';
import type { Phase, PhaseFact, PlainScan } from '../phase.ts';
import { connectFrom } from './connection.ts';
import { viewOf } from './view.ts';

/** Whoever infers the filter before a host; `budget`: packets that it may be asked. */
export type Infer = (view: FirewallView, options: { readonly budget?: number }) => Inference;

/** What it keeps of a host. */
export interface Asking {
  readonly inference: Inference;
  conclusions: Conclusions | undefined;
}

/** The phase, by whoever infers. */
export function firewallPhase(infer: Infer): Phase<Asking> {
  return {
    name: 'firewall',
    number: phaseNumbers.firewall,
    wants: ({ firewall }) => firewall !== undefined,
    // Connections prove what trusted source ports let through, and those are the system's.
    needs: () => ['CAP_NET_RAW', 'CAP_NET_BIND_SERVICE'],
    cost: costOf,
    wantsLooks: true,
    begin: (host) => {
      const plain = host.plain as PlainScan;
      const options = plain.budget === Number.POSITIVE_INFINITY ? {} : { budget: plain.budget };
      return { inference: infer(viewOf(host, plain), options), conclusions: undefined };
    },
    // A host whose time is over is left alone.
    agenda: ({ isTimedOut }, { inference }) => (isTimedOut ? [] : inference.agenda().map(questionOf)),
    variantName: ({ variant }) => nameOf(variant),
    via: ({ technique }) => (technique.probe.transport === 'socket' ? 'dial' : 'packet'),
    talk: (host, { port, variant }, dial) =>
      connectFrom(host, port, firewallVariants[variant - 1]?.sourcePort, dial),
    fold: ({ plain }, { inference }, question, seen) =>
      inference.fold((question as AskedQuestion).asked, seenOf(seen, (plain as PlainScan).names)),
    facts: (_, asking) => factsOf(concluded(asking)),
    notes: (_, asking) => concluded(asking).changed,
    leftOut: (_, asking) => concluded(asking).leftOut,
  };
}

function concluded(asking: Asking): Conclusions {
  asking.conclusions ??= asking.inference.conclude();
  return asking.conclusions;
}

/** A question, and what it was called by whoever asks. */
interface AskedQuestion extends Question {
  readonly asked: FirewallQuestion;
}

function questionOf(asked: FirewallQuestion): AskedQuestion {
  return {
    technique: portTechniques[asked.technique],
    port: asked.port,
    variant: asked.variant === '' ? 0 : numberOf(asked.variant),
    isOnce: asked.isOnce === true,
    asked,
  };
}

function numberOf(name: string): number {
  const place = firewallVariants.findIndex((variant) => variant.name === name);
  if (place < 0) throw new Error(`there is no variant "${name}"`);
  return place + 1;
}

function nameOf(variant: number): string {
  return firewallVariants[variant - 1]?.name ?? '';
}

function factsOf({ policy, findings }: Conclusions): readonly PhaseFact[] {
  return [...policy.map(({ cites: _, ...range }) => range), ...findings];
}

function costOf({ firewall }: Plan): PhaseCost {
  const usual = `a filter is looked at with ${usualPackets} packets, more where ports differ from one another`;
  const budget = firewall?.budget;
  const bound =
    budget === undefined ? '' : `; all ends after ${budget} packets (${named('firewall.budget')})`;
  return { packets: usualPackets, bytes: usualPackets * usualBytes, assumes: `${usual}${bound}` };
}

/** Measured: what a host with a filter is asked besides its ports, and how long a probe is. */
const usualPackets = 150;
const usualBytes = 48;
