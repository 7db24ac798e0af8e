/**
 * The dialogues of a dial: so many at once and no faster than they may be, none for longer than it is worth. It
 * reads the clock it is given and never waits.
 *
 * @module
 */

import { addressBytes, formatAddress } from '../model/address.ts';
import type { ProxyAddress } from '../model/proxy.ts';
import { errnos } from '../system/errnos.ts';
import type { DialTarget, Opened } from './dial.ts';
import type { Endpoint, Endpoints, EndpointTarget } from './endpoint.ts';
import { type DialogueOwner, LiveDialogue } from './live-dialogue.ts';
import { nextAfter, type Pace } from './pace.ts';
import { throughProxies } from './proxy-chain.ts';
import type { Secure } from './secure-stream.ts';
import { connectionBytes, datagramBytes } from './sent-bytes.ts';
import { type Waiting, WaitingDialogues } from './waiting-dialogues.ts';

/** How dialogues are held. */
export interface DialogueBounds {
  /** Open at once: `--max-parallelism`. */
  readonly mostOpen: number;
  /** The least time between the beginnings of two, whatever the rate allows: `--scan-delay`. */
  readonly intervalUs: number;
  /** A dialogue with an address that is not allowed is a fault of ours and ends the run. */
  readonly isAllowed: (address: DialTarget['host']) => boolean;
  /** The local port of all that name none of their own. */
  readonly sourcePort?: number;
  /** Connections go through these, the first one first; empty: straight. */
  readonly proxies: readonly ProxyAddress[];
  /** Hears why nothing became known of a port. */
  readonly complain: (message: string) => void;
}

/** What dialogues are made of. */
export interface DialogueTools {
  readonly endpoints: Endpoints;
  readonly secure: Secure;
  readonly clock: () => number;
  /** Shared with attempts in masses. */
  readonly pace: Pace;
  /** Hears whenever code that waited for a dialogue may run. */
  readonly touch: () => void;
}

