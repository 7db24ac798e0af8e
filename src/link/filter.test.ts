import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Accepted, assembleFilter } from './filter.ts';
import { encodeFilter } from './filter-assembler.ts';
import { runFilter } from './filter-machine.laws.ts';

/** What should pass, said a second time and without jumps. Undefined: too short, so that it must be dropped. */
function shouldPass(accepted: Accepted, etherType: number, p: Uint8Array): boolean {
  const byte = (at: number) => p[at] ?? Number.NaN;
  const half = (at: number) => byte(at) * 256 + byte(at + 1);
  const isOurs = (at: number, length: number) => {
    const ours = (accepted.addresses ?? []).filter((address) => address.length === length);
    if (ours.length === 0 || ours.length > 8) return length === 4 ? byte(at) < 224 : byte(at) < 255;
    return ours.some((address) => address.every((b, i) => b === byte(at + i)));
  };
  const { localPorts, singlePorts = [] } = accepted;
  const isOurPort = (at: number) =>
    singlePorts.includes(half(at)) ||
    (localPorts !== undefined && half(at) >= localPorts.first && half(at) <= localPorts.last);
  const hasPorts = (protocol: number) => [6, 17, 132].includes(protocol);
  if (etherType === 0x0806) return accepted.neighbours === true;
  if (etherType === 0x0800) {
    if (p.length < 17 || !isOurs(16, 4)) return false;
    if ((half(6) & 0x1fff) !== 0) return accepted.allProtocols === true;
    const header = (byte(0) & 15) * 4;
    if (hasPorts(byte(9))) return isOurPort(header + 2);
    if (accepted.allProtocols) return true;
    if (byte(9) !== 1 || !accepted.icmp) return false;
    if ([0, 14, 16, 18].includes(byte(header))) return true;
    if (![3, 4, 5, 11, 12].includes(byte(header))) return false;
    if (header + 18 > p.length) return false;
    if (!hasPorts(byte(header + 17))) return true;
    return isOurPort(header + 8 + (byte(header + 8) & 15) * 4);
  }
  if (etherType !== 0x86dd || p.length < 7) return false;
  const next = byte(6);
  const isAlert = next === 0 && byte(40) === 58;
  if (accepted.neighbours && (next === 58 || next === 0) && p.length < 41) return false;
  if (accepted.neighbours && isAlert && p.length < 49) return false;
  if (accepted.neighbours && next === 58 && byte(40) === 136) return true;
  if (accepted.neighbours && isAlert && [131, 143].includes(byte(48))) return true;
  if (!isOurs(24, 16)) return false;
  if (hasPorts(next)) return isOurPort(42);
  if ([0, 43, 44, 51, 60].includes(next)) return true;
  if (next !== 58 || accepted.allProtocols) return accepted.allProtocols === true;
  if (!accepted.icmp) return false;
  if (byte(40) === 129) return true;
  if (byte(40) >= 128 || p.length < 55) return false;
  return hasPorts(byte(54)) ? isOurPort(88) : true;
}

const mostSinglePorts = 250;
const v4Address = Uint8Array.of(10, 0, 0, 1);
const v6Address = Uint8Array.from({ length: 16 }, (_, i) => i);

const anyAccepted: fc.Arbitrary<Accepted> = fc
  .record({
    ports: fc.option(fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 300 }))),
    singles: fc.array(fc.integer({ min: 0, max: 65535 }), { maxLength: mostSinglePorts }),
    icmp: fc.boolean(),
    neighbours: fc.boolean(),
    allProtocols: fc.boolean(),
    others: fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
      ),
      { maxLength: 12 },
    ),
    withOwn: fc.boolean(),
  })
  .map(({ ports, singles, icmp, neighbours, allProtocols, others, withOwn }) => ({
    singlePorts: singles,
    icmp,
    neighbours,
    allProtocols,
    addresses: withOwn ? [...others.slice(0, 4), v4Address, v6Address] : others,
    ...(ports !== null && {
      localPorts: { first: ports[0], last: Math.min(65535, ports[0] + ports[1]) },
    }),
  }));

