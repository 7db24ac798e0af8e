import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { distanceOf, initialTtl } from './initial-ttl.ts';
import { matchStack } from './match-stack.ts';
import { ownSignatures, readSignatures, type Signature } from './signatures.ts';
import { featuresText, type SynAckFeatures } from './syn-ack.ts';

const seen = ownSignatures().filter(({ stack }) => stack !== undefined);

describe('stacks that were seen, each left out in turn', () => {
  test('at most one in twenty is given a wrong family, and half of them are told', () => {
    let answered = 0;
    const wrong: string[] = [];
    for (const one of seen) {
      const rest = ownSignatures().filter(({ stack }) => stack !== one.stack);
      const family = sureFamily(featuresOf(one), rest);
      if (family === undefined) continue;
      answered++;
      if (family !== one.system.family) wrong.push(`${one.system.name}: ${family}`);
    }
    expect(seen.length).toBe(342);
    expect(wrong.length / seen.length, wrong.join('\n')).toBeLessThanOrEqual(0.05);
    expect(answered / seen.length).toBeGreaterThanOrEqual(0.5);
  });
});

describe('what no stack says', () => {
  test('features by chance are unknown', () => {
    const random = new SeededRandom(11);
    const kinds = ['mss', 'nop', 'wscale', 'sack', 'ts'];
    let known = 0;
    for (let i = 0; i < 2000; i++) {
      const options = Array.from({ length: random.nextBelow(9) }, () => kinds[random.nextBelow(5)]).join(',');
      const features: SynAckFeatures = {
        family: 4,
        options,
        mss: 500 + random.nextBelow(1000),
        scale: random.nextBelow(15),
        window: random.nextBelow(65536),
        ttl: 1 + random.nextBelow(255),
        dontFragment: random.nextBelow(2) === 1,
      };
      if (sureFamily(features) !== undefined) known++;
    }
    expect(known).toBeLessThanOrEqual(20);
  });

  test('nine in ten of those that one feature alone is changed of are unknown', () => {
    const random = new SeededRandom(12);
    let known = 0;
    let all = 0;
    for (const one of seen) {
      const features = featuresOf(one);
      for (const mutant of [
        { ...features, window: 1 + random.nextBelow(65535) },
        { ...features, ttl: features.ttl === 64 ? 200 : 60, dontFragment: features.dontFragment !== true },
        { ...features, options: shuffled(features.options, random) },
      ]) {
        if (featuresText(mutant) === featuresText(features)) continue;
        all++;
        if (sureFamily(mutant) !== undefined) known++;
      }
    }
    expect(all).toBeGreaterThan(700);
    expect(known / all).toBeLessThanOrEqual(0.1);
  });
});

describe('Linux whose buffers, options, segments and time to live somebody has set', () => {
  const orders = [
    ['mss,sack,ts,nop,wscale', 12],
    ['mss,sack,ts', 12],
    ['mss,nop,nop,ts,nop,wscale', 12],
    ['mss,nop,nop,ts', 12],
    ['mss,nop,nop,sack,nop,wscale', 0],
    ['mss,nop,nop,sack', 0],
    ['mss,nop,wscale', 0],
    ['mss', 0],
  ] as const;
  /** Every window that is whole segments, scaled by what 32 KiB to 64 MiB are. */
  const everyFamily = (ttl: number, dontFragment: boolean) =>
    orders.flatMap(([options, room]) =>
      [1460, 1440, 1380, 536, 8960].flatMap((mss) =>
        Array.from({ length: Math.floor(65535 / (mss - room)) }, (_, i) => (i + 1) * (mss - room)).flatMap(
          (window) =>
            (options.includes('wscale') ? [0, 2, 4, 7, 10] : [undefined]).map((scale) =>
              sureFamily(
                v4(options, window, ttl, { mss, dontFragment, ...(scale !== undefined && { scale }) }),
              ),
            ),
        ),
      ),
    );

  test('as it leaves a machine, it is never called anything else', () => {
    const others = everyFamily(64, true).filter((family) => family !== undefined && family !== 'Linux');
    expect(others).toEqual([]);
  });

  test.each([
    [64, false],
    [128, true],
    [128, false],
    [255, true],
    [255, false],
  ])('with a time to live of %i and df %s it is called something else once in 500 at most', (ttl, df) => {
    const all = everyFamily(ttl, df);
    const others = all.filter((family) => family !== undefined && family !== 'Linux');
    expect(others.length / all.length).toBeLessThan(0.002);
  });
});

