/**
 * A worker of the TypeScript sources as they stand. Before Node 22 tsx looks after the main thread only.
 *
 * @module
 */

import { register } from 'tsx/esm/api';

register();
await import('./shard-worker.ts');
