/**
 * The ways in which devices are asked: by a datagram that is said twice where nobody answers, and by a request of HTTP.
 *
 * @module
 */

import { bytesFrom } from '../service/byte-writer.ts';
import type { DatagramProtocol } from '../service/contract.ts';
import type { Move, Outcome } from '../service/moves.ts';
import { type Message, readMessage } from '../service/protocols/web/message.ts';
import { provenService } from '../service/service.ts';
import type { AskedDevice, DeviceClaim, DeviceQuestion, DeviceTalk } from './contract.ts';
import { claimsOfService } from './of-service.ts';

/** Moves, and what they bring. */
export type Steps<Result> = Generator<Move, Result, Outcome>;

/** Opens what is talked on; false: there is nothing to talk on. */
export function* opened(): Steps<boolean> {
  return (yield { does: 'open' }).was === 'opened';
}

/**
 * Says some words, once more where nobody answers, and hears all that comes then. `waitMs`: for the first datagram; others
 * are waited for as long as they follow one another.
 */
export function* hearDatagrams(
  words: Uint8Array,
  waitMs: number,
  isEnough: (heard: readonly Uint8Array[]) => boolean = ({ length }) => length > 0,
): Steps<readonly Uint8Array[]> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const heard: Uint8Array[] = [];
    let outcome = yield { does: 'say', bytes: words, waitMs };
    while (outcome.was === 'heard' && outcome.bytes.length > 0) {
      heard.push(outcome.bytes);
      if (heard.length === mostDatagrams || isEnough(heard)) return heard;
      outcome = yield { does: 'listen', waitMs: followMs };
    }
    if (heard.length > 0) return heard;
    // An ICMP error: nobody listens there. Or the time is up.
    if (outcome.was !== 'heard' || outcome.end === 'reset') return [];
  }
  return [];
}

/** A question in the words of a protocol that services speak too; what it answers is read as theirs is. */
export function questionOf(
  protocol: DatagramProtocol,
  waitMs: number,
  then?: (claims: readonly DeviceClaim[], device: AskedDevice) => readonly DeviceQuestion[],
): DeviceQuestion {
  const port = protocol.ports[0] as number;
  return {
    name: protocol.name,
    transport: 'udp',
    port,
    *ask(device): DeviceTalk {
      if (!(yield* opened())) return nothingLearnt;
      const words = protocol.request?.bytes({ host: device.address, port }, nothing) ?? nothing;
      const claims = (yield* hearDatagrams(words, waitMs)).flatMap((bytes) => claimsIn(protocol, bytes));
      return { claims, ...(then !== undefined && { next: then(claims, device) }) };
    },
  };
}

/** What a datagram of a protocol shows. */
export function claimsIn(protocol: DatagramProtocol, bytes: Uint8Array): readonly DeviceClaim[] {
  const parsed = protocol.parse(bytes);
  return parsed === undefined ? [] : claimsOfService(provenService({ protocol, parsed, via: protocol.name }));
}

/** A request of HTTP/1.1 and its answer, as far as it came; undefined where there is none. Nothing is followed. */
export function* exchangeHttp(request: Uint8Array): Steps<Message | undefined> {
  if (!(yield* opened())) return undefined;
  const isEnough = (bytes: Uint8Array) => readMessage(bytes)?.isWhole === true;
  const outcome = yield { does: 'say', bytes: request, waitMs: httpMs, isEnough, mostBytes: mostHttpBytes };
  return outcome.was === 'heard' ? readMessage(outcome.bytes) : undefined;
}

/** The head of a request, and its content. */
export function httpRequest(
  method: 'GET' | 'POST',
  path: string,
  host: string,
  content?: { readonly type: string; readonly bytes: Uint8Array },
): Uint8Array {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: portolan',
    'Accept: */*',
    'Connection: close',
    ...(content === undefined
      ? []
      : [`Content-Type: ${content.type}`, `Content-Length: ${content.bytes.length}`]),
  ];
  return bytesFrom(`${lines.join('\r\n')}\r\n\r\n`, content?.bytes ?? nothing);
}

/** What nobody answered tells nothing. */
export const nothingLearnt = { claims: [] } as const;

/** How long a device is waited for that answers in its own time. */
export const waitsMs = {
  /** An answer at once, but for the way. */
  prompt: 500,
  /** Responders wait up to 120 ms for others (RFC 6762, 6; RFC 4795, 7). */
  link: 700,
  /** APP_MAX_DELAY of WS-Discovery is half a second. */
  wsd: 900,
  /** Devices of UPnP 1.0 wait up to MX, one second, though they are asked alone. */
  ssdp: 1400,
} as const;

const nothing = new Uint8Array(0);
const mostAttempts = 2;
const mostDatagrams = 16;
const followMs = 120;
const httpMs = 2500;
/** A description has a few thousand bytes. */
const mostHttpBytes = 60_000;
