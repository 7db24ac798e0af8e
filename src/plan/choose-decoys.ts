/**
 * `-D`: which addresses the probes seem to come from, and where among them the real one stands.
 *
 * @module
 */

import { randomBytes, randomInt } from 'node:crypto';
import { badRequest } from '../base/errors.ts';
import { keyOf, RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import { type Address, addressFromBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { quoted } from './quoted.ts';
import { publicCount } from './special-ranges.ts';

/**
 * Turns the words of `-D` into addresses, with `ME` exactly once: where it was written, else in a random place.
 * `RND` stands for a random address of each family among the targets.
 */
export function chooseDecoys(words: readonly string[], families: ReadonlySet<4 | 6>): readonly string[] {
  const decoys = words.flatMap((word) => expand(word, families));
  const own = decoys.filter((decoy) => decoy === me).length;
  if (own > 1)
    throw badRequest(`${named('packet.decoys')} names ME more than once: the probe itself is sent once`);
  const most = mostDecoys * families.size;
  if (decoys.length - own > most) {
    throw badRequest(
      `${named('packet.decoys')} has ${decoys.length - own} addresses; wanted at most ${most}`,
    );
  }
  for (const family of families) {
    if (decoys.some((decoy) => parseAddress(decoy)?.family === family)) continue;
    throw badRequest(
      `${named('packet.decoys')} has no IPv${family} address, and targets are: wanted one, or RND`,
    );
  }
  return own === 1 ? decoys : decoys.toSpliced(randomInt(decoys.length + 1), 0, me);
}

function expand(word: string, families: ReadonlySet<4 | 6>): readonly string[] {
  if (word.toUpperCase() === me) return [me];
  const random = /^RND(?::(\d{1,4}))?$/i.exec(word);
  if (random !== null) {
    const count = Number(random[1] ?? 1);
    if (count < 1 || count > mostDecoys)
      throw badRequest(`${named('packet.decoys')} ${quoted(word)}: wanted RND:1 to RND:${mostDecoys}`);
    return Array.from({ length: count }, () => [...families].map(randomAddress)).flat();
  }
  const address = parseAddress(word);
  if (address === undefined || address.zone !== undefined || !isHost(address)) {
    throw badRequest(
      `${named('packet.decoys')} ${quoted(word)}: wanted addresses of hosts, ME, RND or RND:N`,
    );
  }
  if (!families.has(address.family)) {
    throw badRequest(
      `${named('packet.decoys')} ${word} is IPv${address.family}, and no target is; wanted the targets' family`,
    );
  }
  return [formatAddress(address)];
}

/** Not unspecified, multicast, broadcast or reserved: nobody answers those, so no decoy can be one. */
function isHost({ family, value }: Address): boolean {
  return family === 4 ? value >= 1n << 24n && value < 224n << 24n : value > 1n && value >> 120n !== 0xffn;
}

/** A random public address; IPv6 in 2000::/3, where addresses are given out. */
function randomAddress(family: 4 | 6): string {
  for (;;) {
    const bytes = new Uint8Array(randomBytes(family === 4 ? 4 : 16));
    if (family === 6) bytes[0] = 0x20 | (bytes[0]! & 0x1f);
    const address = addressFromBytes(bytes);
    const key = keyOf(address.family, address.value);
    if (publicCount(RangeSet.of([{ first: key, last: key }])) === 1n) return formatAddress(address);
  }
}

const me = 'ME';
/** Every decoy is a packet more for every probe. */
const mostDecoys = 128;
