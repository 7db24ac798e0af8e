import { describe, expect, test } from 'vitest';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import { payloadsFor } from '../../techniques/payloads/index.ts';
import type { Technique } from '../../techniques/technique.ts';
import { clashOf, type Put } from './clash.ts';
import { misfitOf } from './misfit.ts';
import { plainVariant, type Variant } from './variant.ts';

const { syn, ack, udp, 'ip-protocol': ip } = portTechniques;
const echo = hostTechniques['ping-echo'];

describe('two questions to one host', () => {
  test.each<[string, Put, Put, ReturnType<typeof clashOf>]>([
    ['from ports of the cookie', put(syn, 80), put(syn, 80, { badChecksum: true }), 'none'],
    [
      'from different fixed ports',
      put(syn, 80, { sourcePort: 20 }),
      put(syn, 80, { sourcePort: 53 }),
      'none',
    ],
    ['from a fixed port and others', put(syn, 80, { sourcePort: 20 }), put(syn, 80), 'none'],
    ['about different ports', put(syn, 80, from53), put(syn, 81, from53), 'none'],
    ['of different transports', put(syn, 53, from53), put(udp, 53, from53), 'none'],
    ['from one port', put(syn, 80, from53), put(syn, 80, { ...from53, badChecksum: true }), 'while-open'],
    ['twice the same from one port', put(syn, 80, from53), put(syn, 80, from53), 'while-open'],
    [
      'of two techniques from one port',
      put(syn, 80, from53),
      put(ack, 80, { ...from53, ttl: 5 }),
      'while-open',
    ],
    ['for another hop from one port', put(syn, 80, from53), put(syn, 80, { ...from53, ttl: 5 }), 'none'],
    ['of a service with ids', put(udp, 53, from53), put(udp, 53, { ...from53, ipId: 1 }), 'while-open'],
    ['of a service without ids', put(udp, 9, from53), put(udp, 9, { ...from53, ipId: 1 }), 'ever'],
    ['with data of their own', put(udp, 53, from53), put(udp, 53, { ...from53, data: one }), 'ever'],
    ['for another hop, without ids', put(udp, 9, from53), put(udp, 9, { ...from53, ttl: 5 }), 'ever'],
    ['about an IP protocol', put(ip, 50), put(ip, 50, { ttl: 5 }), 'ever'],
    ['by echo requests', put(echo, 0), put(echo, 0, { ttl: 5 }), 'none'],
  ])('%s', (_, a, b, clash) => {
    expect([clashOf(a, b, payloadsFor), clashOf(b, a, payloadsFor)]).toEqual([clash, clash]);
  });
});

test('what a probe has no place for is named, unless the plain one says it as well', () => {
  const misfit = (technique: Technique, change: Partial<Variant>, family: 4 | 6 = 4) =>
    misfitOf(technique, { ...plainVariant, ...change }, plainVariant, family);
  expect(
    misfit(syn, { sourcePort: 53, window: 1, tcpOptions: one, flags: 3, data: one, ipId: 7 }),
  ).toBeUndefined();
  expect(misfit(syn, { ipId: 7 }, 6)).toBe('ipId');
  expect(misfit(syn, { ipOptions: one }, 6)).toBe('ipOptions');
  expect(misfit(udp, { window: 1 })).toBe('window');
  expect(misfit(udp, { tcpOptions: new Uint8Array(0) })).toBe('tcpOptions');
  expect(misfit(hostTechniques['ping-syn'], { flags: 3 })).toBe('flags');
  expect(misfit(portTechniques['sctp-init'], { data: one })).toBe('data');
  expect(misfit(echo, { sourcePort: 53 })).toBe('sourcePort');
  expect(misfitOf(echo, { ...from53, ttl: 3 }, from53, 4)).toBeUndefined();
});

const one = Uint8Array.of(1);
const from53: Variant = { ...plainVariant, sourcePort: 53 };

function put(technique: Technique, port: number, change: Partial<Variant> = {}): Put {
  return { technique, port, variant: { ...plainVariant, ...change } };
}
