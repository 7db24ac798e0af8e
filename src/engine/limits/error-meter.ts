/**
 * Who sends ICMP errors. A router sends one limited stream for all hosts behind it; a host sends its own.
 *
 * @module
 */

import { noSender, type Observation } from '../../model/observation.ts';
import type { Host } from '../hosts/host.ts';
import { mostErrorSenders } from '../tables/rate-constants.ts';
import { ErrorSource } from './error-source.ts';

/** The senders of errors that a shard has heard of. */
export class ErrorMeter {
  readonly #byNumber = new Map<number, ErrorSource>();
  readonly #isOwn: (sender: number) => boolean;

  /** `isOwn`: this machine made it up itself, of a neighbour it did not find; that is no sender's limit. */
  constructor(isOwn: (sender: number) => boolean = () => false) {
    this.#isOwn = isOwn;
  }

  /** An error came for a host. */
  note(host: Host, { sender, attempt, atUs }: Observation): void {
    if (this.#isOwn(sender)) return;
    const source = this.#sourceOf(host, sender);
    // What had been answered and is asked again shows no limit.
    source?.note(attempt === 1 || (host.noWay?.passes ?? 0) > 0, atUs);
    host.errorSource = source ?? host.errorSource;
    host.errors++;
  }

  #sourceOf(host: Host, sender: number): ErrorSource | undefined {
    // The host itself, or nobody knows who.
    if (sender >= noSender) {
      host.ownErrors ??= new ErrorSource(sender);
      return host.ownErrors;
    }
    let source = this.#byNumber.get(sender);
    if (source === undefined && this.#byNumber.size < mostErrorSenders) {
      source = new ErrorSource(sender);
      this.#byNumber.set(sender, source);
    }
    return source;
  }
}
