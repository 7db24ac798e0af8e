/**
 * What must not be scanned: exclusions, and the scope beyond which nothing is sent.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { type Range, RangeCollector, type RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import { parseV4 } from '../model/parse-address.ts';
import type { PlanningEnvironment } from './environment.ts';
import { parseTarget } from './parse-target.ts';
import { quoted } from './quoted.ts';
import { type EntrySource, readAllEntries } from './read-entries.ts';
import type { Request } from './request.ts';
import { blocksAround, resolveAll } from './resolve-names.ts';
import { splitTargets } from './split-targets.ts';

/** Reads exclusions: the grammar of targets without ports, and a name that cannot be resolved is an error. */
export async function readExclusions(
  source: { readonly texts: readonly string[]; readonly files: readonly string[] },
  environment: PlanningEnvironment,
): Promise<RangeSet> {
  const ranges = new RangeCollector();
  const names = new Map<string, (number | undefined)[]>();
  const take = (text: string, where: () => string) => {
    const target = parseTarget(text, where());
    if (target.ports !== undefined) {
      throw badRequest(
        `${where()}exclusion ${quoted(text)}: wanted it without ports; ${named('excludePorts')} leaves ports out`,
      );
    }
    if (target.kind === 'addresses') addAll(ranges, target.ranges);
    else names.set(target.name, [...(names.get(target.name) ?? []), target.prefix]);
  };
  await readAllEntries(source, 'exclusions', environment, (text, where) => {
    const plain = parseV4(text);
    if (plain !== undefined) ranges.addV4(plain, plain);
    else for (const one of splitTargets(text)) take(one, where);
  });
  for (const [name, resolved] of await resolveAll(names.keys(), environment.names, environment.signal)) {
    if ('problem' in resolved) {
      const asked = resolved.isSilent ? ` (asked ${environment.names.asked})` : '';
      throw badRequest(
        `Cannot leave out ${quoted(name)}: ${resolved.problem}${asked}; wanted a name or address that is known`,
      );
    }
    for (const prefix of names.get(name) ?? []) addAll(ranges, blocksAround(resolved.addresses, prefix));
  }
  return ranges.finish();
}

/**
 * Reads a scope, undefined where there is none: addresses, blocks and ranges; names are refused, for what they mean
 * may change.
 */
export async function readScope(
  { scope, scopeFile }: Pick<Request, 'scope' | 'scopeFile'>,
  environment: EntrySource,
): Promise<RangeSet | undefined> {
  if (scope === undefined && scopeFile === undefined) return undefined;
  const ranges = new RangeCollector();
  const source = { texts: scope ?? [], files: scopeFile === undefined ? [] : [scopeFile] };
  await readAllEntries(source, 'the scope', environment, (text, where) => {
    for (const one of splitTargets(text)) {
      const target = parseTarget(one, where());
      if (target.kind === 'name' || target.ports !== undefined) {
        throw badRequest(
          `${where() || 'scope '}${quoted(one)}: wanted an address, a block or a range of addresses`,
        );
      }
      addAll(ranges, target.ranges);
    }
  });
  return ranges.finish();
}

function addAll(collector: RangeCollector, ranges: readonly Range[]): void {
  for (const { first, last } of ranges) collector.add(first, last);
}
