/** Where probes end, on ways whose filters are known. */

import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../base/random.ts';
import { spanOf } from './classes.ts';
import { carryOut, FakeHost, type FakeWay, silence } from './fake-way.laws.ts';
import { findLocation } from './location.ts';
import { portRanges } from './port-list.ts';
import type { Reference, Stop, StoppedClass } from './stopped.ts';

const ports = [25, 26, 27];
const view = { isNear: false, isOwn: false } as const;

/** Asks plain, then looks for the place; no port is open: without a reference. */
function locate(way: FakeWay, { seed = 1, protocols = ['tcp'] as readonly ('tcp' | 'udp')[] } = {}) {
  const random = new SeededRandom(seed);
  const next = () => random.nextFloat();
  const calm = new FakeHost({ ...way, loss: 0 }, next);
  const ask = (protocol: 'tcp' | 'udp', port: number) => {
    const technique = protocol === 'tcp' ? 'syn' : 'udp';
    const plain = { protocol, technique, port, variant: '' } as const;
    return { protocol, technique, seen: calm.ask(plain) } as const;
  };
  const isOpen = way.openPorts?.length !== 0;
  const reference: Reference | undefined = isOpen ? { ...ask('tcp', 22), port: 22 } : undefined;
  const classes: StoppedClass[] = protocols.map((protocol) => ({ ...ask(protocol, 25), ports }));
  const host = new FakeHost(way, next);
  const limits = way.errorsLeft === 0 ? (['icmp'] as const) : [];
  const location = findLocation({ view: { ...view, limits }, classes, ...(reference && { reference }) });
  const asked = carryOut(location, host, next);
  return { location, host, asked, stops: location.stops(), stop: location.stops()[0] };
}

const holds = (stop: Stop | undefined, hop: number) => {
  const [low, high] = stop?.hopRange ?? [stop?.hop, stop?.hop];
  return low != null && high != null && low <= hop && hop <= high;
};

const hooks = ['prerouting', 'forward'] as const;
/** Every place on a way of three routers, and the host behind them. */
const places = [
  ...[1, 2, 3].flatMap((hop) => hooks.map((hook) => ({ hop, hook }) as const)),
  { hop: 4, hook: 'input' } as const,
];

describe.each(places)('at hop $hop, $hook', ({ hop, hook }) => {
  const way = (does: 'drop' | 'rst' | 'icmp'): FakeWay => ({
    distance: 4,
    filters: [{ hop, hook, does, ports }],
  });

  test('a drop is in the forwarding of the last hop that answers or right behind it', () => {
    const { stop, location, host } = locate(way('drop'));
    const last = hook === 'forward' ? hop : hop - 1;
    expect(location.distance).toBe(4);
    expect(stop).toMatchObject(last === 0 ? { hop: 1 } : { hop: null, hopRange: [last, last + 1] });
    expect(host.sent).toBeLessThan(24);
  });

  test('a forged reset is told from the host’s own by the TTL it arrives with', () => {
    const { stop, location, host } = locate(way('rst'));
    expect(stop).toMatchObject({ hop, isHost: hop === 4 });
    expect(location.findings()).toHaveLength(hop === 4 ? 0 : 1);
    expect(host.sent).toBeLessThan(12);
  });

  test('an ICMP error is placed by its sender', () => {
    const { stop, host } = locate(way('icmp'));
    expect(stop).toMatchObject({ hop, by: hop === 4 ? null : `10.0.${hop}.1`, isHost: hop === 4 });
    expect(host.sent).toBeLessThan(10);
  });

  test.each(['drop', 'rst', 'icmp'] as const)(
    '%s: loss, limits, mute routers and detours widen it',
    (does) => {
      for (let seed = 0; seed < 72; seed++) {
        const hard = [
          { loss: 0.02 },
          { loss: 0.02, errorsLeft: 0 },
          { mute: [1 + (seed % 3)], loss: 0.02 },
          { mute: [1 + (seed % 3), 3], loss: 0.02 },
          { backBy: (at: number) => (at > 2 ? 1 : 0), loss: 0.02 },
          { backBy: (at: number) => (at === 3 ? 1 : 0) },
          { resetTtl: 255 },
          { openPorts: [], loss: 0.02 },
          { openPorts: [], mute: [2] },
        ][seed % 9] as Partial<FakeWay>;
        const { stop, host } = locate({ ...way(does), ...hard }, { seed, protocols: ['tcp', 'udp'] });
        const told = `seed ${seed} ${JSON.stringify(hard)} ${JSON.stringify(stop)}`;
        expect(stop === undefined || holds(stop, hop), told).toBe(true);
        expect(host.sent, told).toBeLessThan(90);
      }
    },
  );
});

