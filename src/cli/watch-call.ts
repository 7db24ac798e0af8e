/** From what was typed behind `watch` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import type { Request } from '../plan/request.ts';
import { type ChangeWriterName, changeWriters } from '../report/changes/index.ts';
import { changeOutputs } from './change-outputs.ts';
import type { View } from './flags/flag.ts';
import { watchLanguage } from './flags/watch.ts';
import { parse } from './parse.ts';
import { type KeepWish, readScanCall } from './scan-call.ts';

/** What `watch` is to do. */
export type WatchCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'watch';
      readonly request: Request;
      readonly keep: KeepWish;
      readonly everyMs: number;
      readonly isOnce: boolean;
      readonly command?: string;
      readonly webhook?: string;
      readonly outputs: readonly { readonly format: ChangeWriterName; readonly path: string }[];
      readonly view: View;
    };

/** Reads the arguments of `watch` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readWatchCall(argv: readonly string[], now: Date = new Date()): WatchCall {
  const { wants, watch, outputs } = parse(argv, watchLanguage);
  if (wants === 'help' || wants === 'version') return { wants };
  const { request, keep, view } = readScanCall(argv, now, watchLanguage);
  if (watch.isOnce === true && watch.everyMs !== undefined)
    throw badRequest('--once ends after one round: wanted it without --every');
  const { everyMs = usualEveryMs, isOnce = false, command, webhook } = watch;
  return {
    wants: 'watch',
    // Where changes are sent is nobody's business who looks at a kept scan.
    request: { ...request, args: ['watch', ...request.targets] },
    keep: keep ?? { most: 100 },
    everyMs,
    isOnce,
    ...(command !== undefined && { command }),
    ...(webhook !== undefined && { webhook }),
    outputs: changeOutputs(outputs, [], now, changeWriters),
    view,
  };
}

const usualEveryMs = 3_600_000;
