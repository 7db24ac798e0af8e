/**
 * Facts about ports, from what is kept of their verdicts.
 *
 * @module
 */

import type { Draft, PortFact, PortsFact, Unnumbered } from '../../model/fact.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { type Protocol, verdictOf } from '../../model/verdict.ts';
import { techniqueOf } from '../../techniques/index.ts';
import type { QuestionList } from '../shard/config.ts';
import type { RestGroup, RestRecord } from './rest.ts';
import type { SenderBook } from './sender-book.ts';
import { timeText } from './time-text.ts';

/** Words for the ports of one scan. */
export class PortFacts {
  readonly #questions: QuestionList;
  readonly #senders: SenderBook;
  readonly #serviceName: (protocol: Protocol, port: number) => string | undefined;

  constructor(
    questions: QuestionList,
    senders: SenderBook,
    serviceName: (protocol: Protocol, port: number) => string | undefined,
  ) {
    this.#questions = questions;
    this.#senders = senders;
    this.#serviceName = serviceName;
  }

  /** One port; `at` is when it was told, where nobody looked at the clock before. */
  one(host: string, { question, detail, rttUs, sender, atMs }: RestRecord, at: string): Unnumbered<PortFact> {
    const technique = this.#techniqueOf(this.#questions.techniqueOf[question] as number);
    const protocol = techniqueOf(technique).about as Protocol;
    const port = this.#questions.portOf[question] as number;
    const service = this.#serviceName(protocol, port);
    const from = this.#senders.textOf(sender, host);
    const ttl = (detail >>> 16) & 255;
    const { state, reason } = verdictOf(detail & 0xffff);
    const fact: Draft<PortFact> = {
      type: 'port',
      host,
      protocol,
      port,
      technique,
      state,
      reason,
      attempts: detail >>> 24,
      at: timeText(atMs, at),
    };
    // Sockets do not show the TTL.
    if (from !== undefined && ttl > 0) fact.ttl = ttl;
    if (from !== undefined) fact.from = from;
    if (rttUs >= 0) fact.rttMs = rttUs / 1000;
    if (service !== undefined) fact.service = service;
    return fact;
  }

  /** Ports that one technique judged alike. */
  group(
    host: string,
    { technique, code, count, ports, attempts }: RestGroup,
    at: string,
  ): Unnumbered<PortsFact> {
    const name = this.#techniqueOf(technique);
    const protocol = techniqueOf(name).about as Protocol;
    const verdict = verdictOf(code);
    const asked = verdict.reason === 'no-response' && { attempts };
    return { type: 'ports', host, protocol, ports, technique: name, ...verdict, count, ...asked, at };
  }

  #techniqueOf(index: number): PortTechniqueName {
    return this.#questions.techniques[index] as PortTechniqueName;
  }
}
