import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captured } from './captured.laws.ts';
import { enhancedPacket, interfaceDescription, linkType, sectionHeader } from './pcapng.ts';

describe('pcapng blocks', () => {
  test('every block is aligned and says its length at both ends', () => {
    for (let length = 0; length < 9; length++) {
      const blocks = [
        sectionHeader('x'.repeat(length)),
        interfaceDescription({
          name: 'y'.repeat(length),
          linkType: linkType.raw,
          snapLength: 0,
          resolution: 'us',
        }),
        enhancedPacket({ interfaceId: 0, timestamp: 0n, bytes: new Uint8Array(length), direction: 'in' }),
        enhancedPacket({ interfaceId: 0, timestamp: 0n, bytes: new Uint8Array(length) }),
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
    const description = { name: 'lo', linkType: linkType.raw, snapLength: 256, resolution: 'ns' } as const;
    const bytes = Buffer.from(interfaceDescription(description)).toString('hex');
    expect(bytes).toBe('01000000280000006500000000010000020002006c6f000009000100090000000000000028000000');
  });

  test('a packet block holds time, lengths, bytes and direction', () => {
    const timestamp = 0x0006_1234_89ab_cdefn;
    const bytes = Uint8Array.of(1, 2, 3);
    const block = enhancedPacket({
      interfaceId: 2,
      timestamp,
      bytes,
      originalLength: 1500,
      direction: 'out',
    });
    const view = new DataView(block.buffer);
    const words = Array.from({ length: block.length / 4 }, (_, i) => view.getUint32(4 * i, true));
    const option = [0x0004_0002, 2, 0];
    expect(words).toEqual([6, 48, 2, 0x0006_1234, 0x89ab_cdef, 3, 1500, 0x0003_0201, ...option, 48]);
  });

  test.skipIf(spawnSync('tcpdump', ['--version']).error !== undefined)(
    'tcpdump reads both link types and resolutions',
    () => {
      const ethernet = captured.arpReply;
      const file = [
        sectionHeader('portolan'),
        interfaceDescription({
          name: 'eth0',
          linkType: linkType.ethernet,
          snapLength: 65535,
          resolution: 'ns',
        }),
        enhancedPacket({
          interfaceId: 0,
          timestamp: 1_700_000_000_123_456_789n,
          bytes: ethernet,
          direction: 'in',
        }),
      ];
      expect(tcpdump(file)).toBe(
        '1700000000.123456789 ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28',
      );
      const raw = [
        sectionHeader('portolan'),
        interfaceDescription({ name: 'tun0', linkType: linkType.raw, snapLength: 65535, resolution: 'us' }),
        enhancedPacket({ interfaceId: 0, timestamp: 1_700_000_000_123_456n, bytes: captured.reset6 }),
        enhancedPacket({ interfaceId: 0, timestamp: 1_700_000_001_000_000n, bytes: captured.echoRequest }),
      ];
      expect(tcpdump(raw)).toBe(
        [
          '1700000000.123456000 IP6 fd00::2.81 > fd00::1.35890: Flags [R.], seq 0, ack 1423663292, win 0, length 0',
          '1700000001.000000000 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 55650, seq 0, length 8',
        ].join('\n'),
      );
    },
  );
});

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
