import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SeededRandom } from '../base/random.ts';
import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { libc } from './ffi.ts';
import { addresses, inNamespace, ip, named, parse, routes, rules } from './namespace.laws.ts';
import { u32 } from './netlink.ts';
import type { Route } from './route.ts';
import { Routes } from './routes.ts';

inNamespace(() => {
  describe('routes', () => {
    test('every kind of route is told by its own word', () => {
      const ways = new Routes();
      const kind = (text: string) => ways.lookup(parse(text)).kind;
      expect(kind('10.1.0.1')).toBe('local');
      expect(kind('10.64.1.2')).toBe('local');
      expect(kind('10.1.0.255')).toBe('broadcast');
      expect(kind('224.0.0.5')).toBe('multicast');
      expect(kind('10.1.0.9')).toBe('unicast');
      expect(kind('10.30.1.1')).toBe('unreachable');
      expect(kind('10.31.1.1')).toBe('prohibited');
      expect(kind('10.32.1.1')).toBe('blackhole');
      // "throw" leaves the table, and no other table knows a way.
      expect(kind('10.33.1.1')).toBe('none');
      expect(kind('10.70.1.1')).toBe('unicast');
      expect(kind('10.81.0.1')).toBe('prohibited');
      expect(kind('2001:db8:30::1')).toBe('unreachable');
      expect(kind('2001:db8:31::1')).toBe('prohibited');
      expect(kind('2001:db8:32::1')).toBe('blackhole');
      expect(kind('fd01::1')).toBe('local');
      expect(kind('ff02::1')).toBe('multicast');
    });

    test('a next hop of the other family, a smaller MTU and a VLAN are told', () => {
      const ways = new Routes();
      const show = ({ interface: way, gateway, mtu }: Route) => [
        way?.name,
        gateway && formatAddress(gateway),
        mtu,
      ];
      expect(show(ways.lookup(parse('10.40.1.1')))).toEqual(['near', 'fe80::fe%near', undefined]);
      expect(show(ways.lookup(parse('10.60.1.1')))).toEqual(['near', '10.1.0.253', 1300]);
      expect(show(ways.lookup(parse('10.20.1.1')))).toEqual(['near.7', '10.7.0.254', undefined]);
      expect(show(ways.lookup(parse('10.1.0.77')))).toEqual(['near', undefined, undefined]);
      expect(show(ways.lookup(parse('10.9.0.2')))).toEqual(['tun9', undefined, undefined]);
    });

    test('a packet bound to an interface or a source is asked about as such', () => {
      const ways = new Routes();
      const target = parse('10.90.1.1');
      expect(ways.lookup(target).interface?.name).toBe('near');
      expect(ways.lookup(target, { source: parse('10.1.0.2') }).interface?.name).toBe('near.7');
      expect(ways.lookup(target, { interfaceName: 'far2' }).interface?.name).toBe('far2');
      expect(ways.lookup(parse('fe80::77%far2')).interface?.name).toBe('far2');
      expect(ways.lookup(parse('fe80::77%near')).interface?.name).toBe('near');
      const foreign = ways.lookup(target, { source: parse('203.0.113.5') });
      expect([foreign.kind, foreign.source && formatAddress(foreign.source)]).toEqual([
        'unicast',
        '203.0.113.5',
      ]);
      expect(() => ways.lookup(target, { interfaceName: 'nowhere' })).toThrow(
        'found no such interface, only lo',
      );
    });

    test('next hops chosen by hash are asked for each address', () => {
      const ways = new Routes();
      const hops = (base: bigint, family: 4 | 6) =>
        new Set(
          Array.from(
            { length: 64 },
            (_, i) => ways.lookup({ family, value: base + BigInt(i) }).gateway?.value,
          ),
        );
      expect(hops(parse('10.50.0.0').value, 4).size).toBe(2);
      expect(hops(parse('10.50.9.0').value, 4).size).toBe(2);
      expect(hops(parse('2001:db8:50::').value, 6).size).toBe(2);
      expect(ways.lookup(parse('10.50.0.0')).isItsOwn).toBe(true);
    });

    const bindings = [
      [4, '', {}],
      [4, 'oif near', { interfaceName: 'near' }],
      [4, 'oif near2', { interfaceName: 'near2' }],
      [4, 'from 10.1.0.2', { source: parse('10.1.0.2') }],
      [6, '', {}],
      [6, 'oif near', { interfaceName: 'near' }],
      [6, 'oif near2', { interfaceName: 'near2' }],
      [6, 'from fd01::1', { source: parse('fd01::1') }],
    ] as const;

    test.each(bindings)(
      'IPv%i %s: agrees with ip, inside every prefix and at its edges',
      (family, words, options) => {
        const ways = new Routes();
        const targets = interesting(family);
        const found = targets.map((target) => [formatAddress(target), summary(ways.lookup(target, options))]);
        const expected = ipRoutes(
          targets,
          words,
          'source' in options ? formatAddress(options.source) : undefined,
        );
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      },
    );

    test('IPv4 by number: the same', () => {
      const [ways, other] = [new Routes(), new Routes()];
      for (const target of interesting(4)) {
        expect(ways.lookupV4(Number(target.value))).toEqual(other.lookup(target));
      }
    });

    test('what is known stays until it is asked anew', () => {
      const ways = new Routes();
      const gateway = () => ways.lookup(parse('10.77.0.1')).gateway?.value;
      const before = gateway();
      ip('route add 10.77.0.0/16 via 10.1.0.99');
      expect(gateway()).toBe(before);
      ways.refresh();
      expect(gateway()).toBe(parse('10.1.0.99').value);
    });

    const withRule = (rule: string) => {
      ip(
        `rule add ${rule} to 10.91.0.0/16 lookup 102 pref 50`,
        'route add 10.91.0.0/16 via 10.7.0.91 table 102',
      );
      onTestFinished(() => ip('rule del pref 50', 'route del 10.91.0.0/16 table 102'));
    };

    test('the usual way is not that of a protocol with a rule of its own', () => {
      withRule('ipproto udp');
      const ways = new Routes();
      const target = parse('10.91.0.1');
      const udp = { protocol: 17, first: 0, last: 65_535 };
      expect(ways.lookup(target).interface?.name).toBe('near');
      expect(ways.lookupFlow(target, undefined).interface?.name).toBe('near');
      expect(ways.lookupFlow(target, udp).interface?.name).toBe('near.7');
    });

    test('rules about sources hold for the source that the kernel chooses', () => {
      withRule('from 10.1.0.1');
      const { interface: way, source } = new Routes().lookup(parse('10.91.0.1'));
      expect([way?.name, source && formatAddress(source)]).toEqual(['near.7', '10.1.0.1']);
    });

    test('a path MTU learned for one host is not taken for its neighbours', () => {
      const ways = new Routes();
      sayTooBig(parse('203.0.113.7'), 1000);
      expect(ways.lookup(parse('203.0.113.7'))).toMatchObject({ mtu: 1000, isItsOwn: true });
      const other = ways.lookup(parse('203.0.113.8'));
      expect([other.mtu, other.isItsOwn]).toEqual([undefined, undefined]);
    });

    test('without IPv6 there is no way, and no trouble', () => {
      writeFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1');
      const { kind } = new Routes().lookup(parse('2001:db8::1'));
      writeFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', '0');
      expect(kind).toBe('none');
    });
  });
});

