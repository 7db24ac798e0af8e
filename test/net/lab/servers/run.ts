/**
 * A host with real servers, and what Portolan and nmap call them.
 *
 * @module
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceFact } from '../../../../src/model/service-fact.ts';
import { createLab, type Lab } from '../lab.ts';
import type { Scanned } from '../portolan.ts';
import { mustRunSync, until } from '../process.ts';
import { isThere, type Server, serverCommand, unpack, versionOf } from './server.ts';

/** A port that accepts and says nothing. */
export const silentPort = 7000;

/** A host on which servers run. */
export interface ServerLab {
  readonly lab: Lab<'host'>;
  readonly address: string;
  /** Those that run, with the versions of their packages. */
  readonly running: ReadonlyMap<Server, string>;
  /** Every port of theirs. */
  readonly ports: readonly number[];
  /** How many connections were begun to each port since from outside, as the kernel counts them: a SYN sent again is none. */
  connections(): ReadonlyMap<number, number>;
}

/**
 * Starts servers, each in a folder of its own. Those that are not there, and those that do not listen after a minute,
 * are left out: `say` hears which.
 */
export async function startServers(
  servers: readonly Server[],
  say: (line: string) => void,
): Promise<ServerLab> {
  await unpackAll(servers);
  const there = servers.filter((server) => isThere(server, unpackedFolder));
  const lab = await createLab({
    wire: { delayMs: 1 },
    targets: { host: { tcp: `${silentPort}` } },
  });
  const { namespace, v4 } = lab.targets.host;
  namespace.nft(countingRules);
  for (const [i, server] of there.entries()) {
    const dir = join(lab.folder, `${i}`);
    mkdirSync(dir);
    mustRunSync(['chmod', '777', dir]);
    const env = server.env?.(dir) ?? {};
    namespace.spawn(serverCommand(server, dir, unpackedFolder), { env, cwd: dir });
  }
  const listens = ({ says }: Server) => says.every(({ port, isAt = port }) => listening(lab).has(isAt));
  await until('all servers to listen', () => there.every(listens), mostStartMs).catch(() => undefined);
  const running = new Map(
    there.filter(listens).map((server) => [server, versionOf(server, unpackedFolder)] as const),
  );
  for (const server of servers)
    if (!running.has(server))
      say(`${server.package} does not run${there.includes(server) ? '' : ': not installed'}`);
  return {
    lab,
    address: v4,
    running,
    ports: [...running.keys()].flatMap(({ says }) => says.map(({ port }) => port)),
    connections: () => {
      const set = mustRunSync([
        'ip',
        'netns',
        'exec',
        namespace.name,
        'nft',
        'list',
        'set',
        'inet',
        'counted',
        'ports',
      ]);
      const counted = new Map<number, number>();
      for (const [, port] of set.matchAll(/(\d+) \. \d+/g))
        counted.set(Number(port), (counted.get(Number(port)) ?? 0) + 1);
      return counted;
    },
  };
}

async function unpackAll(servers: readonly Server[]): Promise<void> {
  mkdirSync(unpackedFolder, { recursive: true });
  await unpack(servers, unpackedFolder);
}

/** The services of a scan, by port. */
export function servicesOf({ facts }: Pick<Scanned, 'facts'>): ReadonlyMap<number, ServiceFact> {
  return new Map(facts.flatMap((fact) => (fact.type === 'service' ? [[fact.port, fact] as const] : [])));
}

/** What is wrong with what was found, in few words each; a server that tells its version must not be without it. */
export function faultsOf(
  server: Server,
  version: string,
  services: ReadonlyMap<number, Pick<ServiceFact, 'name' | 'tls' | 'product' | 'version'>>,
): readonly string[] {
  return server.says.flatMap(({ port, name, product, tells, hides, tls = false }) => {
    const found = services.get(port);
    if (found === undefined) return [`${port}: no service is told`];
    const isVersion =
      found.version !== undefined && version.startsWith(found.version.slice(0, version.length));
    return [
      ...(found.name === name ? [] : [`${port}: ${found.name}, not ${name}`]),
      ...(found.tls === tls ? [] : [`${port}: ${tls ? 'not inside TLS' : 'inside TLS'}`]),
      ...(product === undefined || product.test(found.product ?? '')
        ? []
        : [`${port}: product ${found.product}`]),
      ...(hides && found.version !== undefined ? [`${port}: version ${found.version}, which hides`] : []),
      ...(hides && product === undefined && found.product !== undefined
        ? [`${port}: product ${found.product}, which hides`]
        : []),
      ...(tells === undefined || isVersion ? [] : [`${port}: version ${found.version}, not ${version}`]),
    ];
  });
}

function listening({ targets: { host } }: Lab<'host'>): ReadonlySet<number> {
  const lines = mustRunSync(['ip', 'netns', 'exec', host.namespace.name, 'ss', '-Hltn']).split('\n');
  return new Set(lines.map((line) => Number(/:(\d+)\s/.exec(line)?.[1])));
}

const countingRules = `table inet counted {
  set ports { type inet_service . inet_service; flags dynamic; size 65535; }
  chain before {
    type filter hook prerouting priority -300
    iifname != "lo" tcp flags & (syn | ack) == syn add @ports { tcp dport . tcp sport }
  }
}`;
const unpackedFolder = '/var/cache/portolan-lab';
/** Those in Java and Erlang take their time. */
const mostStartMs = 60_000;
