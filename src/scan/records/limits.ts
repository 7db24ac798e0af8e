/**
 * Limits on answers: what a shard says of those it met, and what becomes of it. A limit on a host's own words is the
 * host's. One on ICMP errors is their sender's: a router limits them for all hosts behind it together, and so it is
 * told once, at the first host where it was met.
 *
 * @module
 */

import type { Host } from '../../engine/hosts/host.ts';
import type { Questions } from '../../engine/questions/questions.ts';
import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import { noSender } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import type { Reason } from '../../model/verdict.ts';
import { type LimitExplained, limitFact } from './finding-facts.ts';
import { type LimitedKind, type LimitedRecord, limitedCodec } from './host-records.ts';
import type { ToldPorts } from './open-host.ts';
import type { Records } from './records.ts';

/** Who says it, and when. */
export interface LimitsMet {
  readonly questions: Questions;
  readonly records: Records;
  /** Another shard asks the same host, and says its part through the same mouth. */
  readonly isGuest: boolean;
  readonly nowUs: number;
}

/** Says what was found out of limits on what a host answers, and returns what is limited. */
export function recordLimits(
  host: Host,
  { questions, records, isGuest, nowUs }: LimitsMet,
): readonly LimitedKind[] {
  const { errorSource: source } = host;
  const { metPps: ownPps = 0, figurePps = 0 } = host.finder?.hunt ?? {};
  // Where what is asked too fast is refused errors come as that is, not as their own limit lets them through.
  if (source !== undefined && host.metErrors?.areDoubted === true) source.isUnclear = true;
  const met: LimitedKind[] = [];
  if (ownPps === 0 && source?.isLimited !== true) return met;
  const transports = new Set(questions.techniques.map(({ probe }) => probe.transport));
  const part = (isGuest ? 1 : 0) | (transports.has('socket') ? 2 : 0);
  const isLong = nowUs - host.startedUs >= longUs;
  const append = (what: LimitedKind, count: number, perSecond: number, sender: number) => {
    const perKiloSecond = Math.round(perSecond * 1000);
    records.explain({ sender, options: 0 });
    records.append(limitedCodec, { host: host.id, what, perKiloSecond, count, isLong, part, sender });
    met.push(what);
  };
  if (source?.isLimited) append('icmp', source.limited, source.perSecond(), source.sender);
  const isTold = !transports.has('socket') || isBorneOut(figurePps, host, nowUs);
  const toldPps = isTold ? figurePps : 0;
  // What comes faster than this is no limiter of answers but the capacity of the path.
  if (ownPps === 0 || ownPps > fastestLimiterPps) return met;
  // Not every kernel says whether a reset or an ICMP error refused a connection; nobody sends so few resets.
  if (transports.has('socket') && source === undefined && ownPps < fewestResets)
    append('icmp', plenty, toldPps, noSender);
  else if (transports.has('tcp') || transports.has('socket'))
    append(2 * host.opens > host.answers ? 'syn' : 'rst', plenty, toldPps, noSender);
  return met;
}

/**
 * Whether a figure agrees with all that came by connections: their kernel repeats SYNs, and answers to these are not counted
 * while the figure is found. Of a few hundred they are too many.
 */
function isBorneOut(perSecond: number, host: Host, nowUs: number): boolean {
  const camePps = (1e6 * (host.answers - savedUp)) / (nowUs - host.startedUs);
  return (
    host.answers >= fewestByConnections &&
    perSecond >= leastShare * camePps &&
    perSecond <= mostShare * camePps
  );
}

/** Limits that shards have met, until they are told. */
export class LimitBook {
  readonly #limits = new Map<string, Limit>();
  /** How many ports rest on errors of a sender, of hosts where its limit was met. */
  readonly #resting = new Map<string, number>();

  /**
   * Takes a record of a host, by a shard. `sender` sends the errors; undefined where nobody knows, or where the host's
   * own words are limited.
   */
  take(host: string, record: LimitedRecord, sender: string | undefined, shard: object, at: string): void {
    const { what: kind, part } = record;
    const key = keyOf({ kind, sender, host });
    let limit = this.#limits.get(key);
    if (limit === undefined) {
      limit = { host, kind, sender, at, byShard: new Map(), isTold: false };
      this.#limits.set(key, limit);
    }
    const parts = limit.byShard.get(shard) ?? [];
    parts[part] = record;
    limit.byShard.set(shard, parts);
  }

