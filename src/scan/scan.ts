/**
 * The library door's one verb: a request goes in, facts come out as they are learned.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { fieldWords, named, spoken, type Words } from '../base/words.ts';
import { systemLookups } from '../dns/lookups.ts';
import { NameService } from '../dns/name-service.ts';
import { buildPlan, readEnvironment } from '../plan/build-plan.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { checkCallOptions, checkRequest } from '../plan/check-request.ts';
import type { Plan } from '../plan/plan.ts';
import { staysOnLoopback } from '../plan/read-plan.ts';
import type { Request } from '../plan/request.ts';
import type { ArrivalSource } from './arrived/feed.ts';
import { openFeed } from './arrived/open-feed.ts';
import { askLink } from './ask-link.ts';
import { Chained, type Facts, type Preparation } from './chained.ts';
import type { Keeper } from './journal/keeper.ts';
import { resumePlan } from './journal/resume.ts';
import { type Resumption, RunJournal } from './journal/run-journal.ts';
import { listTargets } from './list-targets.ts';
import { loadRecog } from './load-recog.ts';
import { forecastLine, servicesLine } from './phases/forecast.ts';
import { Run, type VendorOf } from './run.ts';
import { checkPlanOrigin } from './runner/check-origin.ts';
import { Evidence } from './runner/evidence.ts';
import { HeardConnections } from './runner/heard-connections.ts';
import { giveUpPrivileges } from './runner/privileges.ts';
import { ThreadRunner } from './runner/thread-runner.ts';
import { scanFact } from './scan-fact.ts';
import { agendaOf } from './shard/agenda.ts';
import { HostSpace } from './shard/host-source.ts';
import type { MarkKey } from './shard/slice.ts';
import { TraceCaller } from './trace-caller.ts';

/** How a scan is run. */
export interface ScanOptions {
  /** Aborting ends the scan early; what is known is still said, with a summary that says `interrupted`. */
  readonly signal?: AbortSignal;
  /** Hears of every packet of a raw scan, one line each. */
  readonly trace?: (line: string) => void;
  /**
   * The process is there for this scan alone: before a packet leaves, its threads give up every capability that the
   * scan does not need, for good. Workers do so in any case.
   */
  readonly ownsProcess?: boolean;
  /** What warnings call the fields of the request; absent: by their names. */
  readonly words?: Words;
  /**
   * Marks the probes, so that a listener with the same text knows them wherever they arrive. It is no part of the request:
   * nothing that is kept or told holds it.
   */
  readonly key?: string;
  /**
   * What a listener on the inside writes, as it writes it (`portolan listen` with the same key): audits, and the policy of
   * a filter, are judged by it as well. Nothing is sent before it listens.
   */
  readonly arrived?: ArrivalSource;
  /** Keeps the scan, when it is finished. */
  readonly keeper?: Keeper;
}

export type { Facts } from './chained.ts';

/**
 * Carries out a request. The first fact is `scan`, the last `summary`; between them facts come as they are
 * learned. Throws a PortolanError for a request that cannot be carried out, before anything is sent; what
 * fails later is thrown after a summary that says `failed`.
 */
export function scan(request: Request, options: ScanOptions = {}): Facts {
  return new Chained(planAndCarryOut(request, options));
}

async function* planAndCarryOut(request: Request, options: ScanOptions): Preparation {
  checkRequest(request);
  checkCallOptions(options, optionNames);
  const { arrived } = options;
  if (arrived === undefined) return yield* planned(request, options);
  if (request.firewall === undefined || request.resume !== undefined)
    throw badRequest(
      `${named('arrived')} is joined to a filter that is looked at: wanted it with ${named('firewall')}`,
    );
  const feed = await openFeed(arrived, options);
  let plan: Plan | undefined;
  try {
    const facts = yield* planned(request, options, (made) => {
      plan = made;
    });
    const { joinArrived } = await import('./arrived/of-firewall.ts');
    return facts && plan && joinArrived(facts, feed, plan);
  } catch (error) {
    feed.stop();
    throw error;
  }
}

/** `heed` hears the plan before it is carried out. */
async function* planned(
  request: Request,
  options: ScanOptions,
  heed: (plan: Plan) => void = () => undefined,
): Preparation {
  if (request.resume !== undefined) {
    const { plan, resumption } = await resumePlan(request.resume, request, options.signal);
    return yield* carryOut(plan, options, { resumption });
  }
  const machine = readEnvironment();
  let names: NameService | undefined;
  // One service for the whole scan: what it has found out of the name servers need not be found out again.
  const nameService = (servers: readonly string[]) => {
    names ??= machine.nameService(servers);
    return names;
  };
  const { signal, words } = options;
  const planning = { ...(signal && { signal }), ...(words && { words }) };
  const plan = await buildPlan(request, { ...machine, nameService }, planning);
  if (plan.firewall !== undefined) {
    const { interfaces } = machine;
    yield { type: 'warning', isNotice: true, message: forecastLine(plan, interfaces && { interfaces }) };
  }
  if (plan.services !== undefined)
    yield { type: 'warning', isNotice: true, message: servicesLine(plan, words) };
  heed(plan);
  return yield* carryOut(plan, options, { names });
}

/** Carries out a plan, or what `JSON.parse` made of one. */
export function run(plan: Plan, options: ScanOptions = {}): Facts {
  return new Chained(checkAndCarryOut(plan, options));
}

