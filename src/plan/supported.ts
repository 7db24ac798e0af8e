/**
 * What this version carries out. Whatever a request may say and a run would ignore stands here, so that it is
 * refused instead. Widening this version is a line here.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Request } from './request.ts';

/** Refuses what this version does not carry out. */
export function refuseUnsupported(request: Request): void {
  for (const [option, isAsked] of Object.entries(notCarriedOut)) if (isAsked(request)) throw notYet(option);
}

function notYet(what: string) {
  return badRequest(`${what} is not in this version`);
}

/** Options that nothing in `scan/` reads yet. */
const notCarriedOut: Readonly<Record<string, (request: Request) => boolean>> = {
  [named('engine', 'xdp')]: (request) => request.engine === 'xdp',
};
