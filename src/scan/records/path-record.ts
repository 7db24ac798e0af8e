/**
 * The record of the way to a host.
 *
 * @module
 */

import { Malformed } from '../../wire/codec.ts';
import { lengthFault, type RecordCodec } from './frame.ts';

/** A way, hop by hop. */
export interface TraceRecord {
  readonly host: number;
  readonly protocol: (typeof traceProtocols)[number];
  readonly port: number;
  readonly reached: boolean;
  readonly hops: readonly {
    /** Microseconds; -1 where it is unknown. */
    readonly rttUs: number;
    /** As in an observation. */
    readonly sender: number;
  }[];
}

/** What a way can be traced with; the order is that of the numbers in records. */
export const traceProtocols = ['icmp', 'tcp', 'udp', 'sctp'] as const;

const headBytes = 9;
const hopBytes = 8;
const unknown = 0xffff_ffff;

/** Reads and writes {@link TraceRecord}. */
export const traceCodec: RecordCodec<TraceRecord> = {
  name: 'trace',
  minLength: headBytes,
  length: ({ hops }) => headBytes + hopBytes * hops.length,
  parse(view, start, end) {
    const least = this.minLength;
    if (end - start < least) return new Malformed('trace', 'truncated', least, end - start);
    const count = view.getUint8(start + 8);
    const fault = lengthFault('trace', least + hopBytes * count, start, end);
    if (fault !== undefined) return fault;
    const protocol = traceProtocols[view.getUint8(start + 4)];
    if (protocol === undefined)
      return new Malformed('trace', 'bad-type', traceProtocols.length - 1, view.getUint8(start + 4));
    return {
      host: view.getUint32(start, true),
      protocol,
      port: view.getUint16(start + 5, true),
      reached: view.getUint8(start + 7) !== 0,
      hops: Array.from({ length: count }, (_, i) => {
        const at = start + least + hopBytes * i;
        const rttUs = view.getUint32(at, true);
        return { rttUs: rttUs === unknown ? -1 : rttUs, sender: view.getUint32(at + 4, true) };
      }),
    };
  },
  emit({ host, protocol, port, reached, hops }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, traceProtocols.indexOf(protocol));
    view.setUint16(start + 5, port, true);
    view.setUint8(start + 7, reached ? 1 : 0);
    view.setUint8(start + 8, hops.length);
    for (const [i, { rttUs, sender }] of hops.entries()) {
      const at = start + headBytes + hopBytes * i;
      view.setUint32(at, rttUs < 0 ? unknown : Math.min(rttUs, unknown - 1), true);
      view.setUint32(at + 4, sender, true);
    }
  },
  describe: ({ host, protocol, reached, hops }) =>
    `host ${host} by ${protocol}: ${hops.length} hops${reached ? ', reached' : ''}`,
};