/** Bytes that are often packets: the fields that decide are drawn from what matters. */
function packetFor(accepted: Accepted): fc.Arbitrary<{ etherType: number; bytes: Uint8Array }> {
  const port = fc.oneof(
    fc.constantFrom(accepted.localPorts?.first ?? 1, accepted.localPorts?.last ?? 1),
    fc.constantFrom(...(accepted.singlePorts?.length ? accepted.singlePorts : [1])),
    fc.integer({ min: 0, max: 65535 }),
  );
  return fc
    .record({
      etherType: fc.constantFrom(0x0800, 0x86dd, 0x0806, 0x88cc),
      bytes: fc.uint8Array({ minLength: 0, maxLength: 140 }),
      size: fc.integer({ min: 0, max: 140 }),
      protocol: fc.constantFrom(1, 6, 17, 58, 132, 0, 43, 44, 51, 60, 47, 50),
      quoted: fc.constantFrom(1, 6, 17, 132, 58, 58),
      type: fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 18, 128, 129, 131, 135, 136, 143),
      header: fc.integer({ min: 5, max: 15 }),
      inner: fc.integer({ min: 5, max: 15 }),
      fragment: fc.constantFrom(0, 0, 0, 0x2000, 0x2001, 1),
      port,
      whole: fc.boolean(),
      own: fc.boolean(),
    })
    .map((draw) => {
      const bytes = new Uint8Array(draw.whole ? 140 : draw.size);
      bytes.set(draw.bytes.subarray(0, bytes.length));
      const put = (at: number, ...values: number[]) => {
        for (const [i, value] of values.entries()) if (at + i < bytes.length) bytes[at + i] = value;
      };
      const ports = [draw.port >> 8, draw.port & 255];
      if (draw.etherType === 0x0800) {
        put(0, 0x40 | draw.header);
        put(6, draw.fragment >> 8, draw.fragment & 255);
        put(9, draw.protocol);
        if (draw.own) put(16, ...v4Address);
        const at = draw.header * 4;
        if (draw.protocol === 1) {
          put(at, draw.type);
          put(at + 8, 0x40 | draw.inner);
          put(at + 17, draw.quoted);
          put(at + 8 + draw.inner * 4, ...ports);
        } else put(at + 2, ...ports);
      } else {
        put(6, draw.protocol);
        if (draw.own) put(24, ...v6Address);
        if (draw.protocol === 0) {
          put(40, draw.quoted);
          put(48, draw.type);
        }
        if (draw.protocol === 58) {
          put(40, draw.type);
          put(54, draw.quoted);
          put(88, ...ports);
        } else if (draw.protocol !== 0) put(42, ...ports);
      }
      return { etherType: draw.etherType, bytes };
    });
}

describe('filter', () => {
  test('passes exactly what it says it passes, whatever the packet and the wishes', () => {
    let passed = 0;
    let dropped = 0;
    fc.assert(
      fc.property(
        anyAccepted.chain((accepted) => fc.tuple(fc.constant(accepted), packetFor(accepted))),
        fc.constantFrom(0, 14),
        ([accepted, { etherType, bytes }], linkBytes) => {
          const frame = new Uint8Array([...new Uint8Array(linkBytes).fill(0x45), ...bytes]);
          const result = runFilter(assembleFilter(accepted, 176, linkBytes), etherType, frame);
          expect(result).toBe(shouldPass(accepted, etherType, bytes) ? linkBytes + 176 : 0);
          if (result > 0) passed++;
          else dropped++;
        },
      ),
      { numRuns: 5000 },
    );
    // Both sides were really tried.
    expect(Math.min(passed, dropped)).toBeGreaterThan(500);
  });

  test('an empty wish passes nothing', () => {
    fc.assert(
      fc.property(packetFor({}), ({ etherType, bytes }) => {
        const isV6Extension = etherType === 0x86dd && [0, 43, 44, 51, 60].includes(bytes[6] ?? -1);
        fc.pre(!isV6Extension);
        expect(runFilter(assembleFilter({}, 176), etherType, bytes)).toBe(0);
      }),
    );
  });

  test('finds the port behind IPv4 options and in a quote with options of its own', () => {
    const accepted = { localPorts: { first: 40000, last: 40063 }, icmp: true };
    const program = assembleFilter(accepted, 176);
    const reset = new Uint8Array(44);
    reset.set([0x46]);
    reset.set([6], 9);
    reset.set([40010 >> 8, 40010 & 255], 24 + 2);
    expect(runFilter(program, 0x0800, reset)).toBe(176);
    const error = new Uint8Array(24 + 8 + 28 + 8);
    error.set([0x46]);
    error.set([1], 9);
    error.set([3, 13], 24);
    error.set([0x47], 32);
    error.set([6], 41);
    error.set([40063 >> 8, 40063 & 255], 60);
    expect(runFilter(program, 0x0800, error)).toBe(176);
    error.set([40064 >> 8, 40064 & 255], 60);
    expect(runFilter(program, 0x0800, error)).toBe(0);
  });

  test('stays within what the kernel takes, with as many addresses as it compares', () => {
    const addresses = Array.from({ length: 8 }, (_, i) => [
      new Uint8Array(4).fill(i),
      new Uint8Array(16).fill(i),
    ]).flat();
    const program = assembleFilter(
      { localPorts: { first: 1, last: 2 }, icmp: true, neighbours: true, addresses },
      176,
    );
    expect(program.length).toBeLessThan(255);
    expect(encodeFilter(program)).toHaveLength(program.length * 8);
    // BPF_MAXINSNS.
    const singlePorts = Array.from({ length: mostSinglePorts }, (_, i) => 3 * i);
    const wide = { localPorts: { first: 1, last: 2 }, singlePorts, icmp: true, neighbours: true, addresses };
    expect(assembleFilter(wide, 176).length).toBeLessThan(4096);
    expect(() => assembleFilter({ ...wide, singlePorts: [...singlePorts, 9] }, 176)).toThrow(
      '251 single ports',
    );
  });
});
