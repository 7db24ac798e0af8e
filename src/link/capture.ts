/**
 * Hears the packets of the kernel's own connections, on every interface: those of a scan's source ports, with its
 * targets, and the errors about them. Needs CAP_NET_RAW when it is opened.
 *
 * @module
 */

import type { RangeSet } from '../base/range-set.ts';
import type { NetworkInterface } from '../system/interface.ts';
import { AddressFilter } from './address-filter.ts';
import type { PacketSink } from './link.ts';
import { PacketRing } from './packet-ring.ts';
import { headerFor, type Recorder } from './record.ts';

/** Whose packets are heard. */
export interface CaptureWants {
  readonly ports: { readonly first: number; readonly last: number };
  readonly targets: RangeSet;
  readonly interfaces: readonly NetworkInterface[];
}

/** Keeps what it hears with a recorder. */
export class Capture {
  readonly #ring: PacketRing;
  readonly #recorder: Recorder;
  readonly #ports: CaptureWants['ports'];
  readonly #targets: AddressFilter;
  readonly #names: ReadonlyMap<number, string>;
  /** The recorder's numbers of interfaces. */
  readonly #ids = new Map<number, number>();

  constructor({ ports, targets, interfaces }: CaptureWants, recorder: Recorder) {
    this.#ring = new PacketRing({
      interfaceName: 'any',
      interfaceIndex: 0,
      localPorts: ports,
      icmp: true,
      sentToo: true,
      ringFrames,
    });
    this.#recorder = recorder;
    this.#ports = ports;
    this.#targets = new AddressFilter(targets);
    this.#names = new Map(interfaces.map(({ index, name }) => [index, name]));
  }

  /** Keeps what has arrived since. */
  read(): void {
    while (this.#ring.receive(this.#take, ringFrames) > 0);
  }

  /** Packets that came while nobody read. */
  get lost(): number {
    return this.#ring.drops();
  }

  close(): void {
    this.#ring.close();
  }

  readonly #take: PacketSink = (bytes, start, end, atUs, wireLength) => {
    const { isSent, interfaceIndex } = this.#ring;
    if (!this.#isOurs(bytes, start, end, isSent)) return;
    let id = this.#ids.get(interfaceIndex);
    if (id === undefined) {
      id = this.#recorder.addInterface(this.#names.get(interfaceIndex) ?? `interface ${interfaceIndex}`);
      this.#ids.set(interfaceIndex, id);
    }
    const header = headerFor(bytes, start);
    this.#recorder.add(id, isSent ? 'out' : 'in', header, bytes, start, end, atUs, wireLength);
  };

  /** The loopback shows each packet on its way out and on its way in: what we sent counts once, and what came. */
  #isOurs(bytes: Uint8Array, start: number, end: number, isSent: boolean): boolean {
    const isV4 = (bytes[start] as number) >> 4 === 4;
    const protocol = bytes[start + (isV4 ? 9 : 6)] as number;
    if (!hasPorts.has(protocol)) return !isSent;
    const behind = start + (isV4 ? ((bytes[start] as number) & 15) * 4 : 40);
    if (behind + 4 > end) return false;
    const at = isSent ? behind : behind + 2;
    const port = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (port < this.#ports.first || port > this.#ports.last) return false;
    const target = isV4 ? (isSent ? 16 : 12) : isSent ? 24 : 8;
    return this.#targets.has(isV4 ? 4 : 6, bytes, start + target);
  }
}

/** TCP, UDP. */
const hasPorts: ReadonlySet<number> = new Set([6, 17]);
const ringFrames = 16_384;
