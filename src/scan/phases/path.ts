/**
 * The last phase: the way to each host, hop by hop, by the probe that reached it, and once more by one that
 * was filtered, which shows where it stops.
 *
 * @module
 */

import type { PacketEngine } from '../../engine/engine.ts';
import type { Host } from '../../engine/hosts/host.ts';
import { routeFor } from '../../engine/hosts/host-route.ts';
import type { Variant } from '../../engine/probes/variant.ts';
import { transportOf } from '../../engine/questions/questions.ts';
import type { Hop } from '../../engine/trace/trace.ts';
import { fromTarget, noSender, type Observation } from '../../model/observation.ts';
import { verdictOf } from '../../model/verdict.ts';
import { hostTechniques } from '../../techniques/index.ts';
import type { Technique } from '../../techniques/technique.ts';
import { type TraceRecord, traceCodec } from '../records/path-record.ts';
import type { Records } from '../records/records.ts';
import type { TargetRoute } from '../shard/transport.ts';
import { rawSocket } from './capabilities.ts';
import type { Follower, Phase } from './phase.ts';

/** Traceroute. */
export const path: Phase = {
  name: 'path',
  number: 4,
  wants: ({ traceroute }) => traceroute,
  needs: rawSocket,
  cost: () => ({ packets: usualHops, bytes: usualHops * hopBytes, assumes: `ways of ${usualHops} hops` }),
  follow: ({ engine, records, config: { variants } }) =>
    new PathFollower(engine, records, (variants[0] as Variant).sourcePort >= 0),
};

/** Follows the ways to hosts that are done otherwise. */
class PathFollower implements Follower {
  readonly #engine: PacketEngine;
  readonly #records: Records;
  readonly #hasFixedPort: boolean;
  /** The probes to trace with, by host, until it is traced. */
  readonly #choices = new Map<number, Choice>();
  /** Ways that were followed to the end, by what hosts behind the same routers have in common. */
  readonly #known = new Map<string, Known>();

  constructor(engine: PacketEngine, records: Records, hasFixedPort: boolean) {
    this.#engine = engine;
    this.#records = records;
    this.#hasFixedPort = hasFixedPort;
  }

