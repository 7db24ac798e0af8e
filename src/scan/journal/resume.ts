/**
 * From a journal back to a scan that goes on: the plan is the journal's own, and a request that would make it
 * another one is refused with the difference.
 *
 * @module
 */

import { badRequest } from '../../base/errors.ts';
import { named } from '../../base/words.ts';
import { formatRange, formatRanges } from '../../model/ranges.ts';
import { readEnvironment } from '../../plan/environment.ts';
import { readExclusions, readScope } from '../../plan/exclusions.ts';
import type { Plan } from '../../plan/plan.ts';
import { quoted } from '../../plan/quoted.ts';
import type { EntrySource } from '../../plan/read-entries.ts';
import { excludedOf, scopeOf } from '../../plan/read-plan.ts';
import type { Request } from '../../plan/request.ts';
import { Past } from './past.ts';
import type { Resumption } from './run-journal.ts';

/** A plan that goes on. */
export interface ResumedPlan {
  readonly plan: Plan;
  readonly resumption: Resumption;
}

/** Reads the journal of a request and fits its plan to what may be given anew. */
export async function resumePlan(path: string, request: Request, signal?: AbortSignal): Promise<ResumedPlan> {
  refuseOthers(request);
  const machine = readEnvironment();
  const past = Past.open(path);
  if (request.firewall !== undefined && past.plan.firewall === undefined)
    throw badRequest(
      `${quoted(path)} is the journal of a scan that does not look for a filter: wanted it without ${named('firewall')}`,
    );
  const names = machine.nameService(past.plan.dnsServers);
  const environment = { ...machine, names, ...(signal !== undefined && { signal }) };
  const { journal: _, askLink: __, ...plan } = past.plan;
  await refuseOtherScope(plan, request, environment);
  const excluded = await readExclusions(
    { texts: request.exclude ?? [], files: request.excludeFiles ?? [] },
    environment,
  ).finally(() => names.stop());
  return {
    plan: {
      ...plan,
      excluded: formatRanges(excludedOf(plan).plus(excluded)),
      ungrouped: request.ungrouped ?? plan.ungrouped,
      ...(request.capture !== undefined && { capture: request.capture }),
      // They were said when the scan began; what follows from them is in the record.
      warnings: [],
    },
    resumption: { past, excluded },
  };
}

/** Whatever would make it another plan cannot be given beside the journal. */
function refuseOthers(request: Request): void {
  const given = Object.entries(request).find(
    ([field, value]) => !mayBeGiven.has(field) && value !== undefined && !isEmpty(value),
  );
  if (given === undefined) return;
  const [field] = given;
  throw badRequest(
    `${named('resume')} goes on with the plan in the journal, and ${named(field)} would make it another one: wanted it without`,
  );
}

/** The scope is a permission: it must be what it was. */
async function refuseOtherScope(plan: Plan, request: Request, environment: EntrySource): Promise<void> {
  const { scope: texts, scopeFile = texts === undefined ? plan.scopeFile : undefined } = request;
  const now = await readScope(
    { ...(texts && { scope: texts }), ...(scopeFile && { scopeFile }) },
    environment,
  );
  if (now === undefined) return;
  const where = scopeFile === undefined ? 'given' : quoted(scopeFile);
  const scope = scopeOf(plan);
  if (scope === undefined) {
    throw badRequest(
      `${named('scopeFile')} ${where}: the scan in the journal has no scope; to leave addresses out: ${named('exclude')}`,
    );
  }
  const [gone, added] = [scope.minus(now), now.minus(scope)].map(({ ranges }) => [...ranges][0]);
  if (gone !== undefined)
    throw badRequest(
      `The scope ${where} has changed since the scan began: ${formatRange(gone)} is no longer in it`,
    );
  if (added !== undefined)
    throw badRequest(
      `The scope ${where} has changed since the scan began: ${formatRange(added)} was not in it`,
    );
}

/** Fields of a request that leave the plan as it is. */
const mayBeGiven: ReadonlySet<string> = new Set<keyof Request>([
  'resume',
  'exclude',
  'excludeFiles',
  'scope',
  'scopeFile',
  'capture',
  'ungrouped',
  'autoJournal',
  'args',
]);

/** Says nothing that the plan could contradict. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