/**
 * Lets a router on the link of `near` say that packets to `target` are too big (RFC 1191). What it quotes is
 * an echo reply, which the kernel believes it sent without looking for a socket.
 */
function sayTooBig(target: Address, mtu: number): void {
  const quoted = v4(parse('10.1.0.1'), target, Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 1));
  const icmp = withChecksum(Uint8Array.of(3, 4, 0, 0, 0, 0, mtu >> 8, mtu & 255, ...quoted), 2);
  const packet = v4(parse('10.1.0.254'), parse('10.1.0.1'), icmp);
  const frame = Uint8Array.of(...(named('near').mac ?? []), 2, 0, 0, 0, 0, 0xfe, 8, 0, ...packet);
  const fd = libc().socket(17, 3, 0);
  const to = Uint8Array.of(17, 0, 8, 0, ...u32(named('far').index), ...new Uint8Array(12));
  expect(libc().sendto(fd, frame, frame.length, 0, to, to.length)).toBe(frame.length);
  libc().close(fd);
}

function v4(source: Address, destination: Address, payload: Uint8Array): Uint8Array {
  const start = [0x45, 0, 0, 20 + payload.length, 0, 1, 0, 0, 64, 1, 0, 0];
  const header = Uint8Array.of(...start, ...addressBytes(source), ...addressBytes(destination));
  return Uint8Array.of(...withChecksum(header, 10), ...payload);
}

