/**
 * What real kernels say, in labs of network namespaces: this thread enters the scanner's and dials from there.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLab, type Lab, type LabPlan } from '../../test/net/lab/lab.ts';
import type { Namespace } from '../../test/net/lab/namespace.ts';
import { mustRunSync } from '../../test/net/lab/process.ts';
import { labMissing } from '../../test/net/lab/requirements.ts';
import { behavioursOf, describePlan, planLab } from '../../test/net/plan.ts';
import { addressBytes, addressFromBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { parsePortRanges } from '../model/ports.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import { hasLibc } from '../system/ffi.ts';
import { icmpMeaning } from '../wire/meaning.ts';
import { type DatagramDialer, type Dialer, type DialOptions, dialOutcomes } from './contract.ts';
import type { Dial } from './dial.ts';
import { EpollConnector } from './epoll-connector.ts';
import { NodeConnector } from './node-connector.ts';
import { openDial } from './open-dial.ts';
import { UdpSockets } from './udp-sockets.ts';

const missing = labMissing();

// A bare veth answers inside connect(), a wire later: the ways in which answers come differ.
const wires = [
  ['at once', {}],
  ['after 1 ms', { wire: { delayMs: 1 } }],
] as const;

describe.skipIf(missing !== undefined).each(wires)('answers come %s', (_, wire) => {
  let lab: Lab<'box'>;
  beforeAll(async () => {
    const { wire: _, ...plan } = planLab(['box'], true);
    const base: LabPlan<'box'> = { ...plan, ...wire };
    const { box } = base.targets;
    lab = await createLab({
      ...base,
      forward: [...(base.forward ?? []), ...udpForward],
      targets: { box: { ...box, udp: '7', input: [...(box.input ?? []), ...udpInput] } },
    });
    const { namespace } = lab.targets.box;
    // A second address that the host itself does not choose.
    const others = ['10.77.2.200', 'fd77:0:0:2::c8'];
    namespace.ip(
      `addr add ${others[0]}/24 dev eth0`,
      `addr add ${others[1]}/64 dev eth0 nodad preferred_lft 0`,
    );
    const child = namespace.spawn([process.execPath, '-e', otherPlaceServer, ...others]);
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  }, 60_000);
  afterAll(() => lab?.close());

  describe.each([4, 6] as const)('IPv%i', (family) => {
    const own = () => (family === 4 ? lab.targets.box.v4 : lab.targets.box.v6);

    test('connect: every port is what the plan makes of it', () => {
      const expected = new Map<number, string>();
      for (const { ports, connect } of behavioursOf(family))
        for (const port of parsePortRanges(ports)) expected.set(port, connect.reason);
      for (let round = 0; round < 3; round++) {
        const found = dialAll(lab.scanner.namespace, own(), [...expected.keys()], silentPorts);
        expect(outcomesOf(found), describePlan()).toEqual(Object.fromEntries(expected));
      }
    });

    test('dialogues: opening one tells the same, with the sender of an ICMP error', async () => {
      const expected = new Map<number, string>();
      for (const { ports, connect } of behavioursOf(family))
        for (const port of parsePortRanges(ports)) expected.set(port, connect.reason);
      const router = family === 4 ? lab.router.v4 : lab.router.v6;
      const host = parse(own());
      const found = await talkInside(lab.scanner.namespace, (dial) =>
        Promise.all(
          [...expected.keys()].map(async (port) => {
            const opened = await dial.open({ host, port, transport: 'tcp', timeoutUs: 800_000 });
            const sender = 'sender' in opened && opened.sender ? textOf(opened.sender) : undefined;
            return { port, outcome: opened.outcome === 'timeout' ? 'no-response' : opened.outcome, sender };
          }),
        ),
      );
      expect(Object.fromEntries(found.map(({ port, outcome }) => [port, outcome])), describePlan()).toEqual(
        Object.fromEntries(expected),
      );
      const senders = Object.fromEntries(found.map(({ port, sender }) => [port, sender]));
      expect([senders[300], senders[310], senders[360]]).toEqual([undefined, own(), router]);
    });

    test('dialogues: datagrams from another port, and ICMP errors with their sender', async () => {
      const router = family === 4 ? lab.router.v4 : lab.router.v6;
      const host = parse(own());
      const [tftp, shy, prohibited] = await talkInside(lab.scanner.namespace, (dial) =>
        Promise.all(
          [69, 71, 502].map(async (port) => {
            const opened = await dial.open({ host, port, transport: 'udp', timeoutUs: 800_000 });
            if (opened.outcome !== 'connected') throw new Error(opened.outcome);
            opened.dialogue.send(Buffer.from('hello'));
            return opened.dialogue.read(100, performance.now() * 1000 + 800_000);
          }),
        ),
      );
      expect(tftp).toEqual({
        kind: 'bytes',
        bytes: Uint8Array.from(Buffer.from('from elsewhere')),
        senderPort: 1069,
      });
      // What a stranger says is not the target's answer.
      expect(shy).toEqual({ kind: 'timeout' });
      expect(prohibited).toMatchObject({
        kind: 'failed',
        outcome: 'admin-prohibited',
        sender: addressBytes(parse(router)),
      });
    });

    test('connect: an ICMP error is told with its sender, a reset without', () => {
      const router = family === 4 ? lab.router.v4 : lab.router.v6;
      const found = dialAll(lab.scanner.namespace, own(), [100, 300, 310, 311, 360, 361], 0);
      expect(Object.fromEntries([...found].map(([port, { sender }]) => [port, sender]))).toEqual({
        100: undefined,
        300: undefined,
        310: own(),
        311: own(),
        360: router,
        361: router,
      });
    });

    test('connect: an error for an attempt that was given up is not blamed on the next one', () => {
      inside(lab.scanner.namespace, () => {
        const dialer = new EpollConnector({ most: 1 });
        const address = addressBytes(parse(own()));
        for (let i = 0; i < 20; i++) {
          expect(dialer.start(1, family, address, 0, 310)).toBe(0);
          dialer.cancel(1);
          expect(dialer.start(2, family, address, 0, 200)).toBe(0);
          expect(poll(dialer, 2)).toEqual([]);
          dialer.cancel(2);
        }
        dialer.close();
      });
    });

    test('connect: thousands of ports on few sockets', () => {
      const ports = Array.from({ length: 20_000 }, (_, i) => 1000 + i);
      const found = dialAll(lab.scanner.namespace, own(), ports, 0, { most: 40 });
      const odd = [...found].filter(([, { outcome }]) => outcome !== 'refused').map(([port]) => port);
      expect(found.size).toBe(20_000);
      expect(odd).toEqual([8080]);
    });

    test('udp: answers, and errors with type, code and sender', () => {
      const router = family === 4 ? lab.router.v4 : lab.router.v6;
      const found = probeAll(lab.scanner.namespace, own(), [71, 7, 69, 100, 500, 501, 502, 503, 504], 3);
      expect(Object.fromEntries(found)).toEqual({
        7: 'response "hello" from 7',
        69: 'response "from elsewhere" from 1069',
        71: 'silent',
        100: `port-unreach by ${own()}`,
        500: 'silent',
        501: `host-unreach by ${own()}`,
        502: `admin-prohibited by ${router}`,
        503: `port-unreach by ${router}`,
        504: 'silent',
      });
    });
  });

  test('connections are reset and every attempt sends one fresh SYN', () => {
    const { namespace, v4 } = lab.targets.box;
    namespace.nft(counting);
    const ports = parsePortRanges('100-139').concat(22, 80, 443);
    const rounds = 50;
    for (let i = 0; i < rounds; i++) dialAll(lab.scanner.namespace, v4, ports, 0, { most: 10 });
    const counters = () => countersOf(namespace);
    expect(counters()).toEqual({ syn: ports.length * rounds, rst: 3 * rounds, fin: 0 });
    namespace.nft('delete table inet counting');
  });

  test('the asked port, address and interface are used', () => {
    const { namespace, v4, v6 } = lab.targets.box;
    const { scanner } = lab;
    scanner.namespace.ip(
      'addr add 10.77.1.200/24 dev eth0',
      'link add aside type veth peer name beside',
      'link set aside up',
      'link set beside up',
      'addr add 10.88.0.1/24 dev aside',
    );
    scanner.namespace.configure({
      'ipv4/neigh/aside/mcast_solicit': 1,
      'ipv4/neigh/aside/retrans_time_ms': 100,
    });
    namespace.nft(picky);
    // Behind a silent port stands one that answers: what was to come has come by then.
    const dial = (address: string, port: number, options: DialOptions = {}) =>
      outcomesOf(dialAll(scanner.namespace, address, [port, 700], 1, options))[port];
    const source = addressBytes(parse('10.77.1.200'));
    expect(dial(v4, 600, { sourcePort: 5353 })).toBe('refused');
    expect(dial(v6, 600, { sourcePort: 5353 })).toBe('refused');
    expect(dial(v4, 600)).toBe('no-response');
    expect(dial(v4, 601, { sourceAddress: source })).toBe('refused');
    expect(dial(v4, 601)).toBe('no-response');
    expect(dial(v4, 601, { sourceAddress: source, interfaceName: 'eth0' })).toBe('refused');
    // The target is not on that link, and a bound socket does not look elsewhere.
    const aside = dialAll(scanner.namespace, v4, [100], 0, { interfaceName: 'aside' });
    expect(outcomesOf(aside)).toEqual({ 100: 'host-unreach' });
    const udp = (port: number, options: DialOptions = {}) =>
      probeAll(scanner.namespace, v4, [port, 700], 1, options).get(port);
    expect(udp(602, { sourcePort: 5353 })).toBe(`port-unreach by ${v4}`);
    expect(udp(602)).toBe('silent');
    const echo = probeAll(scanner.namespace, v4, [7], 0, { sourcePort: 5353, sourceAddress: source });
    expect(echo.get(7)).toBe('response "hello" from 7');
    namespace.nft('delete table inet picky');
    scanner.namespace.ip('addr del 10.77.1.200/24 dev eth0', 'link del aside');
  });

  test('one source port serves many ports at once', () => {
    const ports = parsePortRanges('100-139');
    const found = dialAll(lab.scanner.namespace, lab.targets.box.v4, ports, 0, { sourcePort: 53 });
    expect(new Set(Object.values(outcomesOf(found)))).toEqual(new Set(['refused']));
    expect(found.size).toBe(ports.length);
  });
});

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
      const next = new EpollConnector();
      expect(next.capacity).toBe(10);
      next.close();
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

/** Runs code with this thread in a namespace; sockets stay where they were made. */
function inside<T>(namespace: Namespace, code: () => T): T {
  const leave = enter(namespace);
  try {
    return code();
  } finally {
    leave();
  }
}

