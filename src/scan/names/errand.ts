/**
 * A part of a look at names: it asks what it wants to know, and tells what it learns. Parts are carried out one after the
 * other, in the order of their list (`errands.ts`).
 *
 * @module
 */

import type { Asker } from '../../dns/asker.ts';
import type { ZoneNews } from '../../dns/zones/zone-news.ts';
import type { WarningFact } from '../../model/fact.ts';
import type { NameTotals, ZoneFact } from '../../model/name-facts.ts';
import type { NamesRequest } from './names-request.ts';

/** A part. */
export interface Errand {
  /** What the progress calls it. */
  readonly name: string;
  /** Whether it has anything to do. */
  readonly wants: (request: NamesRequest) => boolean;
  /** About how many questions it will ask, repetitions apart; those that depend on answers are not counted. */
  readonly queries: (request: NamesRequest) => number;
  /** Does it; never rejects for what the network does. */
  readonly run: (room: ErrandRoom) => Promise<void>;
}

/** What an errand is given. */
export interface ErrandRoom {
  readonly request: NamesRequest;
  readonly asker: Asker;
  /** The servers that are asked where none is named. */
  readonly servers: readonly string[];
  readonly signal: AbortSignal;
  /** Tells, and returns the number of the fact: that of the first one where a record was told before, 0 where it is none. */
  readonly tell: (news: NamesNews) => number;
  /** Adds to the totals of the summary. */
  readonly count: (totals: Partial<NameTotals>) => void;
  /** Something could not be decided, or was left out: the look is not complete. */
  readonly leaveOpen: () => void;
  /** Where it stands, in questions. */
  readonly progress: (done: number, total: number) => void;
}

/** What is told. */
export type NamesNews =
  | ZoneNews
  /** There is no such name, or no record of the types that were asked for. */
  | {
      readonly kind: 'absent';
      readonly name: string;
      readonly answer: 'NXDOMAIN' | 'NODATA';
      readonly server: string;
    }
  | { readonly kind: 'zone'; readonly zone: Omit<ZoneFact, 'type' | 'n' | 'at'> }
  | { readonly kind: 'warning'; readonly warning: Omit<WarningFact, 'type'> };
