/**
 * Joins what the compiler wrote into few files for the command line: Node needs about half a millisecond for
 * each module it loads, and a scan of a near host takes less time than a hundred of those. Lazy imports stay
 * lazy; the library keeps its modules.
 *
 * @module
 */

import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist/bundle', { recursive: true, force: true });
await build({
  entryPoints: ['dist/cli/main.js', 'dist/scan/shard-worker.js'],
  outdir: 'dist/bundle',
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Its binaries are found by their place in node_modules.
  external: ['koffi'],
  legalComments: 'inline',
  logLevel: 'warning',
});
