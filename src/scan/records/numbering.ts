/**
 * Numbers that a shard's records use for what is said once: third parties that sent ICMP errors, and TCP options. A
 * record says what a number stands for before the first that uses it.
 *
 * @module
 */

import { addressFromBytes, formatAddress } from '../../model/address.ts';
import { copyBytes, putBytes } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';
import { tcpOptionWords } from '../../wire/tcp-options.ts';
import type { RecordCodec } from './frame.ts';

/** What a number stands for: the address of a sender, or options as they stand in a header. */
export interface NamedBytes {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Reads and writes what a sender's number stands for: 4 or 16 bytes. */
export const senderCodec: RecordCodec<NamedBytes> = codecOf(
  'sender',
  (length) => length === 4 || length === 16,
);

/** Reads and writes what a number of TCP options stands for. */
export const optionsCodec: RecordCodec<NamedBytes> = codecOf('options', (length) => length <= 40);

/** What the numbers of one shard stand for. */
export class Numbering {
  readonly #senders: string[] = [];
  readonly #options: Uint8Array[] = [];

  /** Learns a sender. */
  addSender({ number, bytes }: NamedBytes): void {
    this.#senders[number] = formatAddress(addressFromBytes(bytes));
  }

  /** Learns options. */
  addOptions({ number, bytes }: NamedBytes): void {
    this.#options[number] = bytes;
  }

  /** The address of a sender that is not the target. */
  senderOf(number: number): string {
    return this.#senders[number] ?? 'unknown';
  }

  /** The options of a number other than 0; undefined where it was never said. */
  optionsOf(number: number): ReturnType<typeof tcpOptionWords> | undefined {
    const bytes = this.#options[number];
    return bytes === undefined ? undefined : tcpOptionWords(bytes);
  }
}

function codecOf(name: 'sender' | 'options', isLength: (length: number) => boolean): RecordCodec<NamedBytes> {
  return {
    name,
    minLength: 6,
    length: ({ bytes }) => 6 + bytes.length,
    parse(view, start, end) {
      if (end - start < 6) return new Malformed(name, 'truncated', 6, end - start);
      const length = view.getUint16(start + 4, true);
      if (start + 6 + length !== end || !isLength(length))
        return new Malformed(name, 'bad-length', 6 + length, end - start);
      const bytes = copyBytes(view, start + 6, length);
      return { number: view.getUint32(start, true), bytes };
    },
    emit({ number, bytes }, view, start) {
      view.setUint32(start, number, true);
      view.setUint16(start + 4, bytes.length, true);
      putBytes(view, start + 6, bytes);
    },
    describe: ({ number, bytes }) => `${name} ${number}: ${Buffer.from(bytes).toString('hex')}`,
  };
}
