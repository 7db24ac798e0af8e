import { describe, expect, it } from 'vitest';
import type { Fact, PolicyFact } from '../model/fact.ts';
import { begin, fakeWorld, hostUp, portFact, summary } from './fake-world.laws.ts';
import { firewallLanguage } from './flags/firewall.ts';
import { flags, spellings } from './flags/index.ts';
import { run } from './main.ts';
import { readScanCall } from './scan-call.ts';

const at = '2026-11-21T10:00:00.000Z';
const host = '127.0.0.1';
const policy: PolicyFact = {
  type: 'policy',
  n: 4,
  host,
  protocol: 'tcp',
  ports: '1-21,23-1000',
  action: 'drop',
  icmp: null,
  by: null,
  hop: null,
  hopRange: [1, 2],
  exposure: 'protected',
  confidence: 0.97,
  at,
};
const facts: readonly Fact[] = [
  { type: 'warning', isNotice: true, message: 'forecast: 1152 to 2230 packets in about 1 to 3 s' },
  begin,
  hostUp,
  portFact(22),
  policy,
  {
    type: 'probe',
    n: 5,
    host,
    protocol: 'tcp',
    port: 25,
    technique: 'syn',
    variant: 'source-port 53',
    attempts: 1,
    reply: { kind: 'tcp', flags: 'SA' },
    from: host,
    rttMs: 0.4,
    at,
  },
  {
    type: 'finding',
    n: 6,
    host,
    rule: 'source-port-hole',
    severity: 'high',
    claim: 'tcp/25 answers when the source port is 53',
    confirmed: true,
    confidence: 0.99,
    evidence: ['a connection from port 53 was taken'],
    facts: [5],
    refutedBy: 'silence from port 53',
    at,
  },
  { type: 'host-done', host },
  summary(),
];
const read = (...argv: string[]) => readScanCall(argv, new Date(0), firewallLanguage);

describe('firewall', () => {
  it('asks for the filter, by either of its names, with the options of scan that mean the same', async () => {
    for (const word of ['firewall', 'fw']) {
      const world = fakeWorld(() => facts);
      expect(
        await run([word, '-p', '1-1000', '-sU', '--budget', '500', '-e', 'lo', '-n', 'box'], world),
      ).toBe(0);
      expect(world.requests).toMatchObject([
        {
          targets: ['box'],
          ports: '1-1000',
          techniques: ['udp'],
          firewall: { budget: 500 },
          packet: { interface: 'lo' },
          reverseNames: 'never',
          args: ['firewall', '-p', '1-1000', '-sU', '--budget', '500', '-e', 'lo', '-n', 'box'],
        },
      ]);
    }
    expect(read('box').request.firewall).toEqual({});
  });

  it('says first what it will cost, then what filters the way, then what that rests on', async () => {
    const world = fakeWorld(() => facts);
    expect(await run(['firewall', 'box'], world)).toBe(0);
    expect(world.err).toBe('portolan: forecast: 1152 to 2230 packets in about 1 to 3 s\n');
    expect(world.writes[0]).toEqual([2, world.err]);
    const order = ['protected  drop', 'tcp 0-1023', 'Finding: source-port-hole [high]', '22/tcp'];
    const places = order.map((text) => world.out.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(world.out).toContain('(99 % sure, proven)');
    expect(world.out).not.toContain('PROBES');
  });

  it('lists the probes with --evidence', async () => {
    const world = fakeWorld(() => facts);
    await run(['firewall', '--evidence', 'box'], world);
    expect(world.requests[0]?.evidence).toBe(true);
    expect(world.out).toContain('\nPROBES\nsyn 25/tcp, source-port 53: tcp, flags SA (asked once, 0.4 ms)\n');
    expect(world.out).toContain('  probe: syn 25/tcp, source-port 53: ');
    const scanned = fakeWorld(() => facts);
    await run(['--evidence', 'box'], scanned);
    expect(scanned.out).not.toContain('PROBES');
  });

  it('colours exposures, cells and what is grave, and nothing that a stranger wrote', async () => {
    const world = fakeWorld(() => facts);
    await run(['firewall', '--color', 'always', 'box'], world);
    expect(world.out).toContain('\u001b[36mprotected\u001b[39m  drop');
    expect(world.out).toContain('\u001b[31m[high]\u001b[39m');
    expect(world.out).toContain(`|\u001b[36m${'.'.repeat(63)}\u001b[39m |`);
  });

  it.each([
    [3, 'incomplete', false],
    [0, 'done', true],
    [5, 'failed', false],
  ] as const)('ends with %i when it is %s', async (code, exit, complete) => {
    const world = fakeWorld(() => [...facts.slice(0, -1), summary(exit, complete)]);
    expect(await run(['firewall', 'box'], world)).toBe(code);
  });
});

describe('firewall: options', () => {
  it.each([
    '-sS',
    '-sA',
    '--scanflags=FIN',
    '-f',
    '--mtu=8',
    '-g53',
    '--ttl=3',
    '--badsum',
    '-sn',
    '-sL',
    '--sweep',
    '--engine=connect',
    '--proxies=socks5://x',
    '-z',
  ])('%s is none of its own', async (word) => {
    const world = fakeWorld(() => facts);
    expect(await run(['firewall', word, 'box'], world)).toBe(2);
    expect(world.err).toMatch(/^portolan: ".*" is no option of firewall(?:; try: .*)?\n$/);
    expect(world.requests).toEqual([]);
  });

  it.each(['0', '-1', 'x', '1.5', '99999999999999999999'])('a budget of %s is refused', async (value) => {
    const world = fakeWorld(() => facts);
    expect(await run(['firewall', `--budget=${value}`, 'box'], world)).toBe(2);
    expect(world.err).toContain(`--budget: found "${value}", wanted `);
  });

  it('a budget is for firewall alone', async () => {
    const world = fakeWorld(() => facts);
    expect(await run(['--budget', '5', 'box'], world)).toBe(2);
    expect(world.err).toContain('"--budget" is no option of scan');
  });

  it('without a target it says what is wanted', async () => {
    const world = fakeWorld(() => facts);
    expect(await run(['firewall', '-p80'], world)).toBe(2);
    expect(world.err).toBe(
      'portolan: No target: wanted an address, a name, a range, or -iL FILE; try: portolan firewall --help\n',
    );
  });

  it('a journal goes on, with the budget that is in it', () => {
    expect(read('--resume', 'a.journal').request).toMatchObject({ resume: 'a.journal', firewall: {} });
    expect(() => read('--resume', 'a.journal', '--budget', '5')).toThrow(/wanted it without --budget/);
  });

  it('takes all of targets, ports, discovery, names, timing, what is shown, output and safety', () => {
    const names = new Set(firewallLanguage.flags.map(({ name }) => name));
    const missing = flags.filter(
      ({ name, category }) =>
        ['targets', 'ports', 'discovery', 'names', 'timing', 'shown', 'output', 'safety'].includes(
          category,
        ) && !names.has(name),
    );
    expect(missing.map(({ name }) => name)).toEqual(['sn', 'sL']);
    const all = firewallLanguage.flags.flatMap(spellings);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are told by its help', async () => {
    for (const argv of [
      ['firewall', '--help'],
      ['help', 'fw'],
      ['fw', '-v', '-h', 'x'],
    ]) {
      const world = fakeWorld();
      expect(await run(argv, world)).toBe(0);
      expect(world.out).toMatch(/^Usage: portolan firewall \[OPTIONS\] TARGET\.\.\.\n +portolan fw /);
      for (const name of firewallLanguage.flags.flatMap(spellings)) expect(world.out).toContain(name);
      for (const line of world.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});
