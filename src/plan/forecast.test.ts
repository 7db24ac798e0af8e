import { describe, expect, test } from 'vitest';
import { parseAddress } from '../model/parse-address.ts';
import { payloadsFor } from '../techniques/payloads/index.ts';
import { buildPlan } from './build-plan.ts';
import { fakeEnvironment, unprivileged } from './fake-environment.laws.ts';
import { type Cost, forecastPlan, type NetworkFacts } from './forecast.ts';
import type { Plan } from './plan.ts';
import type { Request } from './request.ts';

const plan = (request: Partial<Request>, environment = fakeEnvironment()) =>
  buildPlan({ targets: ['10.0.0.1'], ...request }, environment);

/** No phase sends anything besides. */
const forecast = (plan: Plan, facts: NetworkFacts = {}) => forecastPlan(plan, [], facts);

describe('a forecast', () => {
  test('counts hosts, questions and their packets: once if answered, three times if not', async () => {
    const told = forecast(await plan({ targets: ['10.0.0.0/28'], ports: '1-100', discovery: 'skip' }));
    expect(told).toMatchObject({ hosts: 16, questions: 1600, rate: 'found' });
    // A SYN with its options: IPv4 20, TCP 40.
    expect(told.allAnswer).toMatchObject({ packets: 1600, bytes: 96_000 });
    expect(told.allAnswer.perTarget).toEqual({ packets: 100, bytes: 6000 });
    expect(told.noneAnswers).toMatchObject({ packets: 4800, bytes: 288_000 });
    expect(told.nobodyThere).toBeUndefined();
    const once = forecast(await plan({ ports: '1-100', discovery: 'skip', maxRetries: 0 }));
    expect([once.allAnswer.packets, once.noneAnswers?.packets]).toEqual([100, 100]);
    const six = forecast(await plan({ targets: ['2001:db8::1'], ports: '1-1000', discovery: 'skip' }));
    expect(six.allAnswer.bytes).toBe(80_000);
  });

  test('adds host discovery, which is all there is when nobody is there', async () => {
    const told = forecast(await plan({ targets: ['10.0.0.0/24', '2001:db8::1'], ports: '1-10' }));
    // Timestamps are asked of the IPv4 hosts only.
    expect(told.nobodyThere?.packets).toBe(3 * (256 * 4 + 3));
    expect(told.allAnswer.packets).toBe(256 * 4 + 3 + 257 * 10);
    const found = forecast(await plan({ goal: 'discover', targets: ['10.0.0.0/24'] }));
    expect(found).toMatchObject({
      questions: 0,
      allAnswer: { packets: 1024 },
      nobodyThere: { packets: 3072 },
    });
    expect(found.noneAnswers).toBeUndefined();
  });

  test('finds those on the own links by ARP', async () => {
    const addresses = [{ address: parseAddress('10.0.0.9')!, prefix: 25 }];
    const interfaces = [{ name: 'eth0', index: 2, addresses }];
    const told = forecast(await plan({ goal: 'discover', targets: ['10.0.0.0/24'] }), { interfaces });
    // The router to the others is asked whether it is still the same as often.
    expect(told.nobodyThere?.packets).toBe(3 * (128 + 128 * 4 + 1));
    // An ARP request: Ethernet 14, ARP 28.
    const near = forecast(await plan({ goal: 'discover', targets: ['10.0.0.0/25'] }), { interfaces });
    expect(near.allAnswer).toMatchObject({ packets: 128, bytes: 128 * 42 });
  });

  test('knows that echoes spare a sending, and that few questions and unknown hosts get three', async () => {
    const silent = async (request: Partial<Request>, facts: NetworkFacts = {}) =>
      forecast(await plan({ ports: '1-1000', ...request }), facts).noneAnswers as Cost;
    const echoed = await silent({});
    expect(echoed.packets).toBeGreaterThan(2000);
    expect(echoed.packets).toBeLessThan(2200);
    // Echo requests are short: IPv4 20, ICMP 8.
    expect(echoed.bytes).toBeLessThan(2004 * 60 + 200 * 28);
    expect((await silent({ ports: '1-63' })).packets).toBe(4 + 3 * 63);
    expect((await silent({ discovery: 'skip' })).packets).toBe(3000);
    const addresses = [{ address: parseAddress('10.0.0.9')!, prefix: 24 }];
    const near = await silent({}, { interfaces: [{ name: 'eth0', index: 2, addresses }] });
    // Found by ARP, and asked four times a second whether it is still the same machine.
    expect(near).toMatchObject({ packets: 1 + 3000 + 36, durationMs: 9000 });
    expect((await silent({ maxRetries: 1, discovery: 'skip' })).packets).toBe(2000);
    const tcpProbes = [{ technique: 'ping-syn' as const, ports: '443' }];
    expect((await silent({ discovery: tcpProbes })).packets).toBe(1 + 3000);
  });

  test('says how long a host takes that limits its ICMP errors', async () => {
    const lines = async (request: Partial<Request>) => forecast(await plan(request)).assumptions.join('\n');
    expect(await lines({ techniques: ['udp'], ports: '1-1024' })).toContain('1024 of them take 1018 seconds');
    expect(await lines({ techniques: ['syn', 'udp'], ports: '1-10' })).toContain('10 of them take 4 seconds');
    expect(await lines({ techniques: ['udp'], ports: '1-6' })).not.toContain('ICMP');
    expect(await lines({ ports: '1-1024' })).not.toContain('ICMP error');
  });

  test('knows what is said to UDP ports, and how often', async () => {
    const told = forecast(await plan({ techniques: ['udp'], ports: '53,9,1', discovery: 'skip' }));
    const payloads = payloadsFor(53).map(({ build }) => build(0).length);
    expect(payloads.length).toBeGreaterThan(0);
    expect(told.allAnswer.packets).toBe(payloads.length + 2);
    expect(told.allAnswer.bytes).toBe(2 * 28 + payloads.reduce((all, length) => all + 28 + length, 0));
    const data = { data: new Uint8Array(5) };
    const own = forecast(await plan({ techniques: ['udp'], ports: '53', discovery: 'skip', packet: data }));
    expect(own.allAnswer).toMatchObject({ packets: 1, bytes: 33 });
  });

  test('covers own ports of targets and shards', async () => {
    const built = await plan({ targets: ['10.0.0.1', '10.0.0.2:1-30'], ports: '1-10', discovery: 'skip' });
    expect(forecast(built).questions).toBe(40);
    const shard = await plan({
      targets: ['10.0.0.0/24'],
      ports: '1',
      discovery: 'skip',
      shard: { index: 1, count: 4 },
    });
    expect(forecast(shard)).toMatchObject({ hosts: 64, questions: 64, allAnswer: { packets: 64 } });
    expect(forecast(shard).assumptions.join('\n')).toContain('1 of 4 parts');
  });

  test('is finite, and silence never costs less, for every kind of scan', async () => {
    const requests: Partial<Request>[] = [
      {},
      { goal: 'discover', targets: ['10.0.0.0/24'] },
      { timing: 'polite' },
      { timing: 'insane', ports: '-' },
      { maxRatePps: 100 },
      { maxRatePps: 0 },
      { minRatePps: 5000 },
      { targets: ['::1', '10.0.0.0/16'], yes: true, ports: '80' },
      { techniques: ['connect'] },
      { techniques: ['udp', 'ip-protocol', 'sctp-init'] },
      { sweep: true, targets: ['10.0.0.0/16'], yes: true },
      { sweep: true, cooldownMs: 60_000, maxRatePps: 0 },
    ];
    const figures = ({ packets, bytes, durationMs }: Cost) => [packets, bytes, durationMs];
    for (const request of requests) {
      const { allAnswer, noneAnswers, nobodyThere } = forecast(await plan(request));
      for (const cost of [allAnswer, noneAnswers, nobodyThere])
        if (cost !== undefined) expect(figures(cost).every((value) => value > 0 && value < 1e12)).toBe(true);
      for (const [i, least] of figures(allAnswer).entries())
        if (noneAnswers !== undefined) expect(figures(noneAnswers)[i]).toBeGreaterThanOrEqual(least);
    }
  });

  test('time follows the rate, the delay and what is known of the path', async () => {
    const at = async (maxRatePps: number) =>
      forecast(await plan({ ports: '1-10000', discovery: 'skip', maxRatePps }));
    expect((await at(1000)).allAnswer.durationMs).toBe(10_020);
    // The last transmissions are waited for.
    expect((await at(1000)).noneAnswers?.durationMs).toBe(31_000);
    expect((await at(1000)).rate).toBe('bounded');
    expect((await at(0)).rate).toBe('found');
    const polite = await plan({ ports: '1-100', timing: 'polite', discovery: 'skip' });
    expect(forecast(polite).allAnswer.durationMs).toBeGreaterThanOrEqual(100 * 400);
    const built = await plan({ ports: '-', discovery: 'skip' });
    expect(forecast(built, { ratePps: 10_000 }).allAnswer.durationMs).toBe(6574);
  });

  test('of a sweep counts every question once, silence as often as it is asked, and the time to listen', async () => {
    const swept = { sweep: true, targets: ['10.0.0.0/8'], yes: true, ports: '80' };
    const told = forecast(await plan(swept));
    const { hosts } = told;
    expect(hosts).toBeGreaterThan(16_000_000);
    expect([told.allAnswer.packets, told.noneAnswers?.packets]).toEqual([hosts, 2 * hosts]);
    expect(told).not.toHaveProperty('nobodyThere');
    expect(told.assumptions.join('\n')).toContain('asked 2 times');
    expect(told.assumptions.join('\n')).not.toContain('says open for every port');
    const often = forecast(await plan({ ...swept, maxRetries: 6 }));
    expect(often.noneAnswers?.packets).toBe(7 * hosts);
    const silentMs = async (changes: Partial<Request>) =>
      forecast(await plan({ sweep: true, ports: '80', ...changes })).noneAnswers?.durationMs ?? 0;
    expect((await silentMs({ cooldownMs: 5000 })) - (await silentMs({ cooldownMs: 1000 }))).toBe(4000);
    const share = await plan({ ...swept, shard: { index: 2, count: 4 } });
    expect(forecast(share).questions).toBeCloseTo(hosts / 4, -1);
  });

  test('of a list is nothing at all', async () => {
    const told = forecast(await plan({ goal: 'list', targets: ['10.0.0.0/24'] }));
    expect(told.allAnswer).toMatchObject({ packets: 0, bytes: 0, durationMs: 0 });
    expect([told.hosts, told.noneAnswers, told.nobodyThere]).toEqual([256, undefined, undefined]);
  });

  test('says what it rests on', async () => {
    const lines = forecast(await plan({}), { rttMs: 50 }).assumptions;
    expect(lines).toContain('round trips of 50 ms');
    expect(lines.join('\n')).toContain('the rate is found');
    expect(forecast(await plan({ maxRatePps: 70 })).assumptions.join('\n')).toContain('bound of 70 packets');
    const check = async (request: Partial<Request>) =>
      forecast(await plan(request)).assumptions.some((line) => line.startsWith('no host says open'));
    expect(await check({ ports: '1-8' })).toBe(true);
    expect(await check({ ports: '1-7' })).toBe(false);
    expect(await check({ ports: '1-8', techniques: ['fin'] })).toBe(false);
    expect(forecast(await plan({}, fakeEnvironment(unprivileged))).assumptions.join('\n')).toContain(
      "kernel's own handshakes",
    );
  });
});
