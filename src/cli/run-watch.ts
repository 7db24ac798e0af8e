/** `watch`: scans again and again, and tells what changes. @module */

import type { ExitCode } from '../base/errors.ts';
import { Snapshot } from '../changes/snapshot.ts';
import { takeFact } from '../changes/take-fact.ts';
import type { Fact, SummaryFact } from '../model/fact.ts';
import type { Request } from '../plan/request.ts';
import { FileKeeper } from '../store/file-keeper.ts';
import { watchFolder } from '../store/folder.ts';
import { keptScans } from '../store/kept-files.ts';
import { vantageOf } from '../store/vantage.ts';
import { seriesOf } from './keeper-of.ts';
import { optionWords } from './option-words.ts';
import type { WatchCall } from './watch-call.ts';
import { type Look, type LookOptions, watchRounds } from './watching.ts';
import type { World } from './world.ts';

/** Watches until a signal comes, or for one round; ends as `diff` does. */
export async function runWatch(
  call: Extract<WatchCall, { wants: 'watch' }>,
  world: World,
): Promise<ExitCode> {
  const { request, keep } = call;
  const folder = watchFolder(world.environment);
  const series = seriesOf(request, 'watch');
  const watched = {
    series,
    folder,
    records: () =>
      keptScans(folder.path)
        .filter((scan) => scan.series === series)
        .map(({ path }) => path),
    async look(options: LookOptions) {
      const keeper = new FileKeeper({ folder, series, most: keep.most, vantageOf });
      const { signal, isKept, notice } = options;
      const isFirst = isKept && watched.records().length === 0;
      const facts = await world.scan(request as Request, {
        signal,
        words: optionWords,
        ...(isKept && { keeper }),
      });
      return lookAt(facts, options, (fact) => {
        if (isFirst && fact.type === 'summary') notice(firstWords(fact));
      });
    },
  };
  return watchRounds(watched, call, world);
}

/** What the first round has to say: it is compared with nothing. */
function firstWords({ hosts, ports }: SummaryFact): string {
  const up = `${hosts.up} ${hosts.up === 1 ? 'host' : 'hosts'} up, ${ports.open ?? 0} open`;
  return `the first round: ${up}; later rounds are compared with it`;
}

/** Takes what is told; undefined where it did not end by itself. `hear` hears besides what is recorded. */
export async function lookAt(
  facts: AsyncIterable<Fact>,
  { signal, notice }: LookOptions,
  hear: (fact: Extract<Fact, { n: number }>) => void = () => undefined,
): Promise<Look | undefined> {
  const snapshot = new Snapshot();
  let summary: SummaryFact | undefined;
  try {
    for await (const fact of facts) {
      if (fact.type === 'warning') notice(`${fact.isNotice === true ? '' : 'warning: '}${fact.message}`);
      else if (fact.type === 'summary') summary = fact;
      if (!('n' in fact)) continue;
      takeFact(snapshot, fact);
      hear(fact);
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
  return summary === undefined || signal.aborted ? undefined : { snapshot, isWhole: summary.complete };
}
