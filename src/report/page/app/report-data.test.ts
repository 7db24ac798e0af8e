import { describe, expect, test } from 'vitest';
import type { HostBlock } from '../data.ts';
import { portSpace, wordsAt } from './port-space.ts';
import { ReportData } from './report-data.ts';

const look = (state: string, service = '', version = '', protocol = 'tcp') => ({
  protocol,
  state,
  reason: 'syn-ack',
  technique: 'syn',
  service,
  version,
});

/** Three hosts in two blocks, as a page holds them. */
const blocks: readonly HostBlock[] = [
  {
    looks: [look('open', 'ssh', 'OpenSSH 9.2p1'), look('open', 'http', 'nginx'), look('filtered')],
    hosts: [
      {
        address: '10.0.0.1',
        title: 'web-1 (10.0.0.1)',
        state: 'up',
        notes: [],
        // 22 ssh, 80 http
        ports: [22, 0, 58, 1],
        groups: [{ ports: '1-21,23-79', count: 78, look: 2 }],
        services: [{ port: 80, protocol: 'tcp', details: [['title', 'Welcome Page']] }],
      },
      { address: '10.0.0.2', title: 'db-1 (10.0.0.2)', state: 'up', notes: [], ports: [22, 0] },
    ],
  },
  {
    looks: [look('open', 'domain', '', 'udp')],
    hosts: [
      {
        address: '10.0.0.3',
        title: '10.0.0.3',
        state: 'up',
        notes: [],
        ports: [53, 3],
        findings: [
          {
            rule: 'default-drop',
            severity: 'info',
            claim: 'x',
            sure: '',
            evidence: [],
            refutedBy: '',
            facts: [],
          },
          {
            rule: 'flag-hole',
            severity: 'high',
            claim: 'y',
            sure: '',
            evidence: [],
            refutedBy: '',
            facts: [],
          },
        ],
      },
    ],
  },
];

describe('search', () => {
  const data = new ReportData(blocks);
  const found = (text: string, state = '', protocol = '') => {
    const { hosts, rows, rowCount } = data.search({ text, state, protocol });
    return { hosts: [...hosts], rows: [...rows].flatMap((is, row) => (is === 1 ? [row] : [])), rowCount };
  };

  test('nothing typed finds everything', () => {
    expect(found('')).toEqual({ hosts: [0, 1, 2], rows: [0, 1, 2, 3], rowCount: 4 });
  });

  test.each([
    ['ssh', [0, 1], [0, 2]],
    ['OPENSSH', [0, 1], [0, 2]],
    ['ssh web', [0], [0]],
    ['port:22', [0, 1], [0, 2]],
    ['22', [0, 1], [0, 2]],
    ['50-80', [0, 2], [1, 3]],
    ['service:http', [0], [1]],
    ['version:ssh', [0, 1], [0, 2]],
    ['host:db', [1], [2]],
    ['host:ssh', [], []],
    ['port:http', [], []],
    ['flag-hole', [2], [3]],
    ['welcome', [0], [1]],
    ['nothing-of-the-kind', [], []],
  ] as const)('%s', (text, hosts, rows) => {
    expect(found(text)).toEqual({ hosts, rows, rowCount: rows.length });
  });

  test('a state or protocol leaves ports of that alone, and hosts that only count such ports', () => {
    expect(found('', 'filtered')).toEqual({ hosts: [0], rows: [], rowCount: 0 });
    expect(found('', '', 'udp')).toEqual({ hosts: [2], rows: [3], rowCount: 1 });
    expect(found('ssh', 'filtered')).toEqual({ hosts: [], rows: [], rowCount: 0 });
  });

  test('findings stand in the order of their gravity', () => {
    expect(data.findings).toEqual([
      { host: 2, place: 1 },
      { host: 2, place: 0 },
    ]);
  });
});

describe('the space of ports', () => {
  const data = new ReportData(blocks);

  test('counts hosts for each port and state, those in ranges too', () => {
    const { states, counts } = portSpace(data, [0, 1, 2], 'tcp');
    expect(states).toEqual(['open', 'filtered']);
    expect([21, 22, 23, 79, 80, 81].map((port) => counts[0]?.[port])).toEqual([0, 2, 0, 0, 1, 0]);
    expect([0, 1, 21, 22, 23, 79, 80].map((port) => counts[1]?.[port])).toEqual([0, 1, 1, 0, 1, 1, 0]);
    expect(portSpace(data, [2], 'tcp').states).toEqual([]);
  });

  test('the last port has its place', () => {
    const one = new ReportData([
      {
        looks: [look('open')],
        hosts: [{ address: 'a', title: 'a', state: 'up', notes: [], ports: [65_535, 0] }],
      },
    ]);
    expect(portSpace(one, [0], 'tcp').counts[0]?.[65_535]).toBe(1);
  });

  test('says what was said of a port, by how many hosts', () => {
    expect(wordsAt(data, [0, 1, 2], 'tcp', 22)).toEqual([['open (syn: syn-ack) ssh OpenSSH 9.2p1', 2]]);
    expect(wordsAt(data, [0], 'tcp', 23)).toEqual([['filtered (syn: syn-ack)', 1]]);
    expect(wordsAt(data, [0], 'udp', 22)).toEqual([]);
  });
});