  /** Whether the figure of a router's limit that was first met at a host is still to come. */
  isWaiting(host: string): boolean {
    return this.#of(host).some(
      (limit) => limit.sender !== undefined && limit.sender !== host && figureOf(limit) === undefined,
    );
  }

  /** Takes what a phase has found out of a limit that is still to be told, and says so: it is told with its figure. */
  explain({ host, rule, evidence, facts, refutedBy, confidence }: Unnumbered<FindingFact>): boolean {
    const kind = limitedKinds.find((one) => rule === `${one}-rate-limit`);
    const [limit] = this.#of(host).filter((one) => one.kind !== 'icmp');
    if (kind === undefined || kind === 'icmp' || limit === undefined) return false;
    limit.explained = { kind, evidence, facts, refutedBy, confidence };
    return true;
  }

  /** What there is to tell of a host; `cited` is what was told of its ports. */
  tell(host: string, cited: readonly ToldPorts[]): readonly Unnumbered<FindingFact>[] {
    return this.#of(host).flatMap((limit) => {
      const { kind, sender, at } = limit;
      // Errors that hardly any port rests on were taken back: they are of a way that comes and goes, not of a filter.
      if (kind === 'icmp' && sender !== undefined && this.#rest(sender, cited) < fewestResting) {
        this.#limits.delete(keyOf(limit));
        return [];
      }
      limit.isTold = true;
      // Only a router's may be met again.
      if (sender === undefined || sender === host) this.#limits.delete(keyOf(limit));
      // It shows in the answers that came at its rate, and in those that it swallowed.
      const facts = cited.flatMap(({ reason, told }) => (isOf(kind, reason) ? told : []));
      return [limitFact(host, limit.explained ?? { kind }, figureOf(limit), sender, at, facts)];
    });
  }

  /** How many ports rest on errors of a sender, these among them. */
  #rest(sender: string, cited: readonly ToldPorts[]): number {
    const here = cited.reduce((sum, { reason, count }) => sum + (isError(reason) ? count : 0), 0);
    const all = (this.#resting.get(sender) ?? 0) + here;
    this.#resting.set(sender, all);
    return all;
  }

  #of(host: string): readonly Limit[] {
    if (this.#limits.size === 0) return [];
    return [...this.#limits.values()].filter((limit) => limit.host === host && !limit.isTold);
  }
}

interface Limit {
  /** Where it was met first. */
  readonly host: string;
  readonly kind: LimitedKind;
  readonly sender: string | undefined;
  readonly at: string;
  /** Each shard sees a part of what comes, and may speak for two. */
  readonly byShard: Map<object, (LimitedRecord | undefined)[]>;
  isTold: boolean;
  explained?: LimitExplained;
}

function keyOf({ kind, sender, host }: Pick<Limit, 'kind' | 'sender' | 'host'>): string {
  return `${kind} ${sender ?? host}`;
}

/** Whether answers of a kind have this reason, or none came. */
function isOf(kind: LimitedKind, reason: Reason): boolean {
  return reason === 'no-response' || (kind === 'icmp') === isError(reason);
}

/** A kernel does not say whether a reset or an error refused a connection. */
function isError(reason: Reason): boolean {
  return reason === 'refused' || (icmpErrors as readonly string[]).includes(reason);
}

/** How many a second: known when enough of them came, or when the scan lasted. */
function figureOf({ kind, byShard }: Limit): number | undefined {
  const parts = [...byShard.values()].flat().filter((part) => part !== undefined);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  // Of a limit on the host's own words a part without a figure is no part that met nothing.
  if (kind !== 'icmp' && parts.some(({ perKiloSecond }) => perKiloSecond === 0)) return undefined;
  const perSecond = parts.reduce((sum, part) => sum + part.perKiloSecond, 0) / 1000;
  return perSecond > 0 && (count >= enough || parts.some(({ isLong }) => isLong)) ? perSecond : undefined;
}

const limitedKinds = ['rst', 'icmp', 'syn'] as const;
const enough = 8;
/** Of those one or two may have met the last gap of a way that comes and goes. */
const fewestResting = 3;
const longUs = 8_000_000;
const plenty = 1000;
const fastestLimiterPps = 5000;
const fewestResets = 10;
/** Answers that a limiter may have saved up. */
const savedUp = 10;
/** Measured: of 100 ports one figure in four was off by a third. */
const fewestByConnections = 300;
const leastShare = 0.9;
const mostShare = 1.35;