test('without a port that answers, an echo shows how far a drop may be, and who resets as a router on the way is no host', () => {
  const way: FakeWay = {
    distance: 4,
    openPorts: [],
    filters: [{ hop: 2, hook: 'forward', does: 'drop', ports }],
  };
  const found = (more: { readonly echoTtl?: number; readonly hasAnswered?: boolean }) => {
    const target = { protocol: 'tcp', technique: 'syn', ports, seen: silence } as const;
    const location = findLocation({ view: { ...view, limits: [], ...more }, classes: [target] });
    carryOut(location, new FakeHost(way, () => 0.5), () => 0.5);
    return { stop: location.stops()[0], finding: location.findings()[0] };
  };
  const [mute, absent, echoing] = [found({}), found({ hasAnswered: false }), found({ echoTtl: 61 })];
  expect(mute.stop).toMatchObject({ hopRange: [2, 6], confidence: 0.8 });
  expect(mute.finding?.claim).toBe(
    'TCP probes that are dropped end at hop 2 or behind it; nothing shows how far the host is',
  );
  expect(absent.finding?.confidence).toBe(0.5);
  expect(absent.finding?.evidence.at(-1)).toContain('perhaps there is none');
  expect(echoing.stop).toMatchObject({ hopRange: [2, 4] });
  expect(echoing.finding?.claim).toContain('between hop 2 and hop 4');
  const reset = locate({ ...way, filters: [{ hop: 2, hook: 'forward', does: 'rst', ports }] });
  expect(reset.stop).toMatchObject({ hop: 2, by: '10.0.2.1', isHost: false });
});

describe('silent ports of filters in a row', () => {
  const row = (near: readonly number[], far: readonly number[]): FakeWay => ({
    distance: 4,
    filters: [
      { hop: 1, hook: 'forward', does: 'drop', ports: near },
      { hop: 3, hook: 'forward', does: 'drop', ports: far },
    ],
  });

  test.each([
    ['the first', [25], [26, 27]],
    ['another', [25, 27], [26]],
    ['all but the first', [26, 27], [25]],
  ])(
    '%s ends elsewhere: each place is told by itself, of its ports and by their own probes',
    (_, near, far) => {
      const { stop, location, host, asked } = locate(row(near, far));
      expect(stop).toMatchObject({ hop: null, hopRange: [1, 4], isDivided: true });
      expect(stop?.parts).toMatchObject([
        { ports: near, stop: { hopRange: [1, 2], isHost: false } },
        { ports: far, stop: { hopRange: [3, 4] } },
      ]);
      expect(host.sent).toBeLessThan(50);
      const findings = location.findings();
      const claims = ([ports, hop]: readonly [readonly number[], number]) =>
        `TCP probes to ${portRanges(ports)} that are dropped end in the forwarding of hop ${hop} or right behind it; the host is at hop 4`;
      const ends = [
        [near, 1],
        [far, 3],
      ] as const;
      expect(findings.map(({ claim }) => claim)).toEqual(ends.map(claims));
      for (const [i, [ports, hop]] of ends.entries()) {
        const finding = findings[i];
        const words = finding?.evidence.find((each) => each.startsWith(`probes to tcp/${ports[0]} `));
        expect(words).toContain(
          `may go ${hop} hop${hop > 1 ? 's' : ''} bring time-exceeded from 10.0.${hop}.1;`,
        );
        for (const port of ports.slice(1)) expect(words).toMatch(RegExp(`; with .*tcp/${port}\\b.* alike`));
        // What is said of a port is among what is cited.
        const cited = finding?.cites.map((index) => asked[index]);
        for (const port of ports)
          expect(cited).toContainEqual({ port, variant: `ttl ${hop}`, meaning: 'time-exceeded' });
      }
    },
  );

  test.each([
    ['a range', Array.from({ length: 300 }, (_, i) => i + 30)],
    ['its upper half', Array.from({ length: 620 }, (_, i) => i + 381)],
    ['two ports side by side', [445, 446]],
    ['a range in the middle', Array.from({ length: 150 }, (_, i) => i + 450)],
  ])('%s of a thousand ports ends at the nearer hop: found to the port, by few probes', (_, near) => {
    const all = Array.from({ length: 1000 }, (_, i) => i + 1).filter((port) => port !== 22);
    const far = all.filter((port) => !near.includes(port));
    for (const errorsLeft of [6, 2]) {
      const host = new FakeHost({ ...row(near, far), errorsLeft }, () => 0.5);
      const open = { protocol: 'tcp', technique: 'syn', port: 22 } as const;
      const location = findLocation({
        view: { ...view, limits: [] },
        reference: { ...open, seen: host.ask({ ...open, variant: '' }) },
        classes: [{ protocol: 'tcp', technique: 'syn', ports: spanOf(all), all, seen: silence }],
      });
      carryOut(location, host, () => 0.5);
      const parts = location
        .stops()[0]
        ?.parts?.map(({ ports, stop }) => `${portRanges(ports)} ${stop.hopRange}`);
      if (errorsLeft === 6) expect(parts).toEqual([`${portRanges(near)} 1,2`, `${portRanges(far)} 3,4`]);
      // With fewer the search ends early, and says of which ports it does not know.
      const told = location.stops()[0]?.parts ?? [];
      const wrong = told.flatMap(({ ports, stop }) =>
        ports.filter((port) => !holds(stop, near.includes(port) ? 1 : 3)),
      );
      expect(wrong).toEqual([]);
      const doubtful = told.flatMap(({ ports, stop }) => (stop.isDivided ? ports : []));
      expect(doubtful.length).toBeLessThan(20);
      expect(host.sent, `${errorsLeft} errors left`).toBeLessThan(180);
      expect(host.pauses).toBeLessThan(16);
    }
  });

  test('loss and limits neither divide what ends at one place nor hide what does not', () => {
    const hard: readonly Partial<FakeWay>[] = [
      { loss: 0.02 },
      { loss: 0.02, errorsLeft: 0 },
      { loss: 0.02, errorsLeft: 3 },
      { loss: 0.02, openPorts: [] },
      { mute: [2], loss: 0.02 },
    ];
    for (let seed = 0; seed < 100; seed++) {
      const more = hard[seed % hard.length] as Partial<FakeWay>;
      const told = (stop: Stop | undefined) => `seed ${seed} ${JSON.stringify(more)} ${JSON.stringify(stop)}`;
      const whole = locate({ ...row(ports, []), ...more }, { seed, protocols: ['tcp', 'udp'] });
      for (const stop of whole.stops) expect(stop?.isDivided, told(stop)).toBeUndefined();
      const { stop, host } = locate({ ...row([26], [25, 27]), ...more }, { seed, protocols: ['tcp', 'udp'] });
      expect(stop === undefined || (holds(stop, 1) && holds(stop, 3)), told(stop)).toBe(true);
      expect(host.sent, told(stop)).toBeLessThan(140);
    }
  });
});

