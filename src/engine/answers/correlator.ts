/**
 * Ties received packets to the probes they answer. Nothing is believed without the cookie of a transmission
 * that was really made; ICMP errors are believed only through the packet they quote.
 *
 * @module
 */

import {
  fromTarget,
  observationKind as kind,
  mostDatagramBytes,
  mostQuoteBytes,
  Observation,
} from '../../model/observation.ts';
import { judge } from '../../techniques/reply-table.ts';
import { icmpMeaningIndex } from '../../wire/meaning.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { sctpChunkType } from '../../wire/sctp.ts';
import type { PayloadsFor } from '../probes/udp-writer.ts';
import { sourcePortOf, type Variant } from '../probes/variant.ts';
import { transportNumber } from '../questions/questions.ts';
import type { Asked } from './asked.ts';
import type { Cookies } from './cookie.ts';
import { isEchoed, isIcmp, isPortProtocol, isQuoted } from './echo.ts';
import type { OptionTable } from './option-table.ts';
import { type ShrinkTo, Undelivered } from './undelivered.ts';

/** Numbers the routers and other third parties that send deciding errors, by their 4 or 16 bytes. */
export type SenderOf = (address: Uint8Array) => number;

/** Reads answers and hands them on to who asked. */
export class Correlator {
  /** Packets that answered a probe. */
  received = 0;
  receivedBytes = 0;
  /** Packets for us that answer nothing we sent, or would but for a wrong checksum. */
  anomalies = 0;
  /** How many of them would. */
  damaged = 0;
  /** The packet at hand has a wrong checksum: whatever it answers, it is not believed. */
  #isDamaged = false;
  /** The TCP options of answers. */
  readonly #options: OptionTable;
  /** The packet at hand, as far as it counts. */
  readonly #seen = new Observation();
  readonly #senderOf: SenderOf;
  readonly #asked: Asked;
  readonly #cookies: Cookies;
  readonly #variants: readonly Variant[];
  readonly #payloadsFor: PayloadsFor;
  readonly #strayPorts: readonly number[];
  readonly undelivered: Undelivered;
  /** Somebody sends SYNs to ports that no probe came from. */
  #isGuessedAt = false;
  /** The packet at hand is a SYN to a port that no probe came from, so far. */
  #hasMissed = false;

  constructor(
    asked: Asked,
    cookies: Cookies,
    variants: readonly Variant[],
    payloadsFor: PayloadsFor,
    strayPorts: readonly number[],
    senderOf: SenderOf,
    options: OptionTable,
    shrinkTo?: ShrinkTo,
  ) {
    this.undelivered = new Undelivered(asked, cookies, variants, shrinkTo);
    this.#senderOf = senderOf;
    this.#options = options;
    this.#asked = asked;
    this.#cookies = cookies;
    this.#variants = variants;
    this.#payloadsFor = payloadsFor;
    this.#strayPorts = strayPorts;
  }

  /** Takes a packet that `reader` has read from `bytes`; `isDamaged` says that a checksum of it is wrong. */
  handle(reader: PacketReader, bytes: Uint8Array, atUs: number, wireBytes: number, isDamaged = false): void {
    this.#isDamaged = isDamaged;
    const known = reader.isError ? this.#error(reader, bytes, atUs) : this.#direct(reader, bytes, atUs);
    if (known && !isDamaged) {
      this.count(1, wireBytes);
      return;
    }
    this.anomalies++;
    if (known) this.damaged++;
  }

  /** Counts packets that answered probes. */
  count(packets: number, wireBytes: number): void {
    this.received += packets;
    this.receivedBytes += wireBytes;
  }

  #direct(reader: PacketReader, bytes: Uint8Array, atUs: number): boolean {
    const asked = this.#asked;
    const select = () => asked.select(reader.family, bytes, reader.sourceOffset);
    if (!select()) return false;
    if (reader.hasTransport) {
      this.#hasMissed = false;
      do if (this.#transportAnswer(reader, bytes, atUs)) return true;
      while (asked.selectNext());
      this.#isGuessedAt ||= this.#hasMissed;
      select();
    }
    // Nothing but the address ties it to a probe: so it must tie to none otherwise.
    do if (this.#protocolAnswer(reader, atUs)) return true;
    while (asked.selectNext());
    return false;
  }

  /** An answer that says what it answers. */
  #transportAnswer(reader: PacketReader, bytes: Uint8Array, atUs: number): boolean {
    const transport = isIcmp(reader) ? transportNumber.icmp : reader.protocol;
    const port = transport === transportNumber.icmp ? 0 : reader.sourcePort;
    this.#see(kindOf(reader, transport), reader, fromTarget, atUs);
    for (const question of this.#asked.about(transport, port)) {
      if (!this.#judge(question)) continue;
      const isTied =
        transport === transportNumber.udp
          ? this.#settleDatagram(question, reader, bytes)
          : transport === transportNumber.tcp && isBareSyn(reader)
            ? this.#settleBareSyn(question, reader, bytes)
            : this.#settle(question, reader, bytes);
      if (isTied) return true;
    }
    return reader.protocol === transportNumber.udp && this.#strayAnswer(reader, bytes);
  }

  /** Notes what a packet shows. */
  #see(what: number, reader: PacketReader, sender: number, atUs: number): void {
    const seen = this.#seen;
    seen.begin(what);
    seen.flags = reader.tcpFlags;
    seen.window = reader.window;
    seen.dontFragment = reader.dontFragment ? 1 : 0;
    seen.ipId = reader.family === 4 || reader.ipId !== 0 ? reader.ipId : -1;
    seen.ttl = reader.ttl;
    seen.sender = sender;
    seen.atUs = atUs;
  }

