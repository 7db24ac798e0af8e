/**
 * What the scanner's own kernel refuses, in a lab of network namespaces: it is told as trouble on this side.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLab, type Lab } from '../../test/net/lab/lab.ts';
import { labMissing } from '../../test/net/lab/requirements.ts';
import { addressBytes } from '../model/address.ts';
import { errnoName } from '../system/errnos.ts';
import { hasLibc } from '../system/ffi.ts';
import { dialOutcomes } from './contract.ts';
import type { AttemptKind } from './dial.ts';
import { EpollConnector } from './epoll-connector.ts';
import { collect, dialAll, hello, inside, insideFor, outcomesOf, parse, probeAll } from './lab.laws.ts';
import { NodeConnector } from './node-connector.ts';
import { budgetSockets } from './socket-budget.ts';
import { UdpSockets } from './udp-sockets.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('trouble on this side', () => {
  let lab: Lab<'box'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { box: { tcp: '22', input: ['tcp dport 200-299 drop'] } } });
    lab.scanner.namespace.ip(
      'route add unreachable 10.90.1.0/24',
      'route add prohibit 10.90.2.0/24',
      'route add blackhole 10.90.3.0/24',
      'route add unreachable fd90:1::/64',
      'route add prohibit fd90:2::/64',
    );
    lab.scanner.namespace.nft(ownFirewall);
    // A neighbour is given up after one question of 0.1 s, not after three of 1 s.
    lab.scanner.namespace.configure({
      'ipv4/neigh/eth0/mcast_solicit': 1,
      'ipv6/neigh/eth0/mcast_solicit': 1,
      'ipv4/neigh/eth0/retrans_time_ms': 100,
      'ipv6/neigh/eth0/retrans_time_ms': 100,
    });
  }, 60_000);
  afterAll(() => lab?.close());

  test('what has no way out is told by start(), and never as a port state', () => {
    inside(lab.scanner.namespace, () => {
      const tcp = new EpollConnector();
      const udp = new UdpSockets();
      const begin = (text: string) => {
        const { family, value } = parse(text);
        const address = addressBytes({ family, value });
        const both = [tcp.start(1, family, address, 0, 80), udp.start(1, family, address, 0, 80, hello)];
        return both.map(errnoName);
      };
      const both = (name: string) => [name, name];
      expect(begin('192.0.2.1')).toEqual(both('ENETUNREACH'));
      expect(begin('10.90.1.1')).toEqual(both('EHOSTUNREACH'));
      expect(begin('10.90.2.1')).toEqual(both('EACCES'));
      expect(begin('10.90.3.1')).toEqual(both('EINVAL'));
      expect(begin('2001:db8::1')).toEqual(both('ENETUNREACH'));
      expect(begin('fd90:1::1')).toEqual(both('EHOSTUNREACH'));
      expect(begin('fd90:2::1')).toEqual(both('EACCES'));
      expect([tcp.outstanding, udp.outstanding]).toEqual([0, 0]);
      // The sockets are as good as new.
      const { family, value } = parse(lab.targets.box.v4);
      expect(tcp.start(1, family, addressBytes({ family, value }), 0, 100)).toBe(0);
      expect(collect(tcp, 1).get(1)?.outcome).toBe('refused');
      tcp.close();
      udp.close();
    });
  });

  test.each([4, 6] as const)('IPv%i: our own firewall is told as local trouble', (family) => {
    const host = family === 4 ? lab.targets.box.v4 : lab.targets.box.v6;
    const found = dialAll(lab.scanner.namespace, host, [100, 401, 402], 0);
    expect(outcomesOf(found)).toEqual({ 100: 'refused', 401: 'local', 402: 'local' });
    inside(lab.scanner.namespace, () => {
      const udp = new UdpSockets();
      const address = addressBytes(parse(host));
      for (const port of [400, 401, 402])
        expect(errnoName(udp.start(port, family, address, 0, port, hello))).toBe('EPERM');
      udp.close();
    });
  });

  test.each([4, 6] as const)(
    'IPv%i: a neighbour that does not answer is host-unreach',
    (family) => {
      const nobody = family === 4 ? '10.77.1.99' : 'fd77:0:0:1::99';
      const own = family === 4 ? lab.scanner.v4 : lab.scanner.v6;
      const tcp = dialAll(lab.scanner.namespace, nobody, [80], 0);
      expect(outcomesOf(tcp)).toEqual({ 80: 'host-unreach' });
      const udp = probeAll(lab.scanner.namespace, nobody, [80], 0);
      expect(udp.get(80)).toBe(`host-unreach by ${own}`);
    },
    30_000,
  );

  test.each(['127.0.0.1', '::1'])('%s: a socket that meets itself is no open port', (host) => {
    const { namespace } = lab.scanner;
    // Few ports to be given out: one in a few connections to them meets itself.
    namespace.configure({ 'ipv4/ip_local_port_range': '40000 40019' });
    const ports = Array.from({ length: 20 }, (_, i) => 40_000 + i);
    for (let round = 0; round < 50; round++) {
      const found = dialAll(namespace, host, ports, 0, { most: 2 });
      expect(new Set(Object.values(outcomesOf(found)))).toEqual(new Set(['refused']));
    }
    for (let round = 0; round < 20; round++) {
      const found = probeAll(namespace, host, ports.slice(0, 5), 0);
      expect(new Set(found.values())).toEqual(new Set([`port-unreach by ${host}`]));
    }
    namespace.configure({ 'ipv4/ip_local_port_range': '32768 60999' });
  });

  test('node: what connect() itself says is local trouble, what comes later is not', async () => {
    const { namespace } = lab.scanner;
    const found = await insideFor(namespace, async () => {
      const dialer = new NodeConnector();
      const hosts = ['192.0.2.1', '10.90.1.1', '10.90.2.1', 'fd90:2::1', '10.77.1.98', lab.targets.box.v6];
      for (const [i, host] of hosts.entries()) {
        const { family, value } = parse(host);
        expect(dialer.start(i, family, addressBytes({ family, value }), 0, 100)).toBe(0);
      }
      const told = new Map<number, string>();
      while (told.size < hosts.length) {
        await dialer.wait(1000);
        dialer.poll(0, (i, outcome, errno) => told.set(i, `${dialOutcomes[outcome]} ${errnoName(errno)}`));
      }
      dialer.close();
      return hosts.map((_, i) => told.get(i));
    });
    expect(found).toEqual([
      'local ENETUNREACH',
      'local EHOSTUNREACH',
      'local EACCES',
      'local EACCES',
      'host-unreach EHOSTUNREACH',
      'refused ECONNREFUSED',
    ]);
  });

  test('no local port left: EADDRNOTAVAIL, and it goes on when one comes free', () => {
    const address = addressBytes(parse(lab.targets.box.v4));
    inside(lab.scanner.namespace, () => {
      const dialer = new EpollConnector({ most: 50 });
      lab.scanner.namespace.configure({ 'ipv4/ip_local_port_range': '40000 40009' });
      for (let i = 0; i < 10; i++) expect(dialer.start(i, 4, address, 0, 200)).toBe(0);
      expect(errnoName(dialer.start(10, 4, address, 0, 200))).toBe('EADDRNOTAVAIL');
      expect(dialer.outstanding).toBe(10);
      dialer.cancel(3);
      expect(dialer.start(10, 4, address, 0, 200)).toBe(0);
      for (let i = 0; i <= 10; i++) dialer.cancel(i);
      expect(dialer.start(3, 4, address, 0, 22)).toBe(0);
      expect(collect(dialer, 1).get(3)?.outcome).toBe('connected');
      dialer.close();
      // One that comes now knows how many there are.
      expect(budgetSockets(alone, {}).connection).toBe(10);
      lab.scanner.namespace.configure({ 'ipv4/ip_local_port_range': '32768 60999' });
    });
  });

  test('descriptors run out: EMFILE when there is none, else fewer at once', () => {
    const address = addressBytes(parse(lab.targets.box.v4));
    inside(lab.scanner.namespace, () => {
      const dialer = new EpollConnector({ most: 500 });
      // Every number below the next one is taken.
      const next = nextDescriptor();
      const before = limitDescriptors(next);
      const none = dialer.start(1, 4, address, 0, 200);
      const { capacity } = dialer;
      limitDescriptors(next + 5);
      let begun = 0;
      let error = 0;
      while (begun < 50 && error === 0) {
        error = dialer.start(begun, 4, address, 0, 200 + begun);
        if (error === 0) begun++;
      }
      const full = dialer.start(90, 4, address, 0, 300);
      limitDescriptors(before);
      expect([errnoName(none), capacity]).toEqual(['EMFILE', 500]);
      expect([errnoName(error), errnoName(full)]).toEqual(['EMFILE', 'EAGAIN']);
      expect(begun).toBeGreaterThan(0);
      expect(begun).toBeLessThanOrEqual(5);
      expect(dialer.capacity).toBe(begun);
      for (let i = 0; i < begun; i++) dialer.cancel(i);
      for (let i = 0; i < begun; i++) expect(dialer.start(i, 4, address, 0, 300 + i)).toBe(0);
      expect(collect(dialer, begun).size).toBe(begun);
      dialer.close();
    });
  });

  test('without any privilege and with 64 descriptors everything works', async () => {
    const { scanner, targets } = lab;
    const { node, root } = scanner.namespace.paths('nobody');
    const argv = [node, '--import', `${root}/node_modules/tsx/dist/loader.mjs`, '--input-type=module', '-e'];
    const found = await scanner.namespace.run([...argv, unprivileged(root), targets.box.v4], {
      user: 'nobody',
      rlimits: { nofile: 64 },
    });
    expect(found.stderr).toBe('');
    const { uid, capacity, connected, refused, silent, udp } = JSON.parse(found.stdout);
    expect([uid > 0, connected, refused, silent]).toEqual([true, [22], 299, 100]);
    expect(udp).toEqual({ 100: '3/3' });
    // Node 22 and its loader hold nearly all of them: one at a time must do.
    expect(capacity).toBeGreaterThanOrEqual(1);
    expect(capacity).toBeLessThan(48);
  }, 60_000);
});

/** Sets the process's descriptor limit and returns the one before. Root may raise it again. */
function limitDescriptors(limit: bigint | number): bigint {
  const before = new BigUint64Array(2);
  if (getrlimit(openFiles, before) !== 0) throw new Error('getrlimit');
  if (setrlimit(openFiles, BigUint64Array.of(BigInt(limit), before[1] as bigint)) !== 0) throw new Error();
  return before[0] as bigint;
}

