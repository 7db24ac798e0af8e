/**
 * Encrypted transports over UDP.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { join, padTo, standsAt, stretch, u16, u24, u32, zeros } from './parts.ts';

/**
 * ClientHello of DTLS 1.2, RFC 6347 section 4.2.1: brings a HelloVerifyRequest, a ServerHello or an alert.
 * None of them is bound to repeat anything of ours: record numbers start anew in some servers.
 */
const dtls: UdpPayload = {
  name: 'dtls',
  service: 'dtls',
  ports: [443, 2083, 3391, 4433, 5349, 5684, 10161],
  build: (id) => {
    const hello = join(
      u16(dtls12),
      stretch(id, 32),
      // No session, no cookie.
      0,
      0,
      list(cipherSuites),
      // Only the null compression.
      1,
      0,
      lengthBefore(
        join(
          extension(10, list(groups)),
          extension(11, join(1, 0)),
          extension(13, list(signatures)),
          extension(23, zeros(0)),
          extension(0xff01, join(0)),
        ),
      ),
    );
    // Message 0, one fragment that is all of it.
    const handshake = join(1, u24(hello.length), u16(0), u24(0), u24(hello.length), hello);
    // Epoch 0, record 0. Old servers want the old version in the first record.
    return join(22, u16(dtls10), zeros(8), lengthBefore(handshake));
  },
};

/**
 * A first packet in a version that is reserved for this (RFC 9000, 15): a server that does not know it answers
 * with those it knows (6.1), without a handshake. Shorter than 1200 bytes it would be dropped (14.1).
 */
const quic: UdpPayload = {
  name: 'quic',
  service: 'https',
  ports: [80, 443, 784, 853, 4433, 8443],
  build: (id) => padTo(1200, join(0xc0, u32(0x1a2a3a4a), 8, stretch(~id, 8), 8, stretch(id, 8))),
  // Version zero, and our own connection id where the destination stands (17.2.1).
  answers: (bytes, start, end, id) =>
    start < end &&
    ((bytes[start] ?? 0) & 0x80) !== 0 &&
    standsAt(bytes, start + 5, end, join(8, stretch(id, 8))),
};

/** The payloads of encrypted transports. */
export const tls = [quic, dtls] as const;

function extension(type: number, body: Uint8Array): Uint8Array {
  return join(u16(type), lengthBefore(body));
}

function list(numbers: readonly number[]): Uint8Array {
  return lengthBefore(join(...numbers.map(u16)));
}

function lengthBefore(body: Uint8Array): Uint8Array {
  return join(u16(body.length), body);
}

const dtls10 = 0xfeff;
const dtls12 = 0xfefd;
/** ECDHE and RSA with AES, and what small devices know: AES-CCM with a key or a pre-shared one (RFC 7252, 9.1.3). */
const cipherSuites = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c, 0x002f, 0x0035,
  0xc0ae, 0xc0a8, 0x00ff,
];
/** x25519, secp256r1, secp384r1. */
const groups = [0x001d, 0x0017, 0x0018];
/** ECDSA and RSA with SHA-256, SHA-384 and SHA-1. */
const signatures = [0x0403, 0x0503, 0x0804, 0x0401, 0x0501, 0x0203, 0x0201];
