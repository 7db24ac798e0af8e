/**
 * The truth about UDP: `-sU` must name the exact state and reason of every planned port, with and without
 * privilege, over both families, and find every real server on its standard port in one run.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import type { EnterOptions } from './lab/namespace.ts';
import { portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { type UdpServer, udpServerCommand, udpServers } from './lab/udp-servers.ts';

const missing = labMissing();

/** Who asks: by packets, and by sockets without any privilege. */
const askers: Readonly<Record<string, EnterOptions>> = { root: {}, nobody: { user: 'nobody' } };

describe.skipIf(missing !== undefined)('planned UDP ports', () => {
  let lab: Lab<'host'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      everyError: true,
      forward: [
        'meta nfproto ipv4 udp dport 2020 reject with icmp port-unreachable',
        'meta nfproto ipv6 udp dport 2020 reject with icmpv6 port-unreachable',
        'meta nfproto ipv4 udp dport 2021 reject with icmp admin-prohibited',
        'meta nfproto ipv6 udp dport 2021 reject with icmpv6 admin-prohibited',
        'udp dport 2030-2032 drop',
      ],
      targets: {
        host: {
          udp: openPorts,
          tcp: '22',
          input: [
            'meta nfproto ipv4 udp dport 2010 reject with icmp admin-prohibited',
            'meta nfproto ipv6 udp dport 2010 reject with icmpv6 admin-prohibited',
            'udp dport 2000-2004 drop',
          ],
        },
      },
    });
  });
  afterAll(() => lab?.close());

  for (const [user, options] of Object.entries(askers)) {
    for (const family of [4, 6] as const) {
      it(`as ${user} over IPv${family}: every state and reason is the planned one`, async () => {
        const address = family === 4 ? lab.targets.host.v4 : lab.targets.host.v6;
        const found = await portolan(lab, ['-sU', '-Pn', '-n', '-p', allPorts, address], options);
        expect(Object.fromEntries(found.ports('udp')), found.stderr).toEqual(planned(address));
        expect(found.status).toBe(0);
      });
    }

    it(`as ${user}: TCP beside UDP in one run, each under its own name`, async () => {
      const { v4, v6 } = lab.targets.host;
      const tcp = user === 'root' ? '-sS' : '-sT';
      const ports = `T:22,23,U:${allPorts}`;
      const found = await portolan(lab, [tcp, '-sU', '-Pn', '-n', '-p', ports, v4, v6], options);
      expect(Object.fromEntries(found.ports('udp')), found.stderr).toEqual({
        ...planned(v4),
        ...planned(v6),
      });
      const states = [...found.ports(user === 'root' ? 'syn' : 'connect')].map(([key, { state }]) => [
        key,
        state,
      ]);
      expect(Object.fromEntries(states)).toEqual({
        [`${v4} tcp/22`]: 'open',
        [`${v4} tcp/23`]: 'closed',
        [`${v6} tcp/22`]: 'open',
        [`${v6} tcp/23`]: 'closed',
      });
    });

    it(`as ${user}: names the router that refused`, async () => {
      const { v4, v6 } = lab.targets.host;
      const found = await portolan(lab, ['-sU', '-Pn', '-n', '-vv', '-p2010,2020,3000', v4, v6], options);
      const from = found.facts.flatMap((fact) =>
        fact.type === 'port' ? [[`${fact.host} ${fact.port}`, fact.from]] : [],
      );
      expect(Object.fromEntries(from), found.stderr).toEqual({
        [`${v4} 2010`]: v4,
        [`${v4} 2020`]: lab.router.v4,
        [`${v4} 3000`]: v4,
        [`${v6} 2010`]: v6,
        [`${v6} 2020`]: lab.router.v6,
        [`${v6} 3000`]: v6,
      });
    });
  }

  it('comes from the asked port, with and without privilege', async () => {
    const { v4 } = lab.targets.host;
    for (const options of Object.values(askers)) {
      const found = await portolan(lab, ['-sU', '-Pn', '-n', '-g', '4053', '-p53,161,3000', v4], options);
      const states = [...found.ports('udp')].map(([key, { state }]) => [key, state]);
      expect(Object.fromEntries(states), found.stderr).toEqual({
        [`${v4} udp/53`]: 'open',
        [`${v4} udp/161`]: 'open',
        [`${v4} udp/3000`]: 'closed',
      });
    }
  });

  it('-PU finds a host by its answer and by its refusal', async () => {
    const { v4, v6 } = lab.targets.host;
    for (const port of [53, 3000]) {
      const found = await portolan(lab, ['-sn', '-n', `-PU${port}`, v4, v6, lab.nobody.v4]);
      const hosts = found.facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, fact.state]] : []));
      expect(Object.fromEntries(hosts), found.stderr).toMatchObject({ [v4]: 'up', [v6]: 'up' });
      expect(Object.fromEntries(hosts)[lab.nobody.v4] ?? 'down').toBe('down');
    }
  });
});

describe.skipIf(missing !== undefined)('real UDP servers', () => {
  const servers = runnable();
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

  for (const [user, options] of Object.entries(askers)) {
    it(`as ${user}: one -sU run finds all on their standard ports (${ports.join(' ')})`, async () => {
      const { v4 } = lab.targets.host;
      const found = await portolan(lab, ['-sU', '-Pn', '-n', '-p', `1-1000,${ports.join(',')}`, v4], options);
      const table = found.ports('udp');
      const states = Object.fromEntries(ports.map((port) => [port, table.get(`${v4} udp/${port}`)?.state]));
      expect(states, found.stderr).toEqual(Object.fromEntries(ports.map((port) => [port, 'open'])));
      // The lab answers all errors: whatever else is asked is either bound by a server or closed.
      const silent = [...table].filter(([, { state }]) => state === 'open|filtered').map(([key]) => key);
      const listening = await boundPorts(lab);
      expect(
        silent.filter((key) => !listening.has(Number(key.split('/')[1]))),
        found.stderr,
      ).toEqual([]);
    });
  }
});

/** What the plan says of every port. */
function planned(address: string): Record<string, { state: string; reason: string }> {
  const rows: readonly (readonly [string, string, string])[] = [
    [openPorts, 'open', 'udp-response'],
    ['3000-3010', 'closed', 'port-unreach'],
    ['2000-2004', 'open|filtered', 'no-response'],
    ['2030-2032', 'open|filtered', 'no-response'],
    ['2010', 'filtered', 'admin-prohibited'],
    ['2020', 'filtered', 'port-unreach'],
    ['2021', 'filtered', 'admin-prohibited'],
  ];
  return Object.fromEntries(
    rows.flatMap(([ports, state, reason]) =>
      [...parsePortRanges(ports)].map((port) => [`${address} udp/${port}`, { state, reason }]),
    ),
  );
}

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

/** Servers that can live on one address, each with ports of its own. */
const together: ReadonlySet<string> = new Set([
  ...['dnsmasq', 'chrony', 'snmpd', 'tftpd', 'rpcbind', 'memcached', 'coturn', 'freeradius', 'nmbd', 'avahi'],
  ...['openvpn', 'strongswan', 'xl2tpd', 'kamailio', 'coap-server', 'krb5kdc', 'murmur', 'inetd', 'ipmi_sim'],
  ...['wsdd2', 'bird', 'osmo-mgw', 'opentracker'],
]);
const openPorts = '53,123,161,500,1000-1004';
const allPorts = `${openPorts},2000-2004,2010,2020,2021,2030-2032,3000-3010`;
/** Looks at a table of some 20 ms each: a server that needs longer than all of them is broken. */
const mostTries = 1000;
