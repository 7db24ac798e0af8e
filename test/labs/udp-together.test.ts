/**
 * `-sU` finds every real server on its standard port in one run, with and without privilege.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab } from '../net/lab/lab.ts';
import type { EnterOptions } from '../net/lab/namespace.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { type UdpServer, udpServerCommand, udpServers } from '../net/lab/udp-servers.ts';

const missing = labMissing();

/** Who asks: by packets, and by sockets without any privilege. */
const askers: Readonly<Record<string, EnterOptions>> = { root: {}, nobody: { user: 'nobody' } };

/** Servers that can live on one address, each with ports of its own. */
const together: ReadonlySet<string> = new Set([
  ...['dnsmasq', 'chrony', 'snmpd', 'tftpd', 'rpcbind', 'memcached', 'coturn', 'freeradius', 'nmbd', 'avahi'],
  ...['openvpn', 'strongswan', 'xl2tpd', 'kamailio', 'coap-server', 'krb5kdc', 'murmur', 'inetd', 'ipmi_sim'],
  ...['wsdd2', 'bird', 'osmo-mgw', 'opentracker'],
]);
const servers = runnable();
const reason = missing ?? (servers.length === 0 ? 'no server is installed' : undefined);

describe.skipIf(reason !== undefined)('real UDP servers', () => {
  const ports = servers.flatMap(portsOf);
  let lab: Lab<'host'>;
  let running: readonly ChildProcess[] = [];
  beforeAll(async () => {
    lab = await createLab({ targets: { host: { at: 'near' } } });
    lab.targets.host.namespace.ip(
      'link add ext0 type veth peer name ext1',
      'link set ext0 up',
      'link set ext1 up',
      'addr add 203.0.113.1/24 dev ext0',
    );
    running = servers.map((server) => start(lab, server));
    await bound(lab, ports);
  });
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    lab?.close();
  });

  /** Scans these ports and expects every server to be found. */
  async function findAll(asked: string, options: EnterOptions) {
    const { v4 } = lab.targets.host;
    const found = await portolan(lab, ['-sU', '-Pn', '-n', '-p', asked, v4], options);
    const table = found.ports('udp');
    const states = Object.fromEntries(ports.map((port) => [port, table.get(`${v4} udp/${port}`)?.state]));
    expect(states, found.stderr).toEqual(Object.fromEntries(ports.map((port) => [port, 'open'])));
    return { found, table };
  }

  for (const [user, options] of Object.entries(askers)) {
    it(`as ${user}: one -sU run finds all on their standard ports (${ports.join(' ')})`, async () => {
      // A few closed ports among them: the host refuses each, as often as its kernel's limit lets it.
      await findAll(`${ports.join(',')},40001-40010`, options);
    });
  }

  describe('a host that sends every refusal', () => {
    beforeAll(() => lab.targets.host.namespace.sendEveryError());

    for (const [user, options] of Object.entries(askers)) {
      it(`as ${user}: whatever else is silent among 1000 ports is bound by a server`, async () => {
        const { found, table } = await findAll(`1-1000,${ports.join(',')}`, options);
        const silent = [...table].filter(([, { state }]) => state === 'open|filtered').map(([key]) => key);
        const listening = await boundPorts(lab);
        expect(
          silent.filter((key) => !listening.has(Number(key.split('/')[1]))),
          found.stderr,
        ).toEqual([]);
      });
    }
  });
});

/** Those of {@link together} that this machine has. */
function runnable(): readonly UdpServer[] {
  return udpServers.filter(({ name, binary }) => together.has(name) && existsSync(binary));
}

function portsOf({ answers, port }: UdpServer): readonly number[] {
  const ports = Object.values(answers).filter(({ sourcePort }) => sourcePort === undefined);
  return [...new Set(ports.map((answer) => answer.port ?? port))];
}

function start(lab: Lab<'host'>, server: UdpServer): ChildProcess {
  const dir = join(lab.folder, server.name);
  mkdirSync(dir);
  const { namespace, v4 } = lab.targets.host;
  const child = namespace.spawn(udpServerCommand(server, dir, v4), { env: server.env?.(dir) ?? {} });
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  return child;
}

/** Resolves when the kernel has a socket on each of these ports. */
async function bound(lab: Lab<'host'>, ports: readonly number[]): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const listening = await boundPorts(lab);
    if (ports.every((port) => listening.has(port))) return;
  }
  const listening = await boundPorts(lab);
  throw new Error(`no server on ${ports.filter((port) => !listening.has(port)).join(', ')}`);
}

async function boundPorts(lab: Lab<'host'>): Promise<ReadonlySet<number>> {
  const { stdout } = await lab.targets.host.namespace.run(['ss', '-Hnlu']);
  return new Set(stdout.split('\n').map((line) => Number(/:(\d+)\s/.exec(line)?.[1])));
}

/** Looks at a table of some 20 ms each: a server that needs longer than all of them is broken. */
const mostTries = 1000;
