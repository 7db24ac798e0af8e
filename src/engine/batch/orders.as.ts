/**
 * Cookies and orders, of many packets at once: see `arithmetic.as.ts`.
 *
 * @module
 */

import {
  addressAt,
  elementAt,
  extraAt,
  most,
  portAt,
  saltAt,
  sequenceAt,
} from './layout';

const plane: usize = 4 * most;

/**
 * HalfSipHash-2-4 with 64 bits of result of address (`words` 32-bit words), port and salt, under the key (k0, k1), for
 * packets from a multiple of four on.
 */
export function cookies(from: i32, to: i32, words: i32, k0: i32, k1: i32): void {
  const blocks = words + 2;
  for (let at = 4 * <usize>from; at < 4 * <usize>to; at += 16) {
    let v0 = i32x4.splat(k0);
    let v1 = i32x4.splat(k1 ^ 0xee);
    let v2 = i32x4.splat(0x6c796765 ^ k0);
    let v3 = i32x4.splat(0x74656462 ^ k1);
    // Behind the blocks come four rounds for each half of the result, with nothing added.
    for (let block = 0; block <= blocks + 2; block++) {
      const isEnd = block > blocks;
      const m =
        block < words
          ? v128.load(addressAt + <usize>block * plane + at)
          : block == words
            ? v128.load(portAt + at)
            : block < blocks
              ? v128.load(saltAt + at)
              : i32x4.splat(isEnd ? 0 : blocks << 26);
      if (block == blocks + 1) v2 = v128.xor(v2, i32x4.splat(0xee));
      if (block == blocks + 2) v1 = v128.xor(v1, i32x4.splat(0xdd));
      v3 = v128.xor(v3, m);
      for (let round = isEnd ? 0 : 2; round < 4; round++) {
        v0 = i32x4.add(v0, v1);
        v1 = v128.xor(rotated(v1, 5), v0);
        v0 = rotated(v0, 16);
        v2 = i32x4.add(v2, v3);
        v3 = v128.xor(rotated(v3, 8), v2);
        v0 = i32x4.add(v0, v3);
        v3 = v128.xor(rotated(v3, 7), v0);
        v2 = i32x4.add(v2, v1);
        v1 = v128.xor(rotated(v1, 13), v2);
        v2 = rotated(v2, 16);
      }
      v0 = v128.xor(v0, m);
      if (isEnd) v128.store((block == blocks + 1 ? sequenceAt : extraAt) + at, v128.xor(v1, v3));
    }
  }
}

/** Writes `count` numbers from `first` on that go round below `size`. */
export function number(count: i32, first: u32, size: u32): void {
  let value = first;
  for (let at: usize = 0; at < 4 * <usize>count; at += 4) {
    store<u32>(elementAt + at, value);
    value = value + 1 == size ? 0 : value + 1;
  }
}

/** Puts the elements of a permutation of [0, size) in the place of their indices; see `base/permutation.ts`. */
export function permute(count: i32, size: u32, halfBits: i32, k0: i32, k1: i32, k2: i32, k3: i32): void {
  const mask = i32x4.splat((1 << halfBits) - 1);
  const bound = i32x4.splat(size);
  // What is not below the size may walk for ever.
  if ((count & 3) != 0) v128.store(elementAt + 4 * <usize>count, i32x4.splat(0));
  for (let at: usize = 0; at < 4 * <usize>count; at += 16) {
    let value = v128.load(elementAt + at);
    let walking = i32x4.splat(-1);
    do {
      let left = i32x4.shr_u(value, halfBits);
      let right = v128.and(value, mask);
      left = v128.xor(left, scattered(right, k0, halfBits, mask));
      right = v128.xor(right, scattered(left, k1, halfBits, mask));
      left = v128.xor(left, scattered(right, k2, halfBits, mask));
      right = v128.xor(right, scattered(left, k3, halfBits, mask));
      const next = v128.or(i32x4.shl(left, halfBits), right);
      value = v128.bitselect(next, value, walking);
      // Walks on until it lands inside.
      walking = i32x4.ge_u(value, bound);
    } while (v128.any_true(walking));
    v128.store(elementAt + at, value);
  }
}

// A decorator of AssemblyScript.
@inline
function rotated(value: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(value, bits), i32x4.shr_u(value, 32 - bits));
}

// A decorator of AssemblyScript.
@inline
function scattered(half: v128, key: i32, halfBits: i32, mask: v128): v128 {
  let scattered = i32x4.mul(v128.xor(half, i32x4.splat(key)), i32x4.splat(0x85ebca6b));
  scattered = i32x4.mul(v128.xor(scattered, i32x4.shr_u(scattered, 13)), i32x4.splat(0xc2b2ae35));
  return v128.and(i32x4.shr_u(scattered, 32 - halfBits), mask);
}
