import { expect, it } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { FakeWorld, type FakeZone } from '../fake-zone.laws.ts';
import { JournalledAsker } from './journalled-asker.ts';
import { searchZones } from './search-zones.ts';

const zone: FakeZone = {
  apex: 'z.test',
  servers: ['10.0.0.1'],
  records: '@ NS ns1.z.test.\nns1 A 10.0.0.1\n* A 10.9.9.9\nwww A 10.9.9.9\nmail MX 10 www.z.test.',
};

async function run(past: readonly string[], mostQueries = 10_000) {
  const world = new FakeWorld([zone]);
  const lines: string[] = [];
  const asker = new JournalledAsker(world, (line) => lines.push(line), past);
  const random = new SeededRandom(5);
  const records: string[] = [];
  const totals = await searchZones(
    {
      names: ['z.test'],
      types: ['A', 'MX', 'NS'],
      wantsTransfers: false,
      tellsWholeTransfers: true,
      wantsSubdomains: true,
      words: Array.from({ length: 300 }, (_, at) => `w${at}`).concat('www', 'mail'),
      candidates: [],
      reverse: [],
      mostQueries,
      random: (bound) => random.nextBelow(bound),
    },
    asker,
    (news) => {
      if (news.kind === 'record')
        records.push(`${news.record.name} ${news.record.type} ${news.record.value}`);
      return 0;
    },
  );
  return { lines, records: records.sort(), totals, sent: world.asked.length };
}

it('what was answered before is not asked again, and leads to the same', async () => {
  const whole = await run([]);
  expect(whole.totals.isComplete).toBe(true);
  const half = await run([], 200);
  expect(half.totals.isComplete).toBe(false);
  // Cut in the middle of a line, as a machine that goes down does.
  const kept = [...half.lines.slice(0, -1), half.lines.at(-1)?.slice(0, 20) as string, '', '[1,2,3]', '{}'];
  const rest = await run(kept);
  expect(rest.records).toEqual(whole.records);
  expect(rest.totals).toEqual(whole.totals);
  expect(rest.sent).toBeLessThan(whole.sent - 150);
  const again = await run([...half.lines, ...rest.lines]);
  expect(again.records).toEqual(whole.records);
  expect(again.sent).toBeLessThan(20);
});
