/**
 * Every technique against real kernels behind four kinds of firewall, over both families: the states and
 * reasons are those of the technique tables, and the states are nmap's.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortTechniqueName } from '../../src/model/technique-name.ts';
import { createLab, type Host, type Lab } from './lab/lab.ts';
import { nmap, type PortTable } from './lab/nmap.ts';
import { hostsOf, portolan } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { answerSctp } from './lab/sctp.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('techniques', () => {
  let lab: Lab<Firewall>;
  beforeAll(async () => {
    lab = await createLab({ targets, everyError: true });
    for (const host of Object.values(lab.targets)) await answerSctp(host.namespace, '22,80');
  });
  afterAll(() => lab?.close());

  for (const family of [4, 6] as const) {
    const addressOf = (host: Host) => (family === 4 ? host.v4 : host.v6);
    const six = family === 6 ? ['-6'] : [];

    describe(`over IPv${family}`, () => {
      it('all TCP techniques in one run, each verdict under its own name', async () => {
        const hosts = firewalls.map((name) => addressOf(lab.targets[name]));
        const found = await portolan(lab, [...tcpFlags, '-Pn', '-n', '-p', tcpPorts, ...hosts]);
        expect(found.status, found.stderr).toBe(0);
        for (const firewall of firewalls) {
          for (const technique of tcpTechniques) {
            const expected = expectedTcp(firewall, technique, family);
            const told = `${firewall} ${technique}`;
            const own = ofHost(found.ports(technique), addressOf(lab.targets[firewall]));
            expect({ told, ...own }).toEqual({ told, ...expected });
          }
        }
      });

      for (const technique of tcpTechniques) {
        it(`nmap agrees with ${technique}`, async () => {
          const hosts = firewalls.map((name) => addressOf(lab.targets[name]));
          const flag = flagOf[technique];
          const second = await nmap(lab, [...six, '-Pn', '-T4', flag, '-p', tcpPorts, ...hosts]);
          for (const firewall of firewalls) {
            const own = statesOf(ofHost(second, addressOf(lab.targets[firewall])));
            const told = `${firewall} ${technique}`;
            const expected = statesOf(expectedTcp(firewall, technique, family));
            expect({ told, ...own }).toEqual({ told, ...expected });
          }
        });
      }

      it('SCTP INIT: every state and reason, and nmap agrees', async () => {
        for (const firewall of ['none', 'stateless', 'rejecting'] as const) {
          const host = addressOf(lab.targets[firewall]);
          const expected = expectedSctp(firewall, family);
          const found = await portolan(lab, ['-sY', '-Pn', '-n', '-p', sctpPorts, host]);
          expect({ firewall, ...ofHost(found.ports(), host) }, found.stderr).toEqual({
            firewall,
            ...expected,
          });
          const second = await nmap(lab, [...six, '-Pn', '-T4', '-sY', '-p', sctpPorts, host]);
          expect({ firewall, ...statesOf(ofHost(second, host)) }).toEqual({
            firewall,
            ...statesOf(expected),
          });
        }
      });

      it('--scanflags: the flags change, the meaning stays that of the technique', async () => {
        const host = addressOf(lab.targets.none);
        const found = await portolan(lab, ['-sF', '--scanflags', 'URGPSH', '-Pn', '-n', '-p22,23', host]);
        expect(ofHost(found.ports(), host), found.stderr).toEqual({
          'tcp/22': { state: 'open|filtered', reason: 'no-response' },
          'tcp/23': { state: 'closed', reason: 'reset' },
        });
      });
    });
  }

  it('IP protocols over IPv4: what the kernel speaks, refuses and drops', async () => {
    const { v4 } = lab.targets.rejecting;
    const found = await portolan(lab, ['-sO', '-Pn', '-n', '-p', protocols.v4, v4]);
    expect(ofHost(found.ports(), v4), found.stderr).toEqual({
      'ip/1': { state: 'open', reason: 'proto-response' },
      'ip/6': { state: 'open', reason: 'proto-response' },
      'ip/17': { state: 'open', reason: 'port-unreach' },
      'ip/132': { state: 'open', reason: 'proto-response' },
      'ip/47': { state: 'filtered', reason: 'admin-prohibited' },
      'ip/50': { state: 'open|filtered', reason: 'no-response' },
      'ip/90': { state: 'closed', reason: 'proto-unreach' },
      'ip/200': { state: 'closed', reason: 'proto-unreach' },
    });
    const second = await nmap(lab, ['-Pn', '-T4', '-sO', '-p', protocols.v4, v4]);
    expect(statesOf(ofHost(second, v4))).toEqual(statesOf(ofHost(found.ports(), v4)));
  });

  it('IP protocols over IPv6: a parameter problem from the target closes one', async () => {
    const { v6 } = lab.targets.rejecting;
    const found = await portolan(lab, ['-sO', '-Pn', '-n', '-p', protocols.v6, v6]);
    expect(ofHost(found.ports(), v6), found.stderr).toEqual({
      'ip/6': { state: 'open', reason: 'proto-response' },
      'ip/17': { state: 'open', reason: 'port-unreach' },
      'ip/58': { state: 'open', reason: 'proto-response' },
      'ip/132': { state: 'open', reason: 'proto-response' },
      'ip/47': { state: 'filtered', reason: 'admin-prohibited' },
      'ip/50': { state: 'open|filtered', reason: 'no-response' },
      'ip/90': { state: 'closed', reason: 'proto-unreach' },
      'ip/200': { state: 'closed', reason: 'proto-unreach' },
    });
  });

  for (const [probe, families] of [
    ...['-PE', '-PS22', '-PA22', '-PU40125', '-PY22', '-PO6'].map((each) => [each, ['v4', 'v6']] as const),
    ['-PP', ['v4']] as const,
  ]) {
    it(`${probe} finds the host, and nobody where nobody lives`, async () => {
      const hosts = families.map((family) => lab.targets.none[family]);
      const nobodies = families.map((family) => lab.nobody[family]);
      const found = await portolan(lab, ['-sn', '-n', probe, ...hosts, ...nobodies]);
      expect(hostsOf(found), found.stderr).toEqual({
        ...Object.fromEntries(hosts.map((host) => [host, `up ${reasonOf[probe]}`])),
        ...Object.fromEntries(nobodies.map((nobody) => [nobody, 'down no-response'])),
      });
      expect(found.status).toBe(0);
    });
  }

  it('-PM: Linux answers no mask request, and that is what is said', async () => {
    const found = await portolan(lab, ['-sn', '-n', '-PM', lab.targets.none.v4]);
    expect(hostsOf(found), found.stderr).toEqual({ [lab.targets.none.v4]: 'down no-response' });
  });

  it('-PR finds neighbours, and says nothing of hosts behind a router', async () => {
    const near = await portolan(lab, ['-sn', '-n', '-PR', lab.router.v4, '10.77.1.77', lab.router.v6]);
    expect(hostsOf(near), near.stderr).toEqual({
      [lab.router.v4]: 'up arp-response',
      '10.77.1.77': 'down no-response',
      [lab.router.v6]: 'up nd-response',
    });
    expect(near.status).toBe(0);
    const far = await portolan(lab, ['-sn', '-n', '-PR', lab.targets.none.v4]);
    expect(hostsOf(far)).toEqual({ [lab.targets.none.v4]: 'unknown local-error' });
    expect(far.stderr).toContain('-PR asks neighbours only');
    expect(far.status).toBe(3);
  });

  it('asks no timestamps of IPv6 targets beside IPv4 ones', async () => {
    const { v4, v6 } = lab.targets.none;
    const found = await portolan(lab, ['-sn', '-n', '-PP', '-PE', '--packet-trace', v4, v6]);
    expect(Object.keys(hostsOf(found)).sort(), found.stderr).toEqual([v4, v6].sort());
    expect(found.stderr.match(/SENT.* ICMPv6 echo-request/g)).toHaveLength(1);
  });
});

type Firewall = keyof typeof targets;
interface Verdict {
  readonly state: string;
  readonly reason: string;
}

const codesV4 = ['port-unreach', 'host-unreach', 'admin-prohibited', 'net-unreach', 'proto-unreach'] as const;
const rejectsV4 = [
  'port-unreachable',
  'host-unreachable',
  'admin-prohibited',
  'net-unreachable',
  'prot-unreachable',
];
const codesV6 = ['port-unreach', 'host-unreach', 'admin-prohibited', 'no-route', 'policy-failed'] as const;
const rejectsV6 = ['port-unreachable', 'addr-unreachable', 'admin-prohibited', 'no-route', 'policy-fail'];

/** Ports from 300 on are rejected, each with its own error. */
const rejectRules = rejectsV4.flatMap((code, i) => [
  `meta nfproto ipv4 meta l4proto { tcp, sctp } th dport ${300 + i} reject with icmp ${code}`,
  `meta nfproto ipv6 meta l4proto { tcp, sctp } th dport ${300 + i} reject with icmpv6 ${rejectsV6[i]}`,
]);

