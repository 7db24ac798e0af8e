/**
 * What real kernels answer, in labs of network namespaces.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLab, type Lab, type LabPlan } from '../../test/net/lab/lab.ts';
import type { Namespace } from '../../test/net/lab/namespace.ts';
import { mustRunSync } from '../../test/net/lab/process.ts';
import { labMissing } from '../../test/net/lab/requirements.ts';
import { behavioursOf, describePlan, planLab } from '../../test/net/plan.ts';
import { addressBytes, addressFromBytes, formatAddress } from '../model/address.ts';
import { parsePortRanges } from '../model/ports.ts';
import type { DialOptions } from './contract.ts';
import type { Dial } from './dial.ts';
import { EpollConnector } from './epoll-connector.ts';
import { dialAll, inside, insideFor, outcomesOf, parse, poll, probeAll } from './lab.laws.ts';
import { driven, plainDial } from './plain-dial.laws.ts';

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

/** Holds dialogues from a namespace; the loop may sleep, since nobody it talks to lives on this thread. */
function talkInside<T>(namespace: Namespace, work: (dial: Dial) => Promise<T>): Promise<T> {
  return insideFor(namespace, async () => {
    const dial = plainDial();
    const result = driven(work(dial), async () => {
      dial.poll(20, () => undefined);
      if (dial.isAsync) await dial.wait(0);
    });
    return result.finally(() => dial.close());
  });
}

function textOf(bytes: Uint8Array): string {
  return formatAddress(addressFromBytes(bytes));
}

function countersOf(namespace: Namespace): Record<string, number> {
  const json = mustRunSync(['ip', 'netns', 'exec', namespace.name, 'nft', '-j', 'list', 'counters']);
  const rows = JSON.parse(json).nftables as { counter?: { name: string; packets: number } }[];
  return Object.fromEntries(rows.flatMap(({ counter: c }) => (c === undefined ? [] : [[c.name, c.packets]])));
}

/** Ports of the plan that never answer. */
const silentPorts = 10;

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
