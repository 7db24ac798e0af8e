/**
 * Many packets at once: cookies, orders, TCP probes and their answers, computed by WebAssembly in one memory (see
 * `arithmetic.as.ts`). Everything it computes others compute as well, packet by packet and for packets of every
 * kind; this is for the thousands that are alike.
 *
 * @module
 */

import { littleEndian } from '../../base/byte-order.ts';
import { arithmetic } from './arithmetic.ts';
import * as layout from './layout.ts';

/** Packets in a batch. */
export const mostPackets: number = layout.most;

/** What all probes of one kind on one path have in common. */
export interface ProbeTemplate {
  /** Headers and constant data; what varies is zero. */
  readonly bytes: Uint8Array;
  /** Length of the IP header. */
  readonly ipBytes: number;
  /** 32-bit words of an address: 1 or 4. */
  readonly words: number;
  /** The sum of the IPv4 header's words. */
  readonly ipSum: number;
  /** The sum of the segment's words and of the pseudo header's without the destination. */
  readonly segmentSum: number;
  /** The source port is this and those bits of the cookie that the mask lets through. */
  readonly portBase: number;
  readonly portMask: number;
  /** Whether the acknowledgement number repeats the sequence number. */
  readonly hasAck: boolean;
  /** Changes the checksum that is right. */
  readonly spoil: number;
}

/** A permutation of less than 2^32 elements, see `base/permutation.ts`. */
export interface Shuffle {
  readonly size: number;
  readonly halfBits: number;
  readonly keys: readonly [number, number, number, number];
}

/**
 * What {@link Batch.begin} and {@link Batch.settle} know of questions and their tasks: places in the batch's memory,
 * and numbers. Tasks are numbered host by host, question by question.
 */
export interface AskedTables {
  /** The question about a port, by 32-bit word; as good as infinite for none or several. */
  readonly byPort: Int32Array;
  readonly ports: Uint16Array;
  /**
   * The verdict's code, 0 for none, by the eight flag bits of an answer, and 256 more when its window is not zero. Its
   * upper byte is the state, for `open`.
   */
  readonly codes: Uint16Array;
  /** By task: its state, its transmissions, when the last left (microseconds modulo 2^32), the next in its list. */
  readonly states: Uint8Array;
  readonly attempts: Uint8Array;
  readonly times: Uint32Array;
  readonly links: Int32Array;
  /** So many questions, from the first on, are of the same kind. */
  readonly alike: number;
  readonly outstanding: number;
  readonly settled: number;
  readonly open: number;
  readonly key: readonly [number, number];
  /** Of first transmissions. */
  readonly salt: number;
  readonly portBase: number;
  readonly portMask: number;
  /** How much of sequence space a probe takes. */
  readonly sequenceLength: number;
}

/** Answers of one host to first transmissions, one after the other: what {@link Batch.settle} took. */
export interface AnswerRun {
  readonly count: number;
  readonly questions: Uint32Array;
  readonly codes: Uint32Array;
  readonly ttls: Uint32Array;
  /** TCP flags and window; whether DF is set; the IP identification. None has TCP options. */
  readonly flags: Uint32Array;
  readonly windows: Uint32Array;
  readonly dontFragment: Uint32Array;
  readonly ipIds: Uint32Array;
  /** When they came, and when their probes left. Microseconds. */
  readonly atUs: Float64Array;
  readonly sentUs: Float64Array;
  /** When the latest probe among them left. */
  readonly latestSentUs: number;
  /** Question, round trip (microseconds) and IP identification of each: three words, little-endian, as records have them. */
  readonly items: Uint8Array;
  /** So many stretches look alike, by flags, window, TTL and DF, and where each of them ends. */
  readonly stretches: number;
  readonly ends: Uint32Array;
}

/** The planes of a batch: each holds one value of all its packets. */
export class Batch {
  /** Of IPv4 the first plane, of IPv6 four. */
  readonly addresses: Uint32Array;
  readonly ports: Uint32Array;
  readonly salts: Uint32Array;
  /** What {@link permute} works on. */
  readonly elements: Uint32Array;
  /** What {@link read} finds: 1 for a plain TCP segment. Only then address and port count, those of its source. */
  readonly plain: Uint32Array;
  /** Frames of a receive ring are copied here to be read. */
  readonly frames: Uint8Array;
  readonly frameBytes: number = layout.frameBytes;
  readonly mostFrames: number = layout.most;
  /** What {@link settle} took: the same object each time. */
  readonly answers: AnswerRun;
  readonly #sums: Float64Array;
  readonly #buffer: ArrayBuffer;
  readonly #code: Arithmetic;
  readonly #template: Uint8Array;
  #current: ProbeTemplate | undefined;
  #free = layout.freeAt;