/** The same for code that waits; whatever else this thread does meanwhile, it does there. */
async function insideFor<T>(namespace: Namespace, code: () => Promise<T>): Promise<T> {
  const leave = enter(namespace);
  try {
    return await code();
  } finally {
    leave();
  }
}

/** Holds dialogues from a namespace; the loop may sleep, since nobody it talks to lives on this thread. */
function talkInside<T>(namespace: Namespace, work: (dial: Dial) => Promise<T>): Promise<T> {
  return insideFor(namespace, async () => {
    const dial = openDial({
      origin: {},
      kinds: new Set(),
      payloadsFor: () => [],
      proxies: [],
      clock: () => performance.now() * 1000,
      complain: () => undefined,
      mostOpen: 64,
      mostPps: Number.POSITIVE_INFINITY,
      intervalUs: 0,
      isAllowed: () => true,
    });
    let isOver = false;
    const result = work(dial).finally(() => {
      isOver = true;
    });
    result.catch(() => undefined);
    while (!isOver) {
      dial.poll(20, () => undefined);
      if (dial.isAsync) await dial.wait(0);
    }
    dial.close();
    return result;
  });
}

function textOf(bytes: Uint8Array): string {
  return formatAddress(addressFromBytes(bytes));
}

function enter(namespace: Namespace): () => void {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const there = openSync(`/run/netns/${namespace.name}`, 'r');
  if (setns(there, newNetwork) !== 0) throw new Error(`setns: errno ${koffi.errno()}`);
  return () => {
    expect(setns(home, newNetwork)).toBe(0);
    closeSync(there);
    closeSync(home);
  };
}

