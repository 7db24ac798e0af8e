/**
 * A scan of this machine itself: the loopback hands our own probes back, and none of them may be taken for an answer.
 * What is right is what the kernel says of its own sockets.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePortRanges } from '../../src/model/ports.ts';
import { listen } from '../net/lab/listen.ts';
import { Namespace } from '../net/lab/namespace.ts';
import { readNmapXml } from '../net/lab/nmap.ts';
import { portolanIn } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('this machine itself', () => {
  const id = `portolan-${process.pid}-self`;
  let folder: string;
  let self: Namespace;
  let sockets: { readonly tcp: ReadonlySet<number>; readonly udp: ReadonlySet<number> };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `${id}-`));
    self = new Namespace(`${id}-a`, folder);
    self.ip(
      'link add eth0 type veth peer name eth1',
      'link set eth0 up',
      'link set eth1 up',
      'addr add 10.80.0.1/24 dev eth0',
      'addr add 10.80.0.2/24 dev eth0',
      'addr add fd80::1/64 dev eth0 nodad',
    );
    self.sendEveryError();
    await listen(self, { tcp: '22,8080,61000,62345', udp: '53,5000,61001,62333' });
    sockets = { tcp: await socketsOf('tcp'), udp: await socketsOf('udp') };
    expect([...sockets.tcp, ...sockets.udp]).toHaveLength(8);
  });
  afterAll(() => {
    self?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The ports of the kernel's sockets, by its own list: TCP ports where somebody listens. */
  async function socketsOf(protocol: 'tcp' | 'udp'): Promise<ReadonlySet<number>> {
    const { stdout } = await self.run(['sh', '-c', `cat /proc/net/${protocol} /proc/net/${protocol}6`]);
    const state = protocol === 'tcp' ? '0A' : '07';
    return new Set(
      stdout.split('\n').flatMap((line) => {
        const [, local = '', , found] = line.trim().split(/\s+/);
        return found === state ? [Number.parseInt(local.split(':').at(-1) as string, 16)] : [];
      }),
    );
  }

  /** What the techniques must find of the kernel, where nothing filters. */
  function expected(): Readonly<Record<string, (port: number) => string>> {
    const { tcp, udp } = sockets;
    return {
      syn: (port) => (tcp.has(port) ? 'open' : 'closed'),
      fin: (port) => (tcp.has(port) ? 'open|filtered' : 'closed'),
      ack: () => 'unfiltered',
      udp: (port) => (udp.has(port) ? 'open' : 'closed'),
    };
  }

  // The upper ports are those that probes leave from: there one comes back to a port that is asked as well.
  const asked = '22,53,80,5000,8080,61400-62464';
  const addresses = ['127.0.0.1', '::1', '10.80.0.1', 'fd80::1'];

  it.each(addresses)('%s is what its kernel says of its sockets, by every technique', async (address) => {
    const run = await portolanIn(self, [
      ...['-sS', '-sU', '-sO', '-sA', '-sF', '-sY', '-n', '--ungrouped'],
      ...['-p', `T:${asked},U:${asked},S:61400-61500,P:0-255`, address],
    ]);
    expect(run.status, run.stderr).toBe(0);
    for (const [technique, state] of Object.entries(expected())) {
      const wrong = parsePortRanges(asked).flatMap((port) => {
        const found = run.ports(technique).get(`${address} ${technique === 'udp' ? 'udp' : 'tcp'}/${port}`);
        return found?.state === state(port) ? [] : [`${technique} ${port} ${found?.state}`];
      });
      expect(wrong).toEqual([]);
    }
    const inits = [...run.ports('sctp-init').values()];
    expect(inits.every(({ state }) => state !== 'open')).toBe(true);
    const icmp = address.includes(':') ? 58 : 1;
    const open = [...run.ports('ip-protocol')].filter(([, { state }]) => state === 'open');
    expect(open.map(([key]) => key).sort()).toEqual(
      [6, 17, icmp].map((protocol) => `${address} ip/${protocol}`).sort(),
    );
    // Nobody has a socket for it, and this scan must not be the one who has.
    expect(run.ports('ip-protocol').get(`${address} ip/255`)?.state).toBe('closed');
    const opinion = readNmapXml(
      (
        await self.run([
          'nmap',
          '-n',
          '-oX',
          '-',
          ...(icmp === 58 ? ['-6'] : []),
          '-sS',
          '-p',
          asked,
          address,
        ])
      ).stdout,
    );
    for (const [key, { state }] of opinion) expect(run.ports('syn').get(key)?.state, key).toBe(state);
  });

  it('a probe from one address of ours to another is no answer of the former', async () => {
    const args = ['-sU', '-n', '-Pn', '-S', '10.80.0.1', '-g', '61500', '-p', '61490-61510'];
    const run = await portolanIn(self, [...args, '10.80.0.1', '10.80.0.2']);
    expect(run.status, run.stderr).toBe(0);
    for (const [key, { state }] of run.ports('udp')) expect(state, key).toBe('closed');
  });

  it.each([
    [
      'drops',
      ['tcp dport { 22, 8080 } accept', 'udp dport { 53, 62000 } accept', 'meta l4proto { tcp, udp } drop'],
    ],
    [
      'rejects',
      [
        'tcp dport { 22, 8080 } accept',
        'udp dport { 53, 62000 } accept',
        'ct state established,related accept',
        'meta l4proto { tcp, udp } reject with icmpx type admin-prohibited',
      ],
    ],
  ])('behind a filter that %s, nothing but what it lets through is open', async (name, rules) => {
    // What the kernel itself sends in answer to a probe comes in by the same chain.
    const answers = ['tcp flags & (rst | ack) != 0 accept', 'udp sport 53 accept'];
    self.nft(
      `table inet own {\n chain in {\n  type filter hook input priority 0;\n${[...answers, ...rules].join('\n')}\n }\n}`,
    );
    try {
      const ports = '22,53,8080,61440-62050';
      const run = await portolanIn(self, [
        ...['-sS', '-sU', '-n', '--max-retries', '1', '-p', `T:${ports},U:${ports}`],
        ...['127.0.0.1', '::1'],
      ]);
      expect(run.status, run.stderr).toBe(0);
      for (const address of ['127.0.0.1', '::1']) {
        for (const port of parsePortRanges(ports)) {
          const tcp = port === 22 || port === 8080 ? 'open' : 'filtered';
          const silent = name === 'drops' ? 'open|filtered' : 'filtered';
          const udp = port === 53 ? 'open' : port === 62_000 ? 'closed' : silent;
          expect(run.ports('syn').get(`${address} tcp/${port}`)?.state, `${address} tcp/${port}`).toBe(tcp);
          expect(run.ports('udp').get(`${address} udp/${port}`)?.state, `${address} udp/${port}`).toBe(udp);
        }
      }
    } finally {
      self.nft('delete table inet own');
    }
  });
});
