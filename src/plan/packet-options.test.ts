import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { buildPlan } from './build-plan.ts';
import { fakeEnvironment } from './fake-environment.laws.ts';
import { forecastPlan } from './forecast.ts';
import type { Request } from './request.ts';

const plan = (request: Partial<Request>) =>
  buildPlan({ targets: ['10.0.0.1'], discovery: 'skip', ...request }, fakeEnvironment());

/** A loose source route through 10.9.9.9. */
const route = Uint8Array.of(131, 7, 4, 10, 9, 9, 9, 0);

describe('packet options that cannot work', () => {
  test.each<[Partial<Request>, string]>([
    [{ techniques: ['connect'], packet: { fragmentBytes: 8 } }, '--mtu changes raw packets'],
    [{ techniques: ['connect'], packet: { decoys: ['10.0.0.9'] } }, '-D changes raw packets'],
    [{ techniques: ['connect'], packet: { spoofMac: '0' } }, '--spoof-mac changes raw packets'],
    [
      { targets: ['::1', '10.0.0.1'], packet: { ipOptions: new Uint8Array(4) } },
      '--ip-options are IPv4 options',
    ],
    [
      { targets: ['::1', '10.0.0.1'], packet: { sourceAddress: '10.0.0.9' } },
      '-S 10.0.0.9 cannot reach the IPv6',
    ],
    [{ targets: ['::1', '10.0.0.1'], packet: { decoys: ['10.0.0.9'] } }, '-D has no IPv6 address'],
    [{ techniques: ['sctp-init'], packet: { dataLength: 4 } }, '--data does not fit into SCTP'],
    [
      { goal: 'discover', discovery: [{ technique: 'ping-echo' }], packet: { sourcePort: 53 } },
      '-g chooses a port',
    ],
    [{ packet: { ipOptions: route }, exclude: ['10.9.9.9'] }, 'route through 10.9.9.9, which is excluded'],
    [{ packet: { spoofMac: 'ff:ff:ff:ff:ff:ff' } }, '--spoof-mac "ff:ff:ff:ff:ff:ff" is a group address'],
    [
      { targets: ['127.0.0.2'], packet: { interface: 'eth0' } },
      '-e eth0: 127.0.0.2 is this machine, and packets to it leave by the loopback; wanted it without -e',
    ],
    [{ targets: ['10.1.2.3', '::1'], packet: { interface: 'eth0' } }, '-e eth0: 10.1.2.3 is this machine'],
    [
      { targets: ['::1'], techniques: ['connect'], packet: { interface: 'eth0' } },
      '-e eth0: ::1 is this machine',
    ],
  ])('%j', async (request, problem) => {
    expect((await refusal(() => plan(request))).line).toContain(problem);
  });

  test.each([
    ['lo', '10.1.2.3'],
    ['lo', '127.0.0.1'],
    // Who binds to a link means its hosts, of which he may be one.
    ['eth0', '10.1.2.0/24'],
  ])('packets may be bound to %s for %s', async (name, target) => {
    expect((await plan({ targets: [target], packet: { interface: name } })).packet.interface).toBe(name);
  });

  test('IPv4 probes of discovery alone leave IPv6 targets unasked, so both together are refused', async () => {
    const discovery = [{ technique: 'ping-timestamp' as const }];
    await expect(plan({ targets: ['::1', '10.0.0.1'], discovery })).rejects.toThrow('some targets are IPv6');
  });
});

test('decoys and the hardware address are resolved in the plan', async () => {
  const built = await plan({ packet: { decoys: ['ME', 'RND:2'], spoofMac: '02:00' } });
  expect(built.packet.decoys).toHaveLength(3);
  expect(built.packet.decoys?.[0]).toBe('ME');
  expect(built.packet.spoofMac).toMatch(/^02:00(:[0-9a-f]{2}){4}$/);
});

test('a forecast counts decoys and fragments', async () => {
  const cost = async (packet: Request['packet']) =>
    forecastPlan(await plan({ techniques: ['syn'], ports: '1-100', ...(packet && { packet }) }), []).allAnswer
      .packets;
  expect(await cost(undefined)).toBe(100);
  // A SYN of 40 bytes is five fragments; three sources with the own one.
  expect(await cost({ fragmentBytes: 8, decoys: ['RND:2'] })).toBe(1500);
});

test('small fragments of TCP over IPv6 are warned of, and only those', async () => {
  const warnings = async (targets: string[], fragmentBytes: number) =>
    (await plan({ targets, packet: { fragmentBytes } })).warnings.join();
  expect(await warnings(['::1'], 16)).toContain('RFC 8200');
  expect(await warnings(['::1'], 24)).toBe('');
  expect(await warnings(['10.0.0.1'], 8)).toBe('');
});

test('a source address that is not ours is warned of: silence means nothing then', async () => {
  const warnings = async (sourceAddress: string, targets = ['10.0.0.1']) =>
    (await plan({ targets, packet: { sourceAddress } })).warnings;
  expect(await warnings('10.1.2.77')).toEqual([
    'packet.sourceAddress 10.1.2.77 is no address of this machine: answers go to whoever owns it, so silence means nothing',
  ]);
  expect(await warnings('2001:db8::77', ['2001:db8::1'])).toHaveLength(1);
  expect(await warnings('10.1.2.3')).toEqual([]);
  expect(await warnings('127.0.0.9', ['127.0.0.1'])).toEqual([]);
});
