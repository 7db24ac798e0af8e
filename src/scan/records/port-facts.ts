/**
 * Facts about ports, from what is kept of their verdicts.
 *
 * @module
 */

import type { PortFact, PortsFact, Unnumbered } from '../../model/fact.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { type Protocol, verdictOf } from '../../model/verdict.ts';
import { techniqueOf } from '../../techniques/index.ts';
import type { QuestionList } from '../shard/config.ts';
import type { RestGroup, RestRecord } from './rest.ts';
import type { SenderBook } from './sender-book.ts';

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
    return {
      type: 'port',
      host,
      protocol,
      port,
      technique,
      ...verdictOf(detail & 0xffff),
      // Sockets do not show the TTL.
      ...(from !== undefined && ttl > 0 && { ttl }),
      ...(from !== undefined && { from }),
      ...(rttUs >= 0 && { rttMs: rttUs / 1000 }),
      attempts: detail >>> 24,
      ...(service !== undefined && { service }),
      at: atMs > 0 ? new Date(atMs).toISOString() : at,
    };
  }

  /** Ports that one technique judged alike. */
  group(host: string, { technique, code, count, ports }: RestGroup, at: string): Unnumbered<PortsFact> {
    const name = this.#techniqueOf(technique);
    const protocol = techniqueOf(name).about as Protocol;
    return { type: 'ports', host, protocol, ports, technique: name, ...verdictOf(code), count, at };
  }

  #techniqueOf(index: number): PortTechniqueName {
    return this.#questions.techniques[index] as PortTechniqueName;
  }
}
