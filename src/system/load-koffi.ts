/**
 * The module that calls C, loaded when it is called for. Its own file, because the command line's bundle has koffi
 * within (tools/bundle.mjs): its three modules took each thread 10 ms to find and compile.
 *
 * @module
 */

import { createRequire } from 'node:module';

/** koffi; throws where it has no binary for this machine. */
export function loadKoffi(): typeof import('koffi') {
  return createRequire(import.meta.url)('koffi');
}
