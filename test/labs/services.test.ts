/**
 * The truth about services, in short: a dozen real servers on odd ports are called what they are, in the version that
 * dpkg knows, and cost few connections, which the kernel counts.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceFact } from '../../src/model/service-fact.ts';
import { portolan, type Scanned, summaryOf } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { quickServers } from '../net/lab/servers/index.ts';
import { faultsOf, type ServerLab, servicesOf, silentPort, startServers } from '../net/lab/servers/run.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('services', () => {
  let host: ServerLab;
  let scanned: Scanned;
  let services: ReadonlyMap<number, ServiceFact>;
  const left: string[] = [];

  beforeAll(async () => {
    host = await startServers(quickServers, (line) => left.push(line));
    const ports = [silentPort, ...host.ports].join();
    // The port scan itself makes no connection: raw.
    scanned = await portolan(host.lab, ['-sS', '-sV', '-Pn', '-n', '-p', ports, host.address]);
    services = servicesOf(scanned);
  });
  afterAll(() => host?.lab.close());

  test('the scan ends well, and all servers run', () => {
    expect(scanned.status, scanned.stderr).toBe(0);
    expect(summaryOf(scanned).exit).toBe('done');
    expect(left).toEqual([]);
  });

  test('every server is called what it is', () => {
    expect([...host.running].flatMap(([server, version]) => faultsOf(server, version, services))).toEqual([]);
  });

  test('half of them cost two connections at most, all of them five, and no more were made than are told', () => {
    const told = host.ports.map((port) => services.get(port)?.connections ?? 0).sort((a, b) => a - b);
    expect(told[Math.floor(told.length / 2)]).toBeLessThanOrEqual(2);
    expect(told.at(-1)).toBeLessThanOrEqual(5);
    const counted = host.connections();
    for (const port of host.ports) {
      const { connections = 0 } = services.get(port) ?? {};
      expect(counted.get(port), `${port}`).toBeGreaterThanOrEqual(connections);
      // Each port was asked by one SYN before; where one had to be repeated more came.
      expect(counted.get(port), `${port}`).toBeLessThanOrEqual(connections + 2);
    }
  });

  test('a port that accepts and says nothing has no name', () => {
    expect(services.get(silentPort)).toMatchObject({ name: null, tls: false });
  });

  test('a scan without privileges finds the same', async () => {
    const args = ['-sV', '-Pn', '-n', '-p', host.ports.join(), host.address];
    const other = await portolan(host.lab, args, { user: 'nobody' });
    const words = (facts: ReadonlyMap<number, ServiceFact>) =>
      [...facts.values()]
        .filter(({ port }) => port !== silentPort)
        .map(({ port, name, product, version }) => `${port} ${name} ${product} ${version}`)
        .toSorted();
    expect(words(servicesOf(other))).toEqual(words(services));
  });

  test('greetings alone are heard with intensity 0, and nothing is asked', async () => {
    const ports = `24040,24041,${silentPort}`;
    const args = ['-sV', '--version-intensity', '0', '-Pn', '-n', '-p', ports, host.address];
    const found = servicesOf(await portolan(host.lab, args));
    expect(found.get(24_040)?.name).toBe('ssh');
    expect(found.get(silentPort)).toMatchObject({ name: null, connections: 1, bytes: 0 });
    expect(found.get(24_041)).toMatchObject({ name: null, bytes: 0 });
  });

  test('fingerprints of the user add what our rules do not say', async () => {
    const folder = join(host.lab.folder, 'recog');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'ssh.xml'),
      `<fingerprints matches="ssh.banner"><fingerprint pattern="^OpenSSH_(\\S+)"><description>A shell</description>
       <param pos="0" name="hw.device" value="Quay"/><param pos="0" name="service.product" value="Other"/></fingerprint></fingerprints>`,
    );
    const args = ['-sV', '--recog', folder, '-Pn', '-n', '-p', '24040', host.address];
    const found = servicesOf(await portolan(host.lab, args)).get(24_040);
    expect(found).toMatchObject({ product: 'OpenSSH', device: 'Quay', extra: { recog: ['A shell'] } });
  });
});
