/**
 * The doubts of a shard, made from its configuration.
 *
 * @module
 */

import type { Dial } from '../../../dial/dial.ts';
import type { Host } from '../../../engine/hosts/host.ts';
import type { Limits } from '../../../engine/scheduler-options.ts';
import { formatAddress } from '../../../model/address.ts';
import { canaryCount } from '../../../plan/check-bounds.ts';
import { pretenderCodec } from '../../records/pretender-record.ts';
import type { ShardConfig } from '../../shard/config.ts';
import type { HostSpace } from '../../shard/host-source.ts';
import type { TransportContext } from '../../shard/transport.ts';
import { scopeIdOf } from '../../shard/zones.ts';
import type { Canaries } from './canaries.ts';
import type { Asker, CheckEvents } from './host-check.ts';
import type { Pretence } from './judgement.ts';
import { Listener } from './listener.ts';
import { ResponderCheck } from './responder-check.ts';

/** The number of the phase in records. */
export const responderCheckNumber = 3;

/**
 * Doubts for the questions of a shard; `asker` asks those of the phase in which the canaries stand, `dial` makes
 * connections. Without it packets alone decide.
 */
export function beginResponderCheck(
  { config, reporter }: Pick<TransportContext, 'config' | 'reporter'>,
  canaries: Canaries,
  asker: Asker,
  space: HostSpace,
  pretenders: Map<number, Pretence>,
  dial: Dial | undefined,
): ResponderCheck {
  const { records } = reporter;
  const { techniqueOf, portOf } = config.ports as NonNullable<ShardConfig['ports']>;
  const counts = config.groups.map(({ some }) => {
    let count = 0;
    const length = some?.length ?? portOf.length;
    for (let i = 0; i < length; i++) if (techniqueOf[some?.[i] ?? i] === canaries.technique) count++;
    return count;
  });
  const whereabouts = ({ id }: Host) => {
    const address = space.addressOf(id);
    return { address, scopeId: scopeIdOf(formatAddress(address), config.zones) };
  };
  /** Behind the canaries' own questions stand as many for each closer look. */
  const techniqueAsked = (question: number | undefined): string => {
    if (question === undefined) return 'connect';
    const look = Math.floor((question - canaries.first) / canaries.ports.length) - 1;
    return canaries.looks[look]?.name ?? (config.ports?.techniques[canaries.technique] as string);
  };
  const events: CheckEvents = {
    observed: (host, question, seen) => records.observed(host.id, question, seen),
    found: ({ id }, pretence, ports, probes) => {
      pretenders.set(id, pretence);
      for (const { question, port, seen } of probes)
        records.probe({
          host: id,
          phase: responderCheckNumber,
          technique: techniqueAsked(question),
          protocol: 'tcp',
          port,
          variant: '',
          seen,
        });
      records.append(pretenderCodec, { host: id, pretence, probes: probes.length, ports });
    },
  };
  return new ResponderCheck(
    {
      canaries,
      asker,
      listener: dial && new Listener(dial),
      whereabouts,
      known: ({ id }) => pretenders.get(id),
      techniqueOf,
      portOf,
      isSlow: isSlow(config.limits),
      portsAsked: ({ id }) => counts[space.groupOf(id)] as number,
    },
    events,
  );
}

/** Whether the user's bounds keep the next questions of a host waiting, so that what is open would be told late. */
function isSlow({ scanDelayUs, hostRate, linkRate, maxParallelism }: Limits): boolean {
  const mostPps = Math.min(hostRate.maxPps, linkRate.maxPps);
  return scanDelayUs >= longPauseUs || mostPps < fewPps || maxParallelism <= canaryCount;
}

/** Canaries would hold up what is open for a tenth of a second or more. */
const longPauseUs = 50_000;
const fewPps = 100;
