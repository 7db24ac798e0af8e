/**
 * Machines that say what they are, on one link: real programs from Debian's packages and a few of our own, one of which
 * means no good. What is told of each is right, nobody else is sent a packet, and nothing but printable text arrives.
 *
 * @module
 */

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceFact } from '../../src/model/device-fact.ts';
import {
  avahi,
  cups,
  type DeviceServer,
  deviceServerCommand,
  isInstalled,
  minidlna,
  miniupnpd,
  nmbd,
  service,
  snmpd,
  sshd,
  wsdd,
} from '../net/lab/device-servers.ts';
import { readPcap } from '../net/lab/pcap.ts';
import { portolanIn, type Scanned } from '../net/lab/portolan.ts';
import { until } from '../net/lab/process.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { ready, scriptCommand } from '../net/lab/script.ts';
import { type Wired, wired } from '../net/lab/wired.ts';

const missing = labMissing();
const elsewhere = '10.84.0.200';

/** A host: its last number, what it runs, and what must be known of it. */
interface LabHost {
  readonly at: number;
  readonly servers: readonly DeviceServer[];
  /** Roles of our own program. */
  readonly roles?: readonly string[];
  readonly expected: Partial<DeviceFact>;
  /** Sources that must be among those of the fact. */
  readonly sources: readonly string[];
}

const laser = service(
  'Laser',
  '_ipp._tcp',
  631,
  'rp=ipp/print',
  'ty=Lab Laser 2000',
  'usb_MFG=Lab',
  'usb_MDL=Laser 2000',
);
const lent = service('Lent', '_ipp._tcp', 631, 'rp=printers/lent', 'ty=HP LaserJet 4');
const hosts: Readonly<Record<string, LabHost>> = {
  office: {
    at: 11,
    servers: [avahi(service('office', '_http._tcp', 80)), snmpd],
    expected: { name: 'office', kind: null },
    sources: ['snmp', 'mdns'],
  },
  cinema: {
    at: 12,
    servers: [minidlna, nmbd],
    expected: { kind: 'media', vendor: null, model: null },
    sources: ['upnp', 'netbios', 'ssdp'],
  },
  prints: {
    at: 13,
    servers: [avahi(laser)],
    roles: ['printer'],
    expected: { kind: 'printer', vendor: 'Lab', model: 'Laser 2000' },
    sources: ['ipp', 'mdns'],
  },
  queues: {
    at: 14,
    servers: [cups, avahi(lent)],
    expected: { name: 'queues', kind: null, model: null, vendor: null },
    sources: ['mdns'],
  },
  shares: { at: 15, servers: [wsdd, nmbd], expected: { kind: null }, sources: ['wsd', 'netbios'] },
  edge: { at: 16, servers: [miniupnpd, snmpd], expected: { kind: 'router' }, sources: ['snmp', 'upnp'] },
  double: { at: 17, servers: [sshd, avahi()], expected: { kind: null }, sources: ['ssh'] },
  hall: {
    at: 18,
    servers: [],
    roles: ['camera'],
    expected: { name: 'Hall', kind: 'camera', model: 'IPC-1' },
    sources: ['wsd'],
  },
  windows: {
    at: 19,
    servers: [nmbd],
    roles: ['windows'],
    expected: { kind: null },
    sources: ['netbios', 'llmnr'],
  },
  hostile: { at: 20, servers: [], roles: ['hostile'], expected: { kind: null }, sources: ['ssdp'] },
  liar: {
    at: 22,
    servers: [],
    roles: ['liar'],
    // A router and a printer: neither.
    expected: { name: 'edge', kind: null, sameAs: [] },
    sources: ['mdns', 'upnp'],
  },
  endless: {
    at: 23,
    servers: [],
    roles: ['endless'],
    expected: { kind: null, model: null },
    sources: ['ssdp', 'wsd'],
  },
  scribbler: {
    at: 24,
    servers: [],
    roles: ['scribbler'],
    // What is announced under a name that cannot be printed is not looked up.
    expected: { kind: null },
    sources: ['mdns', 'netbios', 'llmnr', 'snmp', 'upnp'],
  },
  mute: { at: 21, servers: [], expected: {}, sources: [] },
};
const all = Object.values(hosts).flatMap(({ servers }) => servers);

