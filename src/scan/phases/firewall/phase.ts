/**
 * What filters the way to a host: asks what the answers so far make worth asking, and tells what follows.
 *
 * @module
 */

import type { Question } from '../../../engine/questions/questions.ts';
import type { FirewallQuestion, FirewallView, Inference } from '../../../firewall/contract.ts';
import { firewallVariants } from '../../../firewall/variants.ts';
import { portTechniques } from '../../../techniques/index.ts';
import { seenOf } from '../../records/seen-words.ts';
import type { Phase, PhaseFact, PlainScan } from '../phase.ts';
import { connectFrom } from './connection.ts';
import { viewOf } from './view.ts';

/** The phase, by whoever infers. */
export function firewallPhase(infer: (view: FirewallView) => Inference): Phase<Inference> {
  return {
    name: 'firewall',
    number: 6,
    wants: ({ firewall }) => firewall !== undefined,
    // Connections prove what trusted source ports let through, and those are the system's.
    needs: () => ['CAP_NET_RAW', 'CAP_NET_BIND_SERVICE'],
    cost: () => ({ packets: usualPackets, bytes: usualPackets * usualBytes, assumes: usualWords }),
    wantsLooks: true,
    begin: (host) => infer(viewOf(host, host.plain as PlainScan)),
    agenda: (_, inference) => inference.agenda().map(questionOf),
    variantName: ({ variant }) => nameOf(variant),
    via: ({ technique }) => (technique.probe.transport === 'socket' ? 'dial' : 'packet'),
    talk: (host, { port, variant }, dial) =>
      connectFrom(host, port, firewallVariants[variant - 1]?.sourcePort, dial),
    fold: ({ plain }, inference, question, seen) =>
      inference.fold((question as AskedQuestion).asked, seenOf(seen, (plain as PlainScan).names)),
    facts: (_, inference) => factsOf(inference),
  };
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

function factsOf(inference: Inference): readonly PhaseFact[] {
  const { policy, findings } = inference.conclude();
  return [...policy.map(({ cites: _, ...range }) => range), ...findings];
}

/** Measured: what a host with a filter is asked besides its ports, and how long a probe is. */
const usualPackets = 150;
const usualBytes = 48;
const usualWords = `a filter is looked at with ${usualPackets} packets, more where ports differ from one another`;