interface Found {
  readonly outcome: string;
  readonly sender: string | undefined;
}

/** Dials every port once and waits until all but `silent` of them were told. */
function dialAll(
  namespace: Namespace,
  host: string,
  ports: readonly number[],
  silent: number,
  options: DialOptions = {},
): Map<number, Found> {
  return inside(namespace, () => {
    const dialer = new EpollConnector(options);
    const { family, value } = parse(host);
    const address = addressBytes({ family, value });
    const found = new Map<number, Found>();
    const waiting = [...ports].reverse();
    const deadline = performance.now() + patienceMs;
    while (found.size < ports.length - silent && performance.now() < deadline) {
      for (let port = waiting.pop(); port !== undefined; port = waiting.pop()) {
        const error = dialer.start(port, family, address, 0, port);
        if (error === 0) continue;
        if (error !== errnos.EAGAIN) throw new Error(`port ${port}: ${errnoName(error)}`);
        waiting.push(port);
        break;
      }
      for (const [port, each] of poll(dialer, 20)) {
        if (found.has(port)) throw new Error(`port ${port} told twice`);
        found.set(port, each);
      }
    }
    expect(dialer.outstanding).toBe(ports.length - found.size);
    for (const port of ports) {
      if (found.has(port)) continue;
      dialer.cancel(port);
      found.set(port, { outcome: 'no-response', sender: undefined });
    }
    expect(dialer.outstanding).toBe(0);
    dialer.close();
    return found;
  });
}

