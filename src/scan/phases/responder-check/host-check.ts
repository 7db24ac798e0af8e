/**
 * The doubt about one host, from its first `open` to the last word about its ports.
 *
 * Canaries are asked. If fewer than two of them say open, the host is trusted. If two do, it is examined: each
 * open canary gets a segment without flags, an ACK of no connection, and a connection. Without evidence against it
 * the host is trusted after all; with evidence it is a pretender, and each of its open ports is confirmed by a
 * connection or stays `open|filtered`.
 *
 * Times are microseconds.
 *
 * @module
 */

import type { Host } from '../../../engine/hosts/host.ts';
import type { Asides } from '../../../engine/questions/asides.ts';
import type { Address } from '../../../model/address.ts';
import { doubt, Observation } from '../../../model/observation.ts';
import { mostConfirmedPorts } from '../../../plan/check-bounds.ts';
import type { Canaries } from './canaries.ts';
import { type Heard, observationOf } from './heard.ts';
import { HeldObservations, type TellObservation } from './held-observations.ts';
import { type CanaryEvidence, isService, judgeCanaries, type Pretence } from './judgement.ts';
import type { Listener } from './listener.ts';

/** Asks a host questions that are not on its agenda. */
export type Asker = Pick<Asides, 'ask' | 'withdraw' | 'isSent'>;

/** What doubts are settled with. */
export interface CheckTools {
  readonly canaries: Canaries;
  readonly asker: Asker;
  /** Absent where an ordinary connection would not be this scan: then packets alone decide. */
  readonly listener: Listener | undefined;
  readonly whereabouts: (host: Host) => { readonly address: Address; readonly scopeId: number };
  readonly portOf: Uint16Array;
  /** What another technique, or an earlier run, has found out about a host. */
  readonly known: (host: Host) => Pretence | undefined;
}

/** What a doubt leads to. */
export interface CheckEvents {
  /** An observation that may be told. */
  readonly observed: (host: Host, question: number, seen: Observation) => void;
  /** The host is a pretender; these canaries were open, and that is what was asked of them and came back. */
  readonly found: (
    host: Host,
    pretence: Pretence,
    canaryPorts: readonly number[],
    probes: readonly CanaryProbe[],
  ) => void;
}

/** A probe to a canary and what came back; `question` is undefined for a connection. */
interface CanaryProbe {
  readonly question: number | undefined;
  readonly port: number;
  readonly seen: Observation;
}

/** What the SYN-ACK of a canary looks like. */
export interface SynAck {
  readonly window: number;
  readonly isLinux: boolean;
}

/** One host under doubt. */
export class HostCheck {
  stage: 'asking' | 'examining' | 'trusted' | 'pretender' = 'asking';
  readonly host: Host;
  readonly #tools: CheckTools;
  readonly #events: CheckEvents;
  readonly #held = new HeldObservations();
  readonly #canaries: Canary[];
  #hearings = 0;
  #confirmed = 0;
  #pretence: Pretence | undefined;
  /** When all that was asked had been sent, and when it will have been answered; 0 until then. */
  #sentUs = 0;
  #dueUs = 0;
  #isExtended = false;
  #finish: (() => void) | undefined;
  /** When a host that the engine is done with is waited for no longer. */
  #endUs = Number.POSITIVE_INFINITY;

