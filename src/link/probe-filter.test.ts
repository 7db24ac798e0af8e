import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runFilter } from './filter-machine.laws.ts';
import { assembleProbeFilter, type PortSpan } from './probe-filter.ts';

const ports = {
  tcp: [
    [20, 25],
    [80, 80],
  ],
  udp: [[53, 53]],
} as const;
const program = assembleProbeFilter(ports, 2048);

interface Segment {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly port: number;
  readonly flags: number;
  readonly window: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly fragment: number;
  readonly headerWords: number;
}

function bytesOf({ family, protocol, port, headerWords, fragment, ...tcp }: Segment): Uint8Array {
  const header = family === 4 ? 4 * headerWords : 40;
  const bytes = new Uint8Array(header + 20);
  const view = new DataView(bytes.buffer);
  if (family === 4) {
    bytes[0] = 0x40 | headerWords;
    view.setUint16(6, fragment);
    bytes[9] = protocol;
  } else {
    bytes[0] = 0x60;
    bytes[6] = protocol;
  }
  view.setUint16(header + 2, port);
  view.setUint32(header + 4, tcp.sequence);
  view.setUint32(header + 8, tcp.acknowledgement);
  bytes[header + 13] = tcp.flags;
  view.setUint16(header + 14, tcp.window);
  return bytes;
}

/** The same, said without jumps. */
function shouldPass({
  family,
  protocol,
  port,
  flags,
  window,
  sequence,
  acknowledgement,
  fragment,
}: Segment): boolean {
  const isFragment = family === 4 ? (fragment & 0x3fff) !== 0 && [6, 17].includes(protocol) : protocol === 44;
  if (isFragment) return true;
  if (protocol === 17) return port === 53;
  const isOurs = (port >= 20 && port <= 25) || port === 80;
  return protocol === 6 && isOurs && window >= 0x8000 && ((flags & 16) === 0 || sequence === acknowledgement);
}

test('what may be a marked probe passes, and nothing else', () => {
  const number = fc.constantFrom(0, 1, 0xffff_ffff, 0x8000_0000);
  fc.assert(
    fc.property(
      fc.record({
        family: fc.constantFrom(4 as const, 6 as const),
        protocol: fc.constantFrom(6, 17, 44, 1, 58, 132),
        port: fc.constantFrom(0, 19, 20, 23, 25, 26, 53, 79, 80, 81, 65_535),
        flags: fc.nat(255),
        window: fc.constantFrom(0, 0x7fff, 0x8000, 0xffff),
        sequence: number,
        acknowledgement: number,
        fragment: fc.constantFrom(0, 0x4000, 0x2000, 1, 0x1fff),
        headerWords: fc.constantFrom(5, 6, 15),
      }),
      (segment) => {
        const type = segment.family === 4 ? 0x0800 : 0x86dd;
        expect(runFilter(program, type, bytesOf(segment))).toBe(shouldPass(segment) ? 2048 : 0);
      },
    ),
    { numRuns: 3000 },
  );
});

test('other protocols and short packets are dropped', () => {
  expect(runFilter(program, 0x0806, new Uint8Array(64))).toBe(0);
  for (let length = 0; length < 40; length++) {
    const whole = bytesOf({ ...syn, family: 4 });
    expect(runFilter(program, 0x0800, whole.subarray(0, length))).toBe(length < 36 ? 0 : 2048);
  }
});

test('any number of ports fits into what the kernel takes, and none of them is left out', () => {
  const every = Array.from({ length: 30_000 }, (_, i): PortSpan => [2 * i, 2 * i]);
  const long = assembleProbeFilter({ tcp: every, udp: every }, 100);
  expect(long.length).toBeLessThanOrEqual(4096);
  for (const port of [0, 2, 30_000, 59_998])
    expect(runFilter(long, 0x0800, bytesOf({ ...syn, family: 4, port }))).toBe(100);
  expect(runFilter(long, 0x0800, bytesOf({ ...syn, family: 4, port: 60_001 }))).toBe(0);
});

const syn = {
  protocol: 6,
  port: 23,
  flags: 2,
  window: 0xffff,
  sequence: 1,
  acknowledgement: 0,
  fragment: 0x4000,
  headerWords: 5,
};
