/**
 * What a bench leaves behind: nothing, however it ends.
 *
 * @module
 */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeOrphans } from '../test/net/lab/namespace.ts';

/** Runs `undo` when the process ends, unless the returned function ran it before. */
export function atEnd(undo: () => void): () => void {
  watch();
  const once = () => {
    if (left.delete(once)) undo();
  };
  left.add(once);
  return once;
}

/** A folder that goes with the process; everybody may enter it. */
export function temporaryFolder(): string {
  if (folder === undefined) {
    removeOrphans(prefix);
    const made = mkdtempSync(join(tmpdir(), `${prefix}-${process.pid}-`));
    chmodSync(made, 0o755);
    atEnd(() => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** What names of this bench's folders and namespaces begin with; the process id follows. */
export const prefix = 'portobench';

function watch(): void {
  if (watching) return;
  watching = true;
  const undoAll = () => {
    for (const undo of [...left].reverse()) undo();
  };
  process.once('exit', undoAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      undoAll();
      process.kill(process.pid, signal);
    });
  }
}

const left = new Set<() => void>();
let watching = false;
let folder: string | undefined;
