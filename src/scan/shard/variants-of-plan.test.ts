import { describe, expect, test } from 'vitest';
import { plainVariant } from '../../engine/probes/variant.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import type { PlannedVariant } from '../../plan/plan.ts';
import type { PacketOptions } from '../../plan/request.ts';
import { fixedPortsOf, variantsOf } from './variants-of-plan.ts';

const block = { first: 0xf000, size: 4096 };

async function planOf(variants: readonly PlannedVariant[], packet: PacketOptions = {}, scanFlags?: number) {
  const request = { targets: ['10.0.0.1'], packet, ...(scanFlags !== undefined && { scanFlags }) };
  return checkPlan({ ...(await buildPlan(request, fakeEnvironment())), variants });
}

describe('the table of variants', () => {
  test('without variants is one row, from the packet options, with the whole block', async () => {
    const ports = { portBlock: 0xf000, portBlockSize: 4096 };
    expect(variantsOf(await planOf([]), block)).toEqual([{ ...plainVariant, ...ports }]);
    const packet = { fragmentBytes: 16, sourcePort: 53, ttl: 9, data: Uint8Array.of(1), badChecksum: true };
    expect(variantsOf(await planOf([], packet, 41), block)).toEqual([
      {
        ...plainVariant,
        ...packet,
        ...ports,
        fragments: { sizes: [16], order: 'forward' },
        dontFragment: false,
        flags: 41,
        fragmentBytes: undefined,
      },
    ]);
  });

  test('has every field that a row says, and the others from the packet options', async () => {
    const rows = [
      {
        flags: 2,
        window: 0,
        tcpOptions: '020405b401',
        ecn: 2,
        ipId: 0,
        ipOptions: '01',
        data: 'aa',
        spacingMs: 5,
      },
      { fragments: null, sourcePort: null, dontFragment: false },
      { fragments: { sizes: [8, 24], order: [1] } },
    ] as const;
    const [plain, ...others] = variantsOf(
      await planOf(rows, { fragmentBytes: 8, sourcePort: 53, ttl: 7 }),
      block,
    );
    const said = (i: number) => ({ ...others[i], portBlock: 0, portBlockSize: 0 });
    const rest = { ...plain, portBlock: 0, portBlockSize: 0 };
    expect(said(0)).toEqual({
      ...rest,
      flags: 2,
      window: 0,
      tcpOptions: Uint8Array.of(2, 4, 5, 180, 1, 0, 0, 0),
      ecn: 2,
      ipId: 0,
      ipOptions: Uint8Array.of(1, 0, 0, 0),
      data: Uint8Array.of(0xaa),
      spacingUs: 5000,
    });
    expect(said(1)).toEqual({ ...rest, fragments: undefined, sourcePort: -1, dontFragment: false });
    expect(said(2)).toEqual({ ...rest, fragments: { sizes: [8, 24], order: [1] } });
  });

  test('gives each row source ports of its own, but those that differ in TTL alone', async () => {
    const rows = [
      { ttl: 1 },
      { badChecksum: true },
      { badChecksum: true, ttl: 2 },
      { ecn: 1 },
      { sourcePort: 20 },
      { window: 4 },
    ];
    const parts = variantsOf(await planOf(rows), block).map(({ sourcePort, portBlock, portBlockSize }) =>
      sourcePort < 0 ? [portBlock, portBlockSize] : sourcePort,
    );
    const [half, second, third, last] = [
      [0xf000, 2048],
      [0xf800, 512],
      [0xfa00, 512],
      [0xfc00, 512],
    ];
    expect(parts).toEqual([half, half, second, second, third, 20, last]);
  });

  test('of 64 leaves each at least 32 source ports', async () => {
    const rows = Array.from({ length: 63 }, (_, i) => ({ ipId: i }));
    const parts = variantsOf(await planOf(rows), block);
    expect(new Set(parts.map(({ portBlock }) => portBlock)).size).toBe(64);
    for (const { portBlock, portBlockSize } of parts) {
      expect(portBlockSize).toBeGreaterThanOrEqual(32);
      expect(portBlock % portBlockSize).toBe(0);
      expect(portBlock + portBlockSize).toBeLessThanOrEqual(0x10000);
    }
  });

  test('names the source ports that are fixed', async () => {
    const rows = [{ sourcePort: 20 }, { sourcePort: null }, {}, { sourcePort: 40_000 }, { sourcePort: 20 }];
    expect(fixedPortsOf(await planOf(rows, { sourcePort: 53 }))).toEqual([53, 20, 40_000]);
    expect(fixedPortsOf(await planOf([{}]))).toEqual([]);
  });
});
