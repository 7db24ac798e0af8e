import { describe, expect, test } from 'vitest';
import { beginFirewall } from './mind.ts';
import { type ModelHost, type Packet, runModel, type Verdict } from './model-host.laws.ts';

const thousand = Array.from({ length: 1000 }, (_, i) => (i < 900 ? i + 1 : 1000 + (i - 899) * 97));
const isSyn = ({ flags }: Packet) => (flags & 0x17) === 2;
const allow =
  (ports: readonly number[], otherwise: Verdict = 'drop') =>
  ({ port, state }: Packet): Verdict =>
    state !== 'invalid' && ports.includes(port) ? 'accept' : otherwise;

interface Case {
  readonly name: string;
  readonly host: ModelHost;
  readonly rules: readonly string[];
  /** Policy as `ports action exposure`. */
  readonly policy: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'no filter',
    host: { ports: thousand, open: [22, 80], distance: 3 },
    rules: ['no-filter'],
    policy: ['22,80 allow exposed', 'rest allow unprotected'],
  },
  {
    name: 'no filter but whoever lets so few answers through',
    host: { ports: thousand, open: [22, 80], distance: 3, limits: ['rst'] },
    rules: [],
    policy: ['22,80 allow exposed', 'rest allow unprotected'],
  },
  {
    name: 'default drop with state',
    host: {
      ports: thousand,
      open: [22, 80, 443],
      distance: 3,
      filters: [{ hop: 3, judge: allow([22, 80, 443]), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22,80,443 allow exposed', 'rest drop protected'],
  },
  {
    name: 'source port 53',
    host: {
      ports: thousand,
      open: [22, 25],
      distance: 3,
      filters: [
        { hop: 2, judge: (p) => (p.from === 53 || p.port === 22 ? 'accept' : 'drop'), isTracking: true },
      ],
    },
    rules: ['source-port-hole', 'default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22 allow exposed', 'rest drop hole'],
  },
  {
    name: 'source port 20 to high ports alone, in use here',
    host: {
      ports: thousand,
      open: [22],
      distance: 2,
      busyPorts: [20],
      filters: [
        {
          hop: 2,
          judge: (p) => ((p.from === 20 && p.port > 1023) || p.port === 22 ? 'accept' : 'drop'),
          isTracking: true,
        },
      ],
    },
    rules: ['source-port-hole', 'default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22 allow exposed', '<1024 drop protected', '>1023 drop hole'],
  },
  {
    name: 'stateless',
    host: {
      ports: thousand,
      open: [22, 80],
      distance: 2,
      filters: [{ hop: 1, judge: (p) => (isSyn(p) && ![22, 80].includes(p.port) ? 'drop' : 'accept') }],
    },
    rules: ['fragment-hole', 'flag-hole', 'stateless-filter', 'default-drop', 'filter-location'],
    policy: ['22,80 allow exposed', 'rest drop hole'],
  },
  {
    name: 'ACK bit lets pass',
    host: {
      ports: thousand,
      open: [22, 80],
      distance: 2,
      filters: [
        {
          hop: 1,
          judge: (p) => ((p.flags & 0x10) !== 0 || [22, 80].includes(p.port) ? 'accept' : 'drop'),
        },
      ],
    },
    rules: ['stateless-filter', 'default-drop', 'filter-location'],
    policy: ['22,80 allow exposed', 'rest drop protected'],
  },
  {
    name: 'reject with ICMP under the limit',
    host: {
      ports: thousand,
      open: [22],
      distance: 3,
      limits: ['icmp'],
      filters: [{ hop: 3, judge: allow([22], 'admin-prohibited'), isTracking: true }],
    },
    rules: ['default-reject', 'stateful-filter', 'filter-location'],
    policy: ['22 allow exposed', 'rest reject-icmp protected'],
  },
  {
    name: 'resets by a router',
    host: {
      ports: thousand,
      open: [22],
      distance: 3,
      filters: [{ hop: 1, judge: allow([22], 'rst'), isTracking: true }],
    },
    rules: ['default-reject', 'stateful-filter', 'forged-reset', 'filter-location'],
    policy: ['22 allow exposed', 'rest reject-rst protected'],
  },
  {
    name: 'ports led to a host behind, a closed one its own',
    host: {
      ports: thousand,
      open: [80, 81],
      hasEcho: true,
      distance: 2,
      forwards: [80, 81, 90],
      filters: [{ hop: 2, judge: allow([22, 80, 81, 90]), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['80,81 allow exposed', '22,90 allow unprotected', 'rest drop protected'],
  },
  {
    name: 'all ports but a closed one led to a host behind',
    host: {
      ports: thousand,
      open: [22, 80],
      hasEcho: true,
      distance: 2,
      forwards: thousand.filter((port) => port !== 23),
    },
    rules: ['no-filter'],
    policy: ['22,80 allow exposed', 'rest allow unprotected'],
  },
  {
    name: 'a router answers web ports before a filter',
    host: {
      ports: thousand,
      open: [22, 25, 80, 443],
      hasEcho: true,
      distance: 3,
      proxied: [80, 443],
      filters: [{ hop: 1, judge: allow([22, 25, 80, 443]), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22,25 allow exposed', '80,443 proxy null', 'rest drop protected'],
  },
  {
    name: 'a router answers all open ports',
    host: {
      ports: thousand,
      open: [80, 443],
      hasEcho: true,
      distance: 3,
      proxied: [80, 443],
      filters: [{ hop: 1, judge: allow([80, 443]), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['80,443 proxy null', 'rest drop protected'],
  },
  {
    name: 'a router answers web ports, nothing filters',
    host: { ports: thousand, open: [22, 80, 443], hasEcho: true, distance: 3, proxied: [80, 443] },
    rules: [],
    policy: ['22 allow exposed', '80,443 proxy null', 'rest allow unprotected'],
  },
  {
    name: 'blocklist',
    host: {
      ports: thousand,
      open: [22, 445],
      distance: 2,
      filters: [{ hop: 2, judge: (p) => ([135, 139, 445].includes(p.port) ? 'drop' : 'accept') }],
    },
    rules: ['blocklist', 'filter-location'],
    policy: ['22 allow exposed', '135,139,445 drop protected', 'rest allow unprotected'],
  },
  {
    name: 'default drop but for the range of passive FTP',
    host: {
      ports: [...thousand.slice(0, 60), 80, 443, 3306, 8080],
      open: [21, 80],
      distance: 3,
      filters: [
        {
          hop: 1,
          judge: (p) => (p.state !== 'invalid' && (p.port === 21 || p.port >= 49152) ? 'accept' : 'drop'),
          isTracking: true,
        },
      ],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['21 allow exposed', 'rest drop protected'],
  },
  {
    name: 'few ports asked, all of a blocklist',
    host: {
      ports: [135, 139, 445],
      distance: 2,
      filters: [{ hop: 2, judge: (p) => ([135, 139, 445].includes(p.port) ? 'drop' : 'accept') }],
    },
    rules: ['blocklist', 'filter-location'],
    policy: ['rest drop protected'],
  },
  {
    name: 'more ports asked of a blocklist than beyond it: neither is said',
    host: {
      ports: [135, 136, 137, 138, 139, 445],
      distance: 2,
      filters: [
        { hop: 2, judge: (p) => ([135, 136, 137, 138, 139, 445].includes(p.port) ? 'drop' : 'accept') },
      ],
    },
    rules: ['filter-location'],
    policy: ['rest drop protected'],
  },
  {
    name: 'default drop, ident rejected',
    host: {
      ports: thousand,
      open: [22],
      distance: 2,
      filters: [
        {
          hop: 2,
          judge: (p) => (p.port === 22 ? 'accept' : p.port === 113 ? 'port-unreach' : 'drop'),
          isTracking: true,
        },
      ],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22 allow exposed', '113 reject-icmp protected', 'rest drop protected'],
  },
  {
    name: 'invalid is dropped, all else let through',
    host: {
      ports: thousand,
      open: [22],
      distance: 2,
      filters: [{ hop: 2, judge: (p) => (p.state === 'invalid' ? 'drop' : 'accept'), isTracking: true }],
    },
    rules: ['stateful-filter'],
    policy: ['22 allow exposed', 'rest allow unprotected'],
  },
  {
    name: 'new connections begin with SYN',
    host: {
      ports: thousand,
      open: [22],
      greeters: [22],
      distance: 2,
      filters: [{ hop: 2, judge: (p) => (p.port === 22 && isSyn(p) ? 'accept' : 'drop'), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22 allow exposed', 'rest drop protected'],
  },
  {
    name: 'five ports',
    host: {
      ports: [22, 25, 80, 443, 3306],
      open: [22, 80],
      distance: 2,
      filters: [{ hop: 2, judge: allow([22, 80, 443]), isTracking: true }],
    },
    rules: ['default-drop', 'stateful-filter', 'filter-location'],
    policy: ['22,80 allow exposed', '443 allow unprotected', 'rest drop protected'],
  },
  {
    name: 'UDP: default drop, a hole from 53, TCP open',
    host: {
      ports: thousand.slice(0, 100),
      open: [22],
      udpPorts: thousand.slice(0, 60),
      udpOpen: [53],
      distance: 2,
      filters: [
        {
          hop: 1,
          judge: (p) => (p.protocol === 'tcp' || p.port === 53 || p.from === 53 ? 'accept' : 'drop'),
          isTracking: true,
        },
      ],
    },
    rules: ['source-port-hole', 'default-drop', 'filter-location'],
    policy: ['22 allow exposed', 'rest allow unprotected', 'udp 53 allow exposed', 'udp rest drop hole'],
  },
  {
    name: 'UDP closed, one mute service',
    host: {
      ports: thousand.slice(0, 100),
      udpPorts: thousand.slice(0, 60),
      udpMute: [53],
      open: [22],
      distance: 2,
    },
    rules: ['no-filter'],
    policy: ['22 allow exposed', 'rest allow unprotected', 'udp 53 drop null', 'udp rest allow unprotected'],
  },
];

function expand(one: Case): Map<string, string> {
  const all = new Map<string, string>();
  const list = one.policy.map((line) => {
    const isUdp = line.startsWith('udp ');
    const [ports, action, exposure] = (isUdp ? line.slice(4) : line).split(' ') as [string, string, string];
    return { protocol: isUdp ? 'udp' : 'tcp', ports, fate: `${action} ${exposure}` };
  });
  for (const protocol of ['tcp', 'udp']) {
    for (const port of (protocol === 'tcp' ? one.host.ports : one.host.udpPorts) ?? []) {
      const row = list.find((line) => line.protocol === protocol && holds(line.ports, port));
      all.set(`${protocol} ${port}`, row?.fate ?? '?');
    }
  }
  return all;
}

function holds(ports: string, port: number): boolean {
  if (ports === 'rest') return true;
  if (ports.startsWith('<')) return port < Number(ports.slice(1));
  if (ports.startsWith('>')) return port > Number(ports.slice(1));
  return ports.split(',').includes(String(port));
}

function judge(host: ModelHost) {
  const run = runModel(host, (view) => beginFirewall(view));
  const { policy, findings, leftOut } = run.inference.conclude();
  const found = new Map<string, string>();
  for (const { protocol, ports, action, exposure } of policy) {
    for (const range of ports.split(',')) {
      const [first, last] = range.split('-').map(Number) as [number, number | undefined];
      for (let port = first; port <= (last ?? first); port++) {
        const key = `${protocol} ${port}`;
        expect(found.has(key), `${key} stands twice`).toBe(false);
        found.set(key, `${action} ${exposure}`);
      }
    }
  }
  return { ...run, policy: found, findings, leftOut };
}

describe.each(cases)('$name', (one) => {
  for (const loss of [0, 0.02]) {
    for (const seed of loss === 0 ? [1] : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      test(`loss ${loss}, seed ${seed}`, () => {
        const run = judge({ ...one.host, loss, seed, jitterMs: loss === 0 ? 0 : 200 });
        if (process.env['SHOW'] !== undefined && seed === 1 && loss === 0)
          console.log(
            one.name,
            run.planPackets,
            run.packets,
            Math.round(run.elapsedMs),
            JSON.stringify(run.findings, null, 1),
          );
        const rules = [...new Set(run.findings.map(({ rule }) => rule))];
        expect(rules.sort()).toEqual([...one.rules].sort());
        const wrong = [...expand(one)].filter(([key, fate]) => run.policy.get(key) !== fate);
        expect(
          wrong.slice(0, 5).map(([key, fate]) => `${key}: ${fate}, found ${run.policy.get(key)}`),
        ).toEqual([]);
        const asked = one.host.ports.length + (one.host.udpPorts?.length ?? 0);
        expect(run.packets + run.planPackets).toBeLessThanOrEqual(4 * asked + 200);
      });
    }
  }
});

test('answers from behind the host or from before it do not decide where it is', () => {
  const [forwards, proxied] = [
    [80, 81],
    [80, 443],
  ];
  const judged = (host: ModelHost) => judge({ ...host, hasEcho: true });
  const behind = judged({
    ports: thousand,
    open: forwards,
    distance: 2,
    forwards,
    filters: [{ hop: 2, judge: allow([22, ...forwards]) }],
  }).findings.find(({ rule }) => rule === 'filter-location');
  expect(behind?.claim).toMatch(/the host is at hop 2|hop 2, the host|host itself, hop 2/);
  expect(behind?.evidence.at(-1)).toContain("2 ports (80-81) come from farther than the host's echo");
  const before = judged({
    ports: thousand,
    open: [22, ...proxied],
    distance: 3,
    proxied,
    filters: [{ hop: 1, judge: allow([22, ...proxied]) }],
  }).findings.find(({ rule }) => rule === 'filter-location');
  expect(before?.claim).toContain('in the forwarding of hop 1 or right behind it; the host is at hop 3');
});

test('of a host that never answered, silence is a drop or nothing at all', () => {
  const host: ModelHost = { ports: [22, 80, 443], filters: [{ hop: 1, judge: () => 'drop' }], distance: 1 };
  const run = runModel(host, (view) => beginFirewall({ ...view, hasAnswered: false }));
  const { policy, findings } = run.inference.conclude();
  expect(policy).toMatchObject([
    { ports: '22,80,443', action: 'drop', exposure: null, alternatives: ['unknown'] },
  ]);
  expect(findings.filter(({ rule }) => rule !== 'filter-location')).toEqual([]);
});

test('an open port whose SYN-ACK offers no window may be answered by a SYN proxy', () => {
  const judge = ({ port }: Packet): Verdict => ([22, 80, 443].includes(port) ? 'accept' : 'drop');
  const ports = [...thousand.slice(0, 40), 80, 443];
  const open = { ports, open: [22, 80, 443], distance: 2, filters: [{ hop: 1, judge }] };
  const policyOf = (host: ModelHost) => {
    const { policy } = runModel(host, (view) => beginFirewall(view)).inference.conclude();
    return policy.filter(({ action }) => action === 'allow');
  };
  expect(policyOf(open)).toMatchObject([{ ports: '22,80,443', confidence: 1 }]);
  const [plain, shut] = policyOf({ ...open, shut: [80, 443] });
  expect(plain).toMatchObject({ ports: '22', exposure: 'exposed', confidence: 1 });
  expect(plain).not.toHaveProperty('alternatives');
  expect(shut).toMatchObject({ ports: '80,443', exposure: 'exposed', alternatives: ['proxy'] });
});

test('what an early end left unasked is said, and of few judged ports no default is made', () => {
  const seen = (answer: 'silence' | 'unknown') => ({
    answer,
    flags: 0,
    window: 0,
    options: '',
    ttl: 0,
    dontFragment: false,
    ipId: -1,
    rttUs: -1,
    attempts: 2,
  });
  const silent = seen('silence');
  const unasked = seen('unknown');
  const view = (judged: number) => ({
    host: '10.0.0.5',
    family: 4 as const,
    isNear: false,
    isOwn: false,
    hasAnswered: true,
    sentPackets: () => 0,
    ports: { tcp: thousand.slice(0, 100), udp: [] },
    plain: (_: string, port: number) => (port <= judged ? silent : unasked),
    isExcluded: () => false,
    limits: [],
    isBlocked: false,
  });
  for (const [judged, rules] of [
    [49, []],
    [100, ['default-drop']],
  ] as const) {
    const { findings, leftOut } = beginFirewall(view(judged)).conclude();
    expect(findings.map(({ rule }) => rule)).toEqual(rules);
    expect(leftOut).toContain('source ports that filters trust');
  }
  // Who answers all in the name of others is asked nothing, and nothing of it is missing.
  const pretender = beginFirewall({ ...view(0), pretence: 'syn-proxy' });
  expect([pretender.agenda(), pretender.conclude().leftOut]).toEqual([[], []]);
});

test('where no reset comes back, silence may be the host that lets all in', () => {
  const host: ModelHost = {
    ports: thousand.slice(0, 60),
    open: [22],
    greeters: [22],
    distance: 3,
    keepsResets: 1,
  };
  const run = runModel(host, (view) => beginFirewall(view));
  const { policy, findings } = run.inference.conclude();
  const stateful = findings.find(({ rule }) => rule === 'stateful-filter');
  expect(stateful?.confidence ?? 0).toBeLessThan(0.8);
  expect(stateful?.claim).toMatch(/^consistent with .* stops resets on the way back/);
  const silent = policy.find(({ ports }) => ports.startsWith('1-'));
  expect(silent).toMatchObject({ action: 'drop', alternatives: ['allow'] });
  expect(silent?.confidence).toBeLessThan(0.8);
  // The resets end at hop 1, the probes nowhere.
  expect(findings.find(({ rule }) => rule === 'filter-location')).toMatchObject({
    claim: expect.stringContaining('unless the resets of the host are stopped on their way back'),
    confidence: 0.5,
  });
});

test('where resets come back, the same is certain', () => {
  const judge = (p: Packet): Verdict => ((p.port === 22 && isSyn(p)) || p.port === 50 ? 'accept' : 'drop');
  const host: ModelHost = {
    ports: thousand.slice(0, 60),
    open: [22],
    greeters: [22],
    distance: 3,
    filters: [{ hop: 2, judge, isTracking: true }],
  };
  const { findings, policy } = runModel(host, (view) => beginFirewall(view)).inference.conclude();
  expect(findings.find(({ rule }) => rule === 'stateful-filter')).toMatchObject({
    claim: 'the filter keeps state of connections',
    confidence: 0.98,
  });
  expect(policy[0]).toMatchObject({ action: 'drop', exposure: 'protected', confidence: 0.98 });
});

test('every source port that UDP filters trust is told, where refusals are limited too', () => {
  const trusted = [53, 67, 123, 500];
  const host: ModelHost = {
    ports: [22, 80],
    udpPorts: [53, ...thousand.slice(59, 80)],
    open: [80],
    distance: 3,
    filters: [
      {
        hop: 1,
        judge: (p) => (p.protocol === 'tcp' || trusted.includes(p.from) ? 'accept' : 'admin-prohibited'),
      },
    ],
  };
  const { findings } = runModel(host, (view) => beginFirewall(view)).inference.conclude();
  const told = findings.filter(({ rule }) => rule === 'source-port-hole').map(({ claim }) => claim);
  expect(told.map((claim) => Number(claim.split('source port ')[1])).sort((a, b) => a - b)).toEqual(trusted);
});

test('a budget bounds the packets, and what is left out is said', () => {
  const judge = allow([22, 80]);
  const host: ModelHost = { ports: thousand, open: [22, 80], distance: 2, filters: [{ hop: 2, judge }] };
  const run = runModel(host, (view) => beginFirewall(view, { budget: 30 }));
  expect(run.packets).toBeLessThanOrEqual(30);
  expect(run.inference.conclude().leftOut).toContain('probes in fragments');
});

test('where many ports answer, none of them late, one transmission shows silence', () => {
  const isStopped = (port: number) => [23, 111, 135, 139, 445].includes(port);
  const judge = ({ port }: Packet): Verdict => (isStopped(port) ? 'drop' : 'accept');
  const host = (more: Partial<ModelHost>): ModelHost => ({
    ...{ ports: thousand, open: [22, 80], distance: 2, filters: [{ hop: 2, judge }], ...more },
  });
  const run = (more: Partial<ModelHost>) => runModel(host(more), (view) => beginFirewall(view));
  const calm = run({});
  expect(calm.inference.conclude().findings.map(({ rule }) => rule)).toEqual([
    'blocklist',
    'filter-location',
  ]);
  expect(calm.packets).toBeLessThanOrEqual(115);
  const isOnce = ({ questions }: typeof calm) => questions.some((question) => question.isOnce === true);
  expect([calm, run({ loss: 0.02 }), run({ limits: ['rst'] })].map(isOnce)).toEqual([true, false, false]);
});

test.each([
  ['syn', 0],
  ['rst', 0],
  ['syn', 0.02],
  ['rst', 0.02],
] as const)('a limit of %s is told from the other by ACKs, with loss %f', (limited, loss) => {
  for (let seed = 1; seed <= 10; seed++) {
    const host: ModelHost = {
      ...{ ports: thousand, open: [22, 80], distance: 2, limits: ['rst'], limited, loss, seed },
    };
    const { inference, packets } = runModel(host, (view) => beginFirewall(view));
    const told = inference.conclude().findings.filter(({ rule }) => rule.endsWith('-rate-limit'));
    expect(told.map(({ rule }) => rule)).toEqual([`${limited}-rate-limit`]);
    expect(told[0]?.evidence).toEqual([
      expect.stringContaining(limited === 'syn' ? 'it is questions that are limited' : 'resets are limited'),
    ]);
    expect(told[0]?.cites.length).toBeGreaterThan(8);
    expect(packets).toBeLessThan(240);
  }
});

test('where nothing is swallowed of what a limit was met with, it is not told which it is', () => {
  const host: ModelHost = { ports: thousand, open: [22, 80], distance: 2, limits: ['rst'] };
  const { inference } = runModel(host, (view) => beginFirewall(view));
  expect(inference.conclude().findings.filter(({ rule }) => rule.endsWith('-rate-limit'))).toEqual([]);
});

test('a way that opens while it is looked at is told by what it is then, and that it has changed is said', () => {
  let isShut = true;
  const judge = ({ port }: Packet): Verdict => (isShut && port === 80 ? 'drop' : 'accept');
  const host: ModelHost = { ports: thousand, open: [22, 80], distance: 2, filters: [{ hop: 1, judge }] };
  const { inference } = runModel(host, (view) => {
    isShut = false;
    return beginFirewall(view);
  });
  const { policy, changed } = inference.conclude();
  expect(policy.map(({ ports, action }) => `${action} ${ports}`)).toContain('allow 22,80');
  expect(changed).toEqual([
    '10.9.0.1: tcp/80 kept silent in the scan and answered when asked again, so it is told by that answer: the way has opened meanwhile, or a limit or loss had swallowed the first probes',
  ]);
});

test.each([
  ['one port', [80], 0],
  ['every port', [22, 80, 999], 0.02],
] as const)('that a way closes to %s while it is looked at is said', (_, shut, loss) => {
  let isShut = false;
  const judge = ({ port }: Packet): Verdict =>
    port === 23 || (isShut && (shut.length > 1 || port === 80)) ? 'drop' : 'accept';
  const host: ModelHost = {
    ports: thousand,
    open: [22, 80],
    distance: 2,
    loss,
    filters: [{ hop: 1, judge }],
  };
  const run = (does: () => void) =>
    runModel(host, (view) => {
      does();
      return beginFirewall(view);
    }).inference.conclude();
  expect(run(() => {}).changed).toEqual([]);
  const { changed, policy } = run(() => {
    isShut = true;
  });
  expect(changed).toEqual([expect.stringContaining('answered the scan and kept silent at its end')]);
  expect(changed[0]).toContain(shut.length > 1 ? 'tcp/22,80,' : 'tcp/80 answered');
  expect(policy.map(({ ports, action }) => `${action} ${ports}`)).toContain('allow 22,80');
});

test.each([
  ['one of a few stopped ports', [135, 139, 445, 3389, 4444], 88, 4444],
  ['a port that rules like to name, of a hundred', Array.from({ length: 100 }, (_, i) => i + 400), 88, 445],
  ['the port of its own number, of a thousand', thousand, 123, 123],
] as const)('a source port that opens %s', (_, stopped, from, to) => {
  const closed = Array.from({ length: 120 }, (_, i) => 5000 + i);
  const isStopped = (port: number) => port !== 22 && new Set<number>(stopped).has(port);
  const ports = [...new Set([...stopped, 22, 80, ...closed])].sort((a, b) => a - b);
  const judge = (p: Packet): Verdict =>
    isStopped(p.port) && !(p.from === from && p.port === to) ? 'drop' : 'accept';
  const host: ModelHost = {
    ...{ ports, open: [22, 80, to], distance: 2 },
    filters: [{ hop: 1, judge, isTracking: true }],
  };
  const { inference, packets } = runModel(host, (view) => beginFirewall(view));
  const { findings, policy } = inference.conclude();
  expect(findings.map(({ rule }) => rule)).toContain('source-port-hole');
  const holes = policy.filter(({ exposure }) => exposure === 'hole');
  expect(holes.map((range) => range.ports)).toEqual([`${to}`]);
  expect(packets).toBeLessThan(300);
});
