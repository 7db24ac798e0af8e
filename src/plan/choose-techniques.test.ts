import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { spoken } from '../base/words.ts';
import { optionWords } from '../cli/option-words.ts';
import { checkOptions } from './check-options.ts';
import { chooseTechniques, protocolsOf } from './choose-techniques.ts';
import { fakeEnvironment, unprivileged } from './fake-environment.laws.ts';
import type { Request } from './request.ts';

const ask = (request: Partial<Request>): Request => ({ targets: [], ...request });
const root = fakeEnvironment();
const user = fakeEnvironment(unprivileged);
const check = (request: Partial<Request>, environment = root) =>
  checkOptions(ask(request), chooseTechniques(ask(request), environment), environment);

describe('techniques of a run', () => {
  test('privileged: SYN, with four kinds of probe before', () => {
    const choice = chooseTechniques(ask({}), root);
    expect(choice.techniques).toEqual(['syn']);
    expect(choice.engine).toBe('packet');
    expect(choice.discovery).toEqual([
      { technique: 'ping-echo', port: 0 },
      { technique: 'ping-syn', port: 443 },
      { technique: 'ping-ack', port: 80 },
      { technique: 'ping-timestamp', port: 0 },
    ]);
  });

  test('unprivileged, or with --engine connect: connections to 80 and 443 before connections', () => {
    for (const choice of [
      chooseTechniques(ask({}), user),
      chooseTechniques(ask({ engine: 'connect' }), root),
    ]) {
      expect(choice.techniques).toEqual(['connect']);
      expect(choice.engine).toBe('connect');
      expect(choice.discovery).toEqual([
        { technique: 'ping-connect', port: 80 },
        { technique: 'ping-connect', port: 443 },
      ]);
    }
  });

  test('-sn asks no ports, -sL asks nothing, -Pn looks for no hosts', () => {
    expect(chooseTechniques(ask({ goal: 'discover' }), root)).toMatchObject({
      techniques: [],
      engine: 'packet',
    });
    expect(chooseTechniques(ask({ goal: 'discover' }), user)).toMatchObject({
      techniques: [],
      engine: 'connect',
    });
    expect(chooseTechniques(ask({ goal: 'list' }), user)).toMatchObject({ techniques: [], discovery: [] });
    expect(chooseTechniques(ask({ discovery: 'skip' }), root).discovery).toEqual([]);
  });

  test('discovery probes have default ports, each question once', () => {
    const { discovery } = chooseTechniques(
      ask({
        discovery: [
          { technique: 'ping-syn' },
          { technique: 'ping-ack', ports: '80,443' },
          { technique: 'ping-syn', ports: '22,80' },
          { technique: 'ping-udp' },
          { technique: 'ping-sctp' },
          { technique: 'ping-protocol' },
          { technique: 'ping-neighbour' },
        ],
      }),
      root,
    );
    expect(discovery.map(({ technique, port }) => `${technique} ${port}`)).toEqual([
      'ping-syn 80',
      'ping-ack 80',
      'ping-ack 443',
      'ping-syn 22',
      'ping-udp 40125',
      'ping-sctp 80',
      'ping-protocol 1',
      'ping-protocol 2',
      'ping-protocol 4',
      'ping-neighbour 0',
    ]);
  });

  test('-PS without privileges is asked through the kernel, and that is said', () => {
    const choice = chooseTechniques(ask({ discovery: [{ technique: 'ping-syn', ports: '22' }] }), user);
    expect(choice.discovery).toEqual([{ technique: 'ping-connect', port: 22 }]);
    expect(choice.warnings.map((line) => spoken(line, optionWords))).toEqual([
      '-PS asks through connect(): this run sends no raw packets',
    ]);
  });

  test('UDP needs no privilege on Linux', () => {
    expect(chooseTechniques(ask({ techniques: ['udp'] }), user)).toMatchObject({
      techniques: ['udp'],
      engine: 'connect',
    });
    expect(chooseTechniques(ask({ techniques: ['udp'] }), root)).toMatchObject({ engine: 'packet' });
  });

  test('connections asked by the privileged are looked for by packets first', () => {
    const choice = chooseTechniques(ask({ techniques: ['connect'] }), root);
    expect(choice.engine).toBe('packet');
    expect(choice.discovery.map(({ technique }) => technique)).toContain('ping-echo');
    expect(chooseTechniques(ask({ techniques: ['connect'], discovery: 'skip' }), root).engine).toBe(
      'connect',
    );
    expect(chooseTechniques(ask({ techniques: ['syn', 'connect'] }), root).engine).toBe('packet');
  });

  test('several techniques, each once; their protocols in order', () => {
    const { techniques } = chooseTechniques(ask({ techniques: ['udp', 'syn', 'ack', 'syn'] }), root);
    expect(techniques).toEqual(['udp', 'syn', 'ack']);
    expect(protocolsOf([...techniques, 'ip-protocol', 'sctp-init'])).toEqual(['udp', 'tcp', 'ip', 'sctp']);
  });

  test.each<[Partial<Request>, string]>([
    [
      { techniques: ['syn'] },
      '-sS needs CAP_NET_RAW, which this process does not have; try: sudo portolan …, or -sT',
    ],
    [{ techniques: ['connect', 'ack'] }, '-sA needs CAP_NET_RAW'],
    [
      { discovery: [{ technique: 'ping-echo' }] },
      '-PE needs CAP_NET_RAW, which this process does not have; try: sudo portolan …, or -Pn',
    ],
  ])('not permitted: %j', async (request, problem) => {
    const error = await refusal(() => chooseTechniques(ask(request), user));
    expect(error.code).toBe('not-permitted');
    expect(error.exit).toBe(4);
    expect(error.line).toContain(problem);
  });

  test.each(['syn', 'udp'] as const)('%s is not to be had outside Linux', async (technique) => {
    const mac = fakeEnvironment({ ...unprivileged, platform: 'darwin' });
    const error = await refusal(() => chooseTechniques(ask({ techniques: [technique] }), mac));
    expect(error.code).toBe('not-available');
    expect(error.exit).toBe(4);
    expect(error.line).toContain('Linux only; try: -sT');
  });

  test.each<[Partial<Request>, string]>([
    [{ discovery: [{ technique: 'ping-protocol', ports: '256' }] }, '-PO "256"'],
    [{ engine: 'connect', techniques: ['ack'] }, '--engine connect cannot carry out -sA'],
    [{ engine: 'packet', techniques: ['connect'] }, '--engine packet cannot carry out -sT'],
    // It came to a fault of the scan: the packet engine has no probe for it.
    [{ discovery: [{ technique: 'ping-connect' }] }, 'goes through the kernel, and -sS makes this a run of'],
  ])('refuses %j', async (request, problem) => {
    const error = await refusal(() => chooseTechniques(ask(request), root));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
  });
});

