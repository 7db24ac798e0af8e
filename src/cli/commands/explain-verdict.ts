/**
 * Which row of a technique's table gave a verdict of a record, and whether the record contradicts itself there.
 *
 * @module
 */

import type { PortFact, PortsFact, ProbeFact, ProbeReply } from '../../model/fact.ts';
import { reasonOf, troubles } from '../../model/observation.ts';
import { type IcmpError, icmpErrors, type Reply, type TcpFlag } from '../../model/reply.ts';
import type { PortState, Verdict } from '../../model/verdict.ts';
import { classify } from '../../techniques/classify.ts';
import { portTechniques } from '../../techniques/index.ts';
import type { Row, Technique } from '../../techniques/technique.ts';
import { describePattern } from './describe-technique.ts';

/** The row that decided, what casts doubt on the verdict, and what contradicts it, a line each. */
export function explainVerdict(fact: PortFact | PortsFact, probes: readonly ProbeFact[]): readonly string[] {
  const technique: Technique = portTechniques[fact.technique];
  // An open that every port of a host says is taken back.
  const isDoubted = fact.state === 'open|filtered' && technique.opensByHandshake === true;
  const { decided, state } = ruleOf(fact, technique);
  const fits = (given: PortState) => given === fact.state || (given === 'open' && isDoubted);
  const said = `${fact.state} (${fact.reason})`;
  const contradictions = [
    ...(state !== undefined && !fits(state)
      ? [`the record says ${said}, and ${decided} gives ${state}`]
      : []),
    ...answersAgainst(
      probes.map((probe) => meaningOf(probe, technique)),
      ({ state: given, reason }) => reason === fact.reason && fits(given),
    ).map((seen) => `the record says ${said}, and the answer it holds means ${seen} by ${technique.name}`),
  ];
  return [
    `  decided   ${decided}`,
    ...(isDoubted && state === 'open'
      ? ['  doubted   so says every port of the host, and no service showed itself here']
      : []),
    ...contradictions.map((line) => `  but       ${line}`),
  ];
}

/** What decided in words, and the state it gives; undefined: the table says nothing of it. */
function ruleOf(
  fact: PortFact | PortsFact,
  { name, replies, silence }: Technique,
): { readonly decided: string; readonly state: PortState | undefined } {
  const { state, reason } = fact;
  if ((troubles as readonly string[]).includes(reason))
    return { decided: 'no row: nothing could be learnt', state: 'unknown' };
  if (reason === 'no-response')
    return { decided: `silence, which ${name} takes for ${silence}`, state: silence };
  const fitting = replies.filter((row) => gives(row, fact));
  // Of a group nobody knows who sent the answers.
  const row = ('from' in fact ? undefined : fitting.find((one) => one.state === state)) ?? fitting[0];
  if (row === undefined) return { decided: `no row of ${name} as it is now`, state: undefined };
  return {
    decided: `row ${replies.indexOf(row) + 1} of ${name}: ${describePattern(row.when)}`,
    state: row.state,
  };
}

/** Whether a row gives this reason, for an answer of this sender. */
function gives(row: Row, fact: PortFact | PortsFact): boolean {
  if ('reason' in row) return row.reason === fact.reason;
  if (!row.when.icmp.includes(fact.reason as IcmpError)) return false;
  const isOther = 'from' in fact && fact.from !== fact.host;
  return row.when.sender === undefined || !isOther;
}

/** What answers mean, if none of them leads to the verdict. */
function answersAgainst(
  meant: readonly (Verdict | undefined)[],
  leads: (verdict: Verdict) => boolean,
): readonly string[] {
  if (meant.some((one) => one !== undefined && leads(one))) return [];
  return [...new Set(meant.map((one) => (one === undefined ? 'nothing' : `${one.state} (${one.reason})`)))];
}

function meaningOf({ reply, trouble, from, host }: ProbeFact, technique: Technique): Verdict | undefined {
  if (trouble !== undefined) return { state: 'unknown', reason: reasonOf(trouble) };
  if (reply === null) return { state: technique.silence, reason: 'no-response' };
  const read = replyOf(reply, from === host ? 'target' : 'other');
  return read === undefined ? undefined : classify(technique, read);
}

/** An answer as tables read it; undefined: it is none. */
function replyOf(
  { kind, flags = '', window = 0, chunk, meaning, outcome }: ProbeReply,
  sender: 'target' | 'other',
): Reply | undefined {
  switch (kind) {
    case 'tcp':
      return { kind, flags: new Set([...flags] as TcpFlag[]), window };
    case 'udp':
      return { kind };
    case 'sctp':
      return chunk === undefined ? undefined : { kind, chunk };
    case 'ip':
      return { kind: 'protocol' };
    case 'icmp':
      if (meaning === undefined) return undefined;
      return isError(meaning) ? { kind, error: meaning, sender } : { kind: meaning };
    case 'connection':
      if (outcome === undefined) return undefined;
      return isError(outcome) ? { kind: 'icmp', error: outcome, sender } : { kind: outcome };
  }
}

function isError(word: string): word is IcmpError {
  return (icmpErrors as readonly string[]).includes(word);
}
