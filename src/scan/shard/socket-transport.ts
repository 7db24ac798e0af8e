/**
 * Asks hosts through the kernel's own sockets: the same scheduler, with connections and datagrams in place of
 * packets.
 *
 * @module
 */

import { dialOutcome } from '../../dial/contract.ts';
import type { Dial } from '../../dial/dial.ts';
import type { ListPhase } from '../../engine/engine-options.ts';
import type { Agenda } from '../../engine/hosts/agenda.ts';
import type { Host, HostEnd } from '../../engine/hosts/host.ts';
import { KnownAnswers } from '../../engine/hosts/known-answers.ts';
import { ErrorMeter } from '../../engine/limits/error-meter.ts';
import { LossEstimator } from '../../engine/rate/loss.ts';
import { RateFinder } from '../../engine/rate/rate-finder.ts';
import { Scheduler } from '../../engine/scheduler.ts';
import type { SchedulerEvents } from '../../engine/scheduler-options.ts';
import { ownPaceFrom } from '../../engine/tables/rate-constants.ts';
import { addressBytes, addressFromBytes, formatAddress } from '../../model/address.ts';
import { fromTarget, observationKind as kind, noSender, Observation } from '../../model/observation.ts';
import { errnoName, errnos, noWayErrnos } from '../../system/errnos.ts';
import { judge } from '../../techniques/reply-table.ts';
import { type Attempt, Attempts } from './attempts.ts';
import { addressOfWords, type Candidate } from './host-source.ts';
import type { LocalPath } from './outage.ts';
import { RoutesInUse } from './routes-in-use.ts';
import { SpentAttempts } from './spent-attempts.ts';
import type {
  ApproachEvents,
  HostEvents,
  HostTransport,
  TargetRoute,
  TransportContext,
  TransportTotals,
} from './transport.ts';
import { warnOnce } from './warn-once.ts';
import { scopeIdOf } from './zones.ts';

/** Where a host's connections go. */
interface Destination {
  readonly address: Uint8Array;
  readonly scopeId: number;
}

/** The kernel's sockets as a transport. */
export class SocketTransport implements HostTransport {
  readonly schedulers: readonly Scheduler[];
  readonly approaching = 0;
  readonly #context: TransportContext;
  readonly #events: HostEvents;
  readonly #dial: Dial;
  readonly #link: RateFinder;
  readonly #loss = new LossEstimator();
  readonly #attempts = new Attempts();
  readonly #spent = new SpentAttempts(this.#attempts, (attempt) => this.#isNeeded(attempt));
  readonly #destinations = new Map<Host, Destination>();
  readonly #routes: RoutesInUse;
  readonly #known: KnownAnswers;
  readonly #warnOnce: (message: string) => void;
  readonly #seen = new Observation();
  #received = 0;
  #retransmitted = 0;
  /** Since when nothing could be opened, 0 when all is well. */
  #troubleSinceUs = 0;
  /** When the own link came back last. */
  #backUs = 0;
  /** Until when none of the attempts that fill all room is looked at again for one that can be spared. */
  #noRoomUntilUs = 0;

