/**
 * What is known of a host at a time, in the terms that steps and rules speak: its classes, which of them something
 * stops, and what belongs together although it looks different.
 *
 * @module
 */

import { Book, type Entry, plainTechnique } from './book.ts';
import { groupPorts, type PortClass } from './classes.ts';
import type { FilteredProtocol, FirewallView, Seen } from './contract.ts';
import { kindOf, lookOf, routersPassed } from './look.ts';
import { has } from './port-list.ts';
import { judgeSilence, type Silence, type SilenceCase } from './steadiness.ts';
import type { Location, Stop } from './stopped.ts';
import { pauseVariant } from './variants.ts';
import { type Passage, passageOf, type Way } from './ways.ts';

/** One host under a filter. */
export class Scene {
  readonly view: FirewallView;
  readonly book: Book;
  /** What may still be sent to the host, as whoever asks it bounds it. */
  packetsLeft: () => number = () => Number.POSITIVE_INFINITY;
  /** So few packets are left to the look that only what decides is asked: the scan took most of the host's, or a budget is small. */
  isTight = false;
  /** Where probes end, once that is looked for: the classes that were handed over, and who knows of them. */
  location: { readonly classes: readonly PortClass[]; readonly finder: Location } | undefined;
  /** When what had answered was begun to be asked again: how many answers had come by then. */
  afterwardsAt: number | undefined;
  readonly #classes = new Map<FilteredProtocol, { corrections: number; classes: readonly PortClass[] }>();

  readonly #silences = new Map<FilteredProtocol, { readonly at: number; readonly silence: Silence }>();
  readonly #samples = new Map<string, readonly number[]>();
  readonly #silentAtFirst = new Map<FilteredProtocol, readonly number[]>();

  constructor(view: FirewallView) {
    this.view = view;
    this.book = new Book(view);
  }

  /** All classes of a protocol, the largest first. */
  classes(protocol: FilteredProtocol): readonly PortClass[] {
    const corrections = this.book.corrections.length;
    const kept = this.#classes.get(protocol);
    if (kept?.corrections === corrections) return kept.classes;
    const classes = groupPorts(this.book, protocol);
    this.#classes.set(protocol, { corrections, classes });
    return classes;
  }

  /** The classes of one kind. */
  kind(protocol: FilteredProtocol, kind: PortClass['kind']): readonly PortClass[] {
    return this.classes(protocol).filter((one) => one.kind === kind);
  }

  /** The silent ports of a protocol; undefined where there are none. */
  silent(protocol: FilteredProtocol): PortClass | undefined {
    return this.kind(protocol, 'silent')[0];
  }

  /** The ports that were silent in the scan, whatever they said later. */
  silentAtFirst(protocol: FilteredProtocol): readonly number[] {
    let silent = this.#silentAtFirst.get(protocol);
    if (silent === undefined) {
      silent = [...this.view.ports[protocol]].filter((port) => {
        return kindOf(protocol, this.view.plain(protocol, port)) === 'silent';
      });
      this.#silentAtFirst.set(protocol, silent);
    }
    return silent;
  }

  /** How many ports were judged at all. */
  judged(protocol: FilteredProtocol): number {
    return this.classes(protocol).reduce(
      (sum, { kind, ports }) => sum + (kind === 'unknown' ? 0 : ports.length),
      0,
    );
  }

  /** How many routers the host's echo passed; undefined where none was seen. */
  get echoRouters(): number | undefined {
    return routersPassed({ ttl: this.view.echoTtl ?? 0 });
  }

