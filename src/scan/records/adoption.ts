/**
 * Takes the records of another shard among one's own: what its numbers stand for may have other numbers here.
 *
 * @module
 */

import type { OptionTable } from '../../engine/answers/option-table.ts';
import { noSender } from '../../model/observation.ts';
import { eachFrame, frameHeadBytes, recordKinds } from './frame.ts';
import { limitedSenderAt } from './host-records.ts';
import { lookOptionsAt, lookSenderAt } from './look.ts';
import { type NamedBytes, optionsCodec, senderCodec } from './numbering.ts';
import type { Records } from './records.ts';
import type { Senders } from './senders.ts';

/** The records of one other shard. */
export class Adoption {
  readonly #records: Records;
  readonly #senders: Senders;
  readonly #options: OptionTable;
  readonly #hear: ((view: DataView, start: number, end: number) => void) | undefined;
  /** By the other shard's numbers, the ones here. */
  readonly #senderHere = new Map<number, number>();
  readonly #optionsHere = new Map<number, number>();

  /** `hear` is called with each record of observations, in the numbers here. */
  constructor(
    records: Records,
    senders: Senders,
    options: OptionTable,
    hear?: (view: DataView, start: number, end: number) => void,
  ) {
    this.#hear = hear;
    this.#records = records;
    this.#senders = senders;
    this.#options = options;
  }

  /** Takes a batch, whose bytes are changed. */
  take(batch: Uint8Array): void {
    eachFrame(batch, (kind, view, start, end) => {
      if (kind === recordKinds.sender) {
        const { number, bytes } = senderCodec.parse(view, start, end) as NamedBytes;
        this.#senderHere.set(number, this.#senders.numberOf(bytes));
      } else if (kind === recordKinds.options) {
        const { number, bytes } = optionsCodec.parse(view, start, end) as NamedBytes;
        this.#optionsHere.set(number, this.#options.enter(bytes, 0, bytes.length));
      } else {
        const lookAt = lookOffsets.get(kind);
        if (lookAt !== undefined) this.#renumber(view, start + lookAt);
        if (kind === recordKinds.limited) this.#renumberSender(view, start + limitedSenderAt);
        if (kind === recordKinds.observations) this.#hear?.(view, start, end);
        this.#records.adopt(batch.subarray(start - frameHeadBytes, end));
      }
    });
  }

  #renumber(view: DataView, lookAt: number): void {
    const theirOptions = view.getUint16(lookAt + lookOptionsAt, true);
    const options = this.#optionsHere.get(theirOptions) ?? 0;
    this.#renumberSender(view, lookAt + lookSenderAt, options);
    view.setUint16(lookAt + lookOptionsAt, options, true);
  }

  #renumberSender(view: DataView, at: number, options = 0): void {
    const theirs = view.getUint32(at, true);
    const sender = theirs < noSender ? (this.#senderHere.get(theirs) ?? noSender) : theirs;
    this.#records.explain({ sender, options });
    view.setUint32(at, sender, true);
  }
}

/** Where the look stands in the bodies of records that have one. */
const lookOffsets: ReadonlyMap<number, number> = new Map([
  [recordKinds.observations, 13],
  [recordKinds.host, 13],
  [recordKinds.probe, 15],
]);
