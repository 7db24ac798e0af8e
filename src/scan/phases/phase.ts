/**
 * A phase of a scan, as one value. Phases run forward in the order of their list, each host on its own: none waits for
 * another, but a phase may ask a host as often as it likes.
 *
 * To add a phase: a file with its value, and a line in the list (`index.ts`). ARCHITECTURE.md says what it may rely on.
 *
 * @module
 */

import type { Dial } from '../../dial/dial.ts';
import type { NameService } from '../../dns/name-service.ts';
import type { PacketEngine } from '../../engine/engine.ts';
import type { Host } from '../../engine/hosts/host.ts';
import type { Asides } from '../../engine/questions/asides.ts';
import type { Question } from '../../engine/questions/questions.ts';
import type { RttEstimator } from '../../engine/rate/rtt.ts';
import type { Address } from '../../model/address.ts';
import type { Observation } from '../../model/observation.ts';
import type { PhaseCost } from '../../plan/forecast.ts';
import type { Plan } from '../../plan/plan.ts';
import type { KeptCapability } from '../../system/capabilities.ts';
import type { PhaseDevice } from '../records/device-record.ts';
import type { PhaseFinding } from '../records/finding-record.ts';
import type { LimitedKind } from '../records/host-records.ts';
import type { NameLookup } from '../records/introductions.ts';
import type { PhasePolicy } from '../records/policy-record.ts';
import type { Records } from '../records/records.ts';
import type { SeenNames } from '../records/seen-words.ts';
import type { PhaseService } from '../records/service-record.ts';
import type { QuestionList, ShardConfig } from '../shard/config.ts';
import type { HostSpace } from '../shard/host-source.ts';
import type { OpenPort, SilentPort } from '../shard/open-ports.ts';
import type { HostLooks } from '../shard/port-looks.ts';
import type { TargetRoute, TransportContext } from '../shard/transport.ts';
import type { SynAck } from './responder-check/host-check.ts';
import type { Pretence } from './responder-check/judgement.ts';

/** One phase. `State` is what it keeps of a host. */
export interface Phase<State = unknown> {
  readonly name: string;
  /** Its number in records, which journals keep: never given to another phase. */
  readonly number: number;
  /** Whether a plan has it. */
  wants(plan: Plan): boolean;
  /** What its threads must be able to do after the other capabilities are dropped. */
  needs(plan: Plan): readonly KeptCapability[];
  /** What it adds to the forecast; absent: nothing besides the questions of the plan's lists. */
  cost?(plan: Plan): PhaseCost;

  /** Loads what it alone needs, before a shard begins whose plan has it. */
  prepare?(): Promise<void>;

  /** Whom it asks from the shard's lists, and by which of them; absent: hosts have questions of their own. */
  readonly list?: 'discovery' | 'ports';

  /** Questions of its own behind those of a list; what is seen of them only its screen hears. */
  readonly behind?: (list: QuestionList, config: ShardConfig, isByPacket: boolean) => QuestionList;
  /** Looks at what is said of ports before it is told, and may hold it back. */
  readonly screen?: (tools: ScreenTools) => Screen | undefined;
  /** Follows the way to each host with probes that the engine makes for that alone. */
  readonly follow?: (tools: FollowTools) => Follower;
  /** Finds the names of hosts and routers, where facts are made. */
  readonly names?: (service: NameService) => NameLookup;

  /** Hosts come to it with all that was seen of their ports: {@link PhaseHost.plain}. */
  readonly wantsLooks?: true;
  /** Hosts come to it with the UDP ports that were silent: {@link PhaseHost.silentPorts}. */
  readonly wantsSilent?: true;
  /** A host of this plan enters the phase: all before it are done with it. */
  begin?(host: PhaseHost, config: ShardConfig): State;
  /**
   * What is to be asked of the host now, beyond what was given before. Asked again after each {@link fold}, until there
   * is nothing more and nothing is outstanding.
   */
  agenda?(host: PhaseHost, state: State): readonly Question[];
  /** How a question's variant is called in records; absent: by its number. */
  variantName?(question: Question): string;
  /** How a question leaves; absent: by packet. */
  via?(question: Question): 'packet' | 'dial';
  /** Holds the dialogue that a question by `dial` asks for; what it returns is folded like an answer. */
  talk?(host: PhaseHost, question: Question, dial: Dial): Promise<Observation>;
  /** Takes what came of a question, silence included. `seen` is used again: whoever keeps it copies it. */
  fold?(host: PhaseHost, state: State, question: Question, seen: Observation): void;
  /** What a bound on packets, or an early end, has left out of a host, in words. */
  leftOut?(host: PhaseHost, state: State): readonly string[];
  /** What the user should know besides what it has found out, in sentences. */
  notes?(host: PhaseHost, state: State): readonly string[];
  /** What it has found out since it was asked last, told at once: when it begins, and after each {@link fold}. */
  news?(host: PhaseHost, state: State): readonly PhaseFact[];
  /** What it has found out, told when it is done with the host, in this order. */
  facts?(host: PhaseHost, state: State): readonly PhaseFact[];
}

