/**
 * Zone transfers (AXFR, RFC 5936): read message by message, nothing of them kept.
 *
 * @module
 */

import type { Peer } from '../dial/datagram-pool.ts';
import type { DnsRecord, TransferOutcome } from './asker.ts';
import { isWithin } from './message/labels.ts';
import { longestQuery, writeQuery } from './message/query.ts';
import type { WireRecord } from './message/record.ts';
import { typeNumbers } from './message/record-types.ts';
import { answerId, Response } from './message/response.ts';
import { openStream } from './streams.ts';

/** What is to be transferred. */
export interface Transfer {
  readonly zone: string;
  readonly peer: Peer;
  readonly take: (records: readonly DnsRecord[]) => void;
  readonly random: () => number;
}

/** What is counted. */
interface Counts {
  sent: number;
  received: number;
  bytesSent: number;
  bytesReceived: number;
}

/** How a transfer ended; `not-its-zone`: so the server says, which may mean that it wants a signature. */
export type StreamedTransfer =
  | TransferOutcome
  | { readonly result: 'not-its-zone'; readonly records: number };

/** Transfers a zone. `begun` gets what ends it at once. */
export function transferZone(
  transfer: Transfer,
  counts: Counts,
  begun: (stop: () => void) => void,
): Promise<StreamedTransfer> {
  const id = transfer.random() & 0xffff;
  const message = new Uint8Array(longestQuery);
  const query = {
    name: transfer.zone,
    type: typeNumbers.AXFR,
    isRecursive: false,
    wantsSignatures: false,
    hasEdns: false,
  };
  const end = writeQuery(query, id, 0, message, 0);
  counts.sent++;
  counts.bytesSent += end;
  return new Promise((resolve) => {
    const reading = new Reading(transfer);
    // What has come is read after all that lies ready has been taken: servers drop a reader who is slow, some after 500 ms.
    const waiting: Uint8Array[] = [];
    let bytesWaiting = 0;
    let ending: (() => void) | undefined;
    let isOver = false;
    const finish = (result: StreamedTransfer['result']) => {
      isOver = true;
      waiting.length = 0;
      resolve({ result, records: reading.records });
    };
    const read = (bytes: Uint8Array): boolean => {
      bytesWaiting -= bytes.length;
      const over = answerId(bytes) === id ? reading.take(bytes) : 'partial';
      if (over === undefined) return true;
      finish(over);
      stop();
      return false;
    };
    const readNext = () => {
      const bytes = waiting.shift();
      if (isOver || (bytes !== undefined && !read(bytes))) return;
      if (waiting.length > 0) setImmediate(readNext);
      else ending?.();
    };
    const stop = openStream(transfer.peer, message.subarray(0, end), {
      message(bytes) {
        counts.received++;
        counts.bytesReceived += bytes.length;
        bytesWaiting += bytes.length;
        if (waiting.push(bytes) === 1) setImmediate(readNext);
        // Bounded: a server that is faster than its reader is made to wait after all.
        while (bytesWaiting > mostWaiting && !isOver) read(waiting.shift() as Uint8Array);
        return !isOver;
      },
      end(why) {
        ending = () => {
          const isPart = reading.records > 0;
          finish(isPart ? 'partial' : why === 'silent' ? 'timeout' : 'refused');
        };
        if (waiting.length === 0 && !isOver) ending();
      },
    });
    begun(() => {
      stop();
      if (!isOver) finish(reading.records > 0 ? 'partial' : 'timeout');
    });
  });
}

/** Where a transfer stands. */
class Reading {
  readonly #transfer: Transfer;
  /** The SOA that it began with, and will end with. */
  #first: WireRecord | undefined;
  records = 0;

  constructor(transfer: Transfer) {
    this.#transfer = transfer;
  }

  /** Reads a message, and says how the transfer ended if it did. */
  take(bytes: Uint8Array): StreamedTransfer['result'] | undefined {
    const response = Response.read(bytes);
    if (response === undefined || response.isTruncated) return 'partial';
    if (response.code === notAuth && this.records === 0) return 'not-its-zone';
    if (response.code !== 0) return this.records === 0 ? 'refused' : 'partial';
    const taken: WireRecord[] = [];
    let isComplete = false;
    for (const record of response.all()) {
      if (record.section !== 'answer') break;
      const isApex = record.typeNumber === typeNumbers.SOA && record.name === this.#transfer.zone;
      if (this.#first === undefined) {
        // RFC 5936, 2.2: the SOA stands first.
        if (!isApex) return 'partial';
        this.#first = record;
      } else if (isApex) {
        isComplete = record.value === this.#first.value;
        if (!isComplete) return 'partial';
        break;
      }
      if (isWithin(record.name, this.#transfer.zone)) taken.push(record);
    }
    // Without an answer it was refused politely.
    if (this.#first === undefined) return 'refused';
    this.records += taken.length;
    if (taken.length > 0) this.#transfer.take(taken);
    if (isComplete) return 'complete';
    return this.records > mostRecords ? 'partial' : undefined;
  }
}

const notAuth = 9;
/** Bytes of messages that wait to be read. */
const mostWaiting = 16_777_216;
/** No zone is as large; whoever sends more sends without end. */
const mostRecords = 500_000_000;