/** 22 listens and is let through, 23 is let through, 80 listens and is stopped, 81 is stopped. */
const targets = {
  none: { tcp: '22,80' },
  stateful: {
    tcp: '22,80',
    input: [
      'ct state established,related accept',
      'ct state invalid drop',
      'tcp dport { 22, 23 } tcp flags & (fin | syn | rst | ack) == syn ct state new accept',
      'meta l4proto tcp drop',
    ],
  },
  stateless: {
    tcp: '22,80',
    input: ['tcp dport { 80, 81 } tcp flags & (syn | ack) == syn drop', 'sctp dport { 80, 81 } drop'],
  },
  rejecting: {
    tcp: '22,80',
    input: [
      'tcp dport { 80, 81 } reject with tcp reset',
      ...rejectRules,
      'meta nfproto ipv4 meta l4proto 47 reject with icmp admin-prohibited',
      'meta nfproto ipv6 meta l4proto 47 reject with icmpv6 admin-prohibited',
      'meta l4proto 50 drop',
    ],
  },
};

const firewalls = Object.keys(targets) as Firewall[];
const tcpTechniques = ['syn', 'ack', 'window', 'fin', 'null', 'xmas', 'maimon'] as const;
const flagOf = {
  syn: '-sS',
  ack: '-sA',
  window: '-sW',
  fin: '-sF',
  null: '-sN',
  xmas: '-sX',
  maimon: '-sM',
} as const;
const tcpFlags = tcpTechniques.map((name) => flagOf[name]);
const tcpPorts = '22,23,80,81,300-304';
const sctpPorts = tcpPorts;
const protocols = { v4: '1,6,17,47,50,90,132,200', v6: '6,17,47,50,58,90,132,200' } as const;
const reasonOf: Readonly<Record<string, string>> = {
  '-PE': 'echo-reply',
  '-PS22': 'syn-ack',
  '-PA22': 'reset',
  '-PU40125': 'port-unreach',
  '-PY22': 'init-ack',
  '-PO6': 'proto-response',
  '-PP': 'timestamp-reply',
};

