import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import { optionWords } from '../cli/option-words.ts';
import { Batch } from '../engine/batch/batch.ts';
import { nanosecondsAt, secondsAt } from '../engine/batch/layout.ts';
import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { errnoName } from '../system/errnos.ts';
import { libc } from '../system/ffi.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { writeIpv4Checksum } from '../wire/checksum.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { writeTransportChecksum } from '../wire/transport-checksum.ts';
import { type BatchTaker, type Link, monotonicUs } from './link.ts';
import { type LinkWants, openLink } from './open.ts';
import { closeSpareRing, prepareRing } from './packet-ring.ts';
import { Neighbours } from './resolve.ts';

/** Real links between two namespaces: ours ("a") and the target's ("b"), joined by a veth pair and by TUNs. */
const prefix = `pl${process.pid}`;
const [a, b] = [`${prefix}a`, `${prefix}b`];

const missing = whyNot();
const hasSlowQueues = canSlowDown();
const title = missing === undefined ? 'links in namespaces' : `links in namespaces (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let home = -1;
  let tuns: readonly [number, number] = [-1, -1];
  const listeners: number[] = [];

  beforeAll(() => {
    for (const name of [a, b]) {
      ip(`netns add ${name}`);
      ip(`-n ${name} link set lo up`);
      // Nothing but what the tests send shall be on the links.
      inside(name, 'sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0');
    }
    ip(`link add v0 netns ${a} type veth peer name v0 netns ${b}`);
    for (const [name, last] of [
      [a, 1],
      [b, 2],
    ] as const) {
      ip(`-n ${name} addr add 10.87.0.${last}/24 dev v0`);
      ip(`-n ${name} addr add fd87::${last}/64 dev v0 nodad`);
      ip(`-n ${name} link set v0 up`);
    }
    home = openSync('/proc/thread-self/ns/net', 'r');
    tuns = [openTun(b, 2), openTun(a, 1)];
    for (const name of [b, a]) {
      enter(name);
      listeners.push(listen(8080));
    }
  });

  afterAll(() => {
    if (home >= 0) setns(home);
    for (const fd of [...listeners, ...tuns]) if (fd >= 0) libc().close(fd);
    for (const name of [a, b]) spawnSync('ip', ['netns', 'del', name]);
  });

  /** Carries packets between the two TUNs. */
  function pump(): void {
    for (const [from, to] of [tuns, [...tuns].reverse()] as const) {
      for (let length = readTun(from as number); length > 0; length = readTun(from as number)) {
        writeSync(to as number, tunBuffer, 0, length);
      }
    }
  }

  const places = [
    { link: 'v0', from: '10.87.0.1', to: '10.87.0.2' },
    { link: 'v0', from: 'fd87::1', to: 'fd87::2' },
    { link: 'tun0', from: '10.88.0.1', to: '10.88.0.2' },
    { link: 'tun0', from: 'fd88::1', to: 'fd88::2' },
    { link: 'lo', from: '127.0.0.1', to: '127.0.0.1' },
    { link: 'lo', from: '::1', to: '::1' },
    { link: 'lo', from: '10.87.0.1', to: '10.87.0.1' },
    { link: 'lo', from: 'fd87::1', to: 'fd87::1' },
    { link: 'lo', from: '10.87.0.1', to: '127.0.0.1' },
  ] as const;

  test.each(places)(
    'a SYN from $from to $to on $link is answered: open, closed',
    ({ link: name, from, to }) => {
      const link = open(name, { localPorts, icmp: true, addresses: [bytesOf(from)] });
      const startUs = monotonicUs();
      send(link, from, to, [8080, 9]);
      const answers = receive(link, 2, pump);
      expect(answers.map(({ port, flags }) => `${port} ${flags}`)).toEqual(['8080 SA', '9 RA']);
      for (const { atUs, source } of answers) {
        expect(source).toBe(to);
        expect(atUs).toBeGreaterThan(startUs - clockErrorUs);
        expect(atUs).toBeLessThanOrEqual(monotonicUs());
      }
      expect(link.isUp()).toBe(true);
      expect(link.drops()).toBe(0);
      link.close();
    },
  );

  test('a ring made ahead serves the next Ethernet link, and only one', async () => {
    await settled();
    await prepareRing();
    await prepareRing();
    const before = sockets();
    const own = open('lo', { localPorts });
    const link = open('v0', { localPorts });
    expect(sockets() - before).toBe(own.descriptors.length + 2);
    send(link, '10.87.0.1', '10.87.0.2', [8080]);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    const other = open('v0', { localPorts });
    send(other, '10.87.0.1', '10.87.0.2', [9]);
    expect(receive(other, 1).map(({ flags }) => flags)).toEqual(['RA']);
    for (const each of [own, link, other]) each.close();
    await vi.waitFor(() => expect(sockets()).toBe(before - 1));
  });

  test('a ring that nobody took is given back', async () => {
    await settled();
    const before = sockets();
    await prepareRing();
    expect(sockets()).toBe(before + 1);
    closeSpareRing();
    await vi.waitFor(() => expect(sockets()).toBe(before));
  });

  test('our own link-local address is reached through the interface it is local to', () => {
    const own = listInterfaces()
      .find(({ name }) => name === 'v0')
      ?.addresses.find(({ address }) => address.zone !== undefined)?.address as Address;
    const text = formatAddress({ family: own.family, value: own.value });
    const link = open('lo', { localPorts });
    send(link, text, text, [8080]);
    // The SYN itself is no answer: it is addressed to port 8080.
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    link.close();
  });

  test('one queue takes both families in turn', () => {
    const link = open('lo', { localPorts });
    send(link, '127.0.0.1', '127.0.0.1', [8080], 0, false);
    send(link, '::1', '::1', [8080], 1, false);
    send(link, '127.0.0.1', '127.0.0.1', [9], 2, false);
    expect(link.flush()).toBe(3);
    expect(receive(link, 3).map(({ source, flags }) => `${source} ${flags}`)).toEqual([
      '127.0.0.1 SA',
      '::1 SA',
      '127.0.0.1 RA',
    ]);
    link.close();
  });

  test('only answers to our ports arrive, nothing of what leaves', () => {
    const link = open('v0', { localPorts: { first: 40000, last: 40031 }, icmp: true });
    // Port 40000 there: the SYNs themselves, if they were seen, would pass the filter.
    send(link, '10.87.0.1', '10.87.0.2', [40000], 0, true, 40032);
    send(link, '10.87.0.1', '10.87.0.2', [40000], 0, true, 40031);
    const answers = receive(link, 1);
    expect(answers.map(({ localPort, flags }) => `${localPort} ${flags}`)).toEqual(['40031 RA']);
    expect(link.receive(() => {}, 10)).toBe(0);
    link.close();
  });

  test('errors pass that quote our ports, others do not', () => {
    inside(b, 'nft add table inet t');
    inside(b, 'nft add chain inet t c { type filter hook input priority 0 ; }');
    inside(b, 'nft add rule inet t c tcp dport 666 reject with icmpx admin-prohibited');
    const link = open('v0', { localPorts, icmp: true });
    for (const [from, to] of [
      ['10.87.0.1', '10.87.0.2'],
      ['fd87::1', 'fd87::2'],
    ] as const) {
      send(link, from, to, [666], 0, true, 39999);
      send(link, from, to, [666]);
      const [error, ...others] = receive(link, 1);
      expect([error?.icmpType, error?.localPort]).toEqual([from.includes(':') ? 1 : 3, 40000]);
      expect(others).toEqual([]);
    }
    inside(b, 'nft delete table inet t');
    link.close();
  });

  test('frames of another VLAN do not arrive, those with a mere priority tag do', () => {
    const link = open('v0', { localPorts });
    enter(b);
    const other = open('v0', {});
    for (const [port, tag] of [
      [1, [0x81, 0, 0, 5]],
      [2, [0x81, 0, 0xe0, 0]],
      [3, []],
    ] as const) {
      const frame = new Uint8Array(58 + tag.length);
      frame.set([...(link.mac as Uint8Array), ...(other.mac as Uint8Array), ...tag, 8, 0]);
      const at = 14 + tag.length;
      frame.set([0x45, 0, 0, 44, 0, 0, 0, 0, 64, 6], at);
      frame.set([10, 87, 0, 2, 10, 87, 0, 1, 0, port, 40000 >> 8, 40000 & 255], at + 12);
      frame[at + 32] = 0x60;
      expect(other.sendFrame(frame)).toBe(true);
    }
    other.close();
    enter(a);
    expect(receive(link, 2).map(({ port }) => port)).toEqual([2, 3]);
    link.close();
  });

  test('a packet the kernel refuses stops the queue there and says why; discarded, the others go on', () => {
    const link = open('v0', { localPorts, packetBytes: 4000 });
    const mac = resolve('10.87.0.2');
    send(link, '10.87.0.1', '10.87.0.2', [1], 0, false);
    link.stage(1, 3000, link.neighbour(mac, 4));
    send(link, '10.87.0.1', '10.87.0.2', [3], 2, false);
    expect(link.flush()).toBe(1);
    expect(link.trouble).toBe(0);
    expect(link.flush()).toBe(0);
    expect(errnoName(link.trouble)).toBe('EMSGSIZE');
    link.discard();
    expect(link.flush()).toBe(1);
    expect(link.trouble).toBe(0);
    expect(link.flush()).toBe(0);
    expect(link.trouble).toBe(0);
    expect(receive(link, 2).map(({ port }) => port)).toEqual([1, 3]);
    link.close();
  });

  test('the queue goes round: staged packets leave in order, whatever was taken before', () => {
    const link = open('v0', { localPorts, slots: 8, packetBytes: 4000 });
    const neighbour = link.neighbour(resolve('10.87.0.2'), 4);
    const stage = (slot: number, ports: readonly number[]) =>
      send(link, '10.87.0.1', '10.87.0.2', ports, slot, false);
    let port = 1;
    for (let round = 0; round < 20; round++) {
      stage(0, [port++, port++]);
      link.stage(7, 3000, neighbour);
      expect(link.flush()).toBe(2);
      expect(link.flush()).toBe(0);
      // The refused one stands at the third place; six behind it go round the end, where another is refused.
      stage(0, [port++, port++, port++, port++, port++]);
      link.stage(6, 3000, neighbour);
      stage(5, [port++]);
      expect(() => link.stage(0, 40, neighbour)).toThrow('cannot stage');
      link.discard();
      expect(link.flush()).toBe(5);
      expect(link.trouble).toBe(0);
      expect(link.flush()).toBe(0);
      expect(errnoName(link.trouble)).toBe('EMSGSIZE');
      link.discard();
      expect(link.flush()).toBe(1);
    }
    expect(receive(link, 160).map((answer) => answer.port)).toEqual(
      Array.from({ length: 160 }, (_, i) => i + 1),
    );
    link.close();
  });

  test('slots staged at once leave like those staged one by one, whatever stood there before', () => {
    const memory = Batch.open()!;
    const link = open('v0', {
      localPorts,
      slots: 16,
      packetBytes: 4000,
      memory: (bytes) => memory.take(bytes),
    });
    expect(memory.owns(link.transmit)).toBe(true);
    const mac = resolve('10.87.0.2');
    let port = 0;
    const run = (slot: number, count: number, family: 4 | 6) => {
      const [from, to] = family === 4 ? ['10.87.0.1', '10.87.0.2'] : ['fd87::1', 'fd87::2'];
      let length = 0;
      for (let i = 0; i < count; i++) length = writeSyn(link, slot + i, from, to, ++port);
      link.stageRun(slot, count, length, link.neighbour(mac, family));
    };
    const one = (slot: number) => send(link, '10.87.0.1', '10.87.0.2', [++port], slot, false);
    for (let round = 0; round < 10; round++) {
      run(0, 5, 4);
      one(5);
      run(6, 10, 4);
      expect(link.flush()).toBe(16);
      run(0, 16, 4);
      expect(link.flush()).toBe(16);
      run(0, 3, 4);
      run(3, 4, 6);
      one(15);
      expect(link.flush()).toBe(8);
      run(0, 8, 4);
      expect(link.flush()).toBe(8);
      run(0, 4, 6);
      expect(link.flush()).toBe(4);
      run(0, 2, 4);
      link.stage(2, 3000, link.neighbour(mac, 4));
      expect(link.flush()).toBe(2);
      // Behind the refused one, the run stands elsewhere in the queue than in the slots.
      run(0, 2, 4);
      expect(link.flush()).toBe(0);
      link.discard();
      expect(link.flush()).toBe(2);
    }
    expect(() => link.stageRun(10, 7, 40, 0)).toThrow('cannot stage');
    const answers = receive(link, port);
    expect(answers.map((answer) => answer.port)).toEqual(Array.from({ length: port }, (_, i) => i + 1));
    link.close();
  });

  test('what is taken in batches is not shown, everything else is', () => {
    const batch = Batch.open()!;
    const link = open('v0', { localPorts });
    const ports = Array.from({ length: 60 }, (_, i) => i + 1);
    const startUs = monotonicUs();
    send(link, '10.87.0.1', '10.87.0.2', ports);
    send(link, 'fd87::1', 'fd87::2', ports);
    send(link, '10.87.0.1', '10.87.0.2', ports);
    const taken: number[] = [];
    const times: number[] = [];
    const take = (count: number, offsetUs: number, nowUs: number) => {
      const seconds = new Uint32Array(batch.frames.buffer, secondsAt, count);
      const nanoseconds = new Uint32Array(batch.frames.buffer, nanosecondsAt, count);
      for (let i = 0; i < count; i++) {
        if (batch.plain[i] === 1 && batch.ports[i]! % 3 === 0) {
          taken.push(batch.ports[i]!);
          times.push(seconds[i]! * 1e6 + nanoseconds[i]! / 1000 - offsetUs, nowUs);
        } else batch.plain[i] = 0;
      }
    };
    const shown = receive(link, 140, () => {}, { reader: batch, take });
    expect(link.receive(() => {}, 100, undefined, { reader: batch, take })).toBe(0);
    const third = ports.filter((port) => port % 3 === 0);
    const others = ports.filter((port) => port % 3 !== 0);
    expect(taken).toEqual([...third, ...third]);
    expect(shown.map(({ port }) => port)).toEqual([...others, ...ports, ...others]);
    for (const timeUs of times) expect(timeUs).toBeGreaterThan(startUs - 1000);
    for (const timeUs of times) expect(timeUs).toBeLessThan(monotonicUs() + 1000);
    link.close();
  });

  test('a tunnel takes both families from the same slot', () => {
    const link = open('tun0', { localPorts });
    send(link, '10.88.0.1', '10.88.0.2', [9]);
    send(link, 'fd88::1', 'fd88::2', [9]);
    send(link, '10.88.0.1', '10.88.0.2', [8080]);
    expect(receive(link, 3, pump).map(({ source, flags }) => `${source} ${flags}`)).toEqual([
      '10.88.0.2 RA',
      'fd88::2 RA',
      '10.88.0.2 SA',
    ]);
    link.close();
  });

  test('neighbours answer for themselves by ARP and neighbour discovery', async () => {
    // IPv6 wakes with the first event of the new link, which the kernel may hold back for a second.
    await vi.waitFor(() => expect(askNeighbours(['fd87::2']).get('fd87::2')).not.toBe('silent'), 5000);
    const found = askNeighbours(['10.87.0.2', 'fd87::2', '10.87.0.77']);
    enter(b);
    const theirs = `${listInterfaces().find(({ name }) => name === 'v0')?.mac} true`;
    enter(a);
    expect([...found].sort()).toEqual([
      ['10.87.0.2', theirs],
      ['10.87.0.77', 'silent'],
      ['fd87::2', theirs],
    ]);
  });

  test('an interface that goes down is told, and works again when it is back', () => {
    const link = open('v0', { localPorts });
    const mac = resolve('10.87.0.2');
    ip(`-n ${a} link set v0 down`);
    expect(link.isUp()).toBe(false);
    stageSyn(link, 0, mac, '10.87.0.1', '10.87.0.2', 8080, 40000);
    expect(link.flush()).toBe(0);
    expect(errnoName(link.trouble)).toBe('ENETDOWN');
    // The descriptor must not stay readable, or a loop that polls it would spin.
    while (link.receive(() => {}, 10) > 0);
    expect(pollable(link)).toBe(false);
    ip(`-n ${a} link set v0 up`);
    ip(`-n ${a} addr replace fd87::1/64 dev v0 nodad`);
    expect(until(() => link.isUp())).toBe(true);
    expect(link.flush()).toBe(1);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    link.close();
  });

  test.skipIf(!hasSlowQueues).each([
    { limit: '3000', says: 'ENOBUFS', because: 'the queue drops' },
    { limit: '100000000', says: 'EAGAIN', because: 'the socket has its share in the queue' },
  ])(
    'a full queue is told with $says when $because, and what it did not take leaves later',
    ({ limit, says }) => {
      const link = open('v0', { localPorts });
      run('tc', ['-n', a, ...'qdisc add dev v0 root tbf rate 1mbit burst 2k limit'.split(' '), limit]);
      let taken = 1;
      while (taken > 0) {
        send(link, '10.87.0.1', '10.87.0.2', [1, 2, 3, 4], 0, false);
        taken = link.flush();
        // Partly taken: the next flush says why it stopped.
        if (taken < 4) taken = link.flush();
      }
      expect(errnoName(link.trouble)).toBe(says);
      run('tc', ['-n', a, 'qdisc', 'del', 'dev', 'v0', 'root']);
      expect(until(() => link.flush() > 0)).toBe(true);
      expect(link.trouble).toBe(0);
      link.close();
    },
  );

  test('packets that find the ring full are counted, and the count only grows', () => {
    const link = open('v0', { localPorts, ringFrames: 256, slots: 600 });
    send(
      link,
      '10.87.0.1',
      '10.87.0.2',
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    expect(until(() => link.drops() > 0)).toBe(true);
    const dropped = link.drops();
    expect(link.drops()).toBe(dropped);
    expect(receive(link, 600 - dropped)).toHaveLength(600 - dropped);
    send(
      link,
      '10.87.0.1',
      '10.87.0.2',
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    expect(link.drops()).toBe(2 * dropped);
    link.close();
    expect(link.drops()).toBe(2 * dropped);
  });

  test('long packets are cut at the snapshot length and say how long they were', () => {
    const link = open('v0', { icmp: true, snapLength: 400 });
    const mac = resolve('10.87.0.2');
    stageEcho(link, mac, 1000);
    link.flush();
    let seen = [0, 0];
    expect(
      until(() => link.receive((_b, start, end, _at, wire) => (seen = [end - start, wire]), 1) > 0),
    ).toBe(true);
    expect(seen).toEqual([512 - 80, 1000]);
    link.close();
  });

  test('a listener report arrives, though it is addressed to a group and stands behind a router alert', () => {
    const link = open('v0', { neighbours: true, addresses: [bytesOf('fd87::1')] });
    ip(`-n ${b} addr add fd87::9:9999/64 dev v0 nodad`);
    const reader = new PacketReader();
    let type = 0;
    const watch = () =>
      link.receive((bytes, start, end) => {
        reader.read(bytes, start, end);
        type = reader.icmpType;
      }, 1);
    expect(until(() => watch() > 0 && type === 143)).toBe(true);
    link.close();
  });

  test('a link sends from another hardware address and hears what is sent to it', () => {
    const mac = Uint8Array.of(2, 0, 0, 0, 0xab, 0xcd);
    const link = open('v0', { localPorts, mac });
    inside(b, 'ip neigh replace 10.87.0.66 lladdr 02:00:00:00:ab:cd dev v0');
    send(link, '10.87.0.66', '10.87.0.2', [8080]);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    link.close();
  });

  test('a closed link is quiet, and closing it again does nothing to the next one', async () => {
    await settled();
    const link = open('v0', { localPorts });
    link.close();
    expect(link.receive(() => {}, 10)).toBe(0);
    expect(link.isUp()).toBe(false);
    await settled();
    const next = open('v0', { localPorts });
    expect(next.descriptors).toEqual(link.descriptors);
    link.close();
    await settled();
    send(next, '10.87.0.1', '10.87.0.2', [8080]);
    expect(receive(next, 1).map(({ flags }) => flags)).toEqual(['SA']);
    next.close();
  });

  test('a sink may close the link it is called by', () => {
    const link = open('lo', { localPorts });
    send(link, '127.0.0.1', '127.0.0.1', [8080, 9]);
    let shown = 0;
    until(() => {
      link.receive(() => {
        shown++;
        link.close();
      }, 10);
      return shown > 0;
    });
    expect(shown).toBe(1);
  });

  test('without the capability the user is told so', () => {
    const header = Uint32Array.of(0x2008_0522, 0);
    const sets = new Uint32Array(6);
    libc().capget(header, sets);
    libc().capset(
      header,
      sets.map((word, i) => (i % 3 === 0 ? 0 : word)),
    );
    let error: unknown;
    try {
      open('v0', { localPorts });
    } catch (thrown) {
      error = thrown;
    }
    libc().capset(header, sets);
    expect(error).toBeInstanceOf(PortolanError);
    expect((error as PortolanError).code).toBe('not-permitted');
    expect((error as PortolanError).lineIn(optionWords)).toBe(
      'Cannot open a packet socket on "v0": needs CAP_NET_RAW, this process has none; try: sudo portolan …, or -sT',
    );
  });

  test('an interface that is gone is named', () => {
    const way = {
      name: 'gone0',
      index: 9999,
      mtu: 1500,
      kind: 'ethernet',
      mac: new Uint8Array(6),
    } as const;
    expect(() => openLink(way, { localPorts })).toThrow(
      'Cannot bind a packet socket to "gone0": ENODEV, no such interface',
    );
  });
});

interface Answer {
  readonly source: string;
  readonly port: number;
  readonly localPort: number;
  readonly flags: string;
  readonly icmpType: number;
  readonly atUs: number;
}

/** Asks on v0; what each said: its hardware address and whether its round trip is known, or `silent`. */
function askNeighbours(texts: readonly string[]): ReadonlyMap<string, string> {
  const link = open('v0', { neighbours: true });
  const found = new Map<string, string>();
  const neighbours = new Neighbours(
    {
      mac: link.mac as Uint8Array,
      sourceV4: address('10.87.0.1'),
      sourceV6: address('fd87::1'),
      timeoutUs: 50_000,
    },
    {
      found: (who, mac, rttUs) => found.set(formatAddress(who), `${mac} ${rttUs >= 0}`),
      silent: (who) => found.set(formatAddress(who), 'silent'),
    },
  );
  for (const text of texts) neighbours.ask(address(text));
  until(() => {
    neighbours.handleTimeout(monotonicUs());
    neighbours.pollTransmit(monotonicUs(), (frame) => link.sendFrame(frame));
    link.receive(
      (bytes, start, end, atUs) => neighbours.handlePacket(bytes, start, end, atUs),
      100,
      (bytes, start, end, atUs) => neighbours.handleArp(bytes, start, end, atUs),
    );
    return neighbours.pending === 0;
  });
  link.close();
  return found;
}

function sockets(): number {
  return readdirSync('/proc/thread-self/fd').length;
}

/** Links that were closed are given back by and by. */
async function settled(): Promise<void> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = sockets();
      const isSettled = now === before;
      before = now;
      expect(isSettled).toBe(true);
    },
    { interval: 100 },
  );
}

function open(name: string, wants: LinkWants): Link {
  const way = listInterfaces().find((one) => one.name === name);
  if (way === undefined) throw new Error(`no interface ${name}`);
  return openLink(way, wants);
}

function send(
  link: Link,
  from: string,
  to: string,
  ports: readonly number[],
  slot = 0,
  flush = true,
  local = 40000,
): void {
  const mac = link.mac === null ? null : resolve(to, link.name);
  for (const [i, port] of ports.entries()) stageSyn(link, slot + i, mac, from, to, port, local);
  if (flush) expect(link.flush()).toBe(ports.length);
}

function stageSyn(
  link: Link,
  slot: number,
  mac: Uint8Array | null,
  from: string,
  to: string,
  port: number,
  local: number,
): void {
  const length = writeSyn(link, slot, from, to, port, local);
  link.stage(slot, length, link.neighbour(mac, length === 40 ? 4 : 6));
}

/** Returns the packet's length. */
function writeSyn(link: Link, slot: number, from: string, to: string, port: number, local = 40000): number {
  const { transmit: bytes } = link;
  const at = slot * link.slotBytes + link.headroom;
  const source = bytesOf(from);
  const family = source.length === 4 ? 4 : 6;
  const sourceAt = at + (family === 4 ? 12 : 8);
  const tcp = at + (family === 4 ? 20 : 40);
  bytes.fill(0, at, tcp + 20);
  bytes.set(family === 4 ? [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6] : [0x60, 0, 0, 0, 0, 20, 6, 64], at);
  bytes.set(source, sourceAt);
  bytes.set(bytesOf(to), sourceAt + source.length);
  bytes.set([local >> 8, local & 255, port >> 8, port & 255, 1, 2, 3, 4, 0, 0, 0, 0, 0x50, 2, 4, 0], tcp);
  if (family === 4) writeIpv4Checksum(bytes, at);
  writeTransportChecksum(bytes, family, sourceAt, 6, tcp, tcp + 20);
  return tcp + 20 - at;
}

function stageEcho(link: Link, mac: Uint8Array, length: number): void {
  const { transmit: bytes, headroom: at } = link;
  bytes.fill(0, at, at + length);
  bytes.set([0x45, 0, length >> 8, length & 255, 0, 0, 0, 0, 64, 1], at);
  bytes.set(bytesOf('10.87.0.1'), at + 12);
  bytes.set(bytesOf('10.87.0.2'), at + 16);
  writeIpv4Checksum(bytes, at);
  bytes[at + 20] = 8;
  writeTransportChecksum(bytes, 4, at + 12, 1, at + 20, at + length);
  link.stage(0, length, link.neighbour(mac, 4));
}

/** Receives until `count` packets are there, or says what is missing. */
function receive(
  link: Link,
  count: number,
  meanwhile: () => void = () => {},
  taker?: BatchTaker,
): readonly Answer[] {
  const answers: Answer[] = [];
  const reader = new PacketReader();
  const isDone = until(() => {
    meanwhile();
    link.receive(
      (bytes, start, end, atUs) => {
        if (!reader.read(bytes, start, end)) throw new Error('not an IP packet');
        const { family, sourceOffset: at, tcpFlags } = reader;
        const isTcp = reader.protocol === 6;
        answers.push({
          source: formatAddress(addressAt(bytes, at, family)),
          port: reader.sourcePort,
          localPort: isTcp ? reader.destinationPort : reader.quote.sourcePort,
          flags: `${tcpFlags & 2 ? 'S' : ''}${tcpFlags & 4 ? 'R' : ''}${tcpFlags & 16 ? 'A' : ''}`,
          icmpType: reader.icmpType,
          atUs,
        });
      },
      100,
      undefined,
      taker,
    );
    return answers.length >= count;
  });
  if (!isDone) throw new Error(`${answers.length} of ${count} answers came: ${JSON.stringify(answers)}`);
  return answers;
}

/** Whether a condition comes true within five seconds, asked without a pause. */
function until(condition: () => boolean): boolean {
  const endUs = monotonicUs() + 5e6;
  while (!condition()) if (monotonicUs() > endUs) return false;
  return true;
}

function pollable(link: Link): boolean {
  const request = new Int32Array(2);
  request[0] = link.descriptors[0] as number;
  new Int16Array(request.buffer)[2] = 1;
  return libc().poll(request, 1, 0) !== 0;
}

/** A neighbour's hardware address: the interface of the same name on the other side. */
function resolve(_to: string, name = 'v0'): Uint8Array {
  enter(b);
  const mac = listInterfaces().find((one) => one.name === name)?.mac;
  enter(a);
  if (!mac) throw new Error(`no interface ${name} on the other side`);
  return mac;
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

function bytesOf(text: string): Uint8Array {
  return addressBytes(address(text));
}

function addressAt(bytes: Uint8Array, at: number, family: number): Address {
  let value = 0n;
  for (let i = 0; i < (family === 4 ? 4 : 16); i++) value = (value << 8n) | BigInt(bytes[at + i] as number);
  return { family: family === 4 ? 4 : 6, value };
}

function ip(words: string): void {
  run('ip', words.split(' '));
}

function inside(name: string, command: string): void {
  run('ip', ['netns', 'exec', name, 'sh', '-ec', command.replace(/[{};]/g, '\\$&')]);
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** Moves this thread into a namespace. */
function enter(name: string): void {
  const fd = openSync(`/run/netns/${name}`, 'r');
  setns(fd);
  closeSync(fd);
}

function setns(fd: number): void {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  setnsOf ??= koffi.load('libc.so.6').func('int setns(int, int)');
  if (setnsOf(fd, 0x4000_0000) !== 0) throw new Error('setns failed');
}

/** A listening socket, without any accept: the kernel shakes hands alone. */
function listen(port: number): number {
  const fd = libc().socket(10, 1, 0);
  const name = new Uint8Array(28);
  name.set([10, 0, port >> 8, port & 255]);
  if (libc().bind(fd, name, 28) !== 0 || libc().listen(fd, 128) !== 0) throw new Error('cannot listen');
  return fd;
}

function openTun(name: string, last: number): number {
  enter(name);
  const fd = openSync('/dev/net/tun', 0o2 | 0o4000);
  const request = new Uint8Array(40);
  request.set(new TextEncoder().encode('tun0'));
  // IFF_TUN, with a header that says which protocol the kernel was told: a wrong one is dropped on the other side.
  new Uint16Array(request.buffer)[8] = 0x0001;
  if (libc().ioctl(fd, 0x4004_54ca, request) !== 0) throw new Error('cannot make a TUN');
  ip(`-n ${name} addr add 10.88.0.${last}/24 dev tun0`);
  ip(`-n ${name} addr add fd88::${last}/64 dev tun0 nodad`);
  ip(`-n ${name} link set tun0 up`);
  return fd;
}

function readTun(fd: number): number {
  try {
    return readSync(fd, tunBuffer);
  } catch {
    return 0;
  }
}

/** A token bucket is the one queue in every kernel here that can be made slow. */
function canSlowDown(): boolean {
  if (missing !== undefined) return false;
  const name = `${prefix}q`;
  spawnSync('ip', ['netns', 'add', name]);
  const tbf = 'qdisc add dev lo root tbf rate 1mbit burst 2k limit 3000';
  const { status } = spawnSync('tc', ['-n', name, ...tbf.split(' ')]);
  spawnSync('ip', ['netns', 'del', name]);
  return status === 0;
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/dev/net/tun')) return 'needs /dev/net/tun';
  if (spawnSync('ip', ['-V']).status !== 0) return 'needs iproute2';
  const { status } = spawnSync('ip', ['netns', 'add', `${prefix}x`]);
  spawnSync('ip', ['netns', 'del', `${prefix}x`]);
  return status === 0 ? undefined : 'may not make namespaces';
}

let setnsOf: ((fd: number, kind: number) => number) | undefined;
const tunBuffer = new Uint8Array(65536);
const localPorts = { first: 40000, last: 40063 } as const;
/** Two clocks are compared, each read in its own moment; a thread may be put aside in between. */
const clockErrorUs = 20_000;
