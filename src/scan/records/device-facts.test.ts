import { describe, expect, test } from 'vitest';
import type { DeviceClaim } from '../../detect/device/contract.ts';
import { DeviceFacts } from './device-facts.ts';
import { openHost } from './open-host.ts';

const claim = (field: string, value: string, source: DeviceClaim['source']): DeviceClaim => ({
  field,
  value,
  source,
  measured: true,
});
const engine = claim('engineId', '80001f88', 'snmp');
const at = '2026-12-01T10:00:00.000Z';

function factsWith(options: { readonly waits?: boolean; readonly isShared?: boolean } = {}): DeviceFacts {
  const { waits = true, isShared = false } = options;
  return new DeviceFacts({ vendorOf: () => undefined, joinsDevices: waits }, () => isShared);
}

/** A host that is done, with what it has said. */
function done(facts: DeviceFacts, name: string, claims: readonly DeviceClaim[], mac?: string) {
  const host = openHost(name);
  if (mac !== undefined) host.mac = Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16));
  facts.claimed(host, claims);
  facts.done(host, at);
  return host;
}

describe('device facts', () => {
  test('come once for a host of which something is known', () => {
    const facts = factsWith();
    const host = done(facts, '10.0.0.5', [claim('name', 'a', 'netbios')]);
    expect(facts.take(host)[0]).toMatchObject({
      type: 'device',
      host: '10.0.0.5',
      name: 'a',
      sameAs: [],
      at,
    });
    expect(facts.take(done(facts, '10.0.0.6', []))).toEqual([]);
  });

  test('the maker of the card is told, unless its address answers for others as well', () => {
    for (const isShared of [false, true]) {
      const facts = factsWith({ isShared });
      const host = openHost('10.0.0.5');
      facts.introduced(host, { state: 'up', vendor: 'Maker' });
      facts.done(host, at);
      expect(facts.take(host)[0]?.vendor).toBe(isShared ? undefined : 'Maker');
    }
  });

  test('addresses with the same engine are one, and name each other', () => {
    const facts = factsWith();
    const hosts = ['10.0.0.5', '10.0.0.6', 'fd00::5'].map((name) => done(facts, name, [engine]));
    expect(hosts.map((host) => facts.isWaiting(host))).toEqual([true, true, true]);
    expect(hosts.map((host) => facts.take(host)[0]?.sameAs)).toEqual([
      ['10.0.0.6', 'fd00::5'],
      ['10.0.0.5', 'fd00::5'],
      ['10.0.0.5', '10.0.0.6'],
    ]);
  });

  test('machines with names of their own that share a key are not one', () => {
    const facts = factsWith();
    const key = claim('hostKey', 'k', 'ssh');
    const [a, b] = ['a', 'b'].map((name) =>
      done(facts, `10.0.0.${name === 'a' ? 5 : 6}`, [key, claim('name', name, 'mdns')]),
    );
    expect(facts.take(a as never)[0]?.sameAs).toEqual([]);
    expect(facts.take(b as never)[0]?.sameAs).toEqual([]);
  });

  test('where nobody waits, whoever is told later names those before', () => {
    const facts = factsWith({ waits: false });
    const first = done(facts, '10.0.0.5', [engine]);
    expect(facts.isWaiting(first)).toBe(false);
    expect(facts.take(first)[0]?.sameAs).toEqual([]);
    expect(facts.take(done(facts, '10.0.0.6', [engine]))[0]?.sameAs).toEqual(['10.0.0.5']);
  });

  test('one hardware address in both families is one device, but not that of whoever answers for others', () => {
    const name = [claim('name', 'a', 'netbios')];
    const mac = '02:00:00:00:00:05';
    const pair = factsWith();
    const [v4] = ['10.0.0.5', 'fd00::5'].map((host) => done(pair, host, name, mac));
    expect(pair.take(v4 as never)[0]?.sameAs).toEqual(['fd00::5']);
    const proxied = factsWith();
    const [first] = ['10.0.0.5', '10.0.0.6', 'fd00::5'].map((host) => done(proxied, host, name, mac));
    expect(proxied.take(first as never)[0]?.sameAs).toEqual([]);
  });
});