const open: Verdict = { state: 'open', reason: 'syn-ack' };
const closed: Verdict = { state: 'closed', reason: 'reset' };

/** What a TCP without a filter answers (RFC 9293, 3.10.7): Linux leaves no window in its resets. */
function unfilteredTcp(technique: (typeof tcpTechniques)[number], isOpen: boolean): Verdict {
  switch (technique) {
    case 'syn':
      return isOpen ? open : closed;
    case 'ack':
      return { state: 'unfiltered', reason: 'reset' };
    case 'window':
      return { state: 'closed', reason: 'reset-window' };
    case 'maimon':
      return closed;
    default:
      return isOpen ? { state: 'open|filtered', reason: 'no-response' } : closed;
  }
}

function droppedTcp(technique: PortTechniqueName): Verdict {
  const guesses = ['fin', 'null', 'xmas', 'maimon'].includes(technique);
  return { state: guesses ? 'open|filtered' : 'filtered', reason: 'no-response' };
}

function expectedTcp(
  firewall: Firewall,
  technique: (typeof tcpTechniques)[number],
  family: 4 | 6,
): Record<string, Verdict> {
  const verdict = (port: number): Verdict => {
    const isOpen = port === 22 || port === 80;
    const isStopped = port === 80 || port === 81;
    if (port >= 300) {
      if (firewall === 'stateful') return droppedTcp(technique);
      if (firewall !== 'rejecting') return unfilteredTcp(technique, false);
      const codes = family === 4 ? codesV4 : codesV6;
      return { state: 'filtered', reason: codes[port - 300] as string };
    }
    if (firewall === 'stateful' && (isStopped || technique !== 'syn')) return droppedTcp(technique);
    if (firewall === 'stateless' && isStopped && technique === 'syn') return droppedTcp(technique);
    if (firewall === 'rejecting' && isStopped) return unfilteredTcp(technique, false);
    return unfilteredTcp(technique, isOpen);
  };
  const ports = [22, 23, 80, 81, 300, 301, 302, 303, 304];
  return Object.fromEntries(ports.map((port) => [`tcp/${port}`, verdict(port)]));
}

function expectedSctp(firewall: Firewall, family: 4 | 6): Record<string, Verdict> {
  const verdict = (port: number): Verdict => {
    if (firewall === 'stateless' && (port === 80 || port === 81)) return droppedTcp('sctp-init');
    if (firewall === 'rejecting' && port >= 300) {
      const codes = family === 4 ? codesV4 : codesV6;
      return { state: 'filtered', reason: codes[port - 300] as string };
    }
    return port === 22 || port === 80
      ? { state: 'open', reason: 'init-ack' }
      : { state: 'closed', reason: 'abort' };
  };
  const ports = [22, 23, 80, 81, 300, 301, 302, 303, 304];
  return Object.fromEntries(ports.map((port) => [`sctp/${port}`, verdict(port)]));
}

function ofHost(table: PortTable, host: string): Record<string, Verdict> {
  return Object.fromEntries(
    [...table].flatMap(([key, verdict]) => {
      const [name, port] = key.split(' ') as [string, string];
      return name === host ? [[port, verdict]] : [];
    }),
  );
}

function statesOf(table: Record<string, Verdict>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([port, { state }]) => [port, state]));
}
