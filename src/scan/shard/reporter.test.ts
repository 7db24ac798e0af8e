import { expect, test } from 'vitest';
import { observation } from '../../model/observation.laws.ts';
import { noSender } from '../../model/observation.ts';
import type { ShardMessage, ShardTotals } from './messages.ts';
import { Reporter } from './reporter.ts';

test('what is learned fast goes out before its time, so that what waits for a reader has a bound', () => {
  const said: ShardMessage[] = [];
  const numbered = { senders: [], options: [] };
  const reporter = new Reporter(
    (message) => said.push(message),
    numbered,
    () => ({}) as ShardTotals,
    () => 0,
    0,
  );
  const silent = observation({ kind: 'named', sender: noSender });
  for (let host = 0; host < 1_000_000 && !reporter.isAhead; host++) {
    reporter.records.host(host, silent);
    reporter.tick(0, () => 'sweep');
  }
  const batches = said.flatMap((message) => (message.type === 'batch' ? [message.records.length] : []));
  expect(reporter.isAhead).toBe(true);
  // The first goes out at once.
  for (const bytes of batches.slice(1)) expect(bytes / 2 ** 20).toBeCloseTo(1, 2);
});