describe.skipIf(missing !== undefined || !isInstalled(all))('devices on a link', () => {
  let lab: Wired<string>;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portolan-devices-'));
    lab = wired('devices', 'scanner', ...Object.keys(hosts));
    const scanner = spaceOf('scanner');
    scanner.ip(
      'link add br0 type bridge mcast_snooping 0',
      'addr add 10.84.0.1/24 dev br0',
      'addr add fd84::1/64 dev br0 nodad',
      'link set br0 up',
    );
    // Whoever has no privileges must be able to enter.
    chmodSync(scanner.folder, 0o755);
    const started = Object.entries(hosts).map(([name, { at, servers, roles = [] }]) => {
      const space = spaceOf(name);
      const address = `10.84.0.${at}`;
      lab.wire('scanner', name, `to${at}`, 'eth0');
      scanner.ip(`link set to${at} master br0`);
      space.ip(
        `addr add ${address}/24 dev eth0`,
        `addr add fd84::${at}/64 dev eth0 nodad`,
        'route add 224.0.0.0/4 dev eth0',
      );
      if (name === 'edge')
        space.ip(
          'link add ext0 type veth peer name ext1',
          'link set ext0 up',
          'link set ext1 up',
          'addr add 100.128.0.1/24 dev ext0',
        );
      if (name === 'double') space.ip('addr add 10.84.0.40/24 dev eth0');
      for (const [i, server] of servers.entries()) {
        const dir = join(folder, `${name}-${i}`);
        space.spawn(deviceServerCommand(server, dir, { name, address }), { env: server.env?.(dir) ?? {} });
      }
      return Promise.all(
        roles.map((role) =>
          ready(role, space.spawn([...scriptCommand('device-program.ts'), role, address, elsewhere])),
        ),
      );
    });
    await Promise.all(started);
    // Whoever is slowest to begin: Samba waits for its interfaces, Avahi asks whether its name is another's.
    await until(
      'all to speak',
      async () => {
        const run = await scan('-n', '-sn', '--devices', '10.84.0.11-19');
        return ['cinema', 'shares', 'windows', 'office', 'queues', 'prints', 'edge'].every((name) =>
          devicesOf(run).some(({ names }) => names.some((one) => one.name.toLowerCase() === name)),
        );
      },
      90_000,
    );
  }, 120_000);
  afterAll(() => {
    lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const spaceOf = (role: string) => lab.at[role] as Wired<string>['at'][string];
  const scan = (...args: readonly string[]): Promise<Scanned> => portolanIn(spaceOf('scanner'), args);

  test('each is told once, with its sources, and no kind is wrong', async () => {
    const run = await scan('-n', '-sV', '-p22,80,631', '--devices', '10.84.0.0/24', 'fd84::11', 'fd84::17');
    expect(run.status, run.stderr).toBe(0);
    const found = devicesOf(run);
    for (const [name, { at, expected, sources }] of Object.entries(hosts)) {
      const facts = found.filter(({ host }) => host === `10.84.0.${at}`);
      expect(facts, name).toHaveLength(sources.length === 0 ? 0 : 1);
      if (sources.length > 0) expect(facts[0], name).toMatchObject(expected);
      expect(facts[0]?.sources ?? [], name).toEqual(expect.arrayContaining([...sources]));
    }
    const sameAs = Object.fromEntries(found.map(({ host, sameAs: others }) => [host, others]));
    expect(sameAs).toMatchObject({
      '10.84.0.17': ['10.84.0.40', 'fd84::17'],
      '10.84.0.40': ['10.84.0.17', 'fd84::17'],
      'fd84::17': ['10.84.0.17', '10.84.0.40'],
      '10.84.0.11': ['fd84::11'],
      'fd84::11': ['10.84.0.11'],
      '10.84.0.12': [],
      // Another has its UUID, and a serial number of its own.
      '10.84.0.16': [],
    });
  }, 120_000);

  test('nobody is sent a packet who is no target, by whatever a device says, and no multicast where not all of the link are targets', async () => {
    const file = join(folder, 'all.pcap');
    const dump = spaceOf('scanner').spawn([
      'tcpdump',
      '-Z',
      'root',
      '-U',
      '-n',
      '-i',
      'br0',
      '-w',
      file,
      'ip and src host 10.84.0.1',
    ]);
    let said = '';
    dump.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until('tcpdump', () => said.includes('listening on'));
    const run = await scan('-n', '-sn', '--devices', '10.84.0.11-18', '10.84.0.20,22-24');
    expect(run.status, run.stderr).toBe(0);
    dump.kill('SIGINT');
    await until('tcpdump to end', () => dump.exitCode !== null);
    const destinations = new Set(readPcap(file).map(({ packet }) => packet.subarray(16, 20).join('.')));
    expect([...destinations].sort()).toEqual(
      [11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 23, 24].map((at) => `10.84.0.${at}`).sort(),
    );
  }, 60_000);

  test('without privileges the same is found, but for what the own link tells', async () => {
    const args = ['-n', '-sn', '--devices', '10.84.0.11,13,18'];
    const [root, nobody] = [
      await scan(...args),
      await portolanIn(spaceOf('scanner'), args, { user: 'nobody' }),
    ];
    // Of hosts without an open port nobody learns without privileges that they are up: those that refuse are.
    expect(nobody.status, nobody.stderr).toBe(0);
    const told = (run: Scanned) =>
      devicesOf(run)
        .map(({ host, name, kind, model }) => [host, name, kind, model].join(' '))
        .sort();
    expect(told(nobody)).toEqual(told(root));
    expect(told(root)).toHaveLength(3);
  }, 60_000);

  test('what means no good is bounded, and every format holds printable text alone', async () => {
    const formats = ['-oN', '-oX', '-oG', '-oJ', '-oC', '--html'];
    const path = (format: string) => join(folder, `hostile${format}`);
    const run = await scan(
      ...[
        '-n',
        '-sn',
        '-v',
        '--devices',
        '10.84.0.20-24',
        ...formats.flatMap((format) => [format, path(format)]),
      ],
    );
    expect(run.status, run.stderr).toBe(0);
    for (const format of formats) {
      const text = readFileSync(path(format), 'utf8');
      expect(text.length, format).toBeLessThan(2_000_000);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\u2066]/.test(text), format).toBe(false);
    }
    expect(readFileSync(path('--html'), 'utf8')).not.toContain('</script><b>');
  }, 60_000);

  test('killed in the middle and resumed: the same facts', async () => {
    const args = ['-n', '-p22,631', '--devices', '10.84.0.11-20'];
    const whole = devicesOf(await scan(...args));
    // Bytes of the journal at which it is killed: among the ports, and when devices are asked.
    for (const size of [4000, 8000, 12_000]) {
      const journal = join(folder, `journal-${size}`);
      const space = spaceOf('scanner');
      const child = space.spawn([process.execPath, 'bin/portolan.js', ...args, '--journal', journal]);
      await until('it to have learnt something', () => child.exitCode !== null || bytesOf(journal) > size);
      child.kill('SIGKILL');
      await until('it to end', () => child.exitCode !== null || child.signalCode !== null);
      const resumed = await scan('--resume', journal);
      expect(resumed.status, resumed.stderr).toBe(0);
      expect(plain(devicesOf(resumed)), `killed at ${size} bytes`).toEqual(plain(whole));
    }
  }, 120_000);
});

function devicesOf({ facts }: Scanned): readonly DeviceFact[] {
  return facts.filter((fact) => fact.type === 'device');
}

function bytesOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function plain(facts: readonly DeviceFact[]): readonly object[] {
  return facts.map(({ n: _, at: __, ...fact }) => fact).sort((a, b) => (a.host < b.host ? -1 : 1));
}
