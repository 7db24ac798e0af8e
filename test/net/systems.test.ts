/**
 * Systems by how they answer: this kernel with options off and other times to live, behind filters, and two of it behind one
 * address.
 *
 * @module
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { OsFact } from '../../src/model/os-fact.ts';
import type { Forecast } from '../../src/plan/forecast.ts';
import { listen } from './lab/listen.ts';
import { portolanIn, type Scanned, summaryOf } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { forwards, type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('systems', () => {
  let lab: Wired<'scanner' | 'host' | 'behind'> | undefined;
  afterEach(() => lab?.close());

  /** Scanner, host on its link, and another host behind that. */
  const make = async () => {
    lab = wired('systems', 'scanner', 'host', 'behind');
    const { scanner, host, behind } = lab.at;
    lab.wire('scanner', 'host', 'eth0', 'near');
    lab.wire('host', 'behind', 'far', 'eth0');
    forwards(host);
    scanner.ip('addr add 10.87.1.1/24 dev eth0', 'addr add fd87:1::1/64 dev eth0 nodad');
    host.ip('addr add 10.87.1.2/24 dev near', 'addr add fd87:1::2/64 dev near nodad');
    host.ip('addr add 10.87.2.1/24 dev far');
    behind.ip('addr add 10.87.2.2/24 dev eth0', 'route add default via 10.87.2.1');
    await Promise.all([host, behind].map((one) => listen(one, { tcp: '22,80' })));
    return { scanner, host, behind };
  };

  const variants: readonly Readonly<Record<string, number>>[] = [
    {},
    { 'ipv4/tcp_timestamps': 0 },
    { 'ipv4/tcp_sack': 0 },
    { 'ipv4/tcp_window_scaling': 0 },
    { 'ipv4/tcp_timestamps': 0, 'ipv4/tcp_sack': 0, 'ipv4/tcp_window_scaling': 0 },
    { 'ipv4/ip_default_ttl': 128 },
    { 'ipv4/ip_default_ttl': 255, 'ipv4/tcp_timestamps': 0 },
    { 'ipv4/ip_default_ttl': 100 },
    { 'ipv4/ip_no_pmtu_disc': 1 },
  ];

  it('this kernel is known by one SYN-ACK, whatever is switched off', async () => {
    const { scanner, host } = await make();
    for (const settings of variants) {
      host.configure({ ...usual, ...settings });
      const [system, ...others] = systemsOf(await portolanIn(scanner, ['-n', '-p22', '10.87.1.2']));
      expect(others, JSON.stringify(settings)).toEqual([]);
      expect(system?.matches[0], JSON.stringify(settings)).toMatchObject({
        family: 'Linux',
        generation: '4.19-7.x',
      });
      expect(system?.matches[0]?.accuracy).toBeGreaterThanOrEqual(80);
      expect(system?.distance).toBe(1);
      // Its clock is another for each connection.
      expect(system?.uptimeSeconds).toBeUndefined();
    }
  });

  it('both families, and what looks like Windows but for one thing is not called so', async () => {
    const { scanner, host } = await make();
    const [v6] = systemsOf(await portolanIn(scanner, ['-n', '-p22', 'fd87:1::2']));
    expect(v6?.matches[0]).toMatchObject({ family: 'Linux', generation: '4.19-7.x' });
    host.configure({
      'ipv4/ip_default_ttl': 128,
      'ipv4/tcp_timestamps': 0,
      'ipv4/tcp_window_scaling': 0,
    });
    const [odd] = systemsOf(await portolanIn(scanner, ['-n', '-p22', '10.87.1.2']));
    for (const { accuracy } of odd?.matches ?? []) expect(accuracy).toBeLessThan(80);
  });

  it('-O: at most 30 packets more, by what there is, and what was missing is said', async () => {
    const { scanner, host } = await make();
    const plain = await portolanIn(scanner, ['-n', '-p22,81', '10.87.1.2']);
    const asked = await portolanIn(scanner, ['-n', '-O', '-p22,81', '10.87.1.2']);
    expect(asked.status, asked.stderr).toBe(0);
    const [system] = systemsOf(asked);
    expect(system?.missing).toBeUndefined();
    expect(system?.matches[0]?.evidence).toEqual(
      expect.arrayContaining([
        'ip id: always 0',
        'without options: window 64240',
        'congestion notification: accepted',
        'reset: ttl 64; window 0; df 1',
        'port-unreachable: ttl 64',
      ]),
    );
    expect(moreOf(asked, plain)).toBeLessThanOrEqual(30);

    host.nft(`table ip filter {
      chain input {
        type filter hook input priority 0; policy drop;
        tcp dport 22 accept
        icmp type echo-request accept
      }
    }`);
    const filteredPlain = await portolanIn(scanner, ['-n', '-p22,81', '10.87.1.2']);
    const filtered = await portolanIn(scanner, ['-n', '-O', '-p22,81', '10.87.1.2']);
    const [guarded] = systemsOf(filtered);
    expect(guarded?.matches[0]).toMatchObject({ family: 'Linux', generation: '4.19-7.x' });
    expect(guarded?.missing).toEqual(['no closed TCP port answered', 'no closed UDP port answered']);
    expect(moreOf(filtered, filteredPlain)).toBeLessThanOrEqual(30);
  });

  it.each([
    ['answers', ''],
    ['keeps silent', 'meta l4proto { tcp, udp } drop'],
  ])(
    '-O and --devices send what --dry-run says, at most 30 for -O: counted by nftables of a host that %s',
    async (_, rule) => {
      const { scanner, host } = await make();
      host.sendEveryError();
      // The scanner's kernel resets what it has not opened.
      host.nft(`table inet count {
      counter probes { }
      chain arrived {
        type filter hook prerouting priority -300
        tcp flags & rst == 0 counter name probes
        meta l4proto udp counter name probes
        ${rule}
      }
    }`);
      const { node, root } = scanner.paths();
      const counted = async () => {
        const { stdout } = await host.run(['nft', 'list', 'counter', 'inet', 'count', 'probes']);
        return Number(/packets (\d+)/.exec(stdout)?.[1]);
      };
      /** What a scan is forecast to send, says that it sent, and is seen to send. */
      const costOf = async (...words: readonly string[]) => {
        const all = ['-n', '-p22,81', ...words, '10.87.1.2'];
        const dry = await scanner.run([node, `${root}/bin/portolan.js`, '--dry-run', '-oJ', '-', ...all]);
        const forecast = JSON.parse(dry.stdout) as Forecast;
        const before = await counted();
        const { sent } = summaryOf(await portolanIn(scanner, all)).packets;
        return {
          told: (rule === '' ? forecast.allAnswer : forecast.noneAnswers)?.packets ?? Number.NaN,
          sent,
          seen: (await counted()) - before,
        };
      };
      const plain = await costOf();
      for (const option of ['-O', '--devices']) {
        const more = await costOf(option);
        // A scan that a busy machine held up asks once more.
        expect(Math.abs(more.sent - plain.sent - (more.told - plain.told)), option).toBeLessThanOrEqual(1);
        if (option === '-O') expect(more.seen - plain.seen).toBeLessThanOrEqual(30);
        // Pings are not counted by it; a connection that nobody answers is begun again by the kernel.
        expect(more.seen - plain.seen, option).toBeLessThanOrEqual(more.told - plain.told + 3);
      }
    },
  );

  it('a port that is forwarded is a system of its own, one hop farther', async () => {
    const { scanner, host } = await make();
    host.nft(`table ip nat {
      chain pre {
        type nat hook prerouting priority -100
        tcp dport 80 dnat to 10.87.2.2:80
      }
    }`);
    const [near, far, ...others] = systemsOf(await portolanIn(scanner, ['-n', '-p22,80', '10.87.1.2']));
    expect(others).toEqual([]);
    expect(near).toMatchObject({ ports: '22', distance: 1, matches: [{ family: 'Linux' }] });
    expect(far).toMatchObject({ ports: '80', distance: 2, matches: [{ family: 'Linux' }] });
  });

  it('two systems take turns behind one port: each is told with what it showed itself', async () => {
    const { scanner, host, behind } = await make();
    host.nft(`table ip nat {
      chain pre {
        type nat hook prerouting priority -100
        tcp dport 22 dnat to numgen inc mod 2 map { 0 : 10.87.2.2, 1 : 10.87.2.1 }
      }
    }`);
    behind.configure({ 'ipv4/tcp_timestamps': 0 });
    const systems = systemsOf(await portolanIn(scanner, ['-n', '-O', '-p22', '10.87.1.2']));
    const evidenceAt = (distance: number) =>
      systems.find((one) => one.distance === distance)?.matches[0]?.evidence.join('; ');
    expect(systems).toHaveLength(2);
    expect(evidenceAt(2)).not.toContain('timestamps:');
    expect(evidenceAt(2)).not.toContain('from another distance');
    expect(evidenceAt(1)).toContain('reset: ttl 64; window 0; df 1; port-unreachable: ttl 64');
  });

  it('killed in the middle of -O and resumed: the same facts', async () => {
    const { scanner } = await make();
    const { node, root } = scanner.paths();
    const folder = mkdtempSync(join(tmpdir(), 'portolan-systems-'));
    try {
      const words = ['-n', '-O', '-p22,81', '10.87.1.2'];
      const wanted = toldOf(await portolanIn(scanner, words));
      for (const afterMs of [600, 800, 1000, 1200]) {
        const journal = join(folder, `${afterMs}.journal`);
        await scanner.run([node, `${root}/bin/portolan.js`, ...words, '--journal', journal], {
          started: (child) => setTimeout(() => child.kill('SIGKILL'), afterMs),
        });
        // Killed before there was a journal: nothing to go on with.
        if (!existsSync(journal)) continue;
        expect(toldOf(await portolanIn(scanner, ['--resume', journal])), `${afterMs} ms`).toEqual(wanted);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('fingerprint prints what a signature is made of', async () => {
    const { scanner } = await make();
    const { node, root } = scanner.paths();
    const { stdout, status } = await scanner.run([
      node,
      `${root}/bin/portolan.js`,
      'fingerprint',
      '-n',
      '-p22',
      '10.87.1.2',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# 10\.87\.1\.2: Linux 4\.19-7\.x \(\d+ %\), 1 hop\n/);
    expect(stdout).toMatch(/\n {2}mss,sack,ts,nop,wscale window=65160 ttl=64 df=1 scale=\d+ mss=1460\n/);
  });
});

const usual = {
  'ipv4/tcp_timestamps': 1,
  'ipv4/tcp_sack': 1,
  'ipv4/tcp_window_scaling': 1,
  'ipv4/ip_default_ttl': 64,
  'ipv4/ip_no_pmtu_disc': 0,
};

function systemsOf({ facts }: Scanned): readonly OsFact[] {
  return facts.filter((fact) => fact.type === 'os');
}

/** What was told of systems, but for when. */
function toldOf(scanned: Scanned): readonly unknown[] {
  return systemsOf(scanned).map(({ n: _, at: __, ...told }) => told);
}

/** ARP requests aside, which may be one more or less. */
function moreOf(asked: Scanned, plain: Scanned): number {
  return summaryOf(asked).packets.sent - summaryOf(plain).packets.sent;
}