  /**
   * How many routers the host's own answers pass: as its echo shows. Answers from farther are those of whom it forwards
   * to, and some that are nearer those of somebody before it. Where all that TCP brings is nearer than the echo the ways
   * may differ, and TCP tells: by most open ports; without any, by what a bare ACK brought, or by the farther of two
   * kinds of resets, since whoever forges stands nearer.
   */
  get ownRouters(): number | undefined {
    const open = this.kind('tcp', 'open')[0]?.ports.slice(0, mostLooked) ?? [];
    // What passes no router on the way from behind one is no answer of the host's own.
    const own = (seen: Seen) => {
      const passed = routersPassed(seen);
      return passed === undefined || (passed === 0 && this.#isFar && this.echoRouters !== 0) ? [] : [passed];
    };
    const opens = open.flatMap((port) => own(this.book.plain('tcp', port)));
    const resets = [
      ...this.kind('tcp', 'closed').flatMap(({ seen }) => own(seen)),
      ...this.book.of('ack', '').flatMap(({ seen }) => (kindOf('tcp', seen) === 'closed' ? own(seen) : [])),
    ];
    const all = [...opens, ...resets];
    const echo = this.echoRouters;
    if (echo !== undefined && (all.length === 0 || Math.max(...all) >= echo)) return echo;
    if (all.length === 0) return undefined;
    return opens.length > 0 ? mostOf(opens) : Math.max(...resets);
  }

  /** Open ports that somebody before the host answers: a proxy, or whoever the way leads them to. */
  nearer({ protocol, kind, ports }: PortClass): readonly number[] {
    const own = this.ownRouters;
    // On the own link nobody stands nearer: who answers from there without a router is the address's own.
    if (kind !== 'open' || own === undefined || !this.#isFar) return [];
    return ports.filter((port) => (routersPassed(this.book.plain(protocol, port)) ?? own) < own);
  }

  /**
   * Open ports whose SYN-ACK offers no window: a SYN proxy gives none until it knows that somebody is there, a kernel that
   * takes a connection does.
   */
  shut({ protocol, kind, ports }: PortClass): readonly number[] {
    if (protocol !== 'tcp' || kind !== 'open' || this.view.pretence !== undefined) return [];
    return ports.filter((port) => {
      const { answer, window } = this.book.plain(protocol, port);
      return answer === 'tcp' && window === 0;
    });
  }

  /** Ports that are answered from farther than the host: it forwards them. */
  get forwarded(): readonly number[] {
    const own = this.ownRouters;
    if (own === undefined || own !== this.echoRouters || !this.#isFar) return [];
    return [...this.kind('tcp', 'open'), ...this.kind('tcp', 'closed')]
      .flatMap(({ ports }) => ports)
      .filter((port) => (routersPassed(this.book.plain('tcp', port)) ?? own) > own)
      .sort((a, b) => a - b);
  }

  get #isFar(): boolean {
    return !this.view.isNear && !this.view.isOwn;
  }

  /** Whether the resets of a class come from somebody nearer than the host, or from a place that is not the host's. */
  isForged({ kind, seen, ...rest }: PortClass): boolean {
    if (kind !== 'closed' || seen.answer !== 'tcp') return false;
    const stop = this.stopOf({ kind, seen, ...rest });
    if (stop?.isHost !== undefined) return !stop.isHost;
    if (!this.#isFar) return false;
    const [own, passed] = [this.ownRouters, routersPassed(seen)];
    return own !== undefined && passed !== undefined && passed < own;
  }

  /**
   * Whether refusals say that a router does not find the host, of which nothing has come: it may not be there, or not answer
   * its neighbours, and then no filter needs to be.
   */
  isUnreachable({ kind, seen: { from, meaning } }: PortClass): boolean {
    const isRouters = kind === 'refused' && from !== undefined && meaning !== undefined;
    return isRouters && noWay.has(meaning) && !this.view.hasAnswered && this.ownRouters === undefined;
  }

  /** The place at which probes of a class end, as far as it was found. */
  stopOf({ protocol, kind, seen }: PortClass): Stop | undefined {
    const look = lookOf(protocol, seen);
    const at = this.location?.classes.findIndex(
      (one) => one.protocol === protocol && one.kind === kind && lookOf(protocol, one.seen) === look,
    );
    return at === undefined || at < 0 ? undefined : this.location?.finder.stops()[at];
  }

  /** Classes that something stops, the largest first; silence that belongs to a limited refusal goes with it. */
  stopped(protocol: FilteredProtocol): readonly PortClass[] {
    const { isLimited, belongsTo } = this.silence(protocol);
    const classes = this.classes(protocol).flatMap((one): readonly PortClass[] => {
      if (one.kind === 'silent' && isLimited) {
        return [{ ...one, ports: one.ports.filter((port) => belongsTo(port) === undefined) }];
      }
      if (one.kind === 'refused' && isLimited) {
        const silent = this.silent(protocol)?.ports.filter((port) => belongsTo(port) === one) ?? [];
        return [{ ...one, ports: [...one.ports, ...silent].sort((a, b) => a - b) }];
      }
      return one.kind === 'silent' || one.kind === 'refused' || this.isForged(one) ? [one] : [];
    });
    return classes
      .filter(({ ports }) => ports.length > 0)
      .sort((a, b) => b.ports.length - a.ports.length)
      .slice(0, mostStopped);
  }

  /** Whether silent ports are silent by themselves. */
  silence(protocol: FilteredProtocol): Silence {
    // It rests on what pauses brought and on classes, which change with corrections alone.
    const paused = this.book.of(plainTechnique(protocol), pauseVariant).length;
    const at = paused + this.book.corrections.length;
    const kept = this.#silences.get(protocol);
    if (kept?.at === at) return kept.silence;
    const silence = judgeSilence(this.silenceCase(protocol));
    this.#silences.set(protocol, { at, silence });
    return silence;
  }

  /** What that rests on. */
  silenceCase(protocol: FilteredProtocol): SilenceCase {
    const [largest, silent] = [this.limited(protocol), this.silentAtFirst(protocol)];
    const limited = largest?.kind === 'refused' ? this.kind(protocol, 'refused') : [largest ?? []].flat();
    return { book: this.book, protocol, limited, silent };
  }

  /** Members of a class that are asked for some purpose: the same ones whenever it is looked at again. */
  sample(
    { protocol, kind, seen, ports }: PortClass,
    purpose: string,
    choose: (ports: readonly number[]) => readonly number[],
  ): readonly number[] {
    const key = `${lookOf(protocol, seen)} ${kind} ${protocol} ${purpose}`;
    const chosen = this.#samples.get(key) ?? choose(ports);
    this.#samples.set(key, chosen);
    return chosen;
  }

  /** The answers that a limit may have kept back where ports are silent. */
  limited(protocol: FilteredProtocol): PortClass | undefined {
    const { limits } = this.view;
    return this.classes(protocol).find(
      ({ kind }) =>
        kind === 'refused' || (kind === 'closed' && (protocol === 'udp' || limits.includes('rst'))),
    );
  }

  /** What a way showed of the classes of its protocol. */
  passages(protocol: FilteredProtocol, way: Way): readonly Passage[] {
    const own = this.ownRouters;
    return this.stopped(protocol).flatMap((one) => passageOf(this.book, one, way, own) ?? []);
  }

  /** Answers to plain probes of the firewall's own about these ports, of which at most some are cited. */
  repeats(protocol: FilteredProtocol, ports: readonly number[]): readonly Entry[] {
    const technique = plainTechnique(protocol);
    return [...this.book.of(technique, ''), ...this.book.of(technique, pauseVariant)].filter(
      ({ question }) => question.protocol === protocol && has(ports, question.port),
    );
  }
}

/** The number that occurs most often, the first of them where several do. */
function mostOf(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const each of numbers) counts.set(each, (counts.get(each) ?? 0) + 1);
  return ([...counts].reduce((a, b) => (b[1] > a[1] ? b : a)) as [number, number])[0];
}

/** What routers say of hosts that they do not find. */
const noWay: ReadonlySet<Seen['meaning']> = new Set(['host-unreach', 'net-unreach', 'no-route']);
/** Open ports whose TTL is looked at, and classes that are asked about. */
const mostLooked = 32;
const mostStopped = 3;