  /** Whether what is seen has a meaning for a question. */
  #judge(question: number): boolean {
    this.#seen.code = judge(this.#asked.tableOf(question), this.#seen);
    return this.#seen.code !== 0;
  }

  /** Hands on what is seen: it answers this transmission. */
  #tell(question: number, attempt: number, reader: PacketReader, bytes: Uint8Array): void {
    if (this.#isDamaged) return;
    const seen = this.#seen;
    seen.attempt = attempt;
    if (seen.kind === kind.tcp) {
      seen.options = this.#options.enter(bytes, reader.transportOffset + 20, reader.payloadOffset);
      seen.timestamp = this.#options.timestamp;
    } else if (seen.kind === kind.udp) {
      const end = Math.min(reader.transportEnd, bytes.length, reader.payloadOffset + mostDatagramBytes);
      seen.data = bytes.slice(reader.payloadOffset, end);
    } else if (seen.kind === kind.icmp && this.#variantOf(question).ttl !== this.#variants[0]?.ttl) {
      // Who answers on the way shows what became of the probe until there.
      const { sourceOffset, payloadOffset, family } = reader.quote;
      const start = sourceOffset - (family === 4 ? 12 : 8);
      seen.data = bytes.slice(start, Math.min(payloadOffset, bytes.length, start + mostQuoteBytes));
    }
    this.#asked.answered(question, seen);
  }

  /**
   * Settles the question by a datagram to the source port of one of its transmissions. Transmissions may share
   * that port (`-g`): then the one whose id it echoes is meant. A service that speaks another protocol than the
   * port's own echoes none and is there all the same, unless it answers from a port that was not asked.
   */
  #settleDatagram(question: number, reader: PacketReader, bytes: Uint8Array): boolean {
    const asked = this.#asked;
    const port = asked.portOf(question);
    const variant = this.#variantOf(question);
    let byPort = 0;
    let left = rememberedAttempts;
    for (
      let attempt = asked.attempts(question);
      attempt > 0 && left-- > 0;
      attempt = asked.attemptBefore(question, attempt)
    ) {
      asked.recall(question, attempt);
      if (!isEchoed(reader, this.#cookies, variant, 0)) continue;
      if (this.#echoesId(reader, bytes, port, variant)) {
        this.#tell(question, attempt, reader, bytes);
        return true;
      }
      byPort ||= attempt;
    }
    if (byPort === 0 || reader.sourcePort !== port) return false;
    this.#tell(question, byPort, reader, bytes);
    return true;
  }

  /** Whether a datagram echoes the current cookie as its transaction id, where the port's protocol has one. */
  #echoesId(
    { payloadOffset, transportEnd }: PacketReader,
    bytes: Uint8Array,
    port: number,
    { data }: Variant,
  ): boolean {
    const payloads = data.length > 0 ? [] : this.#payloadsFor(port);
    const { sequence } = this.#cookies;
    return (
      payloads.length === 0 ||
      payloads.some(({ answers }) => answers?.(bytes, payloadOffset, transportEnd, sequence) ?? true)
    );
  }

  /**
   * Settles the question by a SYN without ACK (RFC 9293, 3.5). It brings nothing of ours but the port it is addressed
   * to, one of thousands: so it is believed until somebody guesses. One that misses its port, and no more of them
   * count. Nor do they where the port is the user's choice, or from ourselves: there they are our own probes.
   */
  #settleBareSyn(question: number, reader: PacketReader, bytes: Uint8Array): boolean {
    const variant = this.#variantOf(question);
    const { sourcePort, portBlockSize } = variant;
    const isChosen = sourcePort >= 0 || portBlockSize < leastPortBlock;
    if (isChosen || this.#isGuessedAt || isFromItself(reader, bytes)) return false;
    const asked = this.#asked;
    let left = rememberedAttempts;
    for (
      let attempt = asked.attempts(question);
      attempt > 0 && left-- > 0;
      attempt = asked.attemptBefore(question, attempt)
    ) {
      asked.recall(question, attempt);
      if (reader.destinationPort !== sourcePortOf(variant, this.#cookies.extra)) continue;
      this.#tell(question, attempt, reader, bytes);
      return true;
    }
    this.#hasMissed = true;
    return false;
  }

  /** Settles the question if the packet carries the cookie of one of its transmissions. */
  #settle(question: number, reader: PacketReader, bytes: Uint8Array): boolean {
    const asked = this.#asked;
    const variant = this.#variantOf(question);
    const { probeFlags, takesFlags } = asked.tableOf(question);
    const flags = takesFlags && variant.flags >= 0 ? variant.flags : probeFlags;
    let left = rememberedAttempts;
    for (
      let attempt = asked.attempts(question);
      attempt > 0 && left-- > 0;
      attempt = asked.attemptBefore(question, attempt)
    ) {
      asked.recall(question, attempt);
      const isTied = reader.isError
        ? isQuoted(reader, this.#cookies, variant)
        : isEchoed(reader, this.#cookies, variant, flags);
      if (!isTied) continue;
      this.#tell(question, attempt, reader, bytes);
      return true;
    }
    return false;
  }

  #error(reader: PacketReader, bytes: Uint8Array, atUs: number): boolean {
    const { quote } = reader;
    const meaning = icmpMeaningIndex(reader.family, reader.icmpType, reader.icmpCode);
    if (meaning < 0) return !this.#isDamaged && this.undelivered.handle(reader, bytes);
    if (quote.family === 0) return false;
    const asked = this.#asked;
    if (!asked.select(quote.family, bytes, quote.destinationOffset)) return false;
    const isTarget =
      reader.family === quote.family &&
      areSame(reader.family, bytes, reader.sourceOffset, quote.destinationOffset);
    const sender = isTarget ? fromTarget : this.senderOf(reader, bytes);
    const transport = isIcmp(quote) ? transportNumber.icmp : quote.protocol;
    const port = isPortProtocol(quote.protocol) ? quote.destinationPort : 0;
    this.#see(kind.icmp, reader, sender, atUs);
    this.#seen.meaning = meaning;
    this.#seen.icmpType = reader.icmpType;
    this.#seen.icmpCode = reader.icmpCode;
    do {
      if (this.#errorAbout(asked.about(transport, port), reader, bytes)) return true;
      if (this.#errorAbout(asked.about(transportNumber.ip, quote.protocol), reader, bytes)) return true;
    } while (asked.selectNext());
    return false;
  }

  #errorAbout(about: readonly number[], reader: PacketReader, bytes: Uint8Array): boolean {
    for (const question of about) {
      if (this.#judge(question) && this.#settle(question, reader, bytes)) return true;
    }
    return false;
  }

  /** A datagram from another port than the one asked, from a service known to do that. */
  #strayAnswer(reader: PacketReader, bytes: Uint8Array): boolean {
    for (const port of this.#strayPorts) {
      for (const question of this.#asked.about(transportNumber.udp, port)) {
        if (this.#judge(question) && this.#settleDatagram(question, reader, bytes)) return true;
      }
    }
    return false;
  }

  /** Any packet of a protocol that was asked about: only the address ties it to the probe. */
  #protocolAnswer(reader: PacketReader, atUs: number): boolean {
    for (const question of this.#asked.about(transportNumber.ip, reader.protocol)) {
      const attempts = this.#asked.attempts(question);
      if (attempts === 0) continue;
      this.#see(kind.protocol, reader, fromTarget, atUs);
      if (!this.#judge(question)) continue;
      this.#seen.attempt = attempts;
      if (!this.#isDamaged) this.#asked.answered(question, this.#seen);
      return true;
    }
    return false;
  }

  #variantOf(question: number): Variant {
    return this.#variants[this.#asked.variantOf(question)] as Variant;
  }

  /** The number of a packet's sender. */
  senderOf({ family, sourceOffset }: PacketReader, bytes: Uint8Array): number {
    return this.#senderOf(bytes.subarray(sourceOffset, sourceOffset + (family === 4 ? 4 : 16)));
  }
}

/** What kind of answer a packet is, -1 for none. */
function kindOf({ family, icmpType, chunkType }: PacketReader, transport: number): number {
  if (transport === transportNumber.tcp) return kind.tcp;
  if (transport === transportNumber.udp) return kind.udp;
  if (transport === transportNumber.sctp) {
    if (chunkType === sctpChunkType.initAck) return kind['init-ack'];
    return chunkType === sctpChunkType.abort ? kind.abort : -1;
  }
  if (family === 6) return icmpType === 129 ? kind['echo-reply'] : -1;
  if (icmpType === 0) return kind['echo-reply'];
  return icmpType === 14 ? kind['timestamp-reply'] : icmpType === 18 ? kind['mask-reply'] : -1;
}

/** Whether a packet's addresses are the same: on the loopback that may be our own probe. */
function isFromItself({ family, sourceOffset, destinationOffset }: PacketReader, bytes: Uint8Array): boolean {
  return areSame(family, bytes, sourceOffset, destinationOffset);
}

function areSame(family: number, bytes: Uint8Array, a: number, b: number): boolean {
  const length = family === 4 ? 4 : 16;
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function isBareSyn({ tcpFlags }: PacketReader): boolean {
  return (tcpFlags & synAckReset) === synFlag;
}

const synFlag = 2;
/** SYN, RST and ACK. */
const synAckReset = 0x16;
/** Fewer source ports than these are guessed too easily. */
const leastPortBlock = 1024;
/** Answers to so many transmissions, up to the latest, are still recognised. */
const rememberedAttempts = 17;
