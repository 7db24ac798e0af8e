/**
 * Key exchange for IPsec: the first message of version 1 and of version 2, with proposals that most servers
 * know. One that takes none of them says so, or names the group it wants: all are answers.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, stretch, u16, u32, zeros } from './parts.ts';

/** Main mode, RFC 2408 section 3.1 and RFC 2409 section 5: only the security association. */
const ikeV1: UdpPayload = {
  name: 'ike-v1',
  service: 'isakmp',
  ports: [500],
  note: 'servers that expect certain peers only may be silent',
  build: (id) => message(id, 1, 0x10, 2, 0, payload(0, join(u32(1), u32(1), proposalV1()))),
  answers: echoAt(0, spi),
};

/** IKE_SA_INIT, RFC 7296 section 1.2. */
const ikeV2: UdpPayload = {
  name: 'ike-v2',
  service: 'isakmp',
  ports: [500],
  note: 'servers that expect certain peers only may be silent',
  build: saInit,
  answers: echoAt(0, spi),
};

/** The same behind four zero bytes, which tell it from ESP: RFC 3948 section 2.2. */
const ikeOverNat: UdpPayload = {
  name: 'ike-nat-t',
  service: 'ipsec-nat-t',
  ports: [4500],
  build: (id) => join(zeros(4), saInit(id)),
  answers: echoAt(4, spi),
};

/** The payloads of key exchange. */
export const ike = [ikeV2, ikeV1, ikeOverNat] as const;

function saInit(id: number): Uint8Array {
  // A public value of group 14 is any number of 2048 bits; the leading zero keeps it below the prime.
  const keyExchange = payload(40, join(u16(14), u16(0), 0, stretch(id, 255)));
  return message(
    id,
    33,
    0x20,
    34,
    0x08,
    payload(34, proposalV2()),
    keyExchange,
    payload(0, stretch(~id, 32)),
  );
}

function message(
  id: number,
  first: number,
  version: number,
  exchange: number,
  flags: number,
  ...payloads: readonly Uint8Array[]
): Uint8Array {
  const body = join(...payloads);
  return join(spi(id), zeros(8), first, version, exchange, flags, u32(0), u32(28 + body.length), body);
}

/** The initiator's cookie or SPI; zero is not allowed, and the second half is never zero for id zero. */
function spi(id: number): Uint8Array {
  return stretch(id, 8);
}

function payload(next: number, body: Uint8Array): Uint8Array {
  return join(next, 0, u16(4 + body.length), body);
}

/** Three transforms of pre-shared keys: cipher, hash and group in the numbers of RFC 2409 appendix A. */
function proposalV1(): Uint8Array {
  const transforms = [
    [attribute(1, 7), attribute(14, 256), attribute(2, 4), attribute(4, 14)],
    [attribute(1, 7), attribute(14, 128), attribute(2, 2), attribute(4, 2)],
    [attribute(1, 5), attribute(2, 2), attribute(4, 2)],
  ].map((attributes, i, all) => {
    const body = join(
      i + 1,
      1,
      u16(0),
      ...attributes,
      attribute(3, 1),
      attribute(11, 1),
      attribute(12, 28_800),
    );
    return payload(i + 1 < all.length ? 3 : 0, body);
  });
  return payload(0, join(1, 1, 0, transforms.length, ...transforms));
}

/** One proposal that leaves the choice: type and number of each transform, RFC 7296 section 3.3.2. */
function proposalV2(): Uint8Array {
  const transforms = (
    [
      [1, 12, attribute(14, 256)],
      [1, 12, attribute(14, 128)],
      [1, 3],
      [2, 5],
      [2, 2],
      [3, 12],
      [3, 2],
      [4, 14],
      [4, 19],
      [4, 31],
      [4, 2],
    ] as readonly (readonly [number, number, Uint8Array?])[]
  ).map(([type, number, length = zeros(0)], i, all) =>
    payload(i + 1 < all.length ? 3 : 0, join(type, 0, u16(number), length)),
  );
  return payload(0, join(1, 1, 0, transforms.length, ...transforms));
}

/** An attribute whose value fits in two bytes. */
function attribute(type: number, value: number): Uint8Array {
  return join(u16(0x8000 | type), u16(value));
}