  private constructor(buffer: ArrayBuffer, code: Arithmetic) {
    const plane = (at: number) => new Uint32Array(buffer, at, layout.most);
    this.#buffer = buffer;
    this.#code = code;
    this.addresses = new Uint32Array(buffer, layout.addressAt, 4 * layout.most);
    this.ports = plane(layout.portAt);
    this.salts = plane(layout.saltAt);
    this.elements = plane(layout.elementAt);
    this.plain = plane(layout.plainAt);
    this.frames = new Uint8Array(buffer, layout.framesAt, layout.most * layout.frameBytes);
    this.#template = new Uint8Array(buffer, layout.templateAt, layout.longestTemplate);
    const sums = new Float64Array(buffer, layout.sumsAt, 8);
    this.#sums = sums;
    this.answers = {
      questions: plane(layout.questionAt),
      codes: plane(layout.codeAt),
      ttls: plane(layout.runTtlAt),
      flags: plane(layout.runFlagsAt),
      windows: plane(layout.runWindowAt),
      dontFragment: plane(layout.runDontFragmentAt),
      ipIds: plane(layout.runIpIdAt),
      atUs: new Float64Array(buffer, layout.cameAt, layout.most),
      sentUs: new Float64Array(buffer, layout.sentAt, layout.most),
      items: new Uint8Array(buffer, layout.itemAt, 12 * layout.most),
      ends: plane(layout.endAt),
      get count() {
        return sums[2] as number;
      },
      get latestSentUs() {
        return sums[3] as number;
      },
      get stretches() {
        return sums[4] as number;
      },
    };
  }

  /**
   * A batch with `room` bytes to hand out besides those for links; undefined where the machine or this Node cannot:
   * then packets are taken one by one.
   */
  static open(room = 0): Batch | undefined {
    // WebAssembly's memory is little-endian, and the kernel's frames are as the machine is.
    if (!littleEndian) return undefined;
    try {
      const memory = new WebAssembly.Memory({ initial: pages + Math.ceil(room / 65_536) });
      const { exports } = new WebAssembly.Instance(
        new WebAssembly.Module(Buffer.from(arithmetic, 'base64')),
        { env: { memory } },
      );
      return new Batch(memory.buffer, exports as Arithmetic);
    } catch {
      // A processor without vector instructions, or too little memory.
      return undefined;
    }
  }

