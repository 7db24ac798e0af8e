/**
 * The truth about services: real servers on odd ports are called what they are, in the version that dpkg knows, and cost
 * few connections, which the kernel counts.
 *
 * @module
 */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import type { ServiceFact } from '../../src/model/service-fact.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { portolan, type Scanned, summaryOf } from '../net/lab/portolan.ts';
import { mustRunSync, until } from '../net/lab/process.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { type TcpServer, tcpServers } from '../net/lab/tcp-servers.ts';

const missing = labMissing();
const present = tcpServers.filter(({ binary }) => existsSync(binary));

describe.skipIf(missing !== undefined)('services', () => {
  let lab: Lab<'host'>;
  let scanned: Scanned;
  let services: Map<number, ServiceFact>;

  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      targets: { host: { tcp: '7000', input: [`tcp dport != 7000 tcp flags syn / syn,ack counter`] } },
    });
    const { namespace, v4 } = lab.targets.host;
    for (const [i, server] of present.entries()) {
      const dir = join(lab.folder, `${i}`);
      mkdirSync(dir, { mode: 0o777 });
      namespace.spawn(server.start(dir));
    }
    await until('all servers to listen', () => present.every(({ port }) => listening(lab).has(port)));
    // The port scan itself makes no connection: raw.
    scanned = await portolan(lab, [
      '-sS',
      '-sV',
      '-Pn',
      '-n',
      '-p',
      `7000,${present.map(({ port }) => port).join()}`,
      v4,
    ]);
    services = servicesOf(scanned.facts);
  });
  afterAll(() => lab?.close());

  test('the scan ends well', () => {
    expect(scanned.status, scanned.stderr).toBe(0);
    expect(summaryOf(scanned).exit).toBe('done');
  });

  for (const server of tcpServers) {
    const absent = existsSync(server.binary) ? '' : ` (not installed: ${server.package})`;
    test.skipIf(absent !== '')(`${server.name} of ${server.package} on port ${server.port}${absent}`, () => {
      const found = services.get(server.port);
      expect(found).toMatchObject({ name: server.name, tls: server.tls === true });
      expect(found?.product).toBe(server.product);
      if (server.tells === 'nothing') expect(found?.version).toBeUndefined();
      else expect(found?.version).toBe(upstream(server).slice(0, found?.version?.length));
      expect(found?.connections).toBeLessThanOrEqual(5);
    });
  }

  test('half of them cost two connections at most, and no more were made than are told', () => {
    const told = [...services.values()].map(({ connections = 0 }) => connections).sort((a, b) => a - b);
    expect(told[Math.floor(told.length / 2)]).toBeLessThanOrEqual(2);
    const counted = /counter packets (\d+)/.exec(
      mustRunSync(['ip', 'netns', 'exec', lab.targets.host.namespace.name, 'nft', 'list', 'ruleset']),
    )?.[1];
    // Each port was asked by one SYN before; where it had to be repeated more came.
    const ofServers = [...services].filter(([port]) => port !== 7000);
    const sum = ofServers.reduce((all, [, { connections = 0 }]) => all + connections, 0);
    expect(Number(counted)).toBeGreaterThanOrEqual(sum);
    expect(Number(counted)).toBeLessThanOrEqual(sum + 2 * ofServers.length);
  });

  test('a port that accepts and says nothing has no name', () => {
    expect(services.get(7000)).toMatchObject({ name: null, tls: false });
  });

  test('a scan without privileges finds the same', async () => {
    const { v4 } = lab.targets.host;
    const ports = present.map(({ port }) => port).join();
    const other = await portolan(lab, ['-sV', '-Pn', '-n', '-p', ports, v4], { user: 'nobody' });
    const words = (facts: ReadonlyMap<number, ServiceFact>) =>
      [...facts.values()]
        .filter(({ port }) => port !== 7000)
        .map(({ port, name, product, version }) => `${port} ${name} ${product} ${version}`)
        .toSorted();
    expect(words(servicesOf(other.facts))).toEqual(words(services));
  });

  test('greetings alone are heard with intensity 0, and nothing is asked', async () => {
    const { v4 } = lab.targets.host;
    const quiet = await portolan(lab, [
      '-sV',
      '--version-intensity',
      '0',
      '-Pn',
      '-n',
      '-p',
      '2201,8101,7000',
      v4,
    ]);
    const found = servicesOf(quiet.facts);
    if (present.some(({ port }) => port === 2201)) expect(found.get(2201)?.name).toBe('ssh');
    expect(found.get(7000)).toMatchObject({ name: null, connections: 1, bytes: 0 });
    if (present.some(({ port }) => port === 8101))
      expect(found.get(8101)).toMatchObject({ name: null, bytes: 0 });
  });
});

function servicesOf(facts: readonly RecordedFact[]): Map<number, ServiceFact> {
  return new Map(facts.flatMap((fact) => (fact.type === 'service' ? [[fact.port, fact] as const] : [])));
}

function listening({ targets: { host } }: Lab<'host'>): ReadonlySet<number> {
  const lines = mustRunSync(['ip', 'netns', 'exec', host.namespace.name, 'ss', '-Hltn']).split('\n');
  return new Set(lines.map((line) => Number(/:(\d+)\s/.exec(line)?.[1])));
}

/** The version that dpkg knows, without epoch and revision; OpenSSH writes 1:9.2p1-2+deb12u10. */
function upstream(server: TcpServer): string {
  const version = mustRunSync(['dpkg-query', '-W', '-f', `\${Version}`, server.package]);
  return version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
}