function withChecksum(bytes: Uint8Array, at: number): Uint8Array {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  bytes.set([(~sum >> 8) & 255, ~sum & 255], at);
  return bytes;
}

/** Around every prefix of the namespace: its first and last addresses, those beside it, and some within. */
function interesting(family: 4 | 6): Address[] {
  const random = new SeededRandom(7);
  const bits = family === 4 ? 32 : 128;
  const words = [...addresses, ...routes, ...rules].flatMap((line) => line.split(' '));
  const bases = words.filter((word) =>
    (family === 4 ? /^\d+\.\d+\.\d+\.\d+/ : /^[0-9a-f]*:[0-9a-f:]*/).test(word),
  );
  const values = new Set<bigint>();
  for (const base of [...(family === 4 ? moreV4 : moreV6), ...bases]) {
    const [text = '', length = `${bits}`] = base.split('/');
    const low = BigInt(bits - Number(length));
    const first = (parse(text).value >> low) << low;
    const size = 1n << low;
    for (const offset of [-1n, 0n, 1n, size / 2n, size - 1n, size]) values.add(first + offset);
    for (let i = 0; i < 6; i++) values.add(first + (BigInt(random.nextUint32()) * size) / 2n ** 32n);
  }
  return [...values]
    .filter((value) => value >= 0n && value < 1n << BigInt(bits))
    .map((value) => ({ family, value }));
}

/** What `ip route get` says of each address, asked in one batch. */
function ipRoutes(
  targets: readonly Address[],
  words: string,
  source: string | undefined,
): [string, string][] {
  const texts = targets.map(formatAddress);
  const input = texts.map((text) => `route get ${text} ${words}\n`).join('');
  const { stdout, stderr } = spawnSync('ip', ['-j', '-force', '-batch', '-'], { input, encoding: 'utf8' });
  // A refused line is told on standard error; the others answer in order.
  const refused = new Map<number, string>();
  for (const [, why, line] of stderr.matchAll(/^RTNETLINK answers: (.+)\nCommand failed -:(\d+)$/gm)) {
    refused.set(Number(line), refusals[why as string] ?? (why as string));
  }
  const answers = stdout.trim().split('\n').values();
  return texts.map((text, i) => [
    text,
    refused.get(i + 1) ?? summaryOfJson(JSON.parse(answers.next().value as string)[0], source),
  ]);
}

interface IpRoute {
  readonly type?: string;
  readonly dev?: string;
  readonly prefsrc?: string;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
}

function summaryOfJson({ type = 'unicast', dev, prefsrc, gateway, via }: IpRoute, source?: string): string {
  return [type, dev, source ?? prefsrc, gateway ?? via?.host].join(' ');
}

function summary({ kind, interface: way, source, gateway }: Route): string {
  const text = (address: Address | undefined) => address && formatAddress(address).replace(/%.*/, '');
  if (way === undefined) return kind;
  return [kind, way.name, text(source), text(gateway)].join(' ');
}

const refusals: Record<string, string> = {
  'No route to host': 'unreachable',
  'Permission denied': 'prohibited',
  'Invalid argument': 'blackhole',
  'Network is unreachable': 'none',
};

/** Where the source address depends on the destination, and what has a meaning without a route. */
const moreV4 = [
  '0.0.0.0',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '224.0.0.0/24',
  '255.255.255.255',
  '203.0.113.0/24',
  '100.64.0.0/10',
];
const moreV6 = [
  '::',
  '::1',
  '::/96',
  '::ffff:0:0/96',
  '2002::/16',
  '2001::/32',
  '2001:10::/28',
  'fc00::/7',
  'fec0::/10',
  'fe80::/10',
  'ff00::/8',
  'ff02::/16',
  '2001:db8:fe00::/40',
  '3ffe::/16',
  '2001:db8:0:8000::/49',
  '64:ff9b::/96',
];
