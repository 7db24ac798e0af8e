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
import { heldBackServers, knownServers } from '../net/lab/servers/index.ts';
import { faultsOf, type ServerLab, servicesOf, startServers } from '../net/lab/servers/run.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('all services', () => {
  let host: ServerLab;
  let services: ReadonlyMap<number, ServiceFact>;
  let theirs: ReadonlyMap<number, NmapService>;
  let [oursMs, theirsMs] = [0, 0];
  let counted: ReadonlyMap<number, number>;

  beforeAll(async () => {
    host = await startServers([...knownServers, ...heldBackServers], (line) => console.log(line));
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
  ] as const)
    test(`those that are ${what} are called what they are`, () => {
      const running = servers.filter((server) => host.running.has(server));
      const faults = running.flatMap((server) => faultsOf(server, host.running.get(server) ?? '', services));
      const count = running.reduce((sum, { says }) => sum + says.length, 0);
      console.log(`${what}: ${running.length} servers, ${count} ports, ${faults.length} faults`);
      expect(running.length).toBeGreaterThanOrEqual(20);
      expect(faults).toEqual([]);
    });

  test('none is named worse than nmap names it', () => {
    const worse = [...host.running.keys()].flatMap(({ says }) =>
      says.flatMap(({ port }) => {
        const [ours, other] = [services.get(port), theirs.get(port)];
        if (other === undefined || !isWorse(ours, other)) return [];
        return [`${port}: ${ours?.name} ${ours?.product} ${ours?.version}, nmap ${JSON.stringify(other)}`];
      }),
    );
    expect(worse).toEqual([]);
  });

  test('it takes a quarter of the time of nmap at most', () => {
    console.log(`${Math.round(oursMs)} ms, nmap ${Math.round(theirsMs)} ms`);
    expect(oursMs).toBeLessThanOrEqual(0.25 * theirsMs);
  });

  test('half of them cost two connections at most, 95 of a hundred five', () => {
    // One SYN of each port was the scan's.
    const all = host.ports.map((port) => (counted.get(port) ?? 0) - 1).sort((a, b) => a - b);
    const [median = 0, high = 0] = [0.5, 0.95].map((share) => all[Math.floor(share * all.length)]);
    console.log(`connections: median ${median}, 95 % ${high}, most ${all.at(-1)}`);
    expect(median).toBeLessThanOrEqual(2);
    expect(high).toBeLessThanOrEqual(5);
  });
});

interface NmapService {
  readonly name: string;
  readonly product?: string;
  readonly version?: string;
}

/** What nmap has proven; what it only looked up in its table is no name. */
function readNmapServices(xml: string): ReadonlyMap<number, NmapService> {
  const ports = xml.matchAll(/<port protocol="tcp" portid="(\d+)">.*?<service ([^>]*)>/gs);
  return new Map(
    [...ports].flatMap(([, port, text = '']) => {
      const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
      const [name = '', product, version] = [field('name'), field('product'), field('version')];
      if (field('method') !== 'probed' || name === 'tcpwrapped' || name === 'unknown') return [];
      return [[Number(port), { name, ...(product && { product }), ...(version && { version }) }] as const];
    }),
  );
}

/** A name, a product or a version is missing that nmap has; a version which nmap only guesses is none. */
function isWorse(ours: ServiceFact | undefined, theirs: NmapService): boolean {
  if (ours === undefined || ours.name === null) return true;
  if (ours.name === 'ssl' && theirs.name !== 'ssl') return true;
  if (ours.product === undefined && theirs.product !== undefined) return true;
  const isGuess = /\bor later\b|\bX\b|[.\d]X| - /.test(theirs.version ?? '');
  return ours.version === undefined && theirs.version !== undefined && !isGuess;
}

const mostNmapMs = 420_000;