/** The same for UDP, in one line a port. */
function probeAll(
  namespace: Namespace,
  host: string,
  ports: readonly number[],
  silent: number,
  options: DialOptions = {},
): Map<number, string> {
  return inside(namespace, () => {
    const dialer: DatagramDialer = new UdpSockets(options);
    const { family, value } = parse(host);
    const found = new Map<number, string>();
    const tell = (port: number, text: string) => {
      if (found.has(port)) throw new Error(`port ${port} told twice`);
      found.set(port, text);
    };
    for (const port of ports) {
      expect(dialer.start(port, family, addressBytes({ family, value }), 0, port, hello)).toBe(0);
      // Once more from the same port: an answer to either counts, and only once.
      expect(dialer.start(port, family, addressBytes({ family, value }), 0, port, hello)).toBe(0);
    }
    const deadline = performance.now() + patienceMs;
    while (found.size < ports.length - silent && performance.now() < deadline) {
      dialer.poll(20, {
        response: (port, bytes, from) =>
          tell(port, `response ${JSON.stringify(Buffer.from(bytes).toString())} from ${from}`),
        icmp: (port, type, code, sender) =>
          tell(
            port,
            `${icmpMeaning(family, type, code)} by ${formatAddress(addressFromBytes(sender.slice()))}`,
          ),
        local: (port, errno) => tell(port, `local ${errnoName(errno)}`),
      });
    }
    expect(dialer.outstanding).toBe(ports.length - found.size);
    for (const port of ports) if (!found.has(port)) tell(port, 'silent');
    dialer.close();
    return found;
  });
}

function collect(dialer: Dialer, count: number): Map<number, Found> {
  const found = new Map<number, Found>();
  const deadline = performance.now() + patienceMs;
  while (found.size < count && performance.now() < deadline)
    for (const [token, each] of poll(dialer, 20)) found.set(token, each);
  return found;
}

