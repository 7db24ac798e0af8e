/**
 * Hosts that say open for every port, and honest ones that might be taken for them, all made of real kernels: no
 * pretender's port is called open on its word alone, and nobody else is accused.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingFact } from '../../src/model/fact.ts';
import { capture } from '../net/lab/capture.ts';
import { chain, createLab, type Lab } from '../net/lab/lab.ts';
import { portolan, type Scanned } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { ready, scriptCommand } from '../net/lab/script.ts';

const missing = labMissing();
const names = [
  'proxy',
  'greeter',
  'mixed',
  'closer',
  'silent',
  'tarpit10',
  'tarpit0',
  'tarpit8192',
  'neverAccepts',
  'everything',
  'dropping',
  'onePort',
  'limited',
] as const;

describe.skipIf(missing !== undefined)('hosts that say open for every port', () => {
  let lab: Lab<(typeof names)[number]>;
  beforeAll(async () => {
    lab = await createLab({
      targets: {
        proxy: { tcp: '80' },
        greeter: {},
        mixed: {},
        closer: {},
        silent: { tcp: '2000' },
        tarpit10: {},
        tarpit0: {},
        tarpit8192: {},
        neverAccepts: {},
        everything: { tcp: '1-300,49152-65535' },
        dropping: { tcp: '22,80', input: ['tcp dport != { 22, 80 } drop'] },
        onePort: { tcp: '80' },
        limited: { tcp: '80' },
      },
      wire: { delayMs: 1 },
    });
    const { proxy, greeter, mixed, closer, silent, neverAccepts, tarpit10, tarpit0, tarpit8192, limited } =
      lab.targets;
    proxy.namespace.nft(synProxy);
    // Else the handshake's last ACK is taken for a connection under way, and no proxy sees it.
    proxy.namespace.configure({ 'netfilter/nf_conntrack_tcp_loose': 0 });
    const speakers = [
      [greeter, { 2000: { says: '220 ftp.example ready\r\n' } }],
      [mixed, { 2000: { says: '220 ftp.example ready\r\n' }, 22: { says: 'SSH-2.0-OpenSSH_9.2\r\n' } }],
      [closer, { 2000: { closes: true } }],
    ] as const;
    for (const [{ namespace }, plan] of speakers) {
      const argv = [...scriptCommand('speaker-program.ts'), JSON.stringify(plan)];
      await ready(namespace.name, namespace.spawn(argv));
      namespace.nft(redirect(namespace === mixed.namespace ? 'tcp dport != 22' : 'meta l4proto tcp'));
    }
    silent.namespace.nft(redirect('meta l4proto tcp'));
    const listener = [
      ...scriptCommand('many-listener-program.ts'),
      JSON.stringify({ tcp: '2000', family: 6 }),
    ];
    await ready('a listener', neverAccepts.namespace.spawn(listener));
    neverAccepts.namespace.nft(redirect('meta l4proto tcp'));
    for (const [{ namespace }, window] of [
      [tarpit10, 10],
      [tarpit0, 0],
      [tarpit8192, 8192],
    ] as const) {
      namespace.nft(chain('input', ['meta l4proto tcp drop']));
      await ready(namespace.name, namespace.spawn([...scriptCommand('tarpit-program.ts'), `${window}`]));
    }
    limited.namespace.nft(chain('output', ['tcp flags rst limit rate over 200/second burst 5 packets drop']));
  }, 180_000);
  afterAll(() => lab?.close());

  const scan = (name: (typeof names)[number], family: 'v4' | 'v6', args: readonly string[]) =>
    portolan(lab, ['-n', '-Pn', '-p', '1-100', ...args, lab.targets[name][family]]);

  const pretenders = [
    { name: 'proxy', rule: 'syn-proxy', open: [80] },
    { name: 'greeter', rule: 'redirect-all', open: [] },
    { name: 'mixed', rule: 'redirect-all', open: [22] },
    { name: 'closer', rule: 'redirect-all', open: [] },
    { name: 'tarpit10', rule: 'tarpit', open: [] },
    { name: 'tarpit0', rule: 'tarpit', open: [] },
  ] as const;
  for (const { name, rule, open } of pretenders) {
    for (const flag of ['-sS', '-sT']) {
      // nft's synproxy takes an IPv6 SYN only if it need not verify its checksum (6.18; nmap -6 -sS sees silence).
      const families = name === 'proxy' && flag === '-sS' ? (['v4'] as const) : (['v4', 'v6'] as const);
      it.each(families)(`${flag}: ${name} is a ${rule} by %s`, async (family) => {
        const found = await scan(name, family, [flag]);
        expect(rulesOf(found)).toEqual([rule]);
        expect(statesOf(found)).toEqual({ open, 'open|filtered': 100 - open.length });
        expect(found.status).toBe(0);
      });
    }
  }

  it.each(['v4', 'v6'] as const)(
    '-sS: a redirection to a silent listener shows by packets, %s',
    async (family) => {
      const found = await scan('silent', family, ['-sS']);
      expect(rulesOf(found)).toEqual(['redirect-all']);
      expect(statesOf(found)).toEqual({ open: [], 'open|filtered': 100 });
    },
  );

  it('-sS: what packets show of a silent tarpit and of a listener that never accepts', async () => {
    for (const [name, rule] of [
      ['tarpit8192', 'tarpit'],
      ['neverAccepts', 'redirect-all'],
    ] as const) {
      for (const family of ['v4', 'v6'] as const) {
        const found = await scan(name, family, ['-sS']);
        expect(rulesOf(found)).toEqual([rule]);
        expect(statesOf(found)).toEqual({ open: [], 'open|filtered': 100 });
      }
    }
  });

  it('what packets show counts for connections in the same run', async () => {
    const found = await scan('silent', 'v4', ['-sS', '-sT']);
    expect(rulesOf(found)).toEqual(['redirect-all']);
    for (const technique of ['syn', 'connect'])
      expect(statesOf(found, technique)).toEqual({ open: [], 'open|filtered': 100 });
  });

  it.each(['-sS', '-sT'])('%s: only the host itself is connected to, and no excluded port', async (flag) => {
    const { scanner, greeter } = { scanner: lab.scanner, greeter: lab.targets.greeter };
    const recording = await capture(lab, scanner.namespace, 'eth0', `src host ${scanner.v4} and tcp`);
    const found = await scan('greeter', 'v4', [flag, '--exclude-ports', '60-100,50000-65535']);
    expect(rulesOf(found)).toEqual(['redirect-all']);
    const sent = linesOf(await recording.stop());
    expect(sent.length).toBeGreaterThan(59);
    for (const line of sent) {
      const port = Number(new RegExp(`> ${greeter.v4.replaceAll('.', '\\.')}\\.(\\d+): `).exec(line)?.[1]);
      expect(port < 60 || (port >= 49_152 && port < 50_000), line).toBe(true);
    }
  });

  it('where connections cannot stand for the probes, packets alone decide', async () => {
    for (const name of ['silent', 'proxy', 'tarpit10'] as const) {
      const found = await scan(name, 'v4', ['-sS', '--ttl', '60']);
      expect(rulesOf(found)).toHaveLength(1);
      expect(statesOf(found)).toEqual({ open: [], 'open|filtered': 100 });
    }
  });

  it('no more than seven ports are taken at their word', async () => {
    const found = await portolan(lab, ['-n', '-Pn', '-sS', '-p1-7', lab.targets.silent.v4]);
    expect([rulesOf(found), statesOf(found)]).toEqual([[], { open: [1, 2, 3, 4, 5, 6, 7] }]);
  });

  const honest = [
    { name: 'everything', open: Array.from({ length: 100 }, (_, i) => i + 1), rest: {} },
    { name: 'dropping', open: [22, 80], rest: { filtered: 98 } },
    { name: 'onePort', open: [80], rest: { closed: 99 } },
    { name: 'limited', open: [80], rest: { closed: 99 } },
  ] as const;
  for (const { name, open, rest } of honest) {
    it.each(['-sS', '-sT'])(`%s: ${name} is believed`, async (flag) => {
      const found = await scan(name, 'v4', [flag]);
      expect(rulesOf(found).filter((rule) => rule !== 'rst-rate-limit')).toEqual([]);
      expect(statesOf(found)).toEqual({ open, ...rest });
    });
  }
});

/** A capture as tcpdump tells it. */
function linesOf(file: string): readonly string[] {
  const { stdout } = spawnSync('tcpdump', ['-nn', '-t', '-r', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return stdout.trim().split('\n');
}

/** The rules of all findings. */
function rulesOf({ facts }: Scanned): string[] {
  return facts.filter((fact): fact is FindingFact => fact.type === 'finding').map(({ rule }) => rule);
}

/** The open ports, and how many have each other state. */
function statesOf(found: Scanned, technique?: string): Record<string, unknown> {
  const open: number[] = [];
  const counts: Record<string, number> = {};
  for (const [key, { state }] of found.ports(technique)) {
    if (state === 'open') open.push(Number(/\d+$/.exec(key)?.[0]));
    else counts[state] = (counts[state] ?? 0) + 1;
  }
  return { open: open.sort((a, b) => a - b), ...counts };
}

const synProxy = `table inet proxy {
 chain before { type filter hook prerouting priority raw; tcp flags syn / fin,syn,rst,ack notrack; }
 chain input {
  type filter hook input priority 0;
  meta l4proto tcp ct state invalid,untracked synproxy mss 1440 wscale 7 timestamp sack-perm
  meta l4proto tcp ct state invalid drop
 }
}`;

function redirect(what: string): string {
  return `table inet elsewhere { chain before { type nat hook prerouting priority -100; ${what} redirect to :2000; }; }`;
}
