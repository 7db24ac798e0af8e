import { expect, test } from 'vitest';
import { plainVariant } from '../../../engine/probes/variant.ts';
import { type CanaryConfig, canariesOf, withCanaries } from './canaries.ts';

const all = Uint16Array.from({ length: 65_535 }, (_, i) => i + 1);
const config = (over: Partial<CanaryConfig> & { readonly portOf?: Uint16Array } = {}): CanaryConfig => {
  const portOf = over.portOf ?? Uint16Array.of(22, 80);
  return {
    transport: 'packet',
    ports: { techniques: ['syn'], techniqueOf: new Uint8Array(portOf.length), portOf },
    seed: 5,
    avoidedPorts: new Uint16Array(0),
    proxies: [],
    variants: [plainVariant],
    ...over,
  };
};

test('three different ports of the dynamic range, decided by the seed', () => {
  for (let seed = 0; seed < 200; seed++) {
    const { ports = [] } = canariesOf(config({ seed })) ?? {};
    expect(new Set(ports).size).toBe(3);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(49_152);
    expect(canariesOf(config({ seed }))?.ports).toEqual(ports);
  }
  expect(canariesOf(config({ seed: 1 }))?.ports).not.toEqual(canariesOf(config({ seed: 2 }))?.ports);
});

test('no port that is asked, unless all are', () => {
  const portOf = all.filter((port) => port % 100 !== 7);
  for (let seed = 0; seed < 50; seed++)
    for (const port of canariesOf(config({ seed, portOf }))?.ports ?? []) expect(port % 100).toBe(7);
  expect(canariesOf(config({ portOf: all }))?.ports).toHaveLength(3);
});

test('no port that nothing may be sent to', () => {
  const avoidedPorts = all.filter((port) => port % 100 !== 7);
  for (let seed = 0; seed < 50; seed++)
    for (const port of canariesOf(config({ seed, avoidedPorts, portOf: all }))?.ports ?? [])
      expect(port % 100).toBe(7);
  expect(canariesOf(config({ avoidedPorts: all }))).toBeUndefined();
});

test('none where nothing is doubted', () => {
  expect(canariesOf(config({ proxies: ['socks5://proxy:1080'] }))).toBeUndefined();
  expect(canariesOf(config({ variants: [{ ...plainVariant, flags: 2 }] }))).toBeUndefined();
  expect(canariesOf(config({ transport: 'socket' }))).toBeUndefined();
});

test('their questions stand behind those of the user, under techniques of their own', () => {
  const given = config();
  const canaries = canariesOf(given);
  if (canaries === undefined || given.ports === undefined) throw new Error('no canaries');
  const list = withCanaries(given.ports, canaries);
  expect(list.techniques).toEqual(['syn', 'syn', 'null', 'stray-ack']);
  expect([...list.techniqueOf]).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  expect([...list.portOf]).toEqual([22, 80, ...canaries.ports, ...canaries.ports, ...canaries.ports]);
});
