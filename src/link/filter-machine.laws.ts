/** Filters for tests: what the kernel would make of a packet. @module */

import { ancillaryProtocol, type Instruction, opcode } from './filter-assembler.ts';

/** Runs a program as the kernel does; a load beyond the end drops the packet. */
export function runFilter(program: readonly Instruction[], etherType: number, packet: Uint8Array): number {
  let a = 0;
  let x = 0;
  const cells = new Uint32Array(16);
  const load = (at: number, size: number): number | undefined => {
    if (at + size > packet.length) return undefined;
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (packet[at + i] as number);
    return value;
  };
  for (let pc = 0; pc < program.length; pc++) {
    const { code, jt, jf, k } = program[pc] as Instruction;
    let loaded: number | undefined = a;
    switch (code) {
      case opcode.loadWord:
        loaded = load(k, 4);
        break;
      case opcode.loadHalf:
        loaded = k === ancillaryProtocol ? etherType : load(k, 2);
        break;
      case opcode.loadByte:
        loaded = load(k, 1);
        break;
      case opcode.loadWordIndexed:
        loaded = load(x + k, 4);
        break;
      case opcode.setIndex:
        x = k;
        break;
      case opcode.keep:
        cells[k] = a;
        break;
      case opcode.recall:
        loaded = cells[k];
        break;
      case opcode.recallIndex:
        x = cells[k] as number;
        break;
      case opcode.jumpEqualIndex:
        pc += a === x ? jt : jf;
        break;
      case opcode.loadHalfIndexed:
        loaded = load(x + k, 2);
        break;
      case opcode.loadByteIndexed:
        loaded = load(x + k, 1);
        break;
      case opcode.loadHeaderLength: {
        const byte = load(k, 1);
        if (byte === undefined) return 0;
        x = (byte & 15) * 4;
        break;
      }
      case opcode.and:
        loaded = a & k;
        break;
      case opcode.shiftLeft:
        loaded = a << k;
        break;
      case opcode.addIndex:
        loaded = a + x;
        break;
      case opcode.moveToIndex:
        x = a;
        break;
      case opcode.jump:
        pc += k;
        break;
      case opcode.jumpEqual:
        pc += a === k ? jt : jf;
        break;
      case opcode.jumpGreater:
        pc += a > k ? jt : jf;
        break;
      case opcode.jumpAtLeast:
        pc += a >= k ? jt : jf;
        break;
      case opcode.jumpAny:
        pc += (a & k) !== 0 ? jt : jf;
        break;
      case opcode.return:
        return k;
      default:
        throw new Error(`no instruction ${code}`);
    }
    if (loaded === undefined) return 0;
    a = loaded;
  }
  throw new Error('the program ends without a return');
}
