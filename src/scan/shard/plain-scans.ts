/**
 * What is known of hosts whose ports have been asked, for the phases that want all of it: kept until a host has been
 * through them.
 *
 * @module
 */

import type { OptionTable } from '../../engine/answers/option-table.ts';
import type { Host } from '../../engine/hosts/host.ts';
import type { LossEstimator } from '../../engine/rate/loss.ts';
import { RttEstimator } from '../../engine/rate/rtt.ts';
import { addressFromBytes, formatAddress } from '../../model/address.ts';
import { tcpOptionWords } from '../../wire/tcp-options.ts';
import type { PlainScan } from '../phases/phase.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import type { LimitedKind } from '../records/host-records.ts';
import type { SeenNames } from '../records/seen-words.ts';
import type { Senders } from '../records/senders.ts';
import type { QuestionList, ShardConfig } from './config.ts';
import type { Visit } from './host-flow.ts';
import { type HostLooks, PortLooks } from './port-looks.ts';

/** What it is known by. */
export interface PlainScansOptions {
  readonly asked: QuestionList;
  readonly config: Pick<ShardConfig, 'looks' | 'avoidedPorts' | 'avoidedUdpPorts' | 'limits'>;
  readonly senders: Senders;
  readonly options: OptionTable;
  readonly pretenders: ReadonlyMap<number, Pretence>;
  readonly loss: LossEstimator | undefined;
}

/** What is known of hosts. */
export class PlainScans {
  readonly looks: PortLooks;
  readonly #options: PlainScansOptions;
  readonly #names: SeenNames;
  readonly #asked = new Map<number, Pick<PlainScan, 'limits' | 'rtt'>>();
  readonly #sent = new Map<number, number>();

  constructor(options: PlainScansOptions) {
    const { asked, config, senders, options: table } = options;
    this.#options = options;
    this.#names = {
      senderOf: (number) => formatAddress(addressFromBytes(senders.list[number] as Uint8Array)),
      optionsOf: (number) => tcpOptionWords(table.entries[number - 1] as Uint8Array),
    };
    this.looks = new PortLooks(asked.portOf.length, this.#names, config.looks);
  }

  /** A lane has asked a host all it had to, perhaps to see whether it is there: of one that says nothing then nothing is kept. */
  sent({ id, answers, sentPackets }: Host, isSearch: boolean): void {
    if (!isSearch || answers > 0) this.#sent.set(id, (this.#sent.get(id) ?? 0) + sentPackets);
  }

  /** All ports of a host have been asked, which limits these answers. */
  asked({ id, rtt }: Host, limits: readonly LimitedKind[]): void {
    this.#asked.set(id, { limits, rtt });
  }

  /** What is known of a host that leaves; it is forgotten. */
  take({ candidate: { id }, end, isOwn = false, isHeard = false, echoTtl }: Visit, budget = 0): PlainScan {
    const { asked, config, pretenders, loss } = this.#options;
    const { avoidedPorts, avoidedUdpPorts } = config;
    const seen = this.looks.take(id);
    const { limits, rtt } = this.#asked.get(id) ?? { limits: [], rtt: rttOf(seen) };
    this.#asked.delete(id);
    const sentPackets = this.#sent.get(id) ?? 0;
    this.#sent.delete(id);
    const pretence = pretenders.get(id)?.rule;
    const lost = loss?.state(config.limits.maxAttempts)?.estimate;
    return {
      asked,
      looks: seen,
      names: this.#names,
      isOwn,
      isHeard,
      ...(echoTtl !== undefined && { echoTtl }),
      budget,
      sentPackets: () => sentPackets,
      limits,
      rtt,
      isBlocked: end === 'blocked',
      ...(pretence !== undefined && { pretence }),
      ...(lost !== undefined && { loss: lost }),
      isAvoided: (protocol, port) => (protocol === 'tcp' ? avoidedPorts : avoidedUdpPorts).includes(port),
    };
  }
}

/** How long the answers took that an earlier run has seen, as far as that is kept. */
function rttOf({ looks }: HostLooks): RttEstimator {
  const rtt = new RttEstimator();
  for (const { rttUs } of looks) if (rttUs >= 0) rtt.sample(rttUs);
  return rtt;
}