test('a silent port that is alone is compared with none', () => {
  const way: FakeWay = { distance: 4, filters: [{ hop: 2, hook: 'forward', does: 'drop', ports: [25] }] };
  const host = new FakeHost(way, () => 0.5);
  const target = { protocol: 'tcp', technique: 'syn', ports: [25], seen: silence } as const;
  const open = { protocol: 'tcp', technique: 'syn', port: 22 } as const;
  const reference = { ...open, seen: host.ask({ ...open, variant: '' }) };
  const location = findLocation({ view: { ...view, limits: [] }, reference, classes: [target] });
  carryOut(location, host, () => 0.5);
  expect(location.stops()).toMatchObject([{ hopRange: [2, 3] }]);
  expect(host.sent).toBeLessThan(16);
});

test('on the own link and on this machine nothing is asked', () => {
  const target = { protocol: 'tcp', technique: 'syn', ports, seen: silence } as const;
  const near = findLocation({ view: { ...view, limits: [], isNear: true }, classes: [target] });
  expect(near.agenda()).toEqual([]);
  expect(near.stops()).toMatchObject([{ hop: 1, isHost: true }]);
  expect(near.findings()).toMatchObject([
    { claim: 'TCP probes that are dropped end at the host itself, hop 1' },
  ]);
  const own = findLocation({ view: { ...view, limits: [], isOwn: true }, classes: [target] });
  expect([own.agenda(), own.stops(), own.findings()]).toEqual([[], [undefined], []]);
});

