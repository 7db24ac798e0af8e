/** A question that waits for its turn, or is under way. @module */

import type { DnsOutcome, UndecidedReason } from '../asker.ts';

/** Who is asked: the numbers of the servers, and a word for them. */
export interface Circle {
  readonly key: string;
  readonly servers: readonly number[];
}

/** What is asked, of whom, and what became of it so far. */
export class Question {
  /** As text: most are asked soon, and what is on the wire is made then. */
  readonly name: string;
  readonly type: number;
  readonly isRecursive: boolean;
  readonly wantsSignatures: boolean;
  readonly circle: Circle;
  readonly done: (outcome: DnsOutcome) => void;
  /** How often it was sent, and how often that counts against it. */
  sendings = 0;
  attempts = 0;
  /** The server that was asked last, among those of the lane. */
  last = -1;
  /** When it was first sent. */
  firstMs = 0;
  /** Not before. */
  notBeforeMs = 0;
  why: UndecidedReason = 'timeout';
  whyServer: string | undefined;
  /** Answers whose letters had been folded by servers of which nobody knew that they do that. */
  folds = 0;
  /** By TCP, since datagrams did not do. */
  wantsStream = false;
  lacksEdns = false;
  /** A question of our own: whether anybody is there, or whether one that was answered is answered again. */
  isOwn: 'check' | 'control' | undefined;

  constructor(
    name: string,
    type: number,
    isRecursive: boolean,
    wantsSignatures: boolean,
    circle: Circle,
    done: (outcome: DnsOutcome) => void,
  ) {
    this.name = name;
    this.type = type;
    this.isRecursive = isRecursive;
    this.wantsSignatures = wantsSignatures;
    this.circle = circle;
    this.done = done;
  }

  /** Tells questions apart that a server may treat differently: the name above, and the type. */
  get kind(): number {
    const { name } = this;
    let hash = 0x811c9dc5 ^ this.type;
    const end = name.indexOf('.');
    for (let i = end < 0 ? name.length : end; i < name.length; i++)
      hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return hash;
  }
}