describe('systems as their documents say', () => {
  const cases: readonly [string, string | undefined, SynAckFeatures][] = [
    ['Linux', '4.19-7.x', v4('mss,sack,ts,nop,wscale', 65160, 64, { scale: 7 })],
    ['Linux', '4.19-7.x', v4('mss,nop,nop,sack,nop,wscale', 64240, 64, { scale: 7 })],
    ['Linux', '4.19-7.x', v4('mss,nop,nop,ts,nop,wscale', 65160, 63, { scale: 7 })],
    ['Linux', '4.19-7.x', v4('mss,sack,ts,nop,wscale', 65160, 126, { scale: 10 })],
    ['Linux', '4.19-7.x', { ...v4('mss,sack,ts,nop,wscale', 65483, 64, { mss: 65495, scale: 7 }) }],
    ['Linux', '3.11-4.18', v4('mss,sack,ts,nop,wscale', 28960, 60, { scale: 7 })],
    // tcp_rmem was set: up to 6 MiB, which kernels had until then, are scaled by 7 at most.
    ['Linux', '2.4-7.x', v4('mss,sack,ts,nop,wscale', 28960, 60, { scale: 10 })],
    ['Linux', '2.4-7.x', v4('mss,nop,nop,sack,nop,wscale', 14600, 60, { scale: 10 })],
    ['Linux', '2.6.39-3.10', v4('mss,sack,ts,nop,wscale', 14480, 60, { mss: 1380, scale: 7 })],
    ['Linux', '4.19-7.x', { ...v6('mss,sack,ts,nop,wscale', 64260, 64), scale: 7 }],
    [
      'Windows',
      '10-11, Server 2016-2025',
      v4('mss,nop,wscale,nop,nop,sack', 65535, 120, { mss: 1380, scale: 8 }),
    ],
    [
      'Windows',
      'Vista-8.1, Server 2008-2012 R2',
      v4('mss,nop,wscale,sack,ts', 8192, 128, { mss: 1380, scale: 8 }),
    ],
    [
      'Windows',
      '2000, XP, Server 2003',
      v4('mss,nop,wscale,nop,nop,ts,nop,nop,sack', 65535, 128, { scale: 0 }),
    ],
    ['macOS', '10.13-26', v4('mss,nop,wscale,nop,nop,ts,sack', 65535, 64, { scale: 6 })],
    ['FreeBSD', '9-15', v4('mss,nop,wscale,sack,ts', 65535, 64, { scale: 6 })],
    ['OpenBSD', '4.9-7.x', v4('mss,nop,nop,sack,nop,wscale,nop,nop,ts', 16384, 64, { scale: 6 })],
    ['NetBSD', '4-10', v4('mss,nop,wscale,sack,nop,nop,nop,nop,ts', 32768, 64, { scale: 3 })],
    ['Solaris', '11', v4('sack,ts,mss,nop,wscale', 64436, 64, { scale: 1 })],
    ['IOS', '11-15, XE', { ...v4('mss', 4128, 254, { mss: 536 }), dontFragment: false }],
    ['embedded', '1.x-2.x', { ...v4('mss', 2144, 255, { mss: 536 }), dontFragment: false }],
    ['embedded', '1.x-2.x', v4('mss,nop,wscale', 65535, 255, { scale: 1, dontFragment: false })],
    ['gVisor', undefined, v4('mss,sack,ts,nop,wscale', 29184, 64, { scale: 5, dontFragment: false })],
    ['gVisor', undefined, { ...v6('mss,sack,ts,nop,wscale', 28800, 64), scale: 7 }],
    ['libslirp', undefined, v4('mss', 65535, 64, { dontFragment: false })],
    ['libslirp', undefined, v6('mss', 65535, 255)],
    ['passt', undefined, v4('mss,nop,wscale', 65535, 255, { scale: 8, mss: 61440, dontFragment: false })],
  ];
  test.each(cases)('%s %s', (family, generation, features) => {
    const [best] = matchStack(features);
    expect(best?.system.family).toBe(family);
    expect(best?.system.generation).toBe(generation);
    expect(best?.accuracy).toBeGreaterThanOrEqual(80);
  });

  test('where two systems have one stack both are named', () => {
    const names = matchStack(v4('mss,nop,wscale,nop,nop,ts,sack', 65535, 64, { scale: 6 })).map(
      ({ system }) => system.name,
    );
    expect(names).toContain('macOS 10.13-26');
    expect(names).toContain('iOS 11-26');
  });

  test('Linux that has all options off and a time to live of Windows is not called Windows', () => {
    const [best] = matchStack(v4('mss,nop,nop,sack', 64240, 128, {}));
    expect(best?.accuracy ?? 0).toBeLessThan(80);
  });

  test('a proxy that offers no window is nobody', () => {
    expect(matchStack(v4('mss,sack,ts,nop,wscale', 0, 64, { scale: 7 }))).toEqual([]);
  });
});

