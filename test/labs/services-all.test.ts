/**
 * The truth about services, in full: every server that the lab has, plain and inside TLS, beside nmap on the same ports
 * in the same run. None is named worse than nmap names it, in a quarter of its time and few connections, which the kernel
 * counts. Those that were held back while rules were written are judged apart.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceFact } from '../../src/model/service-fact.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { heldBackServers, knownServers, shyServers } from '../net/lab/servers/index.ts';
import { faultsOf, type ServerLab, servicesOf, startServers } from '../net/lab/servers/run.ts';
import type { Expected, Server } from '../net/lab/servers/server.ts';

const missing = labMissing();

const allServers = [...knownServers, ...heldBackServers, ...shyServers];

describe.skipIf(missing !== undefined)('all services', () => {
  let host: ServerLab;
  let services: ReadonlyMap<number, ServiceFact>;
  let theirs: ReadonlyMap<number, NmapService>;
  let [oursMs, theirsMs] = [0, 0];
  let counted: ReadonlyMap<number, number>;

  beforeAll(async () => {
    host = await startServers(allServers, (line) => console.log(line));
    const ports = host.ports.join();
    const args = ['-sS', '-sV', '-T4', '-Pn', '-n', '-p', ports, host.address];
    let startedMs = performance.now();
    const scanned = await portolan(host.lab, args);
    oursMs = performance.now() - startedMs;
    counted = host.connections();
    services = servicesOf(scanned);
    startedMs = performance.now();
    const nmap = await host.lab.scanner.namespace.run(['nmap', ...args, '-oX', '-'], {
      timeoutMs: mostNmapMs,
    });
    theirsMs = performance.now() - startedMs;
    theirs = readNmapServices(nmap.stdout);
  }, mostNmapMs + 120_000);
  afterAll(() => host?.lab.close());

  for (const [what, servers] of [
    ['known', knownServers],
    ['held back', heldBackServers],
    ['shy', shyServers],
  ] as const)
    test(`those that are ${what} are called what they are`, () => {
      const running = servers.filter((server) => host.running.has(server));
      const faults = running.flatMap((server) => faultsOf(server, host.running.get(server) ?? '', services));
      const count = running.reduce((sum, { says }) => sum + says.length, 0);
      console.log(`${what}: ${running.length} servers, ${count} ports, ${faults.length} faults`);
      expect(running.length).toBeGreaterThanOrEqual(servers === shyServers ? 12 : 20);
      expect(faults).toEqual([]);
    });

  test('none is named worse than nmap names it', () => {
    const worse = [...host.running].flatMap(([server, version]) =>
      server.says.flatMap((expected) => {
        const [ours, other] = [services.get(expected.port), theirs.get(expected.port)];
        if (other === undefined || !isWorse(ours, rightPartOf(other, server, expected, version))) return [];
        return [
          `${expected.port}: ${ours?.name} ${ours?.product} ${ours?.version}, nmap ${JSON.stringify(other)}`,
        ];
      }),
    );
    expect(worse).toEqual([]);
  });

  test('it takes a quarter of the time of nmap at most', () => {
    console.log(`${Math.round(oursMs)} ms, nmap ${Math.round(theirsMs)} ms`);
    expect(oursMs).toBeLessThanOrEqual(0.25 * theirsMs);
  });

  test('half of them cost two connections at most, 95 of a hundred five', () => {
    // One SYN of each port was the scan's. Those that answer no stranger are counted apart.
    const costsOf = (some: readonly Server[]) =>
      [...host.running.keys()]
        .filter((server) => some.includes(server))
        .flatMap(({ says }) => says.map(({ port }) => (counted.get(port) ?? 0) - 1))
        .sort((a, b) => a - b);
    const [all, shy] = [costsOf([...knownServers, ...heldBackServers]), costsOf(shyServers)];
    const [median = 0, high = 0] = [0.5, 0.95].map((share) => all[Math.floor(share * all.length)]);
    console.log(`connections: median ${median}, 95 % ${high}, most ${all.at(-1)}`);
    console.log(`shy: median ${shy[shy.length >> 1]}, most ${shy.at(-1)}`);
    const dear = host.ports.filter((port) => (counted.get(port) ?? 0) - 1 > 3);
    console.log(
      `more than three: ${dear.map((port) => `${port}: ${(counted.get(port) ?? 0) - 1}`).join(', ')}`,
    );
    expect(median).toBeLessThanOrEqual(2);
    expect(high).toBeLessThanOrEqual(5);
  });

  test('as many connections are told as the kernel counts', () => {
    const differing = host.ports.flatMap((port) => {
      const [told, made] = [services.get(port)?.connections, (counted.get(port) ?? 0) - 1];
      return told === made ? [] : [`${port}: counted ${made}, told ${told}`];
    });
    expect(differing).toEqual([]);
  });
});

interface NmapService {
  readonly name: string;
  readonly product?: string;
  readonly version?: string;
}

/** What nmap has proven; what it only looked up in its table is no name. */
function readNmapServices(xml: string): ReadonlyMap<number, NmapService> {
  const ports = xml.matchAll(/<port protocol="tcp" portid="(\d+)">(.*?)<\/port>/gs);
  return new Map(
    [...ports].flatMap(([, port, inside = '']) => {
      const text = /<service ([^>]*)>/.exec(inside)?.[1] ?? '';
      const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
      const [name = '', product, version] = [field('name'), field('product'), field('version')];
      if (field('method') !== 'probed' || name === 'tcpwrapped' || name === 'unknown') return [];
      return [[Number(port), { name, ...(product && { product }), ...(version && { version }) }] as const];
    }),
  );
}

/** As much of it as is true: a wrong name, another's product or a version that the package does not have is no better one. */
function rightPartOf(
  theirs: NmapService,
  server: Server,
  expected: Expected,
  packaged: string,
): NmapService | undefined {
  const { name, product = '', version = '' } = theirs;
  const isAlike = alike.some((names) => names.includes(name) && names.includes(`${expected.name}`));
  if (expected.name !== null && name !== expected.name && !isAlike) return undefined;
  const words = product.toLowerCase().match(/[a-z]{3,}\d*/g) ?? [];
  const isOwn =
    expected.product?.test(product) === true || words.some((word) => server.package.includes(word));
  // What only repeats the protocol is no product.
  if (product === '' || !isOwn || product.toLowerCase() === name) return { name };
  const [number = ''] = version.split(' ');
  return { name, product, ...(number !== '' && packaged.startsWith(number) && { version }) };
}

/** A name, a product or a version is missing that nmap has. */
function isWorse(ours: ServiceFact | undefined, theirs: NmapService | undefined): boolean {
  if (theirs === undefined) return false;
  if (ours === undefined || ours.name === null) return true;
  if (ours.name === 'ssl' && theirs.name !== 'ssl') return true;
  if (ours.product === undefined && theirs.product !== undefined) return true;
  return ours.version === undefined && theirs.version !== undefined;
}

/** One protocol in several words. */
const alike: readonly (readonly string[])[] = [
  ['microsoft-ds', 'netbios-ssn'],
  ['nfs', 'nfs_acl', 'rpcbind', 'rpc'],
  ['ipp', 'http', 'http-proxy'],
];
const mostNmapMs = 420_000;
