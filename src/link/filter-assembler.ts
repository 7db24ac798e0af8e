/**
 * An assembler for classic BPF with labels. The kernel's instruction set has one accumulator, one index
 * register X, and jumps forward only.
 *
 * @module
 */

/** One instruction: struct sock_filter. */
export interface Instruction {
  readonly code: number;
  /** How many instructions to skip when the condition holds, and when it does not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** Collects instructions; labels are resolved by {@link Assembler.finish}. Offsets count from the network header. */
export class Assembler {
  /** Where the network header begins: behind the link's. */
  readonly #base: number;
  readonly #lines: { code: number; k: number; yes?: string; no?: string }[] = [];
  readonly #labels = new Map<string, number>();

  constructor(base = 0) {
    this.#base = base;
  }

  /** A becomes the EtherType, from the kernel's own notes on the packet. */
  loadEtherType(): void {
    this.#lines.push({ code: opcode.loadHalf, k: ancillaryProtocol });
  }

  /** The interface's index. */
  loadInterface(): void {
    this.#lines.push({ code: opcode.loadWord, k: ancillaryInterface });
  }

  /** 1 for a frame of a VLAN, which has an interface of its own. */
  loadHasVlan(): void {
    this.#lines.push({ code: opcode.loadWord, k: ancillaryHasVlan });
  }

  loadByte(at: number): void {
    this.#lines.push({ code: opcode.loadByte, k: this.#base + at });
  }

  loadHalf(at: number): void {
    this.#lines.push({ code: opcode.loadHalf, k: this.#base + at });
  }

  loadWord(at: number): void {
    this.#lines.push({ code: opcode.loadWord, k: this.#base + at });
  }

  /** X becomes the length of the IPv4 header. */
  loadHeaderLength(): void {
    this.#lines.push({ code: opcode.loadHeaderLength, k: this.#base });
  }

  /** X grows by the length of the IPv4 header whose first byte is in A. */
  addHeaderLength(): void {
    this.#lines.push({ code: opcode.and, k: 0x0f });
    this.#lines.push({ code: opcode.shiftLeft, k: 2 });
    this.#lines.push({ code: opcode.addIndex, k: 0 });
    this.#lines.push({ code: opcode.moveToIndex, k: 0 });
  }

  /** A becomes the byte at X and `at`. */
  loadByteBehind(at: number): void {
    this.#lines.push({ code: opcode.loadByteIndexed, k: this.#base + at });
  }

  /** A becomes the 16-bit number at X and `at`. */
  loadHalfBehind(at: number): void {
    this.#lines.push({ code: opcode.loadHalfIndexed, k: this.#base + at });
  }

  /** A becomes the 32-bit number at X and `at`. */
  loadWordBehind(at: number): void {
    this.#lines.push({ code: opcode.loadWordIndexed, k: this.#base + at });
  }

  /** X becomes a number. */
  setIndex(k: number): void {
    this.#lines.push({ code: opcode.setIndex, k });
  }

  /** Keeps A in a cell of scratch memory, of which there are 16. */
  keep(cell: number): void {
    this.#lines.push({ code: opcode.keep, k: cell });
  }

  /** A becomes what was kept. */
  recall(cell: number): void {
    this.#lines.push({ code: opcode.recall, k: cell });
  }

  /** X becomes what was kept. */
  recallIndex(cell: number): void {
    this.#lines.push({ code: opcode.recallIndex, k: cell });
  }

  /** Jumps if A is X. */
  jumpIfIndex(label: string): void {
    this.#lines.push({ code: opcode.jumpEqualIndex, k: 0, yes: label });
  }

  jump(label: string): void {
    this.#lines.push({ code: opcode.jump, k: 0, yes: label });
  }

  jumpIf(k: number, label: string): void {
    this.#lines.push({ code: opcode.jumpEqual, k, yes: label });
  }

  jumpUnless(k: number, label: string): void {
    this.#lines.push({ code: opcode.jumpEqual, k, no: label });
  }

  /** Jumps if any of these bits is set. */
  jumpIfAny(bits: number, label: string): void {
    this.#lines.push({ code: opcode.jumpAny, k: bits, yes: label });
  }

  /** Jumps if none of these bits is set. */
  jumpUnlessAny(bits: number, label: string): void {
    this.#lines.push({ code: opcode.jumpAny, k: bits, no: label });
  }

  jumpIfGreater(k: number, label: string): void {
    this.#lines.push({ code: opcode.jumpGreater, k, yes: label });
  }

  jumpIfLess(k: number, label: string): void {
    this.#lines.push({ code: opcode.jumpAtLeast, k, no: label });
  }

  /** Ends the program: this many bytes of the packet pass. */
  return(bytes: number): void {
    this.#lines.push({ code: opcode.return, k: bytes });
  }

  /** The next instruction is where this label leads. */
  label(name: string): void {
    this.#labels.set(name, this.#lines.length);
  }

  /** The program, with every label turned into a distance. */
  finish(): readonly Instruction[] {
    return this.#lines.map(({ code, k, yes, no }, i) => {
      if (code === opcode.jump) return { code, jt: 0, jf: 0, k: this.#distance(i, yes, 0xffff_ffff) };
      return { code, jt: this.#distance(i, yes, 255), jf: this.#distance(i, no, 255), k };
    });
  }

  #distance(from: number, label: string | undefined, most: number): number {
    if (label === undefined) return 0;
    const distance = (this.#labels.get(label) ?? -1) - from - 1;
    if (distance < 0 || distance > most) throw new Error(`filter: no jump from ${from} to "${label}"`);
    return distance;
  }
}

/** The program as the kernel reads it: struct sock_filter in the machine's byte order. */
export function encodeFilter(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  for (const [i, { code, jt, jf, k }] of program.entries()) {
    halves[4 * i] = code;
    bytes[8 * i + 2] = jt;
    bytes[8 * i + 3] = jf;
    words[2 * i + 1] = k;
  }
  return bytes;
}

/** Operation codes: class, size or operation, mode or source (linux/bpf_common.h). */
export const opcode = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadWordIndexed: 0x40,
  loadHalfIndexed: 0x48,
  loadByteIndexed: 0x50,
  loadHeaderLength: 0xb1,
  setIndex: 0x01,
  keep: 0x02,
  recall: 0x60,
  recallIndex: 0x61,
  and: 0x54,
  shiftLeft: 0x64,
  addIndex: 0x0c,
  moveToIndex: 0x07,
  jump: 0x05,
  jumpEqual: 0x15,
  jumpEqualIndex: 0x1d,
  jumpGreater: 0x25,
  jumpAtLeast: 0x35,
  jumpAny: 0x45,
  return: 0x06,
} as const;

/** SKF_AD_OFF + SKF_AD_PROTOCOL: an offset below the packet that means the EtherType. */
export const ancillaryProtocol = 0xffff_f000;
/** SKF_AD_IFINDEX, SKF_AD_VLAN_TAG_PRESENT. */
const ancillaryInterface = 0xffff_f008;
const ancillaryHasVlan = 0xffff_f030;
