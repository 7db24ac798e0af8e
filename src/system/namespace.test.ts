import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../model/address.ts';
import { inspect } from './doctor.ts';
import { isRunning, listInterfaces } from './interfaces.ts';
import { ephemeralPorts, freePortBlock } from './limits.ts';
import { inNamespace, ip, ipJson, named, parse } from './namespace.laws.ts';
import { neighbourMac, refreshNeighbours } from './neighbours.ts';

inNamespace(() => {
  describe('interfaces', () => {
    test('each kind of link is told, with its MTU, its MAC and whether it runs', () => {
      const show = (name: string) => {
        const { kind, mtu, mac, up, running } = named(name);
        return [kind, mtu, mac && Buffer.from(mac).toString('hex'), up, running];
      };
      expect(show('lo')).toEqual(['loopback', 65536, null, true, true]);
      expect(show('near')).toEqual(['ethernet', 1500, '020000000001', true, true]);
      expect(show('near.7')).toEqual(['ethernet', 1400, '020000000007', true, true]);
      // Nobody holds the TUN device open, so it is on but has no carrier.
      expect(show('tun9')).toEqual(['raw', 1280, null, true, false]);
      expect(show('off')).toEqual(['ethernet', 1500, '020000000009', false, false]);
    });

    test('addresses are ours, not the peer’s, and link-local ones carry their link', () => {
      const texts = (name: string) =>
        named(name).addresses.map(({ address, prefix }) => `${formatAddress(address)}/${prefix}`);
      expect(texts('lo')).toEqual(['127.0.0.1/8', '::1/128']);
      expect(texts('tun9')).toContain('10.9.0.1/32');
      expect(texts('near')).toEqual(expect.arrayContaining(['10.1.0.1/24', '10.1.0.2/24', 'fd01::1/64']));
      expect(texts('near')).toContain('fe80::11%near/64');
    });

    test('agrees with ip', () => {
      const rows: { ifname: string; ifindex: number; mtu: number; flags: string[] }[] = ipJson('link');
      expect(listInterfaces().map(({ name, index, mtu, up }) => [name, index, mtu, up])).toEqual(
        rows.map(({ ifname, ifindex, mtu, flags }) => [ifname, ifindex, mtu, flags.includes('UP')]),
      );
    });

    test('an interface stops running when its peer goes down, and when it is gone', () => {
      const { index } = named('far');
      expect(isRunning(index)).toBe(true);
      ip('link set near2 down');
      expect(isRunning(named('far2').index)).toBe(false);
      ip('link set near2 up');
      expect(isRunning(named('far2').index)).toBe(true);
      expect(isRunning(9999)).toBe(false);
    });
  });

  test('neighbours: permanent and stale entries are known, by interface; a new one after a refresh', () => {
    const { index } = named('near2');
    ip(
      'neigh replace 10.2.0.50 lladdr 02:00:00:00:00:50 dev near2 nud permanent',
      'neigh replace fd02::50 lladdr 02:00:00:00:00:51 dev near2 nud stale',
    );
    refreshNeighbours();
    const hex = (text: string, at = index) =>
      Buffer.from(neighbourMac(at, parse(text)) ?? []).toString('hex');
    expect(hex('10.2.0.50')).toBe('020000000050');
    expect(hex('fd02::50')).toBe('020000000051');
    expect(hex('10.2.0.50', named('lo').index)).toBe('');
    ip('neigh replace 10.2.0.51 lladdr 02:00:00:00:00:52 dev near2 nud permanent');
    expect(hex('10.2.0.51')).toBe('');
    refreshNeighbours();
    expect(hex('10.2.0.51')).toBe('020000000052');
  });

  test('limits: the port range is this namespace’s own, and the block moves out of it', () => {
    writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '50000 65535');
    expect(ephemeralPorts()).toEqual({ first: 50_000, last: 65_535 });
    expect(freePortBlock(4096)).toBe(0xb000);
    writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '1024 65535');
    expect(freePortBlock(4096)).toBe(0xf000);
  });

  test('doctor: says what is missing in an empty network', () => {
    ip('route flush table main', '-6 route flush table main', 'link set lo down');
    writeFileSync('/proc/sys/net/ipv4/conf/near/rp_filter', '1');
    const checks = new Map(inspect().map((one) => [one.name, one]));
    expect(checks.get('loopback')).toMatchObject({
      works: false,
      found: 'lo is down',
      needs: 'ip link set lo up',
    });
    expect(checks.get('IPv6')).toMatchObject({ works: false });
    expect(checks.get('answers by another way')?.found).toBe('rp_filter is strict on near');
  });
});
