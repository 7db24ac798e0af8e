/**
 * A shard that opens sockets: the same scheduler, with the kernel's own connections and datagrams in
 * place of packets.
 *
 * @module
 */

import { dialOutcome } from '../../dial/contract.ts';
import type { Dial } from '../../dial/dial.ts';
import { taskState } from '../../engine/board.ts';
import type { Host, HostEnd } from '../../engine/host.ts';
import { LossEstimator } from '../../engine/loss.ts';
import { RateFinder } from '../../engine/rate-finder.ts';
import { Scheduler } from '../../engine/scheduler.ts';
import { ownPaceFrom } from '../../engine/scheduler-options.ts';
import { monotonicUs } from '../../link/link.ts';
import { addressBytes, formatAddress } from '../../model/address.ts';
import { fromTarget, observationKind as kind, noSender, Observation } from '../../model/observation.ts';
import { errnoName, errnos } from '../../system/errnos.ts';
import { judge } from '../../techniques/reply-table.ts';
import { type Phases, phasesOf, recordLimit } from '../phases/phases.ts';
import { beginResponderCheck, scopeIdOf } from '../phases/responder-check/begin-check.ts';
import { canariesOf } from '../phases/responder-check/canaries.ts';
import type { ResponderCheck } from '../phases/responder-check/responder-check.ts';
import { Senders } from '../records/senders.ts';
import { type Attempt, Attempts } from './attempts.ts';
import type { ShardConfig } from './config.ts';
import { addressOfWords, HostSource, HostSpace } from './host-source.ts';
import { type Driver, HostsInFlight, type Waiting } from './hosts-in-flight.ts';
import { controlWord, recordKind, type ShardTotals } from './messages.ts';
import { Outage } from './outage.ts';
import { Reporter, type Say } from './reporter.ts';
import { RoutesInUse } from './routes-in-use.ts';
import { openShardDial } from './shard-dial.ts';

/** Where a host's connections go. */
interface Destination {
  readonly address: Uint8Array;
  readonly scopeId: number;
}

/** One thread's share of a scan by connections. */
export class SocketShard {
  readonly #stop: Int32Array;
  readonly #reporter: Reporter;
  readonly #source: HostSource;
  readonly #phases: Phases;
  readonly #schedulers: readonly Scheduler[];
  readonly #flow: HostsInFlight<Destination>;
  readonly #door: Dial;
  readonly #link: RateFinder;
  readonly #loss = new LossEstimator();
  readonly #attempts = new Attempts();
  readonly #senders = new Senders();
  readonly #destinations = new Map<Host, Destination>();
  readonly #routes: RoutesInUse;
  readonly #outage: Outage;
  readonly #zones: ReadonlyMap<string, string>;
  readonly #check: ResponderCheck | undefined;
  readonly #warned = new Set<string>();
  readonly #seen = new Observation();
  #received = 0;
  #retransmitted = 0;
  /** Since when nothing could be opened, 0 when all is well. */
  #troubleSinceUs = 0;

