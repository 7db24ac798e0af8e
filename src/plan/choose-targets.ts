/**
 * Whom a request is about: its targets, without exclusions and within scope.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { PlanningEnvironment } from './environment.ts';
import { readExclusions, readScope } from './exclusions.ts';
import { guard, refuseTooMany } from './guard.ts';
import type { Request } from './request.ts';
import { readTargets, type Targets } from './targets.ts';

/** The targets of a plan. */
export interface TargetChoice {
  /** As they were written. */
  readonly named: Targets;
  /** What is left of them, by the ports that stand behind them. */
  readonly byPorts: ReadonlyMap<string, RangeSet>;
  /** All of that. */
  readonly all: RangeSet;
  readonly excluded: RangeSet;
  readonly scope: RangeSet | undefined;
  /** An interface: whoever is on its link is asked for. */
  readonly askLink: string | undefined;
}

/** Reads targets, exclusions and scope; throws a PortolanError where nobody is left, or somebody who may not be asked. */
export async function chooseTargets(
  request: Request,
  choice: TechniqueChoice,
  environment: PlanningEnvironment,
): Promise<TargetChoice> {
  const { packet = {}, family, targets, targetFiles = [], exclude = [], excludeFiles = [] } = request;
  const scope = await readScope(request, environment);
  const excluded = await readExclusions({ texts: exclude, files: excludeFiles }, environment);
  const named = await readTargets(
    {
      texts: targets,
      files: targetFiles,
      ...(family !== undefined && { family }),
      ...(packet.interface !== undefined && { zone: packet.interface }),
    },
    environment,
  );
  const askLink = linkToAsk(request, choice);
  const byPorts = withoutExcluded(named, excluded);
  const all = RangeSet.union(byPorts.values());
  if (all.size === 0n && askLink === undefined) throw nothingLeft(named);
  refuseTooMany(all);
  const agreed = request.yes === true || request.goal === 'list';
  guard({ targets: all, scope, agreed, askedAs: named.askedAs });
  return { named, byPorts, all, excluded, scope, askLink };
}

function withoutExcluded({ byPorts }: Targets, excluded: RangeSet): ReadonlyMap<string, RangeSet> {
  const left = new Map<string, RangeSet>();
  for (const [ports, set] of byPorts) {
    const rest = set.minus(excluded);
    if (rest.size > 0n) left.set(ports, rest);
  }
  return left;
}

/** `-sn -6 -e eth0` names no target and means everybody on that link. */
function linkToAsk(request: Request, { engine }: TechniqueChoice): string | undefined {
  const { targets, targetFiles = [], goal, family, packet = {}, scope, scopeFile } = request;
  const isAsked = targets.length === 0 && targetFiles.length === 0 && goal === 'discover' && family === 6;
  if (!isAsked || packet.interface === undefined) return undefined;
  const { exclude = [], excludeFiles = [], capture, shard } = request;
  const unfit = Object.entries({
    [named('exclude')]: exclude.length > 0,
    [named('excludeFiles')]: excludeFiles.length > 0,
    [named('scopeFile')]: scope !== undefined || scopeFile !== undefined,
    [named('shard')]: shard !== undefined,
    [named('capture')]: capture !== undefined,
    [named('packet.sourceAddress')]: packet.sourceAddress !== undefined,
    [named('packet.decoys')]: packet.decoys !== undefined,
    [named('packet.spoofMac')]: packet.spoofMac !== undefined,
  }).find(([, isGiven]) => isGiven);
  const what = `${named('goal', 'discover')} ${named('family', '6')} ${named('packet.interface')} ${packet.interface} without targets asks everybody on the link at once`;
  if (unfit !== undefined) throw badRequest(`${what}: wanted it without ${unfit[0]}`);
  if (engine !== 'connect') return packet.interface;
  throw new PortolanError('not-permitted', `${what}, which needs CAP_NET_RAW`, 'sudo portolan …');
}

function nothingLeft({ byPorts, warnings }: Targets) {
  if (warnings.length > 0) {
    const more = warnings.length > 3 ? ` and ${warnings.length - 3} more` : '';
    return badRequest(`No target is left: ${warnings.slice(0, 3).join('; ')}${more}`);
  }
  if (byPorts.size > 0) return badRequest('No target is left: all are excluded');
  return badRequest(`No target: wanted an address, a name, a range, or a file with ${named('targetFiles')}`);
}