  constructor(context: TransportContext, dial: Dial, phases: readonly ListPhase[], events: HostEvents) {
    const { config, machine } = context;
    this.#context = context;
    this.#events = events;
    this.#dial = dial;
    this.#warnOnce = warnOnce(context.reporter);
    const now = machine.nowUs();
    const isShort = phases.every(({ questions }) => questions.length < ownPaceFrom);
    this.#link = new RateFinder(config.limits.linkRate, now, isShort ? 'hunt' : 'leave');
    const known = new KnownAnswers(phases);
    const own: SchedulerEvents = {
      ...events,
      observed: (host, question, seen) => {
        known.note(host, question, seen);
        events.observed(host, question, seen);
      },
      rest: (host: Host) => {
        for (const token of this.#attempts.ofHost(host)) this.#drop(token);
      },
      hostDone: (host: Host, end: HostEnd) => {
        for (const token of this.#attempts.endHost(host)) this.#drop(token);
        this.#destinations.delete(host);
        known.forget(host);
        events.hostDone(host, end);
      },
    };
    this.#routes = new RoutesInUse(config);
    const errors = new ErrorMeter(this.#routes.sourcesAmong(context.senders.list));
    const options = { inOrder: config.inOrder, link: this.#link, linkLoss: this.#loss, errors };
    this.schedulers = phases.map((phase) => new Scheduler({ ...phase, ...options }, own, now));
    this.#known = known;
  }

  get descriptors(): readonly number[] {
    return this.#dial.descriptors;
  }

  get turn(): ((timeoutMs: number) => Promise<void>) | undefined {
    return this.#dial.isAsync ? this.#wait : undefined;
  }

  get localPaths(): Iterable<LocalPath> {
    return this.#routes.localPaths;
  }

  get isBusy(): boolean {
    return this.schedulers.some(({ active }) => active.size > 0);
  }

  /** The kernel finds the way to each, and says when there is none; but what it drops on a loopback that is down is silent. */
  approach(candidate: Candidate, events: ApproachEvents): void {
    const address = addressOfWords(candidate.words);
    const trouble = this.#routes.ownTrouble(address);
    if (trouble === undefined) events.reached(candidate, undefined);
    else {
      this.#warnOnce(`Cannot reach ${formatAddress(address)}: ${trouble}`);
      events.lost(candidate, true);
    }
  }

  hasRoom(phase: number): boolean {
    return (this.schedulers[phase] as Scheduler).hasRoom;
  }

  isAsking(phase: number): boolean {
    return (this.schedulers[phase] as Scheduler).active.size > 0;
  }

  admit(phase: number, { id, family, words }: Candidate, _: TargetRoute | undefined, agenda: Agenda): void {
    const scheduler = this.schedulers[phase] as Scheduler;
    const address = addressOfWords(words);
    this.#routes.add(address);
    const host = scheduler.admit(id, family, here, agenda, this.#context.machine.nowUs());
    host.phase = phase;
    this.#known.admit(host);
    const scopeId = scopeIdOf(formatAddress(address), this.#context.config.zones);
    this.#destinations.set(host, { address: addressBytes(address), scopeId });
    this.#events.admitted(host);
  }

  receive(): number {
    return this.#dial.poll(0, this.#decided);
  }

  handleTimeout(nowUs: number): void {
    for (const scheduler of this.schedulers) {
      scheduler.handleTimeout(nowUs);
      scheduler.judge(nowUs);
    }
    this.#link.tick(nowUs);
    if (this.#retransmitted > 0) for (const token of this.#spent.due(nowUs)) this.#drop(token);
  }

  /** Opens what may be opened now. */
  transmit(): number {
    const { machine } = this.#context;
    let begun = 0;
    for (const scheduler of this.schedulers) {
      while (begun < batch) {
        const now = machine.nowUs();
        // Hosts keep their paces; all of them together keep the link's.
        if (this.#dial.mayBeginUs > now) return begun;
        if (this.#dial.isFull && !this.#makeRoom(now)) return begun;
        const task = scheduler.next(now);
        if (task < 0) break;
        if (!this.#ask(scheduler, task, now)) return begun;
        begun++;
      }
    }
    return begun;
  }

  dueUs(nowUs: number): number {
    if (this.#dial.hasNews) return nowUs;
    const due = Math.min(this.#dial.dueUs, ...this.schedulers.map((scheduler) => scheduler.nextDueUs()));
    // What is due may be a question that must wait, or a timer that need not.
    const waitUs = Math.min(this.#dial.mayBeginUs - nowUs, longestPaceWaitUs);
    const roomUs = this.#dial.isFull ? this.#noRoomUntilUs - nowUs : 0;
    return Math.max(due, nowUs + Math.max(waitUs, roomUs, this.#troubleSinceUs > 0 ? troubleWaitUs : 0));
  }

  voidSince(sinceUs: number, nowUs: number): void {
    this.#troubleSinceUs = 0;
    this.#backUs = nowUs;
    for (const scheduler of this.schedulers) scheduler.voidSince(sinceUs, nowUs);
  }

  typicalUs(fallbackUs: number): number {
    return this.#link.rtt.typicalUs(fallbackUs);
  }

  /** What the kernel sends besides for a connection is its own. */
  totals(): TransportTotals {
    return {
      sentPackets: this.#dial.sentPackets,
      sentBytes: this.#dial.sentBytes,
      receivedPackets: this.#received,
      receivedBytes: this.#received * answerBytes,
      retransmitted: this.#retransmitted,
      judged: this.#loss.judged,
      firstLost: this.#loss.firstLost,
      sampled: this.#loss.sampled,
      sampleLost: this.#loss.sampleLost,
      droppedByKernel: 0,
      anomalies: 0,
      damaged: 0,
      ratePps: this.#link.ratePps,
      rttUs: this.#link.rtt.smoothedUs,
    };
  }

  abort(): void {
    for (const scheduler of this.schedulers) scheduler.abort();
  }

  close(): void {
    this.#dial.close();
  }

  /** Gives up one attempt whose answer would come too late. False where all are still waited for. */
  #makeRoom(nowUs: number): boolean {
    if (nowUs >= this.#noRoomUntilUs) {
      const spare = this.#attempts.superseded(this.#isNeeded);
      if (spare !== undefined) {
        this.#drop(spare);
        return true;
      }
      this.#noRoomUntilUs = nowUs + troubleWaitUs;
    }
    for (const scheduler of this.schedulers) scheduler.crowded(nowUs);
    return false;
  }

  /** Asks one question. False when this machine is out of something and has to wait. */
  #ask(scheduler: Scheduler, task: number, now: number): boolean {
    const { host, questions } = scheduler;
    const question = task - host.row * questions.length;
    const attempt = scheduler.sent(task, now);
    const { address, scopeId } = this.#destinations.get(host) as Destination;
    const token = this.#attempts.take({ host, question, attempt, startedUs: now });
    const technique = questions.techniqueAt(host.row, question);
    const trouble = this.#dial.start(
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
    if (this.#context.isOut(now)) {
      scheduler.takeBack(host, question);
      return false;
    }
    const isNoWay = noWayErrnos.has(trouble);
    if (this.#troubleSinceUs === 0) this.#troubleSinceUs = now;
    const stays = now - this.#troubleSinceUs > troubleUs && this.#dial.outstanding === 0;
    if (!isNoWay && !stays) {
      scheduler.takeBack(host, question);
      return this.#makeRoom(now);
    }
    const { address } = this.#destinations.get(host) as Destination;
    const hasNoAddress = trouble === errnos.EADDRNOTAVAIL;
    const what =
      isNoWay || hasNoAddress
        ? `Cannot reach ${formatAddress(addressFromBytes(address))}`
        : 'Cannot open more connections';
    const why = isNoWay
      ? ' (no route)'
      : hasNoAddress
        ? ' (no address or port of this machine is left for it)'
        : '';
    this.#warnOnce(`${what}: the system says ${errnoName(trouble)}${why}`);
    scheduler.failedLocally(host, question);
    return isNoWay;
  }

  readonly #wait = (timeoutMs: number): Promise<void> => this.#dial.wait(timeoutMs);

  readonly #decided = (
    token: number,
    outcome: number,
    errno: number,
    sender: Uint8Array | undefined,
    datagram?: Uint8Array,
  ): void => {
    const attempt = this.#attempts.at(token);
    if (attempt === undefined) return;
    this.#attempts.release(token);
    const { host, question } = attempt;
    const scheduler = this.schedulers[host.phase] as Scheduler;
    if (outcome === timeout) return;
    if (outcome === unknown) {
      scheduler.failedLocally(host, question);
      return;
    }
    const now = this.#context.machine.nowUs();
    if (outcome === local) {
      this.#inTrouble(scheduler, host, question, errno, now);
      return;
    }
    // The kernel also says of a host that it is unreachable when our own link takes its packets nowhere.
    if (outcome >= firstMeaning && this.#context.isOut(now)) return;
    if (outcome === hostUnreach && this.#isAbsent(attempt, sender, now)) {
      scheduler.giveUp(host, 'done', undefined, now);
      return;
    }
    this.#received++;
    const { questions } = scheduler;
    const technique = questions.techniqueAt(host.row, question);
    const isDatagram = technique.probe.transport === 'udp';
    const seen = this.#seen;
    // A refusal with a sender came by ICMP. Of a port that is a refused connection like any other, but not the host's
    // own word; and whether a host is there, somebody on the way does not know.
    const isError = outcome >= firstMeaning || (outcome === refused && sender !== undefined);
    seen.begin(kindOf(isError && technique.about === 'host' ? portUnreach : outcome, isDatagram));
    if (isError) {
      seen.meaning = (outcome === refused ? portUnreach : outcome) - firstMeaning;
      seen.sender = this.#senderOf(host, sender);
    } else seen.sender = fromTarget;
    if (datagram !== undefined) seen.data = datagram.slice();
    seen.code = judge(questions.tableAt(host.row, question), seen);
    seen.attempt = attempt.attempt;
    seen.atUs = now;
    if (seen.code !== 0) scheduler.answered(host, question, seen);
  };

  /** Whether the kernel has looked for a neighbour in vain: asked again it would look as long again. */
  #isAbsent({ host, startedUs }: Attempt, sender: Uint8Array | undefined, nowUs: number): boolean {
    // Where an outage has just ended it may have begun when nothing could be heard.
    if (sender === undefined || host.answers > 0 || startedUs < this.#backUs) return false;
    const { address } = this.#destinations.get(host) as Destination;
    return nowUs - startedUs >= vainLookUs && this.#routes.isNeighbour(addressFromBytes(address), sender);
  }

  #senderOf(host: Host, sender: Uint8Array | undefined): number {
    if (sender === undefined) return noSender;
    const isTarget = Buffer.from(sender).equals(this.#destinations.get(host)?.address ?? none);
    return isTarget ? fromTarget : this.#context.senders.numberOf(sender);
  }

  readonly #isNeeded = ({ host, question, attempt }: Attempt): boolean =>
    (this.schedulers[host.phase] as Scheduler).awaits(host, question, attempt);

  #drop(token: number): void {
    this.#dial.cancel(token);
    this.#attempts.release(token);
  }
}

/** What an outcome is; `outcome` is no trouble of our own. Of an ICMP error the kernel tells who sent it to datagrams. */
function kindOf(outcome: number, isDatagram: boolean): number {
  if (outcome === connected) return isDatagram ? kind.udp : kind.connected;
  if (outcome === refused) return kind.refused;
  return isDatagram ? kind.icmp : kind.unreachable;
}

/** Sockets find their own path. */
const here = { path: 0, hop: { neighbour: 0 } };
const none = new Uint8Array(0);
const connected = dialOutcome('connected');
const refused = dialOutcome('refused');
const timeout = dialOutcome('timeout');
const local = dialOutcome('local');
const unknown = dialOutcome('unknown');
const firstMeaning = dialOutcome('net-unreach');
const portUnreach = dialOutcome('port-unreach');
const hostUnreach = dialOutcome('host-unreach');

/** Connections opened between two looks at what came back: a near host decides one in about 15 µs. */
const batch = 64;
const troubleUs = 3_000_000;
/** Linux looks three times, a second each (arp(7)); who says so sooner is a firewall of this machine. */
const vainLookUs = 2_000_000;
const troubleWaitUs = 5000;
const longestPaceWaitUs = 10_000;
const answerBytes = 40;
