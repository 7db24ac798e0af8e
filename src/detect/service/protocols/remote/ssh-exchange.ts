/**
 * The key exchange of SSH as far as the key by which a server is known (RFC 4253, 6 to 8; RFC 5656, 4; RFC 8731). What is
 * sent are constants: nobody goes on to log in, so no secret is made. The server's signature is not verified: a key is
 * told as shown, as `ssh-keyscan` tells it.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32, zeros } from '../../byte-writer.ts';
import type { Facts } from '../../contract.ts';
import { sha256 } from '../../digest.ts';
import { textOf } from '../../text.ts';

/** The payloads of the packets in plain text, whole ones. */
export function packetsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const payloads: Uint8Array[] = [];
  while (payloads.length < mostPackets) {
    const packet = reader.take(reader.u32());
    const padding = packet[0] ?? 0;
    if (reader.isShort || packet.length < padding + 2) break;
    payloads.push(packet.subarray(1, packet.length - padding));
  }
  return payloads;
}

/** What a server offers: the name lists of SSH_MSG_KEXINIT (RFC 4253, 7.1). */
export function offerOf(payloads: readonly Uint8Array[]): Facts | undefined {
  const payload = payloads.find(([type]) => type === keyExchangeInit);
  if (payload === undefined) return undefined;
  const reader = new ByteReader(payload.subarray(1 + cookieBytes));
  const lists = listNames.map((name) => [name, textOf(reader.take(reader.u32()))] as const);
  if (reader.isShort) return undefined;
  return Object.fromEntries(
    lists.flatMap(([name, list]) => (name === '' || list === '' ? [] : [[name, list.split(',')]])),
  );
}

/** The key that it has shown, as `ssh-keygen -l` tells it: kind, bits, fingerprint. */
export function hostKeyOf(payloads: readonly Uint8Array[]): string | undefined {
  const payload = payloads.find(([type]) => type === keyExchangeReply);
  if (payload === undefined) return undefined;
  const reader = new ByteReader(payload.subarray(1));
  const key = reader.take(reader.u32());
  const inside = new ByteReader(key);
  const kind = textOf(inside.take(inside.u32()));
  if (reader.isShort || inside.isShort || !/^[\w.@-]{4,64}$/.test(kind)) return undefined;
  const bits = bitsOf(kind, inside);
  const print = Buffer.from(sha256(key)).toString('base64').replace(/=+$/, '');
  return `${kind}${bits === 0 ? '' : ` ${bits}`} SHA256:${print}`;
}

/** The kinds of keys among algorithms by which a server signs, those first that are asked for first. */
export function kindsIn(algorithms: readonly string[]): readonly string[] {
  return keyKinds.flatMap(({ kind, algorithms: own }) =>
    own.some((one) => algorithms.includes(one)) ? [kind] : [],
  );
}

/** The words that make a server show its key of a kind; undefined where it offers nothing that is known here. */
export function exchangeFor(offer: Facts, kind: string): Uint8Array | undefined {
  const offered = (name: string) => (Array.isArray(offer[name]) ? (offer[name] as readonly string[]) : []);
  const method = methods.find(({ names }) => names.some((name) => offered('keyExchange').includes(name)));
  const signs = keyKinds
    .find((one) => one.kind === kind)
    ?.algorithms.find((one) => offered('hostKeyAlgorithms').includes(one));
  const [cipher] = offered('ciphers');
  const [mac = ''] = offered('macs');
  if (method === undefined || signs === undefined || cipher === undefined) return undefined;
  const way = method.names.find((name) => offered('keyExchange').includes(name)) as string;
  const packing = offered('compression').includes('none') ? 'none' : (offered('compression')[0] ?? 'none');
  const lists = [way, signs, cipher, cipher, mac, mac, packing, packing, '', ''];
  const init = bytesFrom(
    keyExchangeInit,
    zeros(cookieBytes),
    ...lists.flatMap((list) => [u32(list.length), list]),
    0,
    u32(0),
  );
  const share = bytesFrom(keyExchangeShare, u32(method.share.length), method.share);
  return bytesFrom(packet(init), packet(share));
}

/** RFC 4253, 6: a multiple of eight bytes, at least four of them padding. */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  return bytesFrom(u32(1 + payload.length + padding), padding, payload, zeros(padding));
}

function bitsOf(kind: string, inside: ByteReader): number {
  if (kind.includes('ed25519')) return 256;
  const curve = /nistp(\d{3})/.exec(kind)?.[1];
  if (curve !== undefined) return Number(curve);
  // RSA: e, n (RFC 4253, 6.6); DSS: p.
  if (kind === 'ssh-rsa') inside.take(inside.u32());
  else if (kind !== 'ssh-dss') return 0;
  const number = inside.take(inside.u32());
  const leading = number.findIndex((byte) => byte !== 0);
  return leading < 0 ? 0 : 8 * (number.length - leading) - Math.clz32(number[leading]!) + 24;
}

const keyExchangeInit = 20;
const keyExchangeShare = 30;
const keyExchangeReply = 31;
const cookieBytes = 16;
const mostPackets = 8;
/** In their order; those from server to client are the others' twins. */
const listNames = ['keyExchange', 'hostKeyAlgorithms', 'ciphers', '', 'macs', '', 'compression', ''] as const;
/** The kinds of keys, the likeliest first, and the algorithms that sign with them. */
const keyKinds = [
  { kind: 'ssh-ed25519', algorithms: ['ssh-ed25519'] },
  {
    kind: 'ecdsa',
    algorithms: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  },
  { kind: 'ssh-rsa', algorithms: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] },
  { kind: 'ssh-dss', algorithms: ['ssh-dss'] },
] as const;
/** The generator of the curve P-256 (SEC 2, 2.4.2), a valid public key as any. */
const generator = Buffer.from(
  '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
);
/** How a secret is agreed on, and a share in it: base points, and numbers below the primes of groups 14 and 1. */
const methods: readonly { readonly names: readonly string[]; readonly share: Uint8Array }[] = [
  {
    names: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
    share: Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0)),
  },
  { names: ['ecdh-sha2-nistp256'], share: generator },
  {
    names: ['diffie-hellman-group14-sha256', 'diffie-hellman-group14-sha1'],
    share: new Uint8Array(256).fill(0x5a),
  },
  { names: ['diffie-hellman-group1-sha1'], share: new Uint8Array(128).fill(0x5a) },
];
