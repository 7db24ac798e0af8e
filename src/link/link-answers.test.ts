import { expect, test, vi } from 'vitest';
import { Batch } from '../engine/batch/batch.ts';
import { nanosecondsAt, secondsAt } from '../engine/batch/layout.ts';
import { type Address, formatAddress } from '../model/address.ts';
import { listInterfaces } from '../system/interfaces.ts';
import { writeIpv4Checksum } from '../wire/checksum.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { writeTransportChecksum } from '../wire/transport-checksum.ts';
import { type Link, monotonicUs } from './link.ts';
import {
  a,
  address,
  b,
  bytesOf,
  enter,
  inside,
  ip,
  linksInNamespaces,
  localPorts,
  open,
  pump,
  receive,
  resolve,
  send,
  until,
} from './namespaces.laws.ts';
import { Neighbours } from './resolve.ts';

linksInNamespaces(() => {
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
        // What is reckoned back from it to when a probe left must meet that to the microsecond.
        expect(Number.isInteger(atUs)).toBe(true);
      }
      expect(link.isUp()).toBe(true);
      expect(link.drops()).toBe(0);
      link.close();
    },
  );

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
});

/** Asks on v0; what each said: its hardware address and whether its round trip is known, or `silent`. */
function askNeighbours(texts: readonly string[]): ReadonlyMap<string, string> {
  const link = open('v0', { neighbours: true });
  const found = new Map<string, string>();
  const neighbours = new Neighbours(
    {
      mac: link.mac as Uint8Array,
      timeoutUs: 50_000,
    },
    {
      found: (who, mac, rttUs) => found.set(formatAddress(who), `${mac} ${rttUs >= 0}`),
      silent: (who) => found.set(formatAddress(who), 'silent'),
    },
  );
  for (const text of texts)
    neighbours.ask(address(text), address(text.includes(':') ? 'fd87::1' : '10.87.0.1'));
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

/** Two clocks are compared, each read in its own moment; a thread may be put aside in between. */
const clockErrorUs = 20_000;