  /** Remembers the best probe to trace a host with. */
  note(host: Host, isPort: boolean, question: number, { code, ttl, sender }: Observation): void {
    const { questions } = this.#engine.phases[host.phase] as PacketEngine['phases'][number];
    const technique = questions.techniqueAt(host.row, question);
    if (!this.#isTraceable(technique)) return;
    const { state } = verdictOf(code);
    const isFiltered = isPort && sender !== fromTarget && state === 'filtered';
    if (sender !== fromTarget && !isFiltered) return;
    let choice = this.#choices.get(host.id);
    if (choice === undefined) {
      choice = { rank: 0, reaching: undefined, filtered: undefined };
      this.#choices.set(host.id, choice);
    }
    const probe = { technique, port: questions.portAt(host.row, question), ttl };
    if (sender === fromTarget) {
      const rank = rankOf(technique, isPort, isPort && state === 'open');
      if (rank <= choice.rank) return;
      choice.rank = rank;
      choice.reaching = probe;
    } else choice.filtered ??= probe;
  }

  /** A host is gone without being traced. */
  forget(id: number): void {
    this.#choices.delete(id);
  }

  /** Traces a host, then goes on. */
  trace(id: number, words: Uint32Array, way: TargetRoute, then: () => void): void {
    const { reaching, filtered } = this.#choices.get(id) ?? {};
    this.#choices.delete(id);
    const first = reaching ?? filtered ?? { technique: hostTechniques['ping-echo'], port: 0, ttl: 0 };
    const mostHops = way.isNear ? 1 : farthest;
    this.#follow(words, way, first, mostHops, (reached, hops) => {
      this.#say(id, first, reached, hops);
      if (filtered === undefined || first === filtered) {
        then();
        return;
      }
      const limit = reached ? hops.length : mostHops;
      this.#followAll(words, way, filtered, limit, guessOf(first.ttl), [], (isThere, seen) => {
        this.#say(id, filtered, isThere, seen);
        then();
      });
    });
  }

  /**
   * Follows a way, or only its end where the routers before it are known from a neighbour of the target: the same
   * network, the same distance. Routers limit their answers, Linux to one a second. The last router is asked once for
   * each host all the same: where another one answers, neighbours do not have one way.
   */
  #follow(words: Uint32Array, way: TargetRoute, probe: Probe, mostHops: number, done: Followed): void {
    const guess = guessOf(probe.ttl);
    if (guess === 0 || mostHops === 1) {
      this.#followAll(words, way, probe, mostHops, guess, [], done);
      return;
    }
    const key = `${way.path} ${way.hop.neighbour} ${guess} ${networkOf(words)}`;
    const known = this.#known.get(key);
    const whole = (then: Followed) => this.#followAll(words, way, probe, mostHops, guess, [], then);
    if (known === undefined) {
      if (this.#known.size >= mostKnown) this.#known.clear();
      const fresh: Known = { before: undefined, waiting: [] };
      this.#known.set(key, fresh);
      whole((reached, hops) => {
        fresh.before = reached ? hops.slice(0, -1).map(({ sender }) => ({ sender, rttUs: -1 })) : [];
        for (const go of fresh.waiting.splice(0)) go();
        done(reached, hops);
      });
      return;
    }
    const go = () => {
      const { before = [] } = known;
      const last = before.at(-1);
      if (last === undefined) {
        whole(done);
        return;
      }
      this.#followAll(words, way, probe, before.length + 1, guess, before, (reached, hops) => {
        const sender = hops[before.length - 1]?.sender;
        const isOther = ![last.sender, noSender].includes(sender ?? fromTarget) && last.sender !== noSender;
        if (isOther) known.before = [];
        // What it was silent about is not known of a network with several ways.
        const isSilent = sender === noSender;
        if (!reached || isOther || (isSilent && known.before?.length === 0)) whole(done);
        else done(reached, isSilent ? hops.with(before.length - 1, last) : hops);
      });
    };
    if (known.before === undefined) known.waiting.push(go);
    else go();
  }

  #followAll(
    words: Uint32Array,
    route: TargetRoute,
    { technique, port }: Probe,
    mostHops: number,
    guess: number,
    known: readonly Hop[],
    done: Followed,
  ): void {
    const way = routeFor(route, transportOf(technique), port);
    this.#engine.tracer.follow({ words, route: way, technique, port, mostHops, guess, known, done });
  }

  #say(id: number, { technique, port }: Probe, reached: boolean, hops: readonly Hop[]): void {
    for (const { sender } of hops) this.#records.explain({ sender, options: 0 });
    const protocol = technique.probe.transport as TraceRecord['protocol'];
    this.#records.append(traceCodec, { host: id, protocol, port, reached, hops });
  }

  /** Answers must tell the hops apart: other protocols carry no cookie, and UDP only in its source port. */
  #isTraceable({ probe: { transport } }: Technique): boolean {
    return (
      transport === 'tcp' ||
      transport === 'sctp' ||
      transport === 'icmp' ||
      (transport === 'udp' && !this.#hasFixedPort)
    );
  }
}

/** A probe to trace with; `ttl` is that of the answer it got, 0 if none. */
interface Probe {
  readonly technique: Technique;
  readonly port: number;
  readonly ttl: number;
}

interface Choice {
  rank: number;
  reaching: Probe | undefined;
  filtered: Probe | undefined;
}

type Followed = (reached: boolean, hops: readonly Hop[]) => void;

/** The routers before a target, none where neighbours differ; undefined while they are being asked, and who waits to know. */
interface Known {
  before: readonly Hop[] | undefined;
  readonly waiting: (() => void)[];
}

/**
 * How well a probe tells the last hop: what TCP, SCTP and services answer hardly anybody limits, an echo reply some do, and
 * ICMP errors nearly all, so that they tell a hop too many.
 */
function rankOf({ probe: { transport } }: Technique, isPort: boolean, isOpen: boolean): number {
  const worth = { tcp: 10, sctp: 7, udp: isOpen ? 4 : 1, icmp: 3, ip: 0, link: 0, socket: 0 }[transport];
  // What the user asked before what looked for the host.
  return worth + (isOpen ? 2 : isPort ? 1 : 0);
}

/** How far away an answer with this TTL began, if its sender counts down from 64, 128 or 255; 0: unknown. */
function guessOf(ttl: number): number {
  if (ttl === 0) return 0;
  return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl + 1;
}

/** The /24 or /64 an address belongs to. */
function networkOf(words: Uint32Array): string {
  return words.length === 1 ? `${(words[0] as number) >>> 8}` : `${words[0]} ${words[1]}`;
}

/** Hops a way has at most, as everybody's traceroute has it. */
const farthest = 30;
const mostKnown = 4096;
/** What a way is supposed to have where nothing is known. */
const usualHops = 10;
/** Of a probe, from the IP header on. */
const hopBytes = 40;
