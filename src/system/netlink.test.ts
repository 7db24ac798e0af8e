import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInterfaceAddress, readLink } from './interfaces-linux.ts';
import { readNeighbour } from './neighbours.ts';
import { type NetlinkMessage, readAttributes, readMessages, u32, writeMessage } from './netlink.ts';
import { readPrefix } from './route-classes.ts';
import { readRoute } from './route-query.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

test('netlink: what was written is read', () => {
  const attribute = fc.tuple(fc.integer({ min: 0, max: 0x3fff }), bytes(40));
  const attributes = fc.uniqueArray(attribute, { maxLength: 8, selector: ([type]) => type });
  fc.assert(
    fc.property(fc.nat(0xffff), fc.nat(0xffff), bytes(16), attributes, (type, flags, header, given) => {
      const [message, ...rest] = readMessages(writeMessage(type, flags, 7, header, given));
      expect(rest).toEqual([]);
      expect(message).toMatchObject({ type, flags, sequence: 7 });
      expect(message?.body.subarray(0, header.length)).toEqual(header);
      expect([...readAttributes(message?.body ?? header, header.length)]).toEqual(given);
    }),
  );
});

test('netlink: several messages in a datagram are read in order', () => {
  const one = writeMessage(1, 0, 1, Uint8Array.of(1, 2, 3), []);
  const two = writeMessage(2, 0, 1, Uint8Array.of(), [[5, u32(9)]]);
  expect([...readMessages(Uint8Array.of(...one, ...two))].map(({ type }) => type)).toEqual([1, 2]);
});

test('netlink: a message cut short anywhere is not read, and ends the reading', () => {
  const whole = writeMessage(24, 0, 1, new Uint8Array(12), [[1, u32(1)]]);
  for (let length = 0; length < whole.length; length++) {
    expect([...readMessages(whole.subarray(0, length))]).toEqual([]);
  }
});

test('netlink: a length of zero ends the reading instead of repeating it', () => {
  expect([...readMessages(new Uint8Array(64))]).toEqual([]);
  expect([...readAttributes(new Uint8Array(64), 0)]).toEqual([]);
});

test('netlink: no bytes make a reader throw, or see past the end', () => {
  fc.assert(
    fc.property(bytes(300), fc.nat(40), (noise, skip) => {
      for (const { body } of readMessages(noise)) expect(body.length).toBeLessThanOrEqual(noise.length - 16);
      for (const value of readAttributes(noise, skip).values()) {
        expect(value.byteOffset + value.length).toBeLessThanOrEqual(noise.byteOffset + noise.length);
      }
    }),
  );
});

test('readers of links, addresses, routes, rules, neighbours: malformed bodies never throw', () => {
  const type = fc.constantFrom(16, 20, 24, 28, 32, 72, 0);
  // Bodies that look right for a while: a plausible header, whole attributes of wrong sizes, then noise.
  const header = fc.oneof(fc.constant(Uint8Array.of(2, 24)), fc.constant(Uint8Array.of(10, 128)), bytes(20));
  const attribute = fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 18, 29, 30), bytes(20));
  fc.assert(
    fc.property(type, header, fc.nat(20), fc.array(attribute, { maxLength: 6 }), bytes(8), (...given) => {
      const [messageType, start, padding, attributes, tail] = given;
      const message = writeMessage(0, 0, 0, Uint8Array.of(...start, ...new Uint8Array(padding)), attributes);
      const body = Uint8Array.of(...message.subarray(16), ...tail);
      const malformed = { type: messageType, flags: 0, sequence: 0, body };
      readLink(malformed);
      readInterfaceAddress(malformed, () => 'x');
      readRoute(malformed);
      readPrefix(malformed, 4);
      readPrefix(malformed, 6);
      readNeighbour(malformed);
    }),
    { numRuns: 2000 },
  );
});

