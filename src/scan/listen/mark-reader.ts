/**
 * Knows marked probes among packets: reads the mark of each and proves it. It needs nothing but the key, so it does not
 * matter who sent them, in which order, and who has translated their addresses.
 *
 * @module
 */

import { markCode, proofOf, readWord, Seal, tailBytes, tcpKind, udpKind } from '../../engine/probes/mark.ts';
import { firewallVariants } from '../../firewall/variants.ts';
import type { UdpPayload } from '../../techniques/payloads/contract.ts';
import { payloadsFor } from '../../techniques/payloads/index.ts';
import { uint16, uint32 } from '../../wire/bytes.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { PacketFields } from '../../wire/packet-fields.ts';

/** What the mark of a probe says. */
export interface ReadMark {
  /** The flags that TCP probes have, -1 for UDP. */
  readonly flags: number;
  readonly port: number;
  readonly code: number;
  /** Where the variant is told by it, else 0: that of the scanner, or where the probe has no room for it the one that is seen. */
  readonly sourcePort: number;
  /** Run and counter: what tells transmissions apart; -1 where the probe has no room for it. */
  readonly counter: number;
}

/** Reads marks under one key. */
export class MarkReader {
  readonly #seal: Seal;

  constructor(key: readonly [number, number]) {
    this.#seal = new Seal(key);
  }

  /** Reads the mark of a packet that is whole; undefined: it has none. */
  read(fields: PacketFields, bytes: Uint8Array): ReadMark | undefined {
    if (!fields.hasTransport) return undefined;
    if (fields.protocol === ipProtocol.tcp) return this.#readTcp(fields, bytes);
    if (fields.protocol === ipProtocol.udp && !fields.isCut) return this.#readUdp(fields, bytes);
    return undefined;
  }

  #readTcp(fields: PacketFields, bytes: Uint8Array): ReadMark | undefined {
    const { tcpFlags, window, sequence, acknowledgement, destinationPort } = fields;
    if (window < 0x8000 || ((tcpFlags & ackFlag) !== 0 && sequence !== acknowledgement)) return undefined;
    const flags = tcpFlags & 0x3f;
    const kind = tcpKind(flags);
    const pad = this.#seal.padOf(kind);
    const word = hiddenIn(fields, bytes) ^ (pad & 0xffff);
    const { code, counter } = readWord(word);
    if (!isCode(code)) return undefined;
    const isByPort = code === markCode.sourcePort;
    const low = window & 0x7fff;
    const sourcePort = isByPort ? ((counter >>> 4) << 15) | (low ^ ((pad >>> 16) & 0x7fff)) : 0;
    this.#seal.compute(kind, destinationPort, word, sourcePort);
    const isProven = this.#seal.proof === sequence && (isByPort || low === (this.#seal.moreProof & 0x7fff));
    return isProven
      ? { flags: tcpFlags, port: destinationPort, code, sourcePort, counter: word & 0x1ff }
      : undefined;
  }

  #readUdp(fields: PacketFields, bytes: Uint8Array): ReadMark | undefined {
    const { destinationPort: port } = fields;
    const payload = bytes.subarray(fields.payloadOffset, fields.transportEnd);
    const tail = this.#readTail(payload, port);
    if (tail !== undefined) return tail;
    const hidden = hiddenIn(fields, bytes);
    const questions = payloadsFor(port);
    return questions.length === 0
      ? undefined
      : (this.#readId(hidden, fields, payload, questions) ??
          this.#readBare(hidden, fields, payload, questions));
  }

  #readTail(payload: Uint8Array, port: number): ReadMark | undefined {
    const at = payload.length - tailBytes;
    if (at < 0) return undefined;
    const pad = this.#seal.padOf(udpKind);
    const word = uint16(payload, at) ^ (pad & 0xffff);
    const sourcePort = uint16(payload, at + 2) ^ (pad >>> 16);
    const { code } = readWord(word);
    if (!isCode(code) || (sourcePort !== 0 && code !== markCode.sourcePort)) return undefined;
    this.#seal.compute(udpKind, port, word, 0);
    const isProven =
      uint32(payload, at + 4) === this.#seal.proof && uint32(payload, at + 8) === this.#seal.moreProof;
    return isProven ? { flags: -1, port, code, sourcePort, counter: word & 0x1ff } : undefined;
  }

  /** The whole datagram must be what the scanner would have sent: its id is the proof. */
  #readId(
    hidden: number,
    { destinationPort: port, sourcePort: seenPort }: PacketFields,
    payload: Uint8Array,
    questions: readonly UdpPayload[],
  ): ReadMark | undefined {
    const word = hidden ^ (this.#seal.padOf(udpKind) & 0xffff);
    const { code } = readWord(word);
    if (!isCode(code)) return undefined;
    const sourcePort = code === markCode.sourcePort ? seenPort : 0;
    this.#seal.compute(udpKind, port, word, 0);
    const { proof } = this.#seal;
    const isProven = questions.some(
      (question) => proofOf(question) === 'id' && areEqual(payload, question.build(proof)),
    );
    return isProven ? { flags: -1, port, code, sourcePort, counter: word & 0x1ff } : undefined;
  }

  /** Nothing but the identification proves it: so it must be plain, or come from the port that it names. */
  #readBare(
    hidden: number,
    { destinationPort: port, sourcePort: seenPort }: PacketFields,
    payload: Uint8Array,
    questions: readonly UdpPayload[],
  ): ReadMark | undefined {
    const code = (hidden ^ (this.#seal.padOf(udpKind) & 0xffff)) >>> 9;
    const isLikely =
      code === markCode.plain ||
      code === markCode.sourcePort ||
      firewallVariants[code - 1]?.sourcePort === seenPort;
    if (!isLikely || !questions.some((question) => proofOf(question) === 'none' && isLike(payload, question)))
      return undefined;
    const sourcePort = code === markCode.sourcePort ? seenPort : 0;
    const isProven = this.#seal.bareId(port, code) === hidden;
    return isProven ? { flags: -1, port, code, sourcePort, counter: -1 } : undefined;
  }
}

/** Whether a code is one that scanners give. */
function isCode(code: number): boolean {
  return code <= firewallVariants.length || code === markCode.sourcePort || code === markCode.other;
}

/** The hidden word: the identification, or the low 16 bits of the flow label. */
function hiddenIn({ family, ipId, sourceOffset }: PacketFields, bytes: Uint8Array): number {
  return family === 4 ? ipId : uint16(bytes, sourceOffset - 6);
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Whether a datagram is this question, whatever its id. */
function isLike(payload: Uint8Array, question: UdpPayload): boolean {
  const samples = sampleIds.map((id) => question.build(id));
  const [first] = samples as [Uint8Array];
  return (
    payload.length === first.length &&
    first.every((byte, i) => samples.some((one) => one[i] !== byte) || payload[i] === byte)
  );
}

const sampleIds = [0, 0xffff_ffff, 0x5a5a_5a5a];
const ackFlag = 0x10;
