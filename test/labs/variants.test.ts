/**
 * One run that asks in many ways: every field of a variant as tcpdump sees it on the wire, and filters that let only some
 * of the ways pass.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedVariant } from '../../src/plan/plan.ts';
import { ipv4 } from '../../src/wire/ipv4.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { checksumOk } from '../../src/wire/transport-checksum.ts';
import { capture } from '../net/lab/capture.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { readPcap } from '../net/lab/pcap.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { scriptCommand } from '../net/lab/script.ts';
import type { Questionnaire } from '../net/lab/variant-program.ts';

const missing = labMissing();
const eights = (size: number, order: 'forward' | 'backward' | readonly number[] = 'forward') => ({
  fragments: { sizes: [size], order },
});
/** Ways from port 53, the last ones in fragments. */
const ways: readonly PlannedVariant[] = [
  { sourcePort: 20 },
  { sourcePort: 53 },
  { sourcePort: 40_000 },
  { sourcePort: 53, ...eights(8) },
  { sourcePort: 53, ...eights(16) },
  { sourcePort: 53, ...eights(24) },
  { sourcePort: 53, ...eights(24, 'backward') },
  { sourcePort: 53, badChecksum: true },
];

describe.skipIf(missing !== undefined)('variants', () => {
  let lab: Lab<'web' | 'from53' | 'whole'>;
  beforeAll(async () => {
    const { only53, onlyWhole } = {
      only53: ['tcp dport 22 tcp sport 53 accept', 'tcp dport 22 drop'],
      onlyWhole: ['tcp dport 23 drop'],
    };
    lab = await createLab({
      targets: {
        web: { tcp: '22' },
        from53: { tcp: '22', input: only53 },
        whole: { tcp: '22', input: onlyWhole },
      },
    });
    // Before the kernel puts fragments together.
    const chain = 'type filter hook prerouting priority -450;';
    const rules = 'ip frag-off & 0x3fff != 0 drop; exthdr frag exists drop;';
    const { status, stderr } = await lab.targets.whole.namespace.run([
      'nft',
      `table inet whole { chain in { ${chain} ${rules} }; }`,
    ]);
    expect(status, stderr).toBe(0);
  });
  afterAll(() => lab?.close());

  const ask = async (target: string, rest: Omit<Questionnaire, 'request'>) => {
    const request = { targets: [target], discovery: 'skip', reverseNames: 'never' } as const;
    const { status, stdout, stderr } = await lab.scanner.namespace.run([
      ...scriptCommand('variant-program.ts'),
      JSON.stringify({ request, ...rest } satisfies Questionnaire),
    ]);
    expect(status, stderr).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    return Object.fromEntries(lines.map(([number, state]) => [Number(number), state]));
  };
  const port22 = [{}, ...ways].map((_, variant) => ({ technique: 'syn' as const, port: 22, variant }));

  for (const family of ['v4', 'v6'] as const) {
    // RFC 8200, 4.5: the first IPv6 fragment must hold the whole header.
    const split = family === 'v4' ? 'open' : 'filtered';

    it(`a filter that lets port 53 pass is told from the others, over IP${family}`, async () => {
      const states = await ask(lab.targets.from53[family], { variants: ways, questions: port22 });
      const [plain, from20, from53, from40000] = ['filtered', 'filtered', 'open', 'filtered'];
      const fragments = [split, split, 'open', 'open'];
      expect(Object.values(states)).toEqual([plain, from20, from53, from40000, ...fragments, 'filtered']);
    });

    it(`a filter that drops fragments is told from the others, over IP${family}`, async () => {
      const states = await ask(lab.targets.whole[family], { variants: ways, questions: port22 });
      const fragments = ['filtered', 'filtered', 'filtered', 'filtered'];
      expect(Object.values(states)).toEqual(['open', 'open', 'open', 'open', ...fragments, 'filtered']);
    });

    it(`a host without a filter answers in every way that is right, over IP${family}`, async () => {
      const states = await ask(lab.targets.web[family], { variants: ways, questions: port22 });
      const fragments = [split, split, 'open', 'open'];
      expect(Object.values(states)).toEqual(['open', 'open', 'open', 'open', ...fragments, 'filtered']);
    });
  }

  /** Asks a closed port of its own in each variant, and returns the packets to it that left first. */
  const watch = async (family: 'v4' | 'v6', variants: readonly PlannedVariant[]) => {
    const target = lab.targets.web[family];
    const recording = await capture(lab, lab.scanner.namespace, 'eth0', `dst host ${target}`);
    const questions = variants.map((_, i) => ({ technique: 'syn' as const, port: 1000 + i, variant: i + 1 }));
    const states = await ask(target, { variants, questions });
    const frames = readPcap(await recording.stop()).map(({ packet }) => {
      const reader = new PacketReader();
      expect(reader.read(packet, 0, packet.length)).toBe(true);
      return { reader, packet };
    });
    // Of a first fragment the reader reads no header that is not whole.
    const portOf = ({ reader, packet }: (typeof frames)[0]) =>
      reader.fragmentOffset > 0 ? -1 : new DataView(packet.buffer).getUint16(reader.transportOffset + 2);
    const first = (i: number) => frames.find((frame) => portOf(frame) === 1000 + i) as (typeof frames)[0];
    return { states, frames, first };
  };

  it('every field stands in the packet, over IPv4', async () => {
    const variants = [
      { ttl: 77 },
      { ecn: 1 },
      { dontFragment: false },
      { ipId: 4711 },
      { ipOptions: '01010101' },
      { sourcePort: 53 },
      { badChecksum: true },
      { flags: 0xc2 },
      { window: 4097 },
      { tcpOptions: '020405b401' },
      { data: 'deadbeef' },
      {},
    ] satisfies PlannedVariant[];
    const { states, first } = await watch('v4', variants);
    const said = variants.map((_, i) => {
      const { packet, reader } = first(i);
      const header = ipv4.parse(new DataView(packet.buffer), 0, packet.length);
      if (!('options' in header)) throw new Error('no header');
      return {
        ttl: reader.ttl,
        ecn: (packet[1] as number) & 3,
        dontFragment: reader.dontFragment,
        ipId: reader.ipId,
        ipOptions: header.options.length,
        sourcePort: reader.sourcePort,
        isRight: checksumOk(packet, reader),
        flags: reader.tcpFlags,
        window: reader.window,
        tcpOptions: reader.payloadOffset - reader.transportOffset - 20,
        data: Buffer.from(packet.subarray(reader.payloadOffset, reader.transportEnd)).toString('hex'),
      };
    });
    const plain = said.at(-1) as (typeof said)[0];
    expect(plain).toMatchObject({
      ttl: 64,
      ecn: 0,
      dontFragment: true,
      ipOptions: 0,
      isRight: true,
      flags: 2,
    });
    expect(plain).toMatchObject({ window: 64_240, tcpOptions: 20, data: '' });
    const changes = [
      { ttl: 77 },
      { ecn: 1 },
      { dontFragment: false },
      { ipId: 4711 },
      { ipOptions: 4 },
      { sourcePort: 53 },
      { isRight: false },
      { flags: 0xc2 },
      { window: 4097 },
      { tcpOptions: 8 },
      { data: 'deadbeef' },
      {},
    ];
    // Nothing but what a variant says is other than in the plain one, where the cookie does not choose it.
    const { ipId: _, sourcePort: __, ...rest } = plain;
    for (const [i, change] of changes.entries())
      expect(said[i], `${i}`).toMatchObject({ ...rest, ...change });
    expect(Object.values(states)).toEqual(variants.map((_, i) => (i === 6 ? 'filtered' : 'closed')));
  });

  it('every field stands in the packet, over IPv6', async () => {
    const variants = [
      { ttl: 77 },
      { ecn: 2 },
      { sourcePort: 53 },
      { badChecksum: true },
      { tcpOptions: '' + '0101' },
    ];
    const { states, first } = await watch('v6', variants);
    expect(first(0).reader.ttl).toBe(77);
    expect([...first(1).packet.subarray(0, 2)]).toEqual([0x60, 0x20]);
    expect(first(2).reader.sourcePort).toBe(53);
    expect(checksumOk(first(3).packet, first(3).reader)).toBe(false);
    const { reader } = first(4);
    expect(reader.payloadOffset - reader.transportOffset).toBe(24);
    expect(Object.values(states)).toEqual(['closed', 'closed', 'closed', 'filtered', 'closed']);
  });

  it('fragments have the sizes and the order of the variant', async () => {
    const variants = [
      eights(8),
      eights(16, 'backward'),
      { fragments: { sizes: [24, 8], order: [1] } },
      { fragments: { sizes: [32], order: [1, 0] }, ttl: 9 },
    ];
    const { states, frames, first } = await watch('v4', variants);
    const parts = variants.map((_, i) => {
      const { ipId } = first(i).reader;
      return frames
        .filter(({ reader }) => reader.ipId === ipId)
        .map(({ reader }) => [reader.fragmentOffset, reader.transportEnd - reader.transportOffset]);
    });
    expect(parts).toEqual([
      [0, 8, 16, 24, 32].map((at) => [at, 8]),
      [
        [32, 8],
        [16, 16],
        [0, 16],
      ],
      [
        [24, 8],
        [0, 24],
        [32, 8],
      ],
      [
        [32, 8],
        [0, 32],
      ],
    ]);
    expect(first(3).reader.ttl).toBe(9);
    expect(Object.values(states)).toEqual(['closed', 'closed', 'closed', 'closed']);
  });
});