function poll(dialer: Dialer, timeoutMs: number): [number, Found][] {
  const told: [number, Found][] = [];
  dialer.poll(timeoutMs, (token, outcome, _, sender) => {
    const from = sender === undefined ? undefined : formatAddress(addressFromBytes(sender));
    told.push([token, { outcome: dialOutcomes[outcome] as string, sender: from }]);
  });
  return told;
}

function outcomesOf(found: ReadonlyMap<number, Found>): Record<number, string> {
  return Object.fromEntries([...found].map(([port, { outcome }]) => [port, outcome]));
}

function countersOf(namespace: Namespace): Record<string, number> {
  const json = mustRunSync(['ip', 'netns', 'exec', namespace.name, 'nft', '-j', 'list', 'counters']);
  const rows = JSON.parse(json).nftables as { counter?: { name: string; packets: number } }[];
  return Object.fromEntries(rows.flatMap(({ counter: c }) => (c === undefined ? [] : [[c.name, c.packets]])));
}

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

function parse(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return address;
}

/** What a user without privilege runs. */
function unprivileged(root: string): string {
  return `
    import { EpollConnector } from '${root}/src/dial/epoll-connector.ts';
    import { UdpSockets } from '${root}/src/dial/udp-sockets.ts';
    import { dialOutcomes } from '${root}/src/dial/contract.ts';
    const address = Uint8Array.from(process.argv[1].split('.').map(Number));
    const dialer = new EpollConnector();
    const capacity = dialer.capacity;
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

const hello = new TextEncoder().encode('hello');
const patienceMs = 15_000;
const newNetwork = 0x4000_0000;
const openFiles = 7;
/** Ports of the plan that never answer. */
const silentPorts = 10;
const library = hasLibc ? koffi.load('libc.so.6') : undefined;
const setns = library?.func('int setns(int, int)') as (fd: number, kind: number) => number;
const getrlimit = library?.func('int getrlimit(int, void *)') as (what: number, limit: unknown) => number;
const setrlimit = library?.func('int setrlimit(int, void *)') as (what: number, limit: unknown) => number;

const udpInput = [
  'udp dport 500 drop',
  'meta nfproto ipv4 udp dport 501 reject with icmp host-unreachable',
  'meta nfproto ipv6 udp dport 501 reject with icmpv6 addr-unreachable',
];
const udpForward = [
  'udp dport 502 reject with icmpx admin-prohibited',
  'udp dport 503 reject with icmpx port-unreachable',
  'udp dport 504 drop',
];

/** Asked on port 69 it answers from another port, as TFTP does; asked on port 71, from another address. */
const otherPlaceServer = `
  const { createSocket } = require('node:dgram');
  for (const [type, address] of [['udp4', process.argv[1]], ['udp6', process.argv[2]]]) {
    const make = () => createSocket({ type, ipv6Only: type === 'udp6' });
    const [tftp, port, shy, stranger] = [make(), make(), make(), make()];
    port.bind(1069);
    stranger.bind(1070, address);
    tftp.on('message', (_, from) => port.send('from elsewhere', from.port, from.address));
    shy.on('message', (_, from) => stranger.send('who, me?', from.port, from.address));
    shy.bind(71);
    tftp.bind(69, () => type === 'udp6' && setImmediate(() => console.log('ready')));
  }`;

const counting = `table inet counting {
  counter syn { }
  counter rst { }
  counter fin { }
  chain input {
    type filter hook input priority -10;
    tcp flags & (syn|ack) == syn counter name syn
    tcp flags & rst == rst counter name rst
    tcp flags & fin == fin counter name fin
  }
}`;

const picky = `table inet picky {
  chain input {
    type filter hook input priority -10;
    tcp dport 600 tcp sport != 5353 drop
    ip saddr != 10.77.1.200 tcp dport 601 drop
    udp dport 602 udp sport != 5353 drop
  }
}`;

const ownFirewall = `table inet own {
  chain output {
    type filter hook output priority 0;
    udp dport 400 drop
    meta l4proto { tcp, udp } th dport 401 reject with icmpx port-unreachable
    meta l4proto { tcp, udp } th dport 402 reject with icmpx admin-prohibited
  }
}`;