describe('options that do not fit', () => {
  const connect: Partial<Request> = { techniques: ['connect'], discovery: 'skip' };
  test.each<[Partial<Request>, string]>([
    [{ goal: 'discover', ports: '22' }, '-sn asks no ports: wanted it without -p'],
    [{ goal: 'list', fast: true }, '-sL asks no ports: wanted it without -F'],
    [{ goal: 'discover', topPorts: 5 }, 'without --top-ports'],
    [{ goal: 'list', excludePorts: '5' }, 'without --exclude-ports'],
    [{ goal: 'discover', techniques: ['syn'] }, 'without a port technique'],
    [{ goal: 'discover', scanFlags: 2 }, 'without --scanflags'],
    [{ goal: 'discover', discovery: 'skip' }, '-sn looks which hosts are up and -Pn takes that for granted'],
    [
      { goal: 'list', discovery: [{ technique: 'ping-echo' }] },
      '-sL sends nothing: wanted it without probes',
    ],
    [{ goal: 'list', packet: { ttl: 5 } }, '-sL sends nothing: wanted it without options for packets'],
    [{ goal: 'list', capture: 'a.pcapng' }, '-sL sends nothing: wanted it without -oP'],
    [{ shard: { index: 0, count: 4 } }, '--shard 0/4: wanted I/N'],
    [{ shard: { index: 5, count: 4 } }, '--shard 5/4'],
    [{ shard: { index: 1, count: 1.5 } }, '--shard 1/1.5'],
    [{ seed: -1 }, '--seed -1: wanted a whole number from 0 to 4294967295'],
    [{ seed: 2 ** 32 }, '--seed 4294967296'],
    [{ proxies: ['socks5://a:1'] }, '--proxies carry connections only: wanted -sT, found -sS'],
    [
      { proxies: ['socks5://a:1'], techniques: ['connect'] },
      '--proxies hide whether a host is up: wanted -Pn',
    ],
    [{ ...connect, proxies: ['gopher://a'] }, '--proxies "gopher://a": it is none; wanted socks4://'],
    [{ ...connect, proxies: ['nonsense'] }, '--proxies "nonsense"'],
    [{ ...connect, proxies: ['http://a/b'] }, '--proxies "http://a/b": found a path'],
    [{ ...connect, proxies: ['http://a', 'socks5://u:p', 'w@h'] }, '--proxies URL number 2: it is none'],
    [{ ...connect, proxies: ['http://a'], packet: { sourcePort: 53 } }, 'wanted them without -g'],
    [{ ...connect, proxies: ['http://a'], packet: { interface: 'lo' } }, 'wanted them without -e'],
    [{ ...connect, packet: { sourceAddress: '10.0.0.1' } }, '-S changes raw packets'],
    [{ ...connect, packet: { badChecksum: true } }, '--badsum changes raw packets'],
    [{ techniques: ['connect'], packet: { badChecksum: true } }, '--badsum changes raw packets'],
    [{ techniques: ['syn', 'connect'], sweep: true }, '--sweep keeps no state'],
    [{ ...connect, packet: { ttl: 5 } }, '--ttl changes raw packets'],
    [{ ...connect, sweep: true }, '--sweep keeps no state and sockets do'],
    [{ sweep: true, traceroute: true }, 'a way is followed host by host: wanted it without --traceroute'],
    [{ sweep: true, hostTimeoutMs: 5 }, 'keeps nothing of hosts, so it cannot wait for one'],
    [{ sweep: true, scanDelayMs: 5 }, 'wanted it without --scan-delay'],
    [{ sweep: true, maxParallelism: 5 }, 'wanted it without --max-parallelism'],
    [{ sweep: true, discovery: [{ technique: 'ping-echo' }] }, 'looks for no hosts before'],
    [{ sweep: true, disableArpPing: true }, 'wanted it without --disable-arp-ping'],
    [{ sweep: true, journal: 'j' }, 'it cannot go on where it stood'],
    [{ sweep: true, timing: 'polite' }, '-T polite asks each host one question at a time'],
    [{ sweep: true, goal: 'discover' }, '-sn asks no ports: wanted it without --sweep'],
    [{ cooldownMs: 5 }, '--cooldown ends a sweep'],
    [{ ...connect, scanFlags: 2 }, '--scanflags change raw TCP probes'],
    [{ ...connect, capture: 'a.pcapng', proxies: ['http://a'] }, '-oP sees the packets to proxies only'],
    [{ scanFlags: 256 }, '--scanflags 256: wanted a number from 0 to 255'],
    [{ techniques: ['udp'], scanFlags: 2 }, '--scanflags change raw TCP probes'],
    [{ packet: { ttl: 0 } }, '--ttl 0: wanted a whole number from 1 to 255'],
    [{ packet: { sourcePort: 65536 } }, '-g 65536'],
    [{ packet: { fragmentBytes: 12 } }, '--mtu 12: wanted a multiple of 8'],
    [{ packet: { fragmentBytes: 0 } }, '--mtu 0'],
    [{ packet: { dataLength: 9000 } }, '--data-length 9000'],
    [{ packet: { data: new Uint8Array(9000) } }, '--data has 9000 bytes'],
    [{ packet: { data: new Uint8Array(1), dataLength: 1 } }, '--data and --data-length'],
    [{ packet: { ipOptions: new Uint8Array(41) } }, '--ip-options has 41 bytes; wanted at most 40'],
    [{ packet: { sourceAddress: '10.0.0' } }, '-S "10.0.0": wanted'],
    [{ packet: { sourceAddress: '0.0.0.0' } }, '-S "0.0.0.0": wanted'],
    [{ packet: { sourceAddress: '::' } }, '-S "::": wanted'],
    [{ packet: { interface: 'eth7' } }, '-e "eth7": no such interface; there are lo, eth0'],
  ])('%j', async (request, problem) => {
    const error = await refusal(() => check(request));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
  });

  test('a sweep without the privilege is not permitted, whatever else could be sent', async () => {
    for (const request of [{ sweep: true }, { sweep: true, techniques: ['udp'] }] as const) {
      const error = await refusal(() => check(request, user));
      expect(error.exit).toBe(4);
      expect(error.line).toContain('--sweep sends raw packets and needs CAP_NET_RAW');
    }
    expect((await refusal(() => check({ sweep: true, techniques: ['connect'] }, user))).exit).toBe(2);
  });

  test.each<Partial<Request>>([
    { packet: { ttl: 64, sourcePort: 53, data: new Uint8Array(3), interface: 'eth0', sourceAddress: '::1' } },
    { ...connect, packet: { sourcePort: 53, interface: 'lo' } },
    { ...connect, proxies: ['socks4://10.0.0.1:1080', 'http://proxy.test:3128'] },
    { shard: { index: 4, count: 4 }, seed: 0, scanFlags: 0 },
    { goal: 'discover', reverseNames: 'all', dnsServers: ['10.0.0.1'] },
    { goal: 'list' },
    { sweep: true, cooldownMs: 0, discovery: 'skip', timing: 'insane', maxRetries: 3, inOrder: true },
    { sweep: true, techniques: ['udp', 'ip-protocol'], shard: { index: 1, count: 2 } },
    { goal: 'discover', packet: { ttl: 9 }, capture: 'a.pcapng' },
    { techniques: ['syn', 'connect'], packet: { ttl: 9 }, capture: 'a.pcapng' },
  ])('%j fits', (request) => {
    expect(() => check(request)).not.toThrow();
  });
});
