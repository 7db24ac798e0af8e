import { expect, test } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { EchoCounters } from './echo-counters.ts';
import { openHost } from './open-host.ts';

const at = '2026-01-01T00:00:00.000Z';

/** Hosts of which each answered by such an identification, in this order, and what is told. */
function toldOf(ids: readonly number[]): readonly string[] {
  const counters = new EchoCounters();
  const hosts = ids.map((id, i) => {
    const host = openHost(`10.0.0.${i + 1}`);
    counters.answered(host, id);
    counters.told(host, i);
    return host;
  });
  for (const host of hosts) counters.keeps(host);
  return [...counters.tell(at)].map(([, { claim }]) => claim.replace(/:.*/, ''));
}

const count = (length: number, from = 65_500, step = 1) =>
  Array.from({ length }, (_, i) => (from + i * step) & 0xffff);

test('one counter that goes on from address to address is one machine, over its end and by other traffic too', () => {
  expect(toldOf(count(254, 65_400, 3))).toEqual(['one machine answers pings for 254 addresses']);
  expect(toldOf(count(16, 100, 32))).toEqual(['one machine answers pings for 16 addresses']);
});

test('answers that overtake one another are few, and those of another counter between are none of it', () => {
  const ids = count(64, 1000);
  [ids[10], ids[11]] = [ids[11] as number, ids[10] as number];
  const others = count(64, 40_000);
  expect(toldOf(ids.flatMap((id, i) => [id, others[i] as number]))).toEqual([
    'one machine answers pings for 64 addresses',
    'one machine answers pings for 64 addresses',
  ]);
});

test('what two threads hear of one counter in turns is one machine', () => {
  const ids = count(256, 1000);
  const [odd, even] = [1, 0].map((rest) => ids.filter((id) => id % 2 === rest)) as [number[], number[]];
  const inTurns = [0, 1, 2, 3].flatMap((i) => [odd, even].flatMap((one) => one.slice(i * 32, i * 32 + 32)));
  expect(toldOf(inTurns)).toEqual(['one machine answers pings for 256 addresses']);
});

test.each([
  ['too few', count(15)],
  ['no identification', Array<number>(254).fill(0)],
  ['always the same', Array<number>(254).fill(77)],
])('nothing is told of %s', (_, ids) => {
  expect(toldOf(ids)).toEqual([]);
});

test('machines that count for themselves are none, be they many, and be their counters young', () => {
  const random = new SeededRandom(5);
  for (let round = 0; round < 40; round++) {
    expect(toldOf(Array.from({ length: 1024 }, () => random.nextBelow(65_536)))).toEqual([]);
    // After a power cut all have begun anew.
    for (const most of [40, 200, 2000])
      expect(toldOf(Array.from({ length: 254 }, () => 1 + random.nextBelow(most)))).toEqual([]);
  }
});