  /** Memory for packets that {@link craft} is to write; undefined when there is no more. */
  take(bytes: number): Uint8Array<ArrayBuffer> | undefined {
    const at = this.#free;
    const next = at + Math.ceil(bytes / 64) * 64;
    if (next > this.#buffer.byteLength) return undefined;
    this.#free = next;
    return new Uint8Array(this.#buffer, at, bytes);
  }

  /** Forgets what was handed out: it will be handed out again. */
  forget(): void {
    this.#free = layout.freeAt;
  }

  /** Whether bytes stand where {@link craft} can write. */
  owns(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer;
  }

  /** Gives the first `count` packets the same address, of `words` words from `from[at]` on. */
  fillAddress(count: number, from: Uint32Array, at: number, words: number): void {
    for (let word = 0; word < words; word++) {
      const plane = word * layout.most;
      this.addresses.fill(from[at + word] as number, plane, plane + count);
    }
  }

  /** The cookies of the first `count` addresses (of `words` words), ports and salts under a key. */
  cookies(count: number, words: number, [k0, k1]: readonly [number, number]): void {
    this.#code.cookies(0, count, words, k0, k1);
  }

  /** Makes the first `count` {@link elements} the numbers from `first` on, which go round below `size`. */
  number(count: number, first: number, size: number): void {
    this.#code.number(count, first, size);
  }

  /** Turns the first `count` {@link elements}, which must be below the size, from indices into elements. */
  permute(count: number, { size, halfBits, keys }: Shuffle): void {
    this.#code.permute(count, size, halfBits, keys[0], keys[1], keys[2], keys[3]);
  }

  /**
   * Writes the first `count` probes, `stride` bytes apart from `offset` of `bytes` on: their addresses, ports and
   * cookies must be there. A packet's place must be as long as the next multiple of 16.
   */
  craft(count: number, template: ProbeTemplate, bytes: Uint8Array, offset: number, stride: number): void {
    if (template !== this.#current) {
      this.#template.set(template.bytes);
      this.#current = template;
    }
    this.#code.craft(
      count,
      bytes.byteOffset + offset,
      stride,
      template.bytes.length,
      template.ipBytes,
      template.words,
      template.ipSum,
      template.segmentSum,
      template.portBase,
      template.portMask,
      template.hasAck ? 1 : 0,
      template.spoil,
    );
  }

  /** Puts tables of this memory, which {@link take} gave, where {@link begin} and {@link settle} find them. */
  table(tables: AskedTables): number | undefined {
    const arrays = [
      tables.byPort,
      tables.ports,
      tables.codes,
      tables.states,
      tables.attempts,
      tables.times,
      tables.links,
    ];
    const bytes = arrays.every((array) => array.buffer === this.#buffer) ? this.take(128) : undefined;
    if (bytes === undefined) return undefined;
    const { alike, outstanding, settled, open, key, salt, portBase, portMask } = tables;
    const numbers = [
      alike,
      outstanding,
      settled,
      open,
      ...key,
      salt,
      portBase,
      portMask,
      tables.sequenceLength,
    ];
    new Int32Array(bytes.buffer, bytes.byteOffset, 32).set([
      ...arrays.map(({ byteOffset }) => byteOffset),
      ...numbers,
    ]);
    return bytes.byteOffset;
  }

  /**
   * Begins the first `count` questions of {@link elements}, up to one of another kind: gives each its port, makes its
   * task outstanding, and puts it in front of the list that begins with `head`, unless it stands in one. Returns how
   * many; {@link head} and {@link hooked} tell the list's new beginning, and how many it has more.
   */
  begin(tables: number, count: number, firstTask: number, nowUs: number, head: number): number {
    return this.#code.begin(tables, count, firstTask, nowUs, head);
  }

  get head(): number {
    return this.#sums[0] as number;
  }

  get hooked(): number {
    return this.#sums[1] as number;
  }

  /**
   * Takes {@link answers} from the packets from place `from` on that have the address of the first, up to one with
   * another; returns that one's place. Only {@link plain} packets are looked at, and only those that it takes stay so:
   * they carry the cookie of the only transmission of a question of the first kind, and do not say open. Duplicates
   * among them are no answers. The clock says `nowUs`, the wall's is `offsetUs` ahead.
   */
  settle(
    tables: number,
    from: number,
    count: number,
    firstTask: number,
    offsetUs: number,
    nowUs: number,
  ): number {
    return this.#code.settle(tables, from, count, firstTask, offsetUs, nowUs);
  }

  /** How many packets {@link settle} took, and how long they were on the wire. */
  get taken(): number {
    return this.#sums[0] as number;
  }

  get takenBytes(): number {
    return this.#sums[1] as number;
  }

  /** Says that none of those packets is plain; returns the place of the first with another address. */
  dismiss(from: number, count: number): number {
    return this.#code.dismiss(from, count);
  }

  /** Reads the first `count` {@link frames}. */
  read(count: number): void {
    this.#code.read(count);
  }
}

/** An array of `length` numbers in a batch's memory, while it has room; else anywhere. */
export function arrayOf<Numbers>(
  kind: NumbersKind<Numbers>,
  length: number,
  batch: Batch | undefined,
): Numbers {
  const bytes = batch?.take(length * kind.BYTES_PER_ELEMENT);
  return bytes === undefined ? new kind(length) : new kind(bytes.buffer, bytes.byteOffset, length);
}

/** The constructor of a typed array. */
interface NumbersKind<Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Numbers;
  new (buffer: ArrayBuffer, at: number, length: number): Numbers;
}

/** Whether probes like this can be crafted. */
export function isCraftable(packetBytes: number): boolean {
  return packetBytes <= layout.longestTemplate;
}

/** As much of WebAssembly as is used here: the compiler knows it only together with a browser. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

interface Arithmetic {
  cookies(from: number, to: number, words: number, k0: number, k1: number): void;
  number(count: number, first: number, size: number): void;
  begin(tables: number, count: number, row: number, now: number, head: number): number;
  settle(tables: number, from: number, count: number, row: number, offset: number, now: number): number;
  dismiss(from: number, count: number): number;
  permute(
    count: number,
    size: number,
    halfBits: number,
    k0: number,
    k1: number,
    k2: number,
    k3: number,
  ): void;
  craft(
    count: number,
    to: number,
    stride: number,
    length: number,
    ipBytes: number,
    words: number,
    ipSum: number,
    segmentSum: number,
    portBase: number,
    portMask: number,
    hasAck: number,
    spoil: number,
  ): void;
  read(count: number): void;
}

/** Of 64 KiB: room for the slots of some nine links of ordinary size. Nothing is used before it is written to. */
const pages = 64;
