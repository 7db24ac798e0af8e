/**
 * What options make of packets, seen on the wire by tcpdump and read by our codecs; the scan still finds what
 * is there, wherever its packets can arrive.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ipText } from '../../src/wire/address-text.ts';
import { ipv4 } from '../../src/wire/ipv4.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { checksumOk } from '../../src/wire/transport-checksum.ts';
import { capture } from './lab/capture.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { type Frame, readPcap } from './lab/pcap.ts';
import { portolan, type Scanned } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('packets on the wire', () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { web: { tcp: '22', udp: '7' } } });
  });
  afterAll(() => lab?.close());

  /** Runs a scan of the target over one family and returns what left the scanner towards it. */
  const watch = async (family: 4 | 6, args: readonly string[]): Promise<Watched> => {
    const target = family === 4 ? lab.targets.web.v4 : lab.targets.web.v6;
    const recording = await capture(lab, lab.scanner.namespace, 'eth0', `dst host ${target}`);
    const found = await portolan(lab, ['-Pn', '-n', ...args, target]);
    const frames = readPcap(await recording.stop()).filter(({ packet }) => !isResetOfKernel(packet));
    const state = (port: string) => found.ports().get(`${target} ${port}`)?.state;
    return { found, frames, state };
  };

  for (const family of [4, 6] as const) {
    describe(`over IPv${family}`, () => {
      for (const [args, size] of [
        [['-f'], 8],
        [['-f', '-f'], 16],
        [['--mtu', '24'], 24],
      ] as const) {
        it(`${args.join(' ')}: fragments of ${size} bytes, from which the target makes a SYN again`, async () => {
          // RFC 8200, 4.5: the first IPv6 fragment must hold the whole header; Linux drops it otherwise.
          const isDropped = family === 6 && size < 20;
          const once = isDropped ? ['--max-retries', '0'] : [];
          const { found, frames, state } = await watch(family, ['-sS', ...args, ...once, '-p22,23']);
          const expected = isDropped ? ['filtered', 'filtered'] : ['open', 'closed'];
          expect([state('tcp/22'), state('tcp/23')], found.stderr).toEqual(expected);
          expect(found.stderr.includes('RFC 8200')).toBe(isDropped);
          const packets = reassemble(frames);
          expect(packets).toHaveLength(2);
          for (const { sizes, body } of packets) {
            expect(sizes.slice(0, -1).every((each) => each === size)).toBe(true);
            expect(sizes.at(-1)).toBeLessThanOrEqual(size);
            expect(sizes.length).toBe(Math.ceil(40 / size));
            // TCP with 20 bytes of options, SYN alone.
            expect([body.length, body[13]]).toEqual([40, 2]);
          }
        });
      }

      it('-f fragments echo requests and datagrams as well', async () => {
        const address = family === 4 ? lab.targets.web.v4 : lab.targets.web.v6;
        const ping = await portolan(lab, ['-sn', '-n', '-PE', '-f', '--data-length', '32', address]);
        expect(
          ping.facts.find((fact) => fact.type === 'host'),
          ping.stderr,
        ).toMatchObject({
          state: 'up',
          reason: 'echo-reply',
        });
        const { state, frames } = await watch(family, ['-sU', '-f', '--data-length', '32', '-p7']);
        expect(state('udp/7')).toBe('open');
        expect(reassemble(frames)[0]?.body.length).toBe(40);
      });

      for (const flag of ['-sS', '-sT']) {
        it(`${flag} -g 53: every probe comes from port 53`, async () => {
          const { found, frames, state } = await watch(family, [flag, '-g', '53', '-p22,23']);
          expect([state('tcp/22'), state('tcp/23')], found.stderr).toEqual(['open', 'closed']);
          const ports = read(frames).map(({ reader }) => reader.sourcePort);
          expect(ports.length).toBeGreaterThanOrEqual(2);
          expect(new Set(ports)).toEqual(new Set([53]));
        });
      }

      it('--ttl: the hop limit is the asked one', async () => {
        const { frames, state } = await watch(family, ['-sS', '--ttl', '77', '-p22']);
        expect(state('tcp/22')).toBe('open');
        expect(read(frames).map(({ reader }) => reader.ttl)).toEqual([77]);
      });

      for (const [args, data] of [
        [
          ['--data', '0xdeadbeef'],
          [0xde, 0xad, 0xbe, 0xef],
        ],
        [['--data-string', 'hello'], [...Buffer.from('hello')]],
        [['--data-length', '25'], undefined],
      ] as const) {
        it(`${args[0]}: the bytes are in the probe, and the checksum covers them`, async () => {
          const { frames, state } = await watch(family, ['-sS', ...args, '-p22,23']);
          expect([state('tcp/22'), state('tcp/23')]).toEqual(['open', 'closed']);
          for (const { reader, packet } of read(frames)) {
            const found = [...packet.subarray(reader.payloadOffset, reader.transportEnd)];
            if (data === undefined) expect(found).toHaveLength(25);
            else expect(found).toEqual(data);
            expect(checksumOk(packet, reader)).toBe(true);
          }
        });
      }

      it('--badsum: checksums are wrong, and a host that looks stays silent', async () => {
        const { frames, state } = await watch(family, ['-sS', '-sU', '-sY', '--badsum', '-p22,23']);
        expect([state('tcp/22'), state('tcp/23')]).toEqual(['filtered', 'filtered']);
        const checks = read(frames).map(({ reader, packet }) => [
          reader.protocol,
          checksumOk(packet, reader),
        ]);
        expect(new Set(checks.map(String))).toEqual(new Set(['6,false', '17,false', '132,false']));
      });

      it('-D: each probe comes from every decoy, in order, with a right checksum, and is answered', async () => {
        const [a, b, own] =
          family === 4
            ? ['10.77.1.50', '10.77.1.51', lab.scanner.v4]
            : ['fd77:0:0:1::50', 'fd77:0:0:1::51', lab.scanner.v6];
        const { found, frames, state } = await watch(family, ['-sS', '-D', `${a},ME,${b}`, '-p22,23']);
        expect([state('tcp/22'), state('tcp/23')], found.stderr).toEqual(['open', 'closed']);
        const probes = read(frames);
        expect(probes.map(({ source }) => source)).toEqual([a, own, b, a, own, b]);
        for (const { reader, packet } of probes) expect(checksumOk(packet, reader)).toBe(true);
        expect(found.facts.at(-1)).toMatchObject({ packets: { sent: expect.anything() } });
      });

      it('-D RND:3 --mtu 24: random addresses, all of it fragmented', async () => {
        const { frames, state } = await watch(family, ['-sS', '--mtu', '24', '-D', 'RND:3', '-p22']);
        expect(state('tcp/22')).toBe('open');
        const packets = reassemble(frames);
        expect(new Set(packets.map(({ source }) => source)).size).toBe(4);
        expect(packets.map(({ source }) => source)).toContain(family === 4 ? lab.scanner.v4 : lab.scanner.v6);
        for (const { body } of packets) expect(body).toHaveLength(40);
      });

      it('-S: probes come from the asked address, whose answers go elsewhere', async () => {
        const source = family === 4 ? '10.77.1.99' : 'fd77:0:0:1::99';
        const { frames, state } = await watch(family, [
          ...['-sS', '-S', source, '-e', 'eth0', '--max-retries', '0', '-p22'],
        ]);
        expect(state('tcp/22')).toBe('filtered');
        expect(read(frames).map((each) => each.source)).toEqual([source]);
      });

      for (const [asked, wanted] of [
        ['02:11:22:33:44:55', /^02:11:22:33:44:55$/],
        ['02:11:22', /^02:11:22:/],
        ['0', /^.[26ae]:/],
        ['Cisco', /^[0-9a-f]{2}:/],
      ] as const) {
        it(`--spoof-mac ${asked}: frames come from that address, answers are heard`, async () => {
          const { found, frames, state } = await watch(family, ['-sS', '--spoof-mac', asked, '-p22']);
          expect(state('tcp/22'), found.stderr).toBe('open');
          const { stdout } = await lab.scanner.namespace.run(['cat', '/sys/class/net/eth0/address']);
          for (const { source } of frames) {
            expect(source).toMatch(wanted);
            expect(source).not.toBe(stdout.trim());
          }
        });
      }
    });
  }

  for (const [asked, options] of [
    ['R', [{ kind: 7, data: [4, ...zeros(36)] }]],
    ['T', [{ kind: 68, data: [5, 0, ...zeros(36)] }]],
    [
      '\\x01\\x01\\x94\\x04\\x00\\x00',
      [
        { kind: 1, data: [] },
        { kind: 1, data: [] },
        { kind: 148, data: [0, 0] },
      ],
    ],
    ['\\x07\\x07\\x04\\x00*4', [{ kind: 7, data: [4, 0, 0, 0, 0] }]],
  ] as const) {
    it(`--ip-options ${asked}: they stand in the header`, async () => {
      const { found, frames } = await watch(4, ['-sS', '--ip-options', asked, '-p22']);
      expect(found.status, found.stderr).toBe(0);
      const [first] = frames;
      const header = ipv4.parse(
        new DataView((first as Frame).packet.buffer),
        0,
        (first as Frame).packet.length,
      );
      expect(header).toMatchObject({
        options: options.map(({ kind, data }) => ({ kind, data: Uint8Array.from(data) })),
      });
    });
  }

  it('--ip-options "L HOP": packets go by way of the hop and still find the target', async () => {
    for (const { namespace } of [lab.router, lab.targets.web, lab.scanner]) {
      namespace.configure({
        'ipv4/conf/all/accept_source_route': 1,
        'ipv4/conf/default/accept_source_route': 1,
      });
      await namespace.run([
        'sh',
        '-c',
        'for f in /proc/sys/net/ipv4/conf/*/accept_source_route; do echo 1 > $f; done',
      ]);
    }
    const recording = await capture(
      lab,
      lab.scanner.namespace,
      'eth0',
      `src ${lab.scanner.v4} and tcp[13] == 2`,
    );
    const { v4 } = lab.targets.web;
    const found = await portolan(lab, [
      '-Pn',
      '-n',
      '-sS',
      '--ip-options',
      `L ${lab.router.v4}`,
      '-p22,23',
      v4,
    ]);
    const frames = readPcap(await recording.stop());
    expect(found.ports().get(`${v4} tcp/22`)?.state, found.stderr).toBe('open');
    expect(found.ports().get(`${v4} tcp/23`)?.state).toBe('closed');
    for (const { packet } of frames) {
      const header = ipv4.parse(new DataView(packet.buffer), 0, packet.length);
      expect(header).toMatchObject({
        destination: Uint8Array.of(10, 77, 1, 1),
        options: [{ kind: 131, data: Uint8Array.of(4, 10, 77, 2, 10) }],
      });
    }
    expect(frames.length).toBeGreaterThanOrEqual(2);
  });

  it('-e chooses the interface, and one that cannot lead there is said', async () => {
    const right = await watch(4, ['-sS', '-e', 'eth0', '-p22']);
    expect(right.state('tcp/22')).toBe('open');
    const wrong = await watch(4, ['-sS', '-e', 'lo', '-p22']);
    expect(wrong.frames).toEqual([]);
    expect(wrong.found.status).toBe(3);
  });
});

