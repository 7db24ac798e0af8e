/**
 * What is asked about the place of a filter, and what is answered: whoever has sorted the ports of a host into classes
 * hands over those that something stops, and learns at which hop that is.
 *
 * @module
 */

import type { PortTechniqueName } from '../model/technique-name.ts';
import type { FilteredProtocol, FirewallFinding, FirewallQuestion, FirewallView, Seen } from './contract.ts';

/** Ports whose probes meet one fate: silence, a reset, or an ICMP error of one meaning and sender. */
export interface StoppedClass {
  readonly protocol: FilteredProtocol;
  /** What they were asked with, plain. */
  readonly technique: PortTechniqueName;
  /** Some of them, the most telling first: it is followed, and a few others are compared with it. */
  readonly ports: readonly number[];
  /** All of them, ascending, where those are some. */
  readonly all?: readonly number[];
  /** What that brought. */
  readonly seen: Seen;
}

/** A probe that the host itself answers, whatever filters others: best a SYN to an open port, else an ACK. */
export interface Reference {
  readonly protocol: FilteredProtocol;
  readonly technique: PortTechniqueName;
  readonly port: number;
  readonly seen: Seen;
}

/** What is known when the place is asked for. */
export interface LocationCase {
  readonly view: Pick<FirewallView, 'isNear' | 'isOwn' | 'limits' | 'echoTtl'> & {
    /** Absent: the host has. */
    readonly hasAnswered?: boolean;
  };
  /** Absent: nothing shows where the host is. */
  readonly reference?: Reference;
  readonly classes: readonly StoppedClass[];
  /** Whether no reset of the host has come back: silent ports may be closed ones, whose resets are stopped. */
  readonly swallowsResets?: () => boolean;
}

/** Where the probes of a class end. */
export interface Stop {
  /** The hop, counted from 1, where it is certain; else the hops between which it is, where anything is known. */
  readonly hop: number | null;
  readonly hopRange?: readonly [number, number];
  /** The router there, or whoever refuses; null: the host itself, or not known. */
  readonly by: string | null;
  /** Whether it is the host, as opposed to somebody before it; undefined: not known. */
  readonly isHost: boolean | undefined;
  /** Ports of the class end at different places: `hopRange` holds those that were found. */
  readonly isDivided?: true;
  /** The places one by one, nearest first, where it is known which ports end where. */
  readonly parts?: readonly StopPart[];
  /** Nothing shows how far the host is: the far end of `hopRange` is as far as was asked. */
  readonly isOpenEnded?: true;
  /** The probes may as well arrive, and the resets of the host be stopped at any hop on their way back. */
  readonly mayArrive?: true;
  readonly confidence: number;
  /** Why, in sentences. */
  readonly evidence: readonly string[];
  /** What it rests on: places in the order in which answers were folded. */
  readonly cites: readonly number[];
}

/** Ports of a class that end at one place, ascending. */
export interface StopPart {
  readonly ports: readonly number[];
  readonly stop: Stop;
}

/** Finds where probes end, with few hop-limited ones. */
export interface Location {
  /** What is to be asked now, beyond what was given before; empty, with nothing of it outstanding: it is done. */
  agenda(): readonly FirewallQuestion[];
  /** Takes what came of a question and its place in the order of folds; false: it was not asked from here. */
  fold(question: FirewallQuestion, seen: Seen, index: number): boolean;
  /** The place of each class, in the order of the case; undefined where nothing is known. May be asked at any time. */
  stops(): readonly (Stop | undefined)[];
  /** The hop that the host is at, where that is known. */
  readonly distance: number | undefined;
  /** A finding `filter-location` for each place where classes end that a filter stops; not what the host itself refuses. */
  findings(): readonly FirewallFinding[];
}