  constructor(host: Host, tools: CheckTools, events: CheckEvents) {
    this.host = host;
    this.#tools = tools;
    this.#events = events;
    const { canaries, asker } = tools;
    const { first, ports } = canaries;
    this.#canaries = ports.map((port, i) => ({
      port,
      question: first + i,
      probes: [],
      looks: canaries.looks.map((_, look) => first + (1 + look) * ports.length + i),
    }));
    for (const { question } of this.#canaries) asker.ask(host, question);
  }

  /** Whether nothing is to be done about the host any more. */
  get isOver(): boolean {
    return (
      this.stage === 'trusted' || (this.#isQuiet && this.#finish === undefined && this.#endUs < Infinity)
    );
  }

  /** A port says open. */
  readonly open: TellObservation = (question, seen) => {
    if (this.stage === 'trusted') this.#tell(question, seen);
    else if (this.stage === 'pretender') this.#confirm(question, seen);
    else this.#held.hold(question, seen);
  };

  /** A port says closed: whoever answers for every port does not. */
  closed(): void {
    // Two open canaries outweigh it: perhaps only most ports are led elsewhere.
    if (this.stage === 'asking' && this.#opens.length < fewestOpen) this.#trust();
  }

  /** A canary was answered; the answer leads to this state. */
  canary(
    question: number,
    state: 'open' | 'closed' | 'other',
    observation: Observation,
    synAck: SynAck | undefined,
  ): void {
    const asked = this.#canaries.find((one) => one.question === question);
    if (asked === undefined) {
      const canary = this.#canaries.find(({ looks }) => looks.includes(question));
      canary?.probes.push({ question, port: canary.port, seen: copyOf(observation) });
      // Closed is what a segment without flags may find, open what an ACK of no connection may.
      if (canary !== undefined && state === 'closed') canary.isReset = true;
      if (canary !== undefined && state === 'open') canary.isStray = true;
      return;
    }
    if (this.stage !== 'asking') return;
    if (state !== 'open') {
      this.#trust();
      return;
    }
    asked.isOpen = true;
    asked.probes.push({ question, port: asked.port, seen: copyOf(observation) });
    asked.synAck = synAck;
    if (this.#opens.length === this.#canaries.length) this.#examine();
  }

  /** Moves on what is due. */
  tick(nowUs: number): void {
    if (this.#endUs <= nowUs) this.#end();
    if (this.stage !== 'asking' && this.stage !== 'examining') return;
    if (this.#dueUs === 0 && this.#isAllSent()) {
      const leastUs = this.stage === 'asking' ? leastWaitUs : shortWaitUs;
      this.#sentUs = nowUs;
      this.#dueUs = nowUs + (this.#sends ? Math.max(leastUs, 4 * this.host.rtt.smoothedUs) : 0);
    }
    if (this.#dueUs === 0 || this.#dueUs > nowUs) return;
    const witnesses =
      this.stage === 'asking'
        ? this.#opens
        : this.#opens.filter(({ isReset, isStray }) => isReset || isStray);
    const untilUs = this.#isExtended ? 0 : this.#latestUs(witnesses.length, nowUs);
    if (untilUs > nowUs) {
      this.#isExtended = true;
      this.#dueUs = untilUs;
    } else if (this.stage === 'asking') this.#weigh();
    else if (this.#hearings === 0) this.#conclude();
  }

  /** When {@link tick} will have something to do, what connections wait for aside. */
  dueUs(nowUs: number): number {
    if (this.stage !== 'asking' && this.stage !== 'examining') return this.#endUs;
    if (this.#dueUs === 0) return nowUs + lookUs;
    return this.#dueUs > nowUs || this.#hearings === 0 ? this.#dueUs : this.#endUs;
  }

  /** The engine is done with the host, early if not `isWhole`; `then` is called when it is certain as well. */
  finish(isWhole: boolean, nowUs: number, then: () => void): void {
    this.#finish = then;
    this.#endUs = nowUs + patienceUs;
    if (this.stage === 'asking') this.#weigh();
    if (isWhole) this.#settle();
    else this.#end();
  }

  /** Whether all that is known has been told. */
  get #isQuiet(): boolean {
    return this.stage === 'trusted' || (this.stage === 'pretender' && this.#hearings === 0);
  }

  get #opens(): readonly Canary[] {
    return this.#canaries.filter(({ isOpen }) => isOpen === true);
  }

  /** Whether the present stage asks by packets at all. */
  get #sends(): boolean {
    return (this.stage === 'asking' || this.#tools.canaries.looks.length > 0) && !this.host.done;
  }

  #isAllSent(): boolean {
    if (!this.#sends) return true;
    const { asker } = this.#tools;
    const asked =
      this.stage === 'asking'
        ? this.#canaries.map(({ question }) => question)
        : this.#opens.flatMap(({ looks }) => looks);
    return asked.every((question) => asker.isSent(this.host, question));
  }

  /**
   * Until when so few open canaries are waited for. What befell the others may be loss: they are asked again after a time-out.
   * Where nothing that was asked after them has been answered either, all of it may only be late.
   */
  #latestUs(witnesses: number, nowUs: number): number {
    if (witnesses === 1) return nowUs + retryWaitUs + 4 * this.host.rtt.smoothedUs;
    const isVouched = this.stage !== 'asking' || this.host.vouchedUs >= this.#sentUs;
    return witnesses > 1 || isVouched ? 0 : this.#sentUs + lateWaitUs;
  }

  /** Time is up for canaries: who is silent on them has a filter that drops. */
  #weigh(): void {
    // What was found out before stands, however slow the canaries are now.
    const isKnown = this.#tools.known(this.host) !== undefined;
    if (isKnown || this.#opens.length >= fewestOpen) this.#examine();
    else this.#trust();
  }

  /** Looks closer at a host whose canaries are open. */
  #examine(): void {
    const { canaries, asker, listener, whereabouts } = this.#tools;
    const opens = this.#opens;
    this.stage = 'examining';
    this.#dueUs = 0;
    this.#isExtended = false;
    for (const { looks } of opens) for (const question of looks) asker.ask(this.host, question);
    for (const { question } of this.#canaries) asker.withdraw(this.host, question);
    if (listener === undefined) return;
    const isShut = opens.every(({ synAck }) => synAck?.window === 0);
    const waitUs =
      4 * this.host.rtt.smoothedUs +
      (isShut ? shutWaitUs : canaries.looks.length > 0 ? shortWaitUs : longWaitUs);
    for (const canary of opens) {
      this.#hearings++;
      const tell = (heard: Heard) => {
        this.#hearings--;
        canary.heard = heard;
      };
      const { port } = canary;
      listener.listen({
        host: this.host,
        ...whereabouts(this.host),
        port,
        words: request,
        waitUs,
        tell,
        isUrgent: true,
      });
    }
  }

  #conclude(): void {
    const pretence = judgeCanaries(this.#evidence()) ?? this.#tools.known(this.host);
    if (pretence === undefined) {
      this.#trust();
      return;
    }
    this.stage = 'pretender';
    this.#pretence = pretence;
    this.#events.found(
      this.host,
      pretence,
      this.#opens.map(({ port }) => port),
      this.#opens.flatMap(({ probes, heard, port }) => {
        const seen = heard && observationOf(heard);
        return seen === undefined ? probes : [...probes, { question: undefined, port, seen }];
      }),
    );
    this.#held.release(this.#confirm);
    this.#withdraw();
    this.#settle();
  }

  #evidence(): readonly CanaryEvidence[] {
    return this.#opens.map(({ synAck, isReset, isStray, heard }) => ({
      ...(synAck !== undefined && { window: synAck.window }),
      isLedElsewhere: synAck?.isLinux === true && isReset === true,
      acknowledgesStray: isStray === true,
      ...(heard !== undefined && { heard }),
    }));
  }

  /** A pretender's port is open only if a connection to it shows what a service alone can. */
  readonly #confirm: TellObservation = (question, seen) => {
    const { listener, portOf, whereabouts } = this.#tools;
    const kept = copyOf(seen);
    const say = (isConfirmed: boolean) => {
      if (!isConfirmed) doubt(kept);
      this.#tell(question, kept);
    };
    if (listener === undefined || this.#confirmed >= mostConfirmedPorts) {
      say(false);
      return;
    }
    this.#confirmed++;
    this.#hearings++;
    const tell = (heard: Heard) => {
      this.#hearings--;
      say(isService(heard, this.#evidence(), this.#pretence as Pretence));
      this.#settle();
    };
    const port = portOf[question] as number;
    const where = whereabouts(this.host);
    listener.listen({
      host: this.host,
      ...where,
      port,
      words: nothing,
      waitUs: 4 * this.host.rtt.smoothedUs + confirmWaitUs,
      tell,
      isUrgent: false,
    });
  };

  /** What the host says is told from now on. */
  #trust(): void {
    this.stage = 'trusted';
    this.host.isBelieved = true;
    // Told before anything is withdrawn: that may have been all the engine waited for.
    this.#held.release(this.#tell);
    this.#withdraw();
    this.#settle();
  }

  /** Ends the wait: what is not proven by now stays unproven. */
  #end(): void {
    this.#tools.listener?.drop(this.host);
    if (this.stage === 'examining') this.#conclude();
    this.#tools.listener?.drop(this.host);
    this.#settle();
  }

  #settle(): void {
    if (!this.#isQuiet || this.#finish === undefined) return;
    const finish = this.#finish;
    this.#finish = undefined;
    finish();
  }

  readonly #tell: TellObservation = (question, seen) => {
    this.#events.observed(this.host, question, seen);
  };

  #withdraw(): void {
    const { asker } = this.#tools;
    for (const { question, looks } of this.#canaries)
      for (const each of [question, ...looks]) asker.withdraw(this.host, each);
  }
}

function copyOf(seen: Observation): Observation {
  const copy = new Observation();
  copy.copy(seen);
  return copy;
}

/** A canary and what it has shown so far. */
interface Canary {
  readonly port: number;
  readonly question: number;
  readonly looks: readonly number[];
  /** What was asked of it and answered. */
  readonly probes: CanaryProbe[];
  isOpen?: boolean;
  synAck?: SynAck | undefined;
  isReset?: boolean;
  isStray?: boolean;
  heard?: Heard;
}

const fewestOpen = 2;
const leastWaitUs = 20_000;
const retryWaitUs = 250_000;
/** Longer than a busy machine keeps a program waiting; and open ports of a near host are still told at once. */
const lateWaitUs = 60_000;
const lookUs = 1000;
/** A greeting that takes longer is rare, and packets tell the rest where there are any. */
const shortWaitUs = 80_000;
const longWaitUs = 1_000_000;
/** A shut window is probed after 200 ms, the least time-out of Linux. */
const shutWaitUs = 800_000;
const confirmWaitUs = 500_000;
const patienceUs = 2_000_000;
/** Makes many a service speak that waits for the other side to begin. */
const request = new TextEncoder().encode('GET / HTTP/1.0\r\n\r\n');
const nothing = new Uint8Array(0);
