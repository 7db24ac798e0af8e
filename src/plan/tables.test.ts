import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePortRanges } from '../model/ports.ts';
import { fastCount, popularPorts } from './popular-ports.ts';
import { protocolName, protocolsNamed } from './protocol-names.ts';
import { matcher, portsNamed, registeredPorts, serviceName } from './service-names.ts';
import { popularSctp } from './tables/popular-sctp.ts';
import { popularTcp } from './tables/popular-tcp.ts';
import { popularUdp } from './tables/popular-udp.ts';
import { vendorOf } from './vendors.ts';

describe('service names', () => {
  test.each([
    ['tcp', 22, 'ssh'],
    ['tcp', 80, 'http'],
    ['tcp', 443, 'https'],
    ['tcp', 6000, 'x11'],
    ['tcp', 6063, 'x11'],
    ['udp', 53, 'domain'],
    ['udp', 51820, 'wireguard'],
    ['sctp', 38412, 'ng-control'],
    ['tcp', 65535, undefined],
    ['udp', 22, 'ssh'],
    ['tcp', 4, undefined],
  ] as const)('%s/%i is %s', (transport, port, name) => {
    expect(serviceName(transport, port)).toBe(name);
  });

  test('lead back to their ports', () => {
    for (const transport of ['tcp', 'udp', 'sctp'] as const) {
      for (const port of registeredPorts(transport)) {
        expect(
          portsNamed(transport, (serviceName(transport, port) as string).replaceAll('*', '?')),
        ).toContain(port);
        if (port > 300) break;
      }
    }
  });

  test('are registered for thousands of ports, ascending', () => {
    const ports = [...registeredPorts('tcp')];
    expect(ports.length).toBeGreaterThan(5800);
    expect(ports).toEqual([...ports].sort((a, b) => a - b));
  });

  test('stars and question marks match as regular expressions would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, letters, (glob, text) => {
        const regular = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matcher(glob)(text)).toBe(regular.test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('IP protocol names', () => {
  test.each([
    [0, 'hopopt'],
    [1, 'icmp'],
    [6, 'tcp'],
    [17, 'udp'],
    [33, 'dccp'],
    [41, 'ipv6'],
    [47, 'gre'],
    [50, 'esp'],
    [58, 'ipv6-icmp'],
    [88, 'eigrp'],
    [89, 'ospfigp'],
    [94, 'ipip'],
    [103, 'pim'],
    [108, 'ipcomp'],
    [112, 'vrrp'],
    [115, 'l2tp'],
    [132, 'sctp'],
    [136, 'udplite'],
    [139, 'hip'],
    [140, 'shim6'],
    [143, 'ethernet'],
    [147, 'bit-emu'],
    [148, undefined],
    [255, undefined],
  ] as const)('%i is %s', (number, name) => {
    expect(protocolName(number)).toBe(name);
  });

  test('lead to numbers, common names too', () => {
    expect(protocolsNamed('icmp*')).toEqual([1]);
    expect(protocolsNamed('ICMPv6')).toEqual([58]);
    expect(protocolsNamed('ospf')).toEqual([89]);
    expect(protocolsNamed('nosuch')).toEqual([]);
  });
});

describe('popular ports', () => {
  test.each([
    ['tcp', popularTcp, 1000],
    ['udp', popularUdp, 200],
    ['sctp', popularSctp, 100],
  ] as const)('%s: a list of our own of valid ports', (transport, tiers, least) => {
    const ports = tiers.flatMap(([, text]) => parsePortRanges(text));
    expect(ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536)).toBe(true);
    expect(new Set(ports).size).toBeGreaterThanOrEqual(least);
    expect(popularPorts(transport, new Set(ports).size)).toEqual([...new Set(ports)]);
    expect(fastCount[transport]).toBe(100);
    expect(tiers.every(([why]) => why !== '')).toBe(true);
  });

  test('of TCP stand once in the list', () => {
    const ports = popularTcp.flatMap(([, text]) => parsePortRanges(text));
    expect(ports.length).toBe(new Set(ports).size);
  });

  test('any number of them, each once, never port 0, all in the end', () => {
    for (const transport of ['tcp', 'udp', 'sctp'] as const) {
      for (const count of [1, 100, 1000, 10_000, 65_535]) {
        const ports = popularPorts(transport, count);
        expect(new Set(ports).size).toBe(count);
        expect(ports).not.toContain(0);
      }
    }
  });

  test('the rest follows by rule: registered services, then all others', () => {
    const tcp = popularPorts('tcp', 65_535);
    expect(tcp.indexOf(3)).toBeGreaterThan(tcp.indexOf(29));
    expect(tcp.at(-1)).toBe(65_534);
  });

  test('the everyday ones are in the thousand', () => {
    const everyday = [
      21, 22, 25, 53, 80, 110, 143, 443, 445, 993, 1194, 1433, 1883, 3306, 3389, 5432, 5900, 6379, 8080, 8443,
      9200, 25565, 27017,
    ];
    expect(popularPorts('tcp', 1000)).toEqual(expect.arrayContaining(everyday));
    expect(popularPorts('udp', 100)).toEqual(
      expect.arrayContaining([53, 67, 69, 123, 137, 161, 500, 1900, 4500, 5353]),
    );
  });
});

describe('vendors', () => {
  const mac = (text: string) => Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));

  test('by the longest registered prefix', () => {
    expect(vendorOf(mac('00:00:00:12:34:56'))).toMatch(/xerox/i);
    expect(vendorOf(mac('00:50:56:00:00:01'))).toMatch(/vmware/i);
    expect(vendorOf(mac('b8:27:eb:00:00:01'))).toMatch(/raspberry/i);
  });

  test('nobody for what no registry gave out', () => {
    expect(vendorOf(mac('02:00:00:00:00:05'))).toBeUndefined();
    expect(vendorOf(mac('ff:ff:ff:ff:ff:ff'))).toBeUndefined();
    expect(vendorOf(new Uint8Array(8))).toBeUndefined();
  });
});
