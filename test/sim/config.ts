/** Configurations of simulated shards. @module */

import { RangeSet } from '../../src/base/range-set.ts';
import { plainVariant, type Variant } from '../../src/engine/probes/variant.ts';
import type { ShardConfig } from '../../src/scan/shard/config.ts';

/** The first simulated host. */
export const baseAddress = 0x0a000100;

/** How probes look. */
export const usualVariant: Variant = { ...plainVariant, portBlock: 0xf000, portBlockSize: 4096 };

/** One technique or several, so many hosts from {@link baseAddress} on, ports from 1 on; hosts are taken to be up. */
export function configFor(
  technique: string | readonly string[],
  hosts: number,
  ports: number,
  rest: Pick<ShardConfig, 'seed' | 'limits'> & Partial<ShardConfig>,
): ShardConfig {
  const techniques = [technique].flat();
  const asks = techniques.length * ports;
  const first = BigInt(baseAddress);
  const targets = RangeSet.of([{ first, last: first + BigInt(hosts - 1) }]);
  return {
    transport: 'packet',
    groups: [{ targets }],
    slice: { index: 0, count: 1 },
    inOrder: false,
    discovery: undefined,
    ports: {
      techniques,
      techniqueOf: Uint8Array.from({ length: asks }, (_, i) => Math.floor(i / ports)),
      portOf: Uint16Array.from({ length: asks }, (_, i) => (i % ports) + 1),
    },
    variants: [usualVariant],
    neighboursOnly: false,
    ignoreResets: false,
    arpPing: true,
    traceroute: false,
    zones: new Map(),
    allowed: targets,
    avoidedPorts: new Uint16Array(0),
    avoidedUdpPorts: new Uint16Array(0),
    mayConnect: true,
    proxies: [],
    portBlockSize: 4096,
    control: new SharedArrayBuffer(12),
    key: [rest.seed, 0x1234],
    portBlock: 0xf000,
    trace: false,
    isRecorded: false,
    ...rest,
  };
}
