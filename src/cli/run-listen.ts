/** Runs a listener: from what was typed to lines as probes arrive, and an exit code. @module */

import { badRequest, type ExitCode, exitCode } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { arrivalWriters } from '../report/arrivals/index.ts';
import type { ListenCall } from './listen-call.ts';
import { readKey } from './read-key.ts';
import { Screen } from './screen.ts';
import { openFile, Sink } from './sink.ts';
import { codeOf, type EndingSignal, type World } from './world.ts';

/** Listens until time is over, a signal comes or nobody reads any more, and returns the code to end with. */
export async function runListen(
  { request, key: given, outputs }: Extract<ListenCall, { wants: 'listen' }>,
  world: World,
): Promise<ExitCode> {
  const key = readKey(given, world);
  if (key === undefined)
    throw badRequest('No key: wanted the text that the scan has as well', 'portolan listen --key @FILE');
  const screen = new Screen(world);
  const stop = new AbortController();
  let signal: EndingSignal | undefined;
  let isPipeClosed = false;
  let hasLostReport = false;
  const lose = (sink: Sink, error: NodeJS.ErrnoException) => {
    if (sink.path === '-' && error.code === 'EPIPE') {
      isPipeClosed = true;
      stop.abort();
      return;
    }
    hasLostReport = true;
    const where = sink.path === '-' ? 'standard output' : quoted(sink.path);
    screen.notice(`portolan: Cannot go on writing ${where}: ${writeTrouble(error)}`);
  };
  const sinks = outputs.map(({ format, path }) => {
    const place =
      path === '-'
        ? { write: (text: string) => screen.results(text), close: () => undefined }
        : openFile(path);
    return { write: arrivalWriters[format], sink: new Sink(path, place, lose) };
  });
  const ignoreSignals = world.onSignal((one) => {
    signal ??= one;
    stop.abort();
  });
  const readsOutput = outputs.some(({ path }) => path === '-');
  try {
    for await (const fact of await world.listen({ ...request, key }, { signal: stop.signal })) {
      if (fact.type === 'warning') screen.notice(`portolan: warning: ${fact.message}`);
      else if (fact.type === 'waiting') {
        // What nobody reads any more nobody writes to either, so that no error would tell.
        if (readsOutput && world.isAbandoned()) {
          isPipeClosed = true;
          stop.abort();
        }
      } else for (const { write, sink } of sinks) sink.out(write(fact));
    }
  } finally {
    for (const { sink } of sinks) sink.close();
    ignoreSignals();
  }
  if (isPipeClosed) return exitCode.done;
  if (signal !== undefined) return codeOf[signal];
  return hasLostReport ? exitCode.incomplete : exitCode.done;
}
