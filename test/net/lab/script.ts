/**
 * Small programs of the lab that run inside a namespace: how they are started, and when they are ready.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command that runs a TypeScript file of this folder. Node 20 does not read TypeScript by itself. */
export function scriptCommand(file: string): string[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return [process.execPath, '--import', import.meta.resolve('tsx'), path];
}

/** Waits for the line `ready` on a program's standard output; fails with what it said when it ends before. */
export function ready(what: string, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const listen = (text: string) => {
      heard += text;
      if (/^ready$/m.test(heard)) resolve();
    };
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`${what}: ended with ${code} before it was ready\n${heard}`)),
    );
  });
}
