/**
 * Where the first proxy is: it is asked for like a target, so that name servers, patience and signals are the same.
 * Those behind it are looked up by the proxy before them.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { formatAddress } from '../model/address.ts';
import { firstProxyName } from '../model/proxy.ts';
import type { PlanningEnvironment } from './environment.ts';
import { quoted } from './quoted.ts';
import type { Request } from './request.ts';
import { resolveAll } from './resolve-names.ts';

/** The addresses of the first proxy's name; undefined where it has none. Without any address nothing can be scanned. */
export async function findProxy(
  { proxies = [] }: Pick<Request, 'proxies'>,
  { names, signal }: PlanningEnvironment,
): Promise<readonly string[] | undefined> {
  const name = firstProxyName(proxies);
  if (name === undefined) return undefined;
  const resolved = (await resolveAll([name], names, signal)).get(name);
  if (resolved === undefined || 'problem' in resolved) {
    const asked = resolved?.isSilent === true ? ` (asked ${names.asked})` : '';
    throw badRequest(`${named('proxies')}: cannot resolve ${quoted(name)}: ${resolved?.problem}${asked}`);
  }
  return resolved.addresses.map(formatAddress);
}