/** The number the next descriptor would get. */
function nextDescriptor(): number {
  const fd = openSync('/dev/null', 'r');
  closeSync(fd);
  return fd;
}

/** What a user without privilege runs. */
function unprivileged(root: string): string {
  return `
    import { EpollConnector } from '${root}/src/dial/epoll-connector.ts';
    import { UdpSockets } from '${root}/src/dial/udp-sockets.ts';
    import { dialOutcomes } from '${root}/src/dial/contract.ts';
    import { budgetSockets } from '${root}/src/dial/socket-budget.ts';
    const address = Uint8Array.from(process.argv[1].split('.').map(Number));
    const alone = { dials: 1, dialogues: 0, kinds: new Set(['connection']) };
    const { connection: capacity } = budgetSockets(alone, {});
    const dialer = new EpollConnector({ most: capacity });
    const found = { connected: [], refused: 0, silent: 0, other: [] };
    const sink = (port, outcome) => {
      const name = dialOutcomes[outcome];
      if (name === 'connected') found.connected.push(port);
      else if (name === 'refused') found.refused++;
      else found.other.push([port, name]);
    };
    const silentOnes = [];
    for (let port = 1; port <= 400; ) {
      const error = dialer.start(port, 4, address, 0, port);
      if (error === 0) { if (port >= 200 && port < 300) silentOnes.push(port); port++; }
      else if (dialer.poll(2, sink) === 0) { dialer.cancel(silentOnes.shift()); found.silent++; }
    }
    while (dialer.outstanding > silentOnes.length) dialer.poll(100, sink);
    found.silent += silentOnes.length;
    dialer.close();
    const udp = {};
    const datagrams = new UdpSockets();
    datagrams.start(100, 4, address, 0, 100, new Uint8Array(0));
    while (datagrams.outstanding > 0) datagrams.poll(100, { icmp: (port, type, code) => { udp[port] = type + '/' + code; } });
    process.stdout.write(JSON.stringify({ uid: process.getuid(), capacity, ...found, udp }));
  `;
}

const alone = { dials: 1, dialogues: 0, kinds: new Set<AttemptKind>(['connection']) };
const openFiles = 7;
const library = hasLibc ? koffi.load('libc.so.6') : undefined;
const getrlimit = library?.func('int getrlimit(int, void *)') as (what: number, limit: unknown) => number;
const setrlimit = library?.func('int setrlimit(int, void *)') as (what: number, limit: unknown) => number;

const ownFirewall = `table inet own {
  chain output {
    type filter hook output priority 0;
    udp dport 400 drop
    meta l4proto { tcp, udp } th dport 401 reject with icmpx port-unreachable
    meta l4proto { tcp, udp } th dport 402 reject with icmpx admin-prohibited
  }
}`;