test.each([0, 1, 2, 3])(
  'a host that answers only by limited errors, with %i of them left, is not moved away',
  (left) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new SeededRandom(seed);
      const next = () => random.nextFloat();
      const filters = [{ hop: 2, hook: 'forward', does: 'drop', ports }] as const;
      const host = new FakeHost({ distance: 4, filters, errorsLeft: left, loss: 0.02 }, next);
      const calm = new FakeHost({ distance: 4, filters }, next);
      const ask = (port: number) => calm.ask({ protocol: 'udp', technique: 'udp', port, variant: '' });
      const of = { protocol: 'udp', technique: 'udp' } as const;
      const location = findLocation({
        view: { ...view, limits: ['icmp'] },
        reference: { ...of, port: 500, seen: ask(500) },
        classes: [{ ...of, ports, seen: silence }],
      });
      carryOut(location, host, next);
      const [stop] = location.stops();
      expect(stop === undefined || holds(stop, 2), `seed ${seed} ${JSON.stringify(stop)}`).toBe(true);
    }
  },
);

test('whoever else uses up the errors of routers moves no place', () => {
  let asked = 0;
  for (let seed = 0; seed < 400; seed++) {
    const hop = 1 + (seed % 4);
    const hook = hop === 4 ? 'input' : 'forward';
    const filters = [{ hop, hook, does: 'drop', ports }] as const;
    const { stop, host } = locate({ distance: 4, filters, takenErrors: 0.2 + 0.2 * (seed % 3) }, { seed });
    expect(stop === undefined || holds(stop, hop), `seed ${seed} hop ${hop} ${JSON.stringify(stop)}`).toBe(
      true,
    );
    asked += host.sent;
  }
  expect(asked / 400).toBeLessThan(70);
});

test('whoever refuses what had kept silent for want of errors is found', () => {
  let found = 0;
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(seed);
    const next = () => random.nextFloat();
    const filters = [{ hop: 1, hook: 'forward', does: 'icmp', ports }] as const;
    const host = new FakeHost({ distance: 4, filters, errorsLeft: 1, takenErrors: 0.3 }, next);
    const open = { protocol: 'tcp', technique: 'syn', port: 22 } as const;
    const location = findLocation({
      view: { ...view, limits: [] },
      reference: { ...open, seen: host.ask({ ...open, variant: '' }) },
      classes: [{ protocol: 'tcp', technique: 'syn', ports, seen: silence }],
    });
    carryOut(location, host, next);
    const [stop] = location.stops();
    if (stop?.hop === 1) found++;
  }
  expect(found).toBeGreaterThan(170);
});

test('ways of two lengths widen the place', () => {
  for (let seed = 0; seed < 40; seed++)
    for (const does of ['drop', 'rst', 'icmp'] as const) {
      // The last two routers and the host are one hop farther on the longer way.
      const filters = [{ hop: 3, hook: 'forward', does, ports }] as const;
      const { stop } = locate({ distance: 4, otherDistance: 5, filters }, { seed });
      const isHeld = stop === undefined || holds(stop, 3) || holds(stop, 4);
      expect(isHeld, `seed ${seed} ${does} ${JSON.stringify(stop)}`).toBe(true);
    }
});

describe('what is changed on the way', () => {
  const filters = [{ hop: 3, hook: 'forward', does: 'drop', ports }] as const;
  const evidenceOf = (way: Partial<FakeWay>) =>
    locate({ distance: 4, filters, ...way })
      .location.findings()[0]
      ?.evidence.slice(1);

  test('nothing is told where all hops quote the same, or one of them less', () => {
    expect(evidenceOf({})).toEqual([]);
    expect(evidenceOf({ quotes: (hop) => (hop === 2 ? { isShort: true } : {}) })).toEqual([]);
  });

  test('a change is told once, between the hops that show it', () => {
    expect(evidenceOf({ quotes: (hop) => (hop > 1 ? { mss: 1300, dscp: 10 } : {}) })).toEqual([
      'SYNs are changed between hop 1 (10.0.1.1) and hop 2 (10.0.2.1): DSCP 0 becomes 10, MSS 1460 becomes 1300',
    ]);
    expect(
      evidenceOf({
        quotes: (hop) => (hop > 2 ? { options: 'mss,nop,nop,nop,wscale', dontFragment: false } : {}),
      }),
    ).toEqual([
      'SYNs are changed between hop 2 (10.0.2.1) and hop 3 (10.0.3.1): DF is cleared, TCP options sack, ts are removed',
    ]);
  });

  test('probes that are given a new TTL widen the place, for what is behind is not seen', () => {
    // Whatever passes hop 2 has a new TTL: no error shows hop 3, and the host is reached with TTL 2.
    const { stop, location } = locate({ distance: 4, renewsAt: 2, filters });
    expect(location.distance).toBe(2);
    expect(holds(stop, 3)).toBe(true);
    expect(location.findings()[0]?.evidence.at(-1)).toContain('somebody gives probes another TTL');
  });
});