async function* checkAndCarryOut(plan: Plan, options: ScanOptions): Preparation {
  checkCallOptions(options, optionNames);
  if (options.arrived !== undefined)
    throw badRequest(`${named('arrived')} belongs to a request: wanted it with scan() or audit()`);
  return yield* carryOut(checkPlan(plan), options);
}

const optionNames = [
  'signal',
  'trace',
  'words',
  'ownsProcess',
  'key',
  'arrived',
  'keeper',
] as const satisfies (keyof ScanOptions)[];

/** What there was before a plan is carried out. */
interface Before {
  readonly resumption?: Resumption;
  readonly names?: NameService | undefined;
}

async function* carryOut(
  plan: Plan,
  { signal, trace, words = fieldWords, ownsProcess = false, key, keeper }: ScanOptions,
  { resumption, names = new NameService(systemLookups(plan.dnsServers)) }: Before = {},
): Preparation {
  if (trace !== undefined && plan.engine === 'connect') {
    throw badRequest(
      `${named('trace')} prints the packets of a raw scan, and this run sends none: wanted it with ${named('techniques', 'syn')}`,
    );
  }
  const markBy = key === undefined ? undefined : await markWith(key, plan);
  checkPlanOrigin(plan);
  const caller = trace && new TraceCaller(trace);
  const recog = plan.services?.recog === undefined ? undefined : await loadRecog(plan.services.recog);
  for (const message of plan.warnings) yield { type: 'warning', message };
  if (recog !== undefined && recog.failures > 0)
    yield {
      type: 'warning',
      message: `${recog.failures} of ${recog.count} fingerprints of recog take expressions that are not known here, and are left out`,
    };
  const evidence =
    plan.capture === undefined ? undefined : Evidence.open(plan.capture, resumption !== undefined);
  let run: Run | undefined;
  let heard: HeardConnections | undefined;
  const giveUp = async () => (ownsProcess ? giveUpPrivileges(plan) : undefined);
  try {
    if (plan.askLink !== undefined && plan.journal === undefined) await giveUp();
    const asked =
      plan.askLink === undefined
        ? undefined
        : await askLink(plan, plan.askLink, signal, caller?.tell, evidence);
    const whole = asked?.plan ?? plan;
    const complaints: string[] = [];
    const searched =
      whole.devices === true && whole.goal !== 'list'
        ? await (await import('./search-devices.ts')).searchDevices(whole, signal, (why) =>
            complaints.push(why),
          )
        : undefined;
    for (const message of complaints) yield { type: 'warning', message };
    const agenda = agendaOf(whole);
    const space = new HostSpace(agenda.groups);
    const runJournal = new RunJournal(whole, space, agenda, { resumption, keeper });
    for (const notice of runJournal.notices) yield { ...notice, message: spoken(notice.message, words) };
    const first = () => scanFact(whole, agenda.ports, runJournal.startedAt);
    if (plan.goal === 'list') {
      yield first();
      yield* listTargets(plan, space, runJournal, names, signal);
      return undefined;
    }
    // When the workers have been called; they wait for it. The table would hold them up.
    const ready = Promise.resolve().then(giveUp);
    const vendors = ready.then(
      () => loadVendors(whole),
      () => undefined,
    );
    // It takes what is given up then.
    heard = evidence && HeardConnections.open(whole);
    run = new Run({
      plan: whole,
      agenda,
      space,
      runJournal,
      names,
      runner: new ThreadRunner(whole, {
        ready,
        trace: trace !== undefined,
        startedMs: Date.parse(runJournal.startedAt),
        ...(heard !== undefined && { connectPorts: heard.ports }),
        ...(markBy !== undefined && { markBy }),
      }),
      ...(heard !== undefined && { heard }),
      vendors,
      ...(recog !== undefined && { recog }),
      words,
      ...(evidence !== undefined && { evidence }),
      ...(signal !== undefined && { signal }),
      ...(caller !== undefined && { trace: caller }),
      ...(asked !== undefined && { asked }),
      ...(searched !== undefined && { searched }),
    });
    return run.facts(first);
  } finally {
    // A run closes what it has begun, whoever still listens.
    if (run === undefined) {
      names.stop();
      heard?.stop();
      evidence?.abandon();
    }
  }
}

/** Marks stand in packets of our own. What computes them takes its time to load. */
async function markWith(key: string, { goal, engine, techniques }: Plan): Promise<MarkKey> {
  const { checkKey, markByOf } = await import('./mark-key.ts');
  checkKey(key);
  if (goal === 'list')
    throw badRequest(
      `${named('key')} marks probes, and this run sends none: wanted it without ${named('goal', 'list')}`,
    );
  if (engine === 'connect' || (goal === 'ports' && techniques.includes('connect')))
    throw badRequest(
      `${named('key')} marks packets of a raw scan, which connections are not: wanted it with ${named('techniques', 'syn')} alone`,
    );
  return markByOf(key);
}

/** A large table that only scans of the own link need. */
async function loadVendors(plan: Plan): Promise<VendorOf | undefined> {
  // Devices tell hardware addresses of theirs as well.
  const isNeeded = plan.devices === true || (plan.engine !== 'connect' && !staysOnLoopback(plan));
  return isNeeded ? (await import('../plan/vendors.ts')).vendorOf : undefined;
}
