/**
 * The ports of hosts that could not be asked at all, because of trouble on this side: each is unknown. They are alike for
 * all hosts that are asked the same, and there may be thousands of such hosts: they are listed once.
 *
 * @module
 */

import { noSender } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import type { GroupSpec, QuestionList } from '../shard/config.ts';
import { Rest } from './rest.ts';

/** What is told of the ports of one such host. */
export interface UnaskedPorts {
  readonly rest: Rest;
  readonly count: number;
}

/** Lists them by group. */
export class Unasked {
  readonly #questions: QuestionList;
  readonly #mostListed: number;
  readonly #byGroup = new Map<GroupSpec, UnaskedPorts>();

  /** See {@link Rest}. */
  constructor(questions: QuestionList, mostListed: number) {
    this.#questions = questions;
    this.#mostListed = mostListed;
  }

  portsOf(group: GroupSpec): UnaskedPorts {
    const known = this.#byGroup.get(group);
    if (known !== undefined) return known;
    const rest = new Rest(this.#questions, this.#mostListed);
    const count = group.some?.length ?? this.#questions.portOf.length;
    for (let at = 0; at < count; at++) rest.add(group.some?.[at] ?? at, localError, -1, noSender, 0);
    const ports = { rest, count };
    this.#byGroup.set(group, ports);
    return ports;
  }
}

/** Without TTL, and not sent once. */
const localError = verdictCode('unknown', 'local-error');