/** What a phase has found out about a host. */
export type PhaseFact = PhaseFinding | PhasePolicy | PhaseService | PhaseDevice | PortLook;

/** What was seen of a port that was silent when the ports were scanned: it replaces that silence. */
export interface PortLook {
  /** The question that was about it. */
  readonly question: number;
  readonly seen: Observation;
  /** Who sent the ICMP error, where that was not the target: 4 or 16 bytes. */
  readonly from?: Uint8Array;
}

/** A host as phases see it. */
export interface PhaseHost {
  readonly id: number;
  readonly address: Address;
  /** The number of the interface that a link-local address lives on, else 0: for `dial`. */
  readonly scopeId: number;
  /** It is on the own link: no router lies between. */
  readonly isNear: boolean;
  /** What said open when the ports were scanned, ascending; not what is `open|filtered`. */
  readonly openPorts: readonly OpenPort[];
  /** UDP ports that were silent, ascending; empty where no phase of the plan wants them. */
  readonly silentPorts: readonly SilentPort[];
  /** The rule by which it is known to say open for ports that hold no service. */
  readonly pretence?: Pretence['rule'];
  /** The time that it may take is over. */
  readonly isTimedOut: boolean;
  /** When it will be, in microseconds of the shard's clock: what is begun by then is cut short. Infinity: never. */
  readonly untilUs: number;
  /** What the scan of its ports saw of each; absent where no phase of the plan wants it. */
  readonly plain?: PlainScan;
}

/** What is known of a host whose ports have been asked. */
export interface PlainScan {
  /** The questions, and what was seen of each. */
  readonly asked: QuestionList;
  readonly looks: HostLooks;
  /** What numbers in observations stand for. */
  readonly names: SeenNames;
  /** It is this machine itself. */
  readonly isOwn: boolean;
  /** It has answered for itself while it was looked for. */
  readonly isHeard: boolean;
  /** The TTL of its echo, where that was what found it. */
  readonly echoTtl?: number;
  /** The answers that it limits, as far as that showed. */
  readonly limits: readonly LimitedKind[];
  /** How long its answers took. */
  readonly rtt: RttEstimator;
  /** It stopped answering, and did not come back. */
  readonly isBlocked: boolean;
  /** It says open for ports that hold no service. */
  readonly pretence?: Pretence['rule'];
  /** The share of packets that the way loses; absent where nothing could show it. */
  readonly loss?: number;
  /** How many packets this run has sent it by now, connections aside. */
  sentPackets(): number;
  /** How many packets it may be sent besides, as one of the hosts that are left; Infinity: as many as it takes. */
  readonly budget: number;
  /** Ports that nothing may be sent to. */
  isAvoided(protocol: 'tcp' | 'udp', port: number): boolean;
}

/** What a screen is made with: the lane of ports that it looks at. */
interface ScreenTools {
  readonly context: TransportContext;
  readonly space: HostSpace;
  /** Asks the hosts of that lane beside their agendas. */
  readonly asides: Asides;
  readonly isByPacket: boolean;
  /** Hosts known to say open for ports that hold no service; those that are found join them. */
  readonly pretenders: Map<number, Pretence>;
  /** The sockets of the shard. */
  readonly dial: Dial | undefined;
}

/** Looks at what is said of the ports of a lane. Times are microseconds. */
export interface Screen {
  readonly isBusy: boolean;
  /** A host begins to be asked. */
  begin(host: Host): void;
  /** Takes an observation; true when it is not to be told now. `synAck` describes the packet that led to it. */
  take(host: Host, question: number, seen: Observation, synAck?: () => SynAck): boolean;
  tick(nowUs: number): void;
  dueUs(nowUs: number): number;
  /** The engine is done with a host, early if not `isWhole`; `then` is called when all about it is certain. */
  finish(host: Host, isWhole: boolean, nowUs: number, then: () => void): void;
}

/** What a follower is made with. */
interface FollowTools {
  readonly engine: PacketEngine;
  readonly records: Records;
  readonly config: ShardConfig;
}

/** Follows the ways to hosts. */
export interface Follower {
  /** Hears what other phases see of a host, to choose by what to follow it. */
  note(host: Host, isPort: boolean, question: number, seen: Observation): void;
  /** Follows the way to a host that is done otherwise, then goes on. */
  trace(id: number, words: Uint32Array, route: TargetRoute, then: () => void): void;
  /** A host is gone without that. */
  forget(id: number): void;
}
