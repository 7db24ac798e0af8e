/** `history`: which scans are kept, and when states of a host were seen. @module */

import { badRequest, type ExitCode, exitCode } from '../base/errors.ts';
import { formatAddress } from '../model/address.ts';
import type { KeptFact, SeenFact } from '../model/change-facts.ts';
import { parseAddress } from '../model/parse-address.ts';
import { quoted } from '../plan/quoted.ts';
import { type KeptWriter, keptWriters } from '../report/kept/index.ts';
import { keptEnd } from '../scan/journal/kept-end.ts';
import { keptFacts } from '../scan/journal/kept-facts.ts';
import { storeFolder } from '../store/folder.ts';
import { SeenIndex } from '../store/seen-index.ts';
import { seenStates } from '../store/seen-states.ts';
import type { HistoryCall } from './history-call.ts';
import { allKept, type Kept } from './kept-names.ts';
import { mustWrite } from './print.ts';
import { openFile } from './sink.ts';
import type { World } from './world.ts';

/** Lists kept scans, or tells what they saw of a host. */
export function runHistory(call: Extract<HistoryCall, { wants: 'history' }>, world: World): ExitCode {
  const { place, vantage, outputs } = call;
  const kept = allKept(world, vantage);
  if (place === undefined) write(kept.map(keptFact), outputs, world);
  else {
    const { host, port } = readPlace(place);
    const looks = looksAt(host, kept, world);
    const seen = seenStates(host, looks, port);
    if (seen.length === 0)
      throw badRequest(
        `No kept scan has looked at ${quoted(place)}${vantage === undefined ? '' : ` from ${quoted(vantage)}`}`,
        'portolan history',
      );
    write(
      seen.map(({ type, ...fact }, at) => ({ type, n: at + 1, ...fact })),
      outputs,
      world,
    );
  }
  return exitCode.done;
}

/** What scans of one vantage point saw of a host: from two places it may look different. */
function looksAt(host: string, kept: readonly Kept[], world: World) {
  if (kept.length === 0) return [];
  const index = SeenIndex.open(storeFolder(world.environment), {
    facts: keptFacts,
    vantageOf: (path) => keptEnd(path)?.vantage,
  });
  try {
    index.update(kept.length === 0 ? [] : allKept(world));
    const vantages = new Set(kept.map(({ end }) => end.vantage));
    const looks = index.looksAt(host).filter(({ vantage }) => vantages.has(vantage));
    const places = [...new Set(looks.map(({ vantage }) => vantage))];
    if (places.length > 1)
      throw badRequest(
        `${quoted(host)} was looked at from several places: found ${places.map(quoted).join(', ')}, wanted one of them`,
        `--vantage ${quoted(places.at(-1) ?? '')}`,
      );
    return looks;
  } finally {
    index.close();
  }
}

function keptFact({ name, end: { startedAt, args, vantage, summary }, bytes }: Kept, at: number): KeptFact {
  const { finishedAt, hosts, ports, complete } = summary;
  return {
    type: 'kept',
    n: at + 1,
    name,
    startedAt,
    finishedAt,
    args,
    vantage,
    hostsUp: hosts.up,
    open: ports.open ?? 0,
    complete,
    bytes,
  };
}

/** `10.0.0.5`, `10.0.0.5:22`, `fe80::1%eth0`, `[fe80::1%eth0]:22`. */
function readPlace(place: string): { readonly host: string; readonly port: number | undefined } {
  const whole = parseAddress(place);
  if (whole !== undefined) return { host: formatAddress(whole), port: undefined };
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/.exec(place);
  const address = parseAddress(match?.groups?.['six'] ?? match?.groups?.['four'] ?? '');
  const port = Number(match?.groups?.['port']);
  if (address === undefined || port > 65_535)
    throw badRequest(
      `history: found ${quoted(place)}, wanted HOST or HOST:PORT such as 10.0.0.5:22 or [fe80::1]:22`,
    );
  return { host: formatAddress(address), port };
}

function write(
  facts: readonly (KeptFact | SeenFact)[],
  outputs: Extract<HistoryCall, { wants: 'history' }>['outputs'],
  world: World,
): void {
  for (const { format, path } of outputs) {
    const writer: KeptWriter = keptWriters[format];
    const text = facts.map(writer).join('');
    const isScreen = path === '-';
    mustWrite(isScreen ? 'standard output' : quoted(path), () => {
      if (isScreen) world.write(1, text);
      else {
        const place = openFile(path);
        place.write(text);
        place.close();
      }
    });
  }
}