interface Watched {
  readonly found: Scanned;
  readonly frames: readonly Frame[];
  state(port: string): string | undefined;
}

interface Read {
  readonly reader: PacketReader;
  readonly packet: Uint8Array;
  readonly source: string;
}

function read(frames: readonly Frame[]): readonly Read[] {
  return frames.map(({ packet }) => {
    const reader = new PacketReader();
    if (!reader.read(packet, 0, packet.length)) throw new Error('no IP packet in the capture');
    return { reader, packet, source: sourceOf(reader, packet) };
  });
}

interface Whole {
  readonly source: string;
  readonly sizes: number[];
  readonly body: Uint8Array;
}

/** Puts fragments together by source and identification; each must begin where the one before it ended. */
function reassemble(frames: readonly Frame[]): readonly Whole[] {
  const packets = new Map<string, Whole>();
  for (const { reader, packet, source } of read(frames)) {
    const key = `${source} ${reader.ipId}`;
    const before = packets.get(key) ?? { source, sizes: [], body: new Uint8Array(0) };
    expect(reader.fragmentOffset).toBe(before.body.length);
    const part = packet.subarray(reader.transportOffset, reader.transportEnd);
    packets.set(key, {
      source,
      sizes: [...before.sizes, part.length],
      body: Uint8Array.from([...before.body, ...part]),
    });
  }
  return [...packets.values()];
}

function sourceOf(reader: PacketReader, packet: Uint8Array): string {
  const length = reader.family === 4 ? 4 : 16;
  return ipText(packet.subarray(reader.sourceOffset, reader.sourceOffset + length));
}

/** The scanner's kernel knows of no connection and resets what answers our SYN. */
function isResetOfKernel(packet: Uint8Array): boolean {
  const reader = new PacketReader();
  return !reader.read(packet, 0, packet.length) || (reader.tcpFlags & 4) !== 0 || reader.icmpType === 135;
}

function zeros(count: number): readonly number[] {
  return new Array<number>(count).fill(0);
}
