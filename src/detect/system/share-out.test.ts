import { expect, test } from 'vitest';
import { type SeenBehaviour, shareOut } from './share-out.ts';
import type { SynAckFeatures } from './syn-ack.ts';
import { tellApart } from './tell-apart.ts';

const near: SynAckFeatures = {
  family: 4,
  options: 'mss,sack,ts,nop,wscale',
  window: 65160,
  ttl: 64,
  mss: 1460,
};
const far: SynAckFeatures = { family: 4, options: 'mss,nop,nop,sack', window: 64240, ttl: 63, mss: 1460 };
const systems = tellApart(
  [near, far].map((features) => ({ features, ports: [22], count: 2 })),
  true,
);
const seen: SeenBehaviour = {
  clock: [100, 300].map((value) => ({ value, atMs: value, by: near })),
  ids: [
    { id: 0, by: near },
    { id: 7, by: far },
  ],
  bare: { window: 64240, ttl: 63 },
  ecn: { isAccepted: true, ttl: 64 },
  resets: [{ ttl: 63, window: 0 }],
  refusalTtl: 64,
  hasOpen: true,
};

test('two systems behind one port: each is told with what it showed', () => {
  expect(systems).toHaveLength(2);
  const [one, other] = shareOut(seen, systems);
  expect(one).toMatchObject({ ids: [0], ecn: true, resets: [], refusalTtl: 64 });
  expect(one?.clock).toHaveLength(2);
  expect(one?.bareWindow).toBeUndefined();
  expect(other).toMatchObject({ clock: [], ids: [7], bareWindow: 64240, resets: [{ ttl: 63 }] });
  expect(other?.ecn).toBeUndefined();
  expect(other?.refusalTtl).toBeUndefined();
});

test('what either may have shown is told of neither', () => {
  const asFar = tellApart(
    [near, { ...far, options: 'mss', window: 8192, ttl: 64, dontFragment: true }].map((features) => ({
      features,
      ports: [22],
      count: 2,
    })),
    true,
  );
  const [a, b] = asFar.map(({ looks }) => looks[0]?.features as SynAckFeatures);
  const shared = shareOut(
    {
      ...seen,
      clock: [],
      ids: [a, b].map((by) => ({ id: 0, by: by as SynAckFeatures })),
      bare: { window: 1, ttl: 64 },
    },
    asFar,
  );
  expect(shared.map(({ bareWindow }) => bareWindow)).toEqual([undefined, undefined]);
});

test('a reset from nobody’s distance is told beside the first, and all of it where no port is open', () => {
  const resets = [{ ttl: 250, window: 0 }];
  expect(shareOut({ ...seen, resets }, systems).map((one) => one.resets.length)).toEqual([1, 0]);
  expect(shareOut({ ...seen, resets }, [])).toMatchObject([{ resets, refusalTtl: 64 }]);
});