  constructor(config: ShardConfig, say: Say) {
    this.#stop = new Int32Array(config.control);
    this.#zones = config.zones;
    this.#reporter = new Reporter(
      say,
      () => this.#senders.takeFresh(),
      () => this.totals(),
      () => Atomics.load(this.#stop, controlWord.batchesRead),
    );
    const space = new HostSpace(config.groups);
    this.#source = new HostSource(space, config);
    this.#door = openShardDial(config, (message) => this.#warnOnce(message));
    const canaries = canariesOf(config);
    this.#phases = phasesOf(config, this.#source.left, canaries);
    const now = monotonicUs();
    this.#link = new RateFinder(
      config.limits.linkRate,
      now,
      this.#phases.options.every(({ questions }) => questions.length < ownPaceFrom) ? 'hunt' : 'leave',
    );
    const events = {
      observed: (host: Host, question: number, seen: Observation) => {
        if (host.phase === this.#phases.numbers.discovery) this.#flow.heard(host, seen);
        else if (host.isBelieved || this.#check?.take(host, question, seen) !== true)
          this.#reporter.records.observed(host.id, question, seen);
      },
      hostDone: (host: Host, end: HostEnd) => {
        for (const token of this.#attempts.endHost(host)) this.#drop(token);
        this.#destinations.delete(host);
        recordLimit(host, (this.#schedulers[host.phase] as Scheduler).questions, this.#reporter.records);
        const then = () => this.#flow.ended(host, end);
        if (this.#check === undefined || host.phase !== this.#phases.numbers.ports) then();
        else this.#check.finish(host, end === 'done', monotonicUs(), then);
      },
      blocked: (host: Host, isBlocked: boolean, nowUs: number) => {
        if (isBlocked) this.#reporter.records.append(host.id, recordKind.blocked, 0, nowUs / 1000, 0);
      },
    };
    const options = { inOrder: config.inOrder, link: this.#link, linkLoss: this.#loss };
    this.#schedulers = this.#phases.options.map(
      (phase) => new Scheduler({ ...phase, ...options }, events, now),
    );
    const asker = this.#schedulers[this.#phases.numbers.ports];
    if (canaries !== undefined && asker !== undefined)
      this.#check = beginResponderCheck(config, canaries, asker, space, this.#reporter.records);
    this.#routes = new RoutesInUse(config);
    this.#outage = new Outage({
      localPaths: () => this.#routes.localPaths,
      asked: this.#schedulers,
      typicalUs: (fallbackUs) => this.#link.rtt.typicalUs(fallbackUs),
      reporter: this.#reporter,
    });
    const driver: Driver<Destination> = {
      hasRoom: (phase) => (this.#schedulers[phase] as Scheduler).hasRoom,
      admit: (phase, { candidate, way }: Waiting<Destination>, agenda) => {
        const scheduler = this.#schedulers[phase] as Scheduler;
        const host = scheduler.admit(candidate.id, candidate.family, here, agenda, monotonicUs());
        host.phase = phase;
        this.#destinations.set(host, way);
      },
      approach: (candidate) => this.#flow.reached(candidate, this.#destinationOf(candidate.words)),
      approaching: () => 0,
    };
    this.#flow = new HostsInFlight(
      config,
      this.#phases.numbers,
      this.#source,
      this.#reporter.records,
      driver,
    );
  }

  /** Runs until everything is asked and answered, or the shard is told to stop. */
  async run(): Promise<void> {
    try {
      while (Atomics.load(this.#stop, 0) === 0 && this.#step()) {
        if (this.#door.isAsync) await this.#door.wait(this.#patienceMs());
      }
      if (Atomics.load(this.#stop, 0) !== 0) for (const scheduler of this.#schedulers) scheduler.abort();
      this.#reporter.flush();
    } finally {
      this.#check?.close();
      this.#door.close();
    }
  }

  /** Counters so far. What the kernel sends besides for a connection is its own. */
  totals(): ShardTotals {
    const heard = this.#check?.connections ?? 0;
    return {
      sentPackets: this.#door.sentPackets + heard,
      sentBytes: this.#door.sentBytes + heard * synBytes,
      receivedPackets: this.#received,
      receivedBytes: this.#received * answerBytes,
      retransmitted: this.#retransmitted,
      judged: this.#loss.judged,
      firstLost: this.#loss.firstLost,
      droppedByKernel: 0,
      anomalies: 0,
      ratePps: this.#link.ratePps,
      rttUs: this.#link.rtt.smoothedUs,
    };
  }

  #step(): boolean {
    const now = monotonicUs();
    if (this.#outage.check(now)) {
      this.#troubleSinceUs = 0;
      this.#report(now);
      this.#door.poll(this.#door.isAsync ? 0 : longestWaitMs, this.#decided);
      return true;
    }
    for (const scheduler of this.#schedulers) {
      scheduler.handleTimeout(now);
      scheduler.judge(now);
    }
    this.#link.tick(now);
    this.#check?.tick(now);
    // What its reader has not read yet must not fill the memory; what is under way is still listened to.
    const { isAhead } = this.#reporter;
    if (!isAhead) this.#flow.pump();
    const busy =
      this.#schedulers.some((scheduler) => scheduler.active.size > 0) || this.#check?.isBusy === true;
    if (!busy && this.#flow.isIdle) return false;
    const begun = isAhead ? 0 : this.#begin();
    this.#report(now);
    this.#door.poll(begun > 0 || this.#door.isAsync ? 0 : this.#patienceMs(), this.#decided);
    return true;
  }

  #report(nowUs: number): void {
    this.#reporter.tick(nowUs, () => 'ports');
  }

  /** How long to wait when nothing happens, milliseconds. */
  #patienceMs(): number {
    const due = Math.min(
      this.#reporter.dueUs(),
      this.#check?.dueUs(monotonicUs()) ?? Number.POSITIVE_INFINITY,
      ...this.#schedulers.map((scheduler) => scheduler.nextDueUs()),
    );
    const waitMs = (due - monotonicUs()) / 1000;
    const mustWait = this.#troubleSinceUs > 0 || this.#reporter.isAhead;
    return Math.min(Math.max(Math.ceil(waitMs), mustWait ? troubleWaitMs : 0), longestWaitMs);
  }

  /** Opens what may be opened now and returns how much that was. */
  #begin(): number {
    let begun = 0;
    for (const scheduler of this.#schedulers) {
      while (begun < batch) {
        const task = scheduler.next(monotonicUs());
        if (task < 0) break;
        if (!this.#dial(scheduler, task)) return begun;
        begun++;
      }
    }
    return begun;
  }

  /** Asks one question. False when this machine is out of something and has to wait. */
  #dial(scheduler: Scheduler, task: number): boolean {
    const { host, questions } = scheduler;
    const question = task - host.row * questions.length;
    const now = monotonicUs();
    const attempt = scheduler.sent(task, now);
    const { address, scopeId } = this.#destinations.get(host) as Destination;
    const token = this.#attempts.take({ host, question, attempt, startedUs: now });
    const technique = questions.techniqueAt(host.row, question);
    const trouble = this.#door.start(
      technique.probe.transport === 'udp' ? 'datagram' : 'connection',
      token,
      host.family,
      address,
      scopeId,
      questions.portAt(host.row, question),
    );
    if (trouble === 0) {
      if (attempt > 1) this.#retransmitted++;
      this.#troubleSinceUs = 0;
      return true;
    }
    this.#attempts.release(token);
    return this.#inTrouble(scheduler, host, question, trouble, now);
  }

  /** Local trouble is never a port state: it is waited for, and named when it stays. */
  #inTrouble(scheduler: Scheduler, host: Host, question: number, trouble: number, now: number): boolean {
    if (this.#outage.check(now, true)) {
      scheduler.takeBack(host, question);
      return false;
    }
    const isNoWay = noWay.has(trouble);
    if (this.#troubleSinceUs === 0) this.#troubleSinceUs = now;
    const stays = now - this.#troubleSinceUs > troubleUs && this.#door.outstanding === 0;
    if (!isNoWay && !stays) {
      scheduler.takeBack(host, question);
      const spare = this.#attempts.superseded(this.#isNeeded);
      if (spare !== undefined) this.#drop(spare);
      return false;
    }
    const to = formatAddress(
      addressOfWords(wordsOfBytes((this.#destinations.get(host) as Destination).address)),
    );
    const what = isNoWay ? `Cannot reach ${to}` : 'Cannot open more connections';
    this.#warnOnce(`${what}: the system says ${errnoName(trouble)}${isNoWay ? ' (no route)' : ''}`);
    scheduler.failedLocally(host, question);
    return isNoWay;
  }

  readonly #decided = (
    token: number,
    outcome: number,
    errno: number,
    sender: Uint8Array | undefined,
  ): void => {
    const attempt = this.#attempts.at(token);
    if (attempt === undefined) return;
    this.#attempts.release(token);
    const { host, question } = attempt;
    const scheduler = this.#schedulers[host.phase] as Scheduler;
    if (outcome === timeout) return;
    if (outcome === unknown) {
      scheduler.failedLocally(host, question);
      return;
    }
    if (outcome === local) {
      this.#inTrouble(scheduler, host, question, errno, monotonicUs());
      return;
    }
    // The kernel also says of a host that it is unreachable when our own link takes its packets nowhere.
    if (outcome >= firstMeaning && this.#outage.check(monotonicUs(), true)) return;
    this.#received++;
    const { questions } = scheduler;
    const isDatagram = questions.techniqueAt(host.row, question).probe.transport === 'udp';
    const seen = this.#seen;
    seen.begin(kindOf(outcome, isDatagram));
    if (outcome >= firstMeaning) seen.meaning = outcome - firstMeaning;
    seen.sender = this.#senderOf(host, outcome, sender);
    seen.code = judge(questions.tableAt(host.row, question), seen);
    seen.attempt = attempt.attempt;
    seen.atUs = monotonicUs();
    if (seen.code !== 0) scheduler.answered(host, question, seen);
  };

  #senderOf(host: Host, outcome: number, sender: Uint8Array | undefined): number {
    if (outcome < firstMeaning) return fromTarget;
    if (sender === undefined) return noSender;
    const isTarget = Buffer.from(sender).equals(this.#destinations.get(host)?.address ?? none);
    return isTarget ? fromTarget : this.#senders.numberOf(sender);
  }

  /** Whether an attempt is its task's latest and the task still waits for it. */
  readonly #isNeeded = ({ host, question, attempt }: Attempt): boolean => {
    const { board } = this.#schedulers[host.phase] as Scheduler;
    const task = host.row * board.questions + question;
    return board.state[task] === taskState.outstanding && board.attempts[task] === attempt;
  };

  #drop(token: number): void {
    this.#door.cancel(token);
    this.#attempts.release(token);
  }

  #destinationOf(words: Uint32Array): Destination {
    const address = addressOfWords(words);
    this.#routes.add(address);
    return { address: addressBytes(address), scopeId: scopeIdOf(formatAddress(address), this.#zones) };
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message) || this.#warned.size >= mostWarnings) return;
    this.#warned.add(message);
    this.#reporter.warn(message, true);
  }
}

/** What an outcome is; `outcome` is no trouble of our own. Of an ICMP error the kernel tells who sent it to datagrams. */
function kindOf(outcome: number, isDatagram: boolean): number {
  if (outcome === connected) return isDatagram ? kind.udp : kind.connected;
  if (outcome === refused) return kind.refused;
  return isDatagram ? kind.icmp : kind.unreachable;
}

function wordsOfBytes(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

/** Sockets find their own path. */
const here = { path: 0, neighbour: 0 };
const none = new Uint8Array(0);
const connected = dialOutcome('connected');
const refused = dialOutcome('refused');
const timeout = dialOutcome('timeout');
const local = dialOutcome('local');
const unknown = dialOutcome('unknown');
const firstMeaning = dialOutcome('net-unreach');
/** The kernel said that nothing can leave this machine for there. */
const noWay: ReadonlySet<number> = new Set([
  errnos.ENETUNREACH,
  errnos.EHOSTUNREACH,
  errnos.EACCES,
  errnos.EINVAL,
  errnos.EPERM,
]);
/** Connections opened between two looks at what came back: a near host decides one in about 15 µs. */
const batch = 64;
const troubleUs = 3_000_000;
const troubleWaitMs = 5;
const longestWaitMs = 100;
const mostWarnings = 20;
const synBytes = 60;
const answerBytes = 40;