/** Opens and keeps dialogues. */
export class Dialogues {
  /** What the kernel was given to send: a SYN for each connection, and datagrams; bytes from the IP header on. */
  sentPackets = 0;
  sentBytes = 0;
  readonly #tools: DialogueTools;
  readonly #bounds: DialogueBounds;
  readonly #owner: DialogueOwner;
  readonly #open = new Set<LiveDialogue>();
  readonly #waiting = new WaitingDialogues();
  #nextUs = Number.NEGATIVE_INFINITY;
  /** When something is due at the earliest; it may be too early, never too late. */
  #dueUs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(tools: DialogueTools, bounds: DialogueBounds) {
    this.#tools = tools;
    this.#bounds = bounds;
    this.#owner = {
      secure: tools.secure,
      touch: tools.touch,
      datagram: ({ target }, bytes) => this.#count(datagramBytes(target.host.family, bytes)),
      due: (atUs) => {
        this.#dueUs = Math.min(this.#dueUs, atUs);
      },
      ended: (dialogue) => {
        this.#open.delete(dialogue);
        // Somebody may take its place at once.
        if (this.#waiting.size > 0) this.#dueUs = Math.min(this.#dueUs, this.#nextUs);
      },
    };
  }

  /** Those that are open or wait for their turn. */
  get size(): number {
    return this.#open.size + this.#waiting.size;
  }

  get dueUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#dueUs;
  }

  open(target: DialTarget): Promise<Opened> {
    if (!this.#bounds.isAllowed(target.host))
      throw new Error(`refused to connect to ${formatAddress(target.host)}: outside the allowed addresses`);
    return new Promise((resolve) => {
      if (this.#isClosed) {
        resolve(failed('dropped'));
        return;
      }
      const notBeforeUs = Number.NEGATIVE_INFINITY;
      this.#waiting.push({ target, resolve, troubleSinceUs: 0, notBeforeUs });
      this.#begin(this.#tools.clock());
    });
  }

  drop(owner: object): void {
    const isOf = ({ target }: { readonly target: DialTarget }) => target.owner === owner;
    this.#giveUp(isOf);
    for (const dialogue of [...this.#open]) if (isOf(dialogue)) dialogue.close('reset');
  }

  /** Takes what has come, ends what is due and begins what may begin. */
  poll(): void {
    if (this.size === 0) return;
    this.#tools.endpoints.poll();
    const nowUs = this.#tools.clock();
    if (nowUs < this.#dueUs) return;
    this.#dueUs = Number.POSITIVE_INFINITY;
    for (const dialogue of [...this.#open]) {
      dialogue.tick(nowUs);
      if (this.#open.has(dialogue)) this.#owner.due(dialogue.dueUs);
    }
    this.#giveUp(({ target }) => (target.untilUs ?? Number.POSITIVE_INFINITY) <= nowUs);
    this.#begin(nowUs);
  }

  close(): void {
    this.#isClosed = true;
    this.#giveUp(() => true);
    for (const dialogue of [...this.#open]) dialogue.close('reset');
    this.#tools.endpoints.close();
  }

  /** Lets those go that wait for their turn. */
  #giveUp(is: (waiting: Waiting) => boolean): void {
    const gone = this.#waiting.takeAll(is);
    if (gone.length === 0) return;
    for (const { resolve } of gone) resolve(failed('dropped'));
    this.#tools.touch();
  }

  /** Begins those whose turn it is. */
  #begin(nowUs: number): void {
    const { mostOpen, intervalUs } = this.#bounds;
    const { pace } = this.#tools;
    while (this.#open.size < mostOpen && nowUs >= this.#nextUs && nowUs >= pace.nextUs) {
      const waiting = this.#waiting.take(nowUs);
      if (waiting === undefined) break;
      if (this.#try(waiting, nowUs)) this.#nextUs = nextAfter(this.#nextUs, nowUs, intervalUs);
    }
    this.#noteWaiting(nowUs);
  }

  /** When those that wait must be looked at again. */
  #noteWaiting(nowUs: number): void {
    const isFull = this.#open.size >= this.#bounds.mostOpen;
    const nextUs = Math.max(this.#nextUs, this.#tools.pace.nextUs, nowUs);
    for (const { target, notBeforeUs } of this.#waiting) {
      this.#owner.due(target.untilUs ?? Number.POSITIVE_INFINITY);
      if (!isFull) this.#owner.due(Math.max(notBeforeUs, nextUs));
    }
  }

  /** Begins a dialogue; false when nothing left this machine. */
  #try(waiting: Waiting, nowUs: number): boolean {
    const { target } = waiting;
    let dialogue: LiveDialogue | undefined;
    const endpoint = this.#tools.endpoints.begin(this.#endpointTarget(target), () => dialogue?.look());
    if (typeof endpoint === 'number') {
      this.#inTrouble(waiting, endpoint, nowUs);
      return false;
    }
    dialogue = this.#keep(target, endpoint, nowUs);
    void this.#converse(dialogue, waiting);
    return true;
  }

  #keep(target: DialTarget, endpoint: Endpoint, nowUs: number): LiveDialogue {
    const dialogue = new LiveDialogue(target, endpoint, this.#owner, nowUs);
    this.#open.add(dialogue);
    // Of a datagram's socket nothing leaves by opening it.
    if (target.transport === 'tcp') this.#count(connectionBytes(target.host.family));
    return dialogue;
  }

  #count(bytes: number): void {
    this.#tools.pace.spend(this.#tools.clock());
    this.sentPackets++;
    this.sentBytes += bytes;
  }

  #endpointTarget({ host, scopeId = 0, port, transport, sourcePort }: DialTarget): EndpointTarget {
    const [first] = this.#bounds.proxies;
    if (first !== undefined) return { transport, host: first.at ?? [], scopeId: 0, port: first.port };
    const from = sourcePort ?? this.#bounds.sourcePort;
    return { transport, host, scopeId, port, ...(from !== undefined && { sourcePort: from }) };
  }

  /** Local trouble is never a port state: what may pass is waited for, as long as the opening may take. */
  #inTrouble(waiting: Waiting, errno: number, nowUs: number): void {
    const { target, resolve } = waiting;
    if (waiting.troubleSinceUs === 0) waiting.troubleSinceUs = nowUs;
    const isOver = nowUs - waiting.troubleSinceUs >= target.timeoutUs;
    if (isOver || !passing.has(errno)) {
      resolve(failed('local', errno));
      this.#tools.touch();
      return;
    }
    waiting.notBeforeUs = nowUs + troubleWaitUs;
    if (!ofOnePort.has(errno)) this.#nextUs = Math.max(this.#nextUs, waiting.notBeforeUs);
    // Behind the others of its kind: a port that is taken is no trouble of theirs.
    this.#waiting.push(waiting);
    this.#owner.due(waiting.notBeforeUs);
  }

  /** All that opening a dialogue is, from its first packet on. */
  async #converse(dialogue: LiveDialogue, waiting: Waiting): Promise<void> {
    const { target, begunUs } = dialogue;
    const deadlineUs = begunUs + target.timeoutUs;
    const { outcome, errno = 0, sender } = await this.#reach(dialogue, deadlineUs);
    if (outcome !== 'connected') {
      dialogue.close('reset');
      if (outcome === 'local' && passing.has(errno)) this.#inTrouble(waiting, errno, this.#tools.clock());
      else
        waiting.resolve({
          outcome,
          errno,
          ...(sender !== undefined && { sender }),
          cost: dialogue.cost,
        });
      return;
    }
    if (target.tls !== undefined) await dialogue.upgrade(target.tls, deadlineUs);
    waiting.resolve({ outcome, dialogue });
  }

  /** Waits until the target is reached, through proxies where there are any. */
  async #reach(dialogue: LiveDialogue, deadlineUs: number): Promise<Reached> {
    const opened = await dialogue.opened(deadlineUs);
    if (typeof opened === 'string') return { outcome: opened };
    const { proxies, complain } = this.#bounds;
    if (proxies.length === 0) return opened;
    const target = { host: addressBytes(dialogue.target.host), port: dialogue.target.port };
    const { outcome, complaint } = await throughProxies(dialogue, opened, proxies, target, deadlineUs);
    if (complaint !== undefined) complain(complaint);
    return { outcome };
  }
}

interface Reached {
  readonly outcome: Opened['outcome'];
  readonly errno?: number;
  readonly sender?: Uint8Array;
}

function failed(outcome: 'dropped' | 'local', errno = 0): Opened {
  return { outcome, errno, cost: { connections: 0, bytesOut: 0, bytesIn: 0 } };
}

/** This machine is out of something that it may have again: descriptors, memory, ports, a port that another has. */
const passing: ReadonlySet<number> = new Set([
  errnos.EMFILE,
  errnos.ENFILE,
  errnos.ENOBUFS,
  errnos.ENOMEM,
  errnos.EAGAIN,
  errnos.EADDRINUSE,
  errnos.EADDRNOTAVAIL,
]);
/** These are about one port, or one target of it: others have no such trouble. */
const ofOnePort: ReadonlySet<number> = new Set([errnos.EADDRINUSE, errnos.EADDRNOTAVAIL]);
const troubleWaitUs = 5000;
