/**
 * Who hears what the engines of a shard say of hosts: the flow of hosts, the records, a screen that holds back what ports
 * say, whoever follows the ways, and the phases with questions of their own.
 *
 * @module
 */

import { tellEach } from '../../engine/answers/tell-each.ts';
import type { Host, HostEnd } from '../../engine/hosts/host.ts';
import type { Follower } from '../phases/phase.ts';
import { recordBlocked } from '../records/blocked.ts';
import { recordLimits } from '../records/limits.ts';
import type { HostFlow } from './host-flow.ts';
import type { AskedLane, AskedLanes, PortLane } from './lanes.ts';
import type { OwnPhases } from './own-phases.ts';
import type { PlainScans } from './plain-scans.ts';
import type { HostEvents, TransportContext } from './transport.ts';

/** Whom it may concern. */
export interface Hearers {
  /** The lane on which hosts are looked for. */
  readonly discovery: AskedLane | undefined;
  readonly flow: HostFlow;
  readonly own: OwnPhases | undefined;
  readonly path: Follower | undefined;
  /** Keeps what is known of hosts for those phases. */
  readonly plain: PlainScans | undefined;
}

/** What the engine of one transport is to tell, on its lanes. `startUs` is when the scan began, on the shard's clock. */
export function hostEvents(
  { laneOf, ownPhase, isByPacket }: AskedLanes,
  { context, startUs }: { readonly context: TransportContext; readonly startUs: number },
  hearers: () => Hearers,
): HostEvents {
  const { config, machine, reporter } = context;
  const { records } = reporter;
  // What ways are followed with are packets, and it is the packets' engine that numbers their phases so.
  const path = () => (isByPacket ? hearers().path : undefined);
  const portLane = (phase: number) => {
    const lane = laneOf(phase);
    return lane === hearers().discovery ? undefined : (lane as PortLane | undefined);
  };
  const asked = config.ports?.portOf.length ?? 0;
  const observed: HostEvents['observed'] = (host, question, seen) => {
    if (host.phase === ownPhase) {
      hearers().own?.observed(host, question, seen);
      return;
    }
    const lane = portLane(host.phase);
    const screen = lane === undefined || host.isBelieved ? undefined : lane.screen;
    const isOwn = screen !== undefined && question >= asked;
    if (!isOwn) path()?.note(host, lane !== undefined, question, seen);
    if (screen?.take(host, question, seen, lane?.synAck)) return;
    if (lane === undefined) hearers().flow.heard(host.id, question, seen);
    else records.observed(host.id, question, seen);
  };
  /** A lane has asked all it had to of a host; a screen may have to look further before that is the end. */
  const finish = (lane: AskedLane, host: Host, end: HostEnd) => {
    const screen = portLane(host.phase)?.screen;
    const then = () => hearers().flow.ended(lane, host.id, end, host.startedUs);
    if (screen === undefined) then();
    else screen.finish(host, end === 'done', machine.nowUs(), then);
  };
  return {
    admitted: (host) => portLane(host.phase)?.screen?.begin(host),
    observed,
    observedRun: (host, run) => {
      const lane = portLane(host.phase);
      const isTold = lane !== undefined && (host.isBelieved || lane.screen === undefined);
      if (isTold && path() === undefined) records.run(host.id, run);
      else tellEach(host, run, observed);
    },
    hostDone: (host, end) => {
      const lane = laneOf(host.phase);
      if (lane === undefined) {
        hearers().own?.ended(host, end);
        return;
      }
      const isGuest = config.role === 'guest';
      const met = { questions: lane.questions, records, isGuest, nowUs: machine.nowUs() };
      const limits = recordLimits(host, met);
      hearers().plain?.sent(host, lane === hearers().discovery);
      if (lane !== hearers().discovery) hearers().plain?.asked(host, limits);
      finish(lane, host, end);
    },
    blocked: (host, isBlocked, nowUs) => {
      const questions = host.phase === ownPhase ? hearers().own?.questions : laneOf(host.phase)?.questions;
      if (isBlocked && questions !== undefined) recordBlocked(host, questions, { startUs, nowUs }, records);
    },
  };
}
