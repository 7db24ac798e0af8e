/**
 * A technique's table compiled to lookups, and the one place where an observation becomes a verdict: when a packet
 * comes in, and again when a kept scan is read.
 *
 * @module
 */

import {
  fromTarget,
  observationKind as kind,
  type Observation,
  observationKinds,
  reasonOf,
  troubles,
} from '../model/observation.ts';
import type { Reply } from '../model/reply.ts';
import { icmpErrors, type TcpFlag, tcpFlags } from '../model/reply.ts';
import { verdictCode } from '../model/verdict.ts';
import { classify } from './classify.ts';
import { type ErrorWorth, errorWorth } from './error-worth.ts';
import type { Technique } from './technique.ts';

/** A technique's table as arrays of verdict codes; 0 means the table gives the reply no meaning. */
export interface ReplyTable {
  /** By the eight flag bits, and 256 more when the window is not zero. */
  readonly tcp: Uint16Array;
  /** By error index, and 16 more when the target itself sent it. */
  readonly icmp: Uint16Array;
  /** By the kind of the observation, where nothing else counts. */
  readonly kinds: Uint16Array;
  /** What an ICMP error is worth: whether it decides what silence leaves open. */
  readonly errorWorth: ErrorWorth;
  /** The flag bits of a TCP probe, 0 for others; whether the user's own may stand in their place. */
  readonly probeFlags: number;
  readonly takesFlags: boolean;
}

/** The verdict of an observation by a table, see `verdictCode`; 0: the table gives it no meaning. */
export function judge(table: ReplyTable, seen: Observation): number {
  const code = byTable(table, seen);
  // What says open for every port proves nothing about one, unless a service showed itself.
  return seen.isDoubtful === 0 || code >> 8 !== open ? code : doubted | (code & 255);
}

function byTable({ tcp, icmp, kinds }: ReplyTable, seen: Observation): number {
  switch (seen.kind) {
    case kind.tcp:
      return tcp[(seen.flags & 255) | (seen.window > 0 ? 256 : 0)] as number;
    case kind.icmp:
    case kind.unreachable:
      return icmp[seen.meaning + (seen.sender === fromTarget ? 16 : 0)] ?? 0;
    case kind.local:
      return troubleCodes[seen.trouble] ?? 0;
    default:
      return kinds[seen.kind] ?? 0;
  }
}

/** Reads the table once for every possible reply, so that the hot path only looks up. */
export function compile(technique: Technique): ReplyTable {
  const code = (reply: Reply): number => {
    const verdict = classify(technique, reply);
    return verdict === undefined ? 0 : verdictCode(verdict.state, verdict.reason);
  };
  const tcp = new Uint16Array(512);
  // Last row first: the first row that matches has the last word.
  for (const row of [...technique.replies].reverse()) {
    if (!('tcp' in row.when) || !('reason' in row)) continue;
    const { tcp: wanted, window } = row.when;
    const mask = flagBits(wanted);
    for (let i = 0; i < 512; i++) {
      const windowFits = window === undefined || (window === 'positive') === i > 255;
      if ((i & mask) === mask && windowFits) tcp[i] = verdictCode(row.state, row.reason);
    }
  }
  const icmp = new Uint16Array(32);
  for (const [index, error] of icmpErrors.entries()) {
    icmp[index] = code({ kind: 'icmp', error, sender: 'other' });
    icmp[index + 16] = code({ kind: 'icmp', error, sender: 'target' });
  }
  const kinds = new Uint16Array(observationKinds.length);
  for (const reply of simpleReplies)
    kinds[kind[reply.kind === 'sctp' ? reply.chunk : reply.kind]] = code(reply);
  kinds[kind.silence] = verdictCode(technique.silence, 'no-response');
  return {
    tcp,
    icmp,
    kinds,
    errorWorth: errorWorth(technique),
    probeFlags: technique.probe.transport === 'tcp' ? flagBits(technique.probe.flags) : 0,
    takesFlags: technique.about === 'tcp',
  };
}

/** TCP flags as the bits of a header. */
export function flagBits(flags: readonly TcpFlag[]): number {
  return flags.reduce((bits, flag) => bits | (1 << tcpFlags.indexOf(flag)), 0);
}

/** Replies that are all of one kind: their tables have one place for each. */
const simpleReplies = [
  { kind: 'udp' },
  { kind: 'sctp', chunk: 'init-ack' },
  { kind: 'sctp', chunk: 'abort' },
  { kind: 'echo-reply' },
  { kind: 'timestamp-reply' },
  { kind: 'mask-reply' },
  { kind: 'protocol' },
  { kind: 'connected' },
  { kind: 'refused' },
] as const satisfies readonly Reply[];
const open = verdictCode('open', 'syn-ack') >> 8;
const doubted = verdictCode('open|filtered', 'syn-ack') & 0xff00;
const troubleCodes = troubles.map((trouble) => verdictCode('unknown', reasonOf(trouble)));
