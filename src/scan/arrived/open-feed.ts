/** Waits for a listener. @module */

import { badRequest } from '../../base/errors.ts';
import { named } from '../../base/words.ts';
import type { ArrivalFeed, ArrivalSource } from './feed.ts';

/** Waits until a listener listens that has the scan's key. */
export async function openFeed(
  source: ArrivalSource,
  { key, signal }: { readonly key?: string; readonly signal?: AbortSignal },
): Promise<ArrivalFeed> {
  if (key === undefined)
    throw badRequest(`${named('arrived')} tells of marked probes: wanted ${named('key')} beside it`);
  const { checkKey } = await import('../mark-key.ts');
  checkKey(key);
  // What computes marks takes its time to load.
  const { ArrivalFeed } = await import('./feed.ts');
  const feed = new ArrivalFeed(source, key);
  await feed.begin(signal);
  return feed;
}
