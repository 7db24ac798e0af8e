/**
 * The small services of old: daytime (RFC 867), time (868), echo (862), chargen (864), finger (1288). What they say has
 * a shape, not a name, so they are told with less certainty. Discard says nothing and is not told.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { isoTime, secondsTo1970 } from '../../iso-time.ts';
import { beginsWith, bytesOf, linesOf, textOf } from '../../text.ts';

/** The time in words: one line, then the end. */
export const daytime: Protocol = {
  name: 'daytime',
  transport: 'tcp',
  ports: [13],
  greeting: true,
  parse: (bytes) => {
    const text = textOf(bytes).trim();
    return bytes.length < 64 && daytimeText.test(text) ? { facts: { time: text }, confidence: 7 } : undefined;
  },
  products: [],
};

/** Seconds since 1900 in four bytes. */
export const time: Protocol = {
  name: 'time',
  transport: 'tcp',
  ports: [37],
  greeting: true,
  isOnlyAtHome: true,
  parse: parseTime,
  products: [],
};

/** Says what it hears. */
export const echo: Protocol = {
  name: 'echo',
  transport: 'tcp',
  ports: [7],
  request: { cost: 8, bytes: () => bytesOf(echoed) },
  // A request of HTTP comes back as well.
  parse: (bytes) =>
    beginsWith(bytes, echoed) || (beginsWith(bytes, 'GET / HTTP/1.1\r\nHost: ') && linesOf(bytes).length > 3)
      ? { facts: {}, confidence: 7 }
      : undefined,
  isWhole: (bytes) => beginsWith(bytes, echoed),
  products: [],
};

/** Characters without end, in lines that are moved by one. */
export const chargen: Protocol = {
  name: 'chargen',
  transport: 'tcp',
  ports: [19],
  greeting: true,
  parse: parseChargen,
  isWhole: (bytes) => parseChargen(bytes) !== undefined,
  products: [],
};

/** Who is there; an empty line asks. */
export const finger: Protocol = {
  name: 'finger',
  transport: 'tcp',
  ports: [79],
  request: { cost: 8, bytes: () => bytesOf('\r\n') },
  parse: (bytes) => {
    const [first = '', second = ''] = linesOf(bytes, 8, true).filter((line) => line.trim() !== '');
    const isKnown = /^(?:Login\s+Name\s+Tty\b|No one logged on\.?$|Welcome to Linux version \d)/.test(first);
    const isNobody = /^finger: (?:GET|\/): no such user\.?$/.test(second || first);
    return isKnown || isNobody ? { facts: {}, confidence: 7 } : undefined;
  },
  products: [],
};

/** A time of this century, or nobody knows what four bytes are. */
function parseTime(bytes: Uint8Array): Parsed | undefined {
  const seconds = new ByteReader(bytes).u32() - secondsTo1970;
  const told = isoTime(seconds);
  if (bytes.length !== 4 || seconds < earliest || seconds > latest || told === undefined) return undefined;
  return { facts: { time: told }, confidence: 7 };
}

function parseChargen(bytes: Uint8Array): Parsed | undefined {
  const [first = '', second = ''] = linesOf(bytes, 2);
  const isMoved = first.length === 72 && second.length === 72 && first.slice(1) === second.slice(0, 71);
  return isMoved && /^[ -~]*$/.test(first) ? { facts: {}, confidence: 7 } : undefined;
}

const daytimeText =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:[A-Z][a-z]{2,8} {1,2}\d{1,2},?|\d{1,2} [A-Z]{3}|\d{2,4}[-/.]\d{2}[-/.]\d{2,4}),? [\d: ,A-Za-z+-]{4,32}$/;
const echoed = 'Portolan asks whether this is echoed\r\n';
/** 2020 and 2036, when the count begins again. */
const earliest = 1_577_836_800;
const latest = 2_085_978_496;
