/**
 * Probes of many questions at once: see `arithmetic.as.ts`.
 *
 * @module
 */

import {
  alikeOf,
  attemptsOf,
  linksOf,
  outstandingOf,
  portsOf,
  statesOf,
  timesOf,
} from './asked.as';
import {
  addressAt,
  elementAt,
  extraAt,
  most,
  portAt,
  sequenceAt,
  sumsAt,
  templateAt,
} from './layout';

const plane: usize = 4 * most;

/**
 * Begins the questions that stand among the elements, up to one that is not alike: gives each its port, makes its task
 * outstanding since `now`, and hooks it into the list that begins with `head`. Returns how many; the new head and how
 * many it has more stand among the sums. `asked` is where the questions' tables are, `row` the host's first task.
 */
export function begin(asked: usize, count: i32, row: u32, now: u32, head: i32): i32 {
  const alike = load<u32>(asked, alikeOf);
  const outstanding = load<u32>(asked, outstandingOf);
  const ports = <usize>load<u32>(asked, portsOf);
  const states = <usize>load<u32>(asked, statesOf);
  const attempts = <usize>load<u32>(asked, attemptsOf);
  const times = <usize>load<u32>(asked, timesOf);
  const links = <usize>load<u32>(asked, linksOf);
  let hooked = 0;
  let i = 0;
  for (; i < count; i++) {
    const at = 4 * <usize>i;
    const question = load<u32>(elementAt + at);
    if (question >= alike) break;
    const task = row + question;
    store<u32>(portAt + at, load<u16>(ports + 2 * question));
    store<u8>(states + task, <u8>outstanding);
    store<u8>(attempts + task, 1);
    store<u32>(times + 4 * task, now);
    const link = links + 4 * task;
    if (load<i32>(link) != outside) continue;
    store<i32>(link, head);
    head = <i32>task;
    hooked++;
  }
  store<f64>(sumsAt, <f64>head);
  store<f64>(sumsAt + 8, <f64>hooked);
  return i;
}

/**
 * Writes TCP probes from the template, one every `stride` bytes from `to`: the address, identification, ports,
 * numbers and checksums of each. `ipBytes` is the length of the IP header, `ipSum` the sum of its words (of the
 * IPv4 header alone), `segmentSum` that of the segment, source address, protocol and length. The source port is
 * `portBase` and those bits of the cookie that `portMask` lets through. `spoil` is for checksums meant to be wrong.
 */
export function craft(
  count: i32,
  to: usize,
  stride: usize,
  length: usize,
  ipBytes: usize,
  words: i32,
  ipSum: u32,
  segmentSum: u32,
  portBase: u32,
  portMask: u32,
  hasAck: i32,
  spoil: u32,
): void {
  let out = to;
  for (let i: usize = 0; i < 4 * <usize>count; i += 4) {
    const sequence = load<u32>(sequenceAt + i);
    const extra = load<u32>(extraAt + i);
    const port = load<u32>(portAt + i);
    const source = portBase + (extra & portMask);
    copy(out, length);
    let sum = segmentSum + source + port;
    if (words == 1) {
      const address = load<u32>(addressAt + i);
      const halves = (address >>> 16) + (address & 0xffff);
      const id = extra >>> 16;
      store<u16>(out + 4, bswap<u16>(<u16>id));
      store<u16>(out + 10, bswap<u16>(<u16>folded(ipSum + id + halves)));
      store<u32>(out + 16, bswap<u32>(address));
      sum += halves;
    } else {
      for (let word: usize = 0; word < 4; word++) {
        const address = load<u32>(addressAt + word * plane + i);
        store<u32>(out + 24 + 4 * word, bswap<u32>(address));
        sum += (address >>> 16) + (address & 0xffff);
      }
    }
    const segment = out + ipBytes;
    const numbers = (sequence >>> 16) + (sequence & 0xffff);
    store<u16>(segment, bswap<u16>(<u16>source));
    store<u16>(segment + 2, bswap<u16>(<u16>port));
    store<u32>(segment + 4, bswap<u32>(sequence));
    sum += numbers;
    if (hasAck != 0) {
      store<u32>(segment + 8, bswap<u32>(sequence));
      sum += numbers;
    }
    store<u16>(segment + 16, bswap<u16>(<u16>(folded(sum) ^ spoil)));
    out += stride;
  }
}

/** Copies the template, whole vectors of it: slots have room for that. */
// A decorator of AssemblyScript.
@inline
function copy(to: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(templateAt + at));
}

// A decorator of AssemblyScript.
@inline
function folded(sum: u32): u32 {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~(once + (once >>> 16)) & 0xffff;
}

/** What stands in a list's link that is in no list, see `timer-wheel.ts`. */
const outside = -2;