describe('the text of signatures', () => {
  test('features as they are printed are read as a signature that fits them alone', () => {
    const features = v4('mss,nop,wscale,sack', 12345, 63, { scale: 4 });
    const own = readSignatures(`My box | embedded | | router | Me | | mine\n  ${featuresText(features)}\n`);
    expect(matchStack(features, own)[0]?.system.name).toBe('My box');
    expect(matchStack({ ...features, window: 12346 }, own)).toEqual([]);
    expect(matchStack({ ...features, scale: 5 }, own)).toEqual([]);
  });

  test('what is so over one of both is not looked for over the other', () => {
    const own = readSignatures('My box | embedded | | router | Me | | mine\n  mss window=any ttl=64 ip=6\n');
    expect(matchStack(v6('mss', 9, 64), own)[0]?.system.name).toBe('My box');
    expect(matchStack(v4('mss', 9, 64, {}), own)).toEqual([]);
  });

  test.each([
    'A | B |',
    '  mss window=1',
    'A | B | | | | | x\n  mss window=two ttl=64',
    'A | B | | | | | x\n  mss ttl=64',
  ])('a line that cannot be read is named: %s', (text) => {
    expect(() => readSignatures(text)).toThrow(/line \d+: cannot be read/);
  });

  test('every system says where it is known from', () => {
    for (const { system } of ownSignatures()) expect(system.source).not.toBe('');
  });
});

test('a distance is counted from the beginning that is next above, 1 on the own link', () => {
  expect([64, 63, 128, 255, 250, 60, 20].map(distanceOf)).toEqual([1, 2, 1, 1, 6, 5, 13]);
  expect(distanceOf(0)).toBeUndefined();
  expect(distanceOf(140)).toBeUndefined();
  expect([1, 33, 64, 65, 129].map(initialTtl)).toEqual([32, 64, 64, 128, 255]);
});

function v4(
  options: string,
  window: number,
  ttl: number,
  rest: { mss?: number; scale?: number; dontFragment?: boolean },
): SynAckFeatures {
  return { family: 4, options, window, ttl, mss: 1460, dontFragment: true, ...rest };
}

function v6(options: string, window: number, ttl: number): SynAckFeatures {
  return { family: 6, options, window, ttl, mss: 1440 };
}

function featuresOf({ options, sizes, windows, ttls, dontFragment }: Signature): SynAckFeatures {
  const mss = sizes?.[0] ?? 0;
  return {
    family: 4,
    options,
    ...(mss > 0 && { mss }),
    window: Number(windows[0]),
    ttl: ttls?.[0] ?? 64,
    dontFragment: dontFragment === true,
  };
}

function sureFamily(features: SynAckFeatures, signatures?: readonly Signature[]): string | undefined {
  const [best] = matchStack(features, signatures);
  return best !== undefined && best.accuracy >= 80 ? best.system.family : undefined;
}

function shuffled(options: string, random: SeededRandom): string {
  const kinds = options.split(',');
  for (let i = kinds.length - 1; i > 0; i--) {
    const j = random.nextBelow(i + 1);
    [kinds[i], kinds[j]] = [kinds[j] as string, kinds[i] as string];
  }
  return kinds.join(',');
}