function linkWith(flags: number) {
  const header = Uint8Array.of(0, 0, ...[1, 0], ...u32(3), ...u32(flags), ...u32(0));
  const name = new TextEncoder().encode('eth0\0');
  const [message] = readMessages(writeMessage(16, 0, 0, header, [[3, name]]));
  return readLink(message as NetlinkMessage);
}

test('an interface on which nobody is asked for hardware addresses is told', () => {
  expect([linkWith(0x81)?.noArp, linkWith(0x1)?.noArp]).toEqual([true, undefined]);
});

test('the carrier says whether an interface bears packets, not IFF_RUNNING, which follows it by a second', () => {
  const [up, running, carrier] = [0x1, 0x40, 0x1_0000];
  const bears = (flags: number) => linkWith(flags)?.running;
  expect(bears(up | carrier)).toBe(true);
  expect(bears(up | running | carrier)).toBe(true);
  expect(bears(up | running)).toBe(false);
  expect(bears(running | carrier)).toBe(false);
});

test('an address of the wrong length or an impossible prefix is not an address', () => {
  const read = (family: number, prefix: number, address: Uint8Array) => {
    const [message] = readMessages(
      writeMessage(20, 0, 0, Uint8Array.of(family, prefix, 0, 0, ...u32(3)), [[1, address]]),
    );
    return message && readInterfaceAddress(message, () => 'eth9');
  };
  expect(read(2, 24, Uint8Array.of(10, 0, 0, 1))).toMatchObject({ index: 3, prefix: 24 });
  expect(read(2, 33, Uint8Array.of(10, 0, 0, 1))).toBeUndefined();
  expect(read(2, 24, new Uint8Array(16))).toBeUndefined();
  expect(read(10, 64, new Uint8Array(4))).toBeUndefined();
  expect(read(7, 8, new Uint8Array(4))).toBeUndefined();
});

test('an address is usable once its uniqueness is proven, or while optimistic', () => {
  const read = (flags: number) => {
    const header = Uint8Array.of(10, 64, 0, 0, ...u32(3));
    const [message] = readMessages(
      writeMessage(20, 0, 0, header, [
        [1, new Uint8Array(16)],
        [8, u32(flags)],
      ]),
    );
    return message && readInterfaceAddress(message, () => 'eth9');
  };
  expect(read(0x80)).toBeDefined();
  expect(read(0x40)).toBeUndefined();
  expect(read(0x08)).toBeUndefined();
  expect(read(0x44)).toBeDefined();
});

test('an unresolved neighbour has no hardware address', () => {
  const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
  const read = (state: number) => {
    const header = Uint8Array.of(2, 0, 0, 0, ...u32(4), state, 0, 0, 0);
    const [message] = readMessages(
      writeMessage(28, 0, 0, header, [
        [1, Uint8Array.of(10, 0, 0, 1)],
        [2, mac],
      ]),
    );
    return message && readNeighbour(message);
  };
  expect(read(2)).toEqual({ interfaceIndex: 4, address: { family: 4, value: 0x0a00_0001n }, mac });
  expect(read(1)).toBeUndefined();
  expect(read(0x20)).toBeUndefined();
});

test('a route is learned when IPv4 lets it expire or was redirected, and when IPv6 cloned it', () => {
  const read = (family: number, flags: number, expires: number) => {
    const header = Uint8Array.of(family, 0, 0, 0, 254, 0, 0, 1, ...u32(flags));
    const cache = Uint8Array.of(...u32(0), ...u32(0), ...u32(expires), ...new Uint8Array(20));
    const [message] = readMessages(writeMessage(24, 0, 0, header, [[12, cache]]));
    return message && readRoute(message)?.learned;
  };
  expect([read(2, 0x200, 0), read(2, 0x200, 90), read(2, 0x40200, 0)]).toEqual([false, true, true]);
  // A default route from a router advertisement expires, and is everybody's.
  expect([read(10, 0, 1800), read(10, 0x200, 0)]).toEqual([false, true]);
});
