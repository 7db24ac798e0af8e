import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captured } from './captured.laws.ts';
import { interfaceDescription, packetBlockBytes, putPacket, sectionHeader } from './pcapng.ts';

describe('pcapng blocks', () => {
  test('every block is aligned and says its length at both ends', () => {
    for (let length = 0; length < 9; length++) {
      const blocks = [
        sectionHeader('x'.repeat(length)),
        interfaceDescription('y'.repeat(length)),
        packetBlock({ bytes: new Uint8Array(length) }),
      ];
      for (const block of blocks) {
        const view = new DataView(block.buffer);
        expect(block.length % 4).toBe(0);
        expect(view.getUint32(4, true)).toBe(block.length);
        expect(view.getUint32(block.length - 4, true)).toBe(block.length);
      }
    }
  });

  test('a section names who wrote it, an interface its name and resolution', () => {
    const section = Buffer.from(sectionHeader('me')).toString('hex');
    expect(section).toBe('0a0d0d0a280000004d3c2b1a01000000ffffffffffffffff040002006d6500000000000028000000');
    const bytes = Buffer.from(interfaceDescription('lo')).toString('hex');
    expect(bytes).toBe('01000000280000000100000000000000020002006c6f000009000100060000000000000028000000');
  });

  test('a packet block holds time, lengths, bytes and direction', () => {
    const atUs = 0x0006_1234_89ab_cdef;
    const bytes = Uint8Array.of(9, 2, 3, 9);
    const block = packetBlock({
      interfaceId: 2,
      atUs,
      header: Uint8Array.of(1),
      bytes,
      start: 1,
      end: 3,
      wireLength: 1499,
    });
    const view = new DataView(block.buffer);
    const words = Array.from({ length: block.length / 4 }, (_, i) => view.getUint32(4 * i, true));
    const option = [0x0004_0002, 2, 0];
    expect(words).toEqual([6, 48, 2, 0x0006_1234, 0x89ab_cdef, 3, 1500, 0x0003_0201, ...option, 48]);
  });

  test.skipIf(spawnSync('tcpdump', ['--version']).error !== undefined)(
    'tcpdump reads packets of Ethernet and of other links',
    () => {
      const ethernet = captured.arpReply;
      const atUs = 1_700_000_000_123_456;
      const file = [
        sectionHeader('portolan'),
        interfaceDescription('eth0'),
        packetBlock({ atUs, bytes: ethernet }),
      ];
      expect(tcpdump(file)).toBe(
        '1700000000.123456000 ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28',
      );
      const raw = [
        sectionHeader('portolan'),
        interfaceDescription('tun0'),
        packetBlock({ atUs, header: header(0x86, 0xdd), bytes: captured.reset6 }),
        packetBlock({ atUs: atUs + 1, header: header(8, 0), bytes: captured.echoRequest }),
      ];
      expect(tcpdump(raw)).toBe(
        [
          '1700000000.123456000 IP6 fd00::2.81 > fd00::1.35890: Flags [R.], seq 0, ack 1423663292, win 0, length 0',
          '1700000000.123457000 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 55650, seq 0, length 8',
        ].join('\n'),
      );
    },
  );
});

interface Packet {
  readonly interfaceId?: number;
  readonly atUs?: number;
  readonly header?: Uint8Array;
  readonly bytes: Uint8Array;
  readonly start?: number;
  readonly end?: number;
  readonly wireLength?: number;
}

function header(...type: readonly number[]): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...type);
}

/** A packet's block in memory that is not clean. */
function packetBlock(packet: Packet): Uint8Array<ArrayBuffer> {
  const { interfaceId = 0, atUs = 0, header: before = new Uint8Array(0), bytes, start = 0 } = packet;
  const { end = bytes.length, wireLength = end - start } = packet;
  const block = new Uint8Array(packetBlockBytes(before.length + end - start)).fill(0xff);
  const view = new DataView(block.buffer);
  const length = putPacket(block, view, 0, interfaceId, 'out', atUs, before, bytes, start, end, wireLength);
  expect(length).toBe(block.length);
  return block;
}

function tcpdump(blocks: readonly Uint8Array[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-pcapng-'));
  try {
    const file = join(folder, 'x.pcapng');
    writeFileSync(file, Buffer.concat(blocks));
    const args = ['-n', '-tt', '--time-stamp-precision=nano', '-r', file];
    return execFileSync('tcpdump', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
