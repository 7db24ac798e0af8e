/**
 * Turns the shards' records into facts: open ports at once, the rest when a host is done, grouped.
 *
 * @module
 */

import type { Fact, PortFact, TraceFact } from '../../model/fact.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { type PortState, type Protocol, verdictOf } from '../../model/verdict.ts';
import { techniqueOf } from '../../techniques/index.ts';
import { ResetSuspicion } from '../phases/reset-suspicion.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import { pretenceFact, pretenceOf } from '../phases/responder-check/pretence-fact.ts';
import type { QuestionList } from '../shard/config.ts';
import { lowestKind, nothing, recordKind, recordWords, traceProtocols } from '../shard/messages.ts';
import { blockedFact, limitFact } from './finding-facts.ts';
import { Rest } from './rest.ts';
import { SenderBook } from './sender-book.ts';

/** What the builder has to know of the scan. */
export interface FactOptions {
  readonly questions: QuestionList | undefined;
  readonly nameOf: (host: number) => string;
  readonly askedAs: Readonly<Record<string, string>>;
  readonly serviceName: (protocol: Protocol, port: number) => string | undefined;
  readonly vendorOf: (mac: Uint8Array) => string | undefined;
  /** Finds a host's name; absent where names are not wanted. */
  readonly reverseName?: (address: string) => Promise<string | undefined>;
  readonly ungrouped: boolean;
  readonly emit: (fact: Fact) => void;
}

/** What is known of a host that is not done. */
interface OpenHost {
  readonly name: string;
  readonly rest: Rest | undefined;
  /** Not known to be down: ports may follow. */
  isUp: boolean;
  mac: Uint8Array | undefined;
  hostSaid: Promise<void> | undefined;
  /** Hops of the way that is being told. */
  hops: TraceFact['hops'];
}

/** Builds facts and keeps the totals. */
export class FactBuilder {
  /** Those that say open for ports that hold no service, by number. */
  readonly pretenders = new Map<number, Pretence>();
  hostsUp = 0;
  readonly counts: Partial<Record<PortState, number>> = {};
  hostsDown = 0;
  open = 0;
  settled = 0;
  /** Something could not be judged. */
  incomplete = false;
  /** Silent questions by the number of transmissions that went unanswered. */
  readonly silentByAttempts = new Float64Array(256);
  answered = 0;
  readonly suspicion = new ResetSuspicion();
  readonly #options: FactOptions;
  readonly #hosts = new Map<number, OpenHost>();
  readonly #senders = new SenderBook();
  readonly #pending = new Set<Promise<void>>();
  readonly #mostListed: number;

  constructor(options: FactOptions) {
    this.#options = options;
    this.#mostListed = options.ungrouped ? Number.POSITIVE_INFINITY : mostListed;
  }

  /** Takes a batch. `senders` are the texts of all senders of this shard so far, `at` when it was learnt. */
  take(records: Uint32Array, senders: readonly string[], at = new Date().toISOString()): void {
    for (let i = 0; i < records.length; i += recordWords) {
      const host = records[i] as number;
      const kind = records[i + 1] as number;
      if (kind < lowestKind) this.#verdict(records, i, senders, at);
      else if (kind === recordKind.hostDone) this.#hostEnd(host, at);
      else if (kind === recordKind.hostState) this.#hostState(records, i, at);
      else if (kind === recordKind.hardware) this.#hardware(records, i);
      else if (kind === recordKind.blocked) this.#blocked(records, i, at);
      else if (kind === recordKind.limited) this.#limited(records, i, at);
      else if (kind === recordKind.pretender) this.#pretender(records, i, at);
      else if (kind === recordKind.hop) this.#hop(records, i, senders);
      else this.#trace(records, i, at);
    }
  }

  /** Resolves when every name asked for has come or failed. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Says what is known of hosts that will not be finished. */
  flushUnfinished(): void {
    const at = new Date().toISOString();
    for (const [id, host] of this.#hosts) {
      if (!host.isUp) continue;
      this.#sayRest(host, at);
      this.#hosts.delete(id);
      this.#afterHost(host, () => this.#options.emit({ type: 'host-done', host: host.name }));
    }
  }

  #host(id: number): OpenHost {
    let host = this.#hosts.get(id);
    if (host === undefined) {
      host = {
        name: this.#options.nameOf(id),
        rest: this.#options.questions && new Rest(this.#options.questions, this.#mostListed),
        isUp: true,
        mac: undefined,
        hostSaid: undefined,
        hops: [],
      };
      this.#hosts.set(id, host);
    }
    return host;
  }

  #verdict(records: Uint32Array, i: number, senders: readonly string[], at: string): void {
    const host = this.#host(records[i] as number);
    const question = records[i + 1] as number;
    const detail = records[i + 2] as number;
    const rttUs = records[i + 3] as number;
    const sender = this.#senders.enter(records[i + 4] as number, senders);
    const verdict = verdictOf(detail & 0xffff);
    this.settled++;
    this.counts[verdict.state] = (this.counts[verdict.state] ?? 0) + 1;
    if (verdict.state === 'unknown') this.incomplete = true;
    if (verdict.reason === 'no-response') this.silentByAttempts[detail >>> 24]!++;
    else if (verdict.state !== 'unknown') this.answered++;
    if (verdict.state === 'open') {
      this.open++;
      this.#options.emit(this.#portFact(host.name, question, detail, rttUs, sender, at));
    } else host.rest?.add(question, detail, rttUs, sender);
  }

  #portFact(
    name: string,
    question: number,
    detail: number,
    rttUs: number,
    sender: number,
    at: string,
  ): PortFact {
    const { technique, protocol, port } = this.#questionOf(question);
    const service = this.#options.serviceName(protocol, port);
    const from = this.#senders.textOf(sender, name);
    const ttl = (detail >>> 16) & 255;
    return {
      type: 'port',
      host: name,
      protocol,
      port,
      technique,
      ...verdictOf(detail & 0xffff),
      // Sockets do not show the TTL.
      ...(from !== undefined && ttl > 0 && { ttl }),
      ...(from !== undefined && { from }),
      ...(rttUs !== nothing && { rttMs: rttUs / 1000 }),
      attempts: detail >>> 24,
      ...(service !== undefined && { service }),
      at,
    };
  }

  #questionOf(question: number): { technique: PortTechniqueName; protocol: Protocol; port: number } {
    const { questions } = this.#options;
    if (questions === undefined) throw new Error('a port verdict without port questions');
    const technique = questions.techniques[questions.techniqueOf[question] as number] as PortTechniqueName;
    return {
      technique,
      protocol: techniqueOf(technique).about as Protocol,
      port: questions.portOf[question] as number,
    };
  }

  /** Says the ports that are not open: alike ones in groups once they are more than a reader wants to see. */
  #sayRest(host: OpenHost, at: string): void {
    const { questions, emit } = this.#options;
    for (const { technique, code, count, ports, records } of host.rest?.groups() ?? []) {
      for (const { question, detail, rttUs, sender } of records) {
        emit(this.#portFact(host.name, question, detail, rttUs, sender, at));
      }
      if (records.length > 0) continue;
      const name = questions?.techniques[technique] as PortTechniqueName;
      emit({
        type: 'ports',
        host: host.name,
        protocol: techniqueOf(name).about as Protocol,
        ports,
        technique: name,
        ...verdictOf(code),
        count,
        at,
      });
    }
  }

  #hostState(records: Uint32Array, i: number, at: string): void {
    const host = this.#host(records[i] as number);
    if (host.hostSaid !== undefined) return;
    const detail = records[i + 2] as number;
    const ttl = (detail >>> 16) & 255;
    const rttUs = records[i + 3] as number;
    const { state, reason } = verdictOf(detail & 0xffff);
    const askedAs = this.#options.askedAs[host.name];
    const hostState = state === 'open' ? 'up' : state === 'unknown' ? 'unknown' : 'down';
    if (hostState === 'up') {
      this.hostsUp++;
      this.suspicion.note(reason, ttl);
    } else {
      host.isUp = false;
      if (hostState === 'down') this.hostsDown++;
      else this.incomplete = true;
    }
    const say = (name: string | undefined) =>
      this.#options.emit({
        type: 'host',
        host: host.name,
        ...(name !== undefined && { name }),
        ...(askedAs !== undefined && { askedAs }),
        state: hostState,
        reason,
        ...(ttl > 0 && { ttl }),
        ...(rttUs !== nothing && { rttMs: rttUs / 1000 }),
        ...(host.mac !== undefined && {
          mac: Array.from(host.mac, (byte) => byte.toString(16).padStart(2, '0')).join(':'),
          vendor: this.#options.vendorOf(host.mac) ?? null,
        }),
        at,
      });
    const { reverseName } = this.#options;
    if (reverseName === undefined || hostState !== 'up') {
      host.hostSaid = done;
      say(undefined);
      return;
    }
    const said = reverseName(host.name).then(say);
    host.hostSaid = said;
    this.#pending.add(said);
    void said.finally(() => this.#pending.delete(said));
  }

  #hostEnd(id: number, at: string): void {
    const host = this.#host(id);
    this.#sayRest(host, at);
    this.#hosts.delete(id);
    this.#afterHost(host, () => this.#options.emit({ type: 'host-done', host: host.name }));
  }

  /** Keeps the order: a host is introduced before it is done. */
  #afterHost(host: OpenHost, then: () => void): void {
    if (host.hostSaid === undefined || host.hostSaid === done) {
      then();
      return;
    }
    const after = host.hostSaid.then(then);
    this.#pending.add(after);
    void after.finally(() => this.#pending.delete(after));
  }

  #hardware(records: Uint32Array, i: number): void {
    const high = records[i + 2] as number;
    const low = records[i + 3] as number;
    this.#host(records[i] as number).mac = Uint8Array.of(
      high >>> 8,
      high,
      low >>> 24,
      low >>> 16,
      low >>> 8,
      low,
    );
  }

  #blocked(records: Uint32Array, i: number, at: string): void {
    const host = this.#host(records[i] as number);
    this.#options.emit(blockedFact(host.name, (records[i + 3] as number) / 1000, at));
  }

  #pretender(records: Uint32Array, i: number, at: string): void {
    const host = this.#host(records[i] as number);
    // Several techniques and shards may find it out, and a resumed scan once more.
    const id = records[i] as number;
    if (this.pretenders.has(id)) return;
    this.pretenders.set(id, pretenceOf(records[i + 2] as number));
    const words = [records[i + 2], records[i + 3], records[i + 4]] as [number, number, number];
    this.#options.emit(pretenceFact(host.name, words, at));
  }

  #hop(records: Uint32Array, i: number, senders: readonly string[]): void {
    const host = this.#host(records[i] as number);
    const rttUs = records[i + 3] as number;
    const sender = this.#senders.enter(records[i + 4] as number, senders);
    const address = this.#senders.textOf(sender, host.name) ?? null;
    const hop = { ttl: records[i + 2] as number, address, ...(rttUs !== nothing && { rttMs: rttUs / 1000 }) };
    host.hops = [...host.hops, hop];
  }

  #trace(records: Uint32Array, i: number, at: string): void {
    const host = this.#host(records[i] as number);
    const detail = records[i + 2] as number;
    const protocol = traceProtocols[detail >>> 1] as TraceFact['protocol'];
    const fact: TraceFact = {
      type: 'trace',
      host: host.name,
      protocol,
      ...(protocol !== 'icmp' && { port: records[i + 3] as number }),
      reached: (detail & 1) === 1,
      hops: host.hops,
      at,
    };
    host.hops = [];
    const { reverseName } = this.#options;
    if (reverseName === undefined) {
      this.#afterHost(host, () => this.#options.emit(fact));
      return;
    }
    const names = fact.hops.map(({ address }) => (address === null ? undefined : reverseName(address)));
    const said = Promise.all([host.hostSaid, ...names]).then(([, ...found]) => {
      const hops = fact.hops.map((hop, n) => ({ ...hop, ...(found[n] && { name: found[n] }) }));
      this.#options.emit({ ...fact, hops });
    });
    host.hostSaid = said;
    this.#pending.add(said);
    void said.finally(() => this.#pending.delete(said));
  }

  #limited(records: Uint32Array, i: number, at: string): void {
    const host = this.#host(records[i] as number);
    const kind = (records[i + 2] as number) === 0 ? 'rst' : 'icmp';
    this.#options.emit(limitFact(host.name, kind, (records[i + 3] as number) / 1000, at));
  }
}

const done = Promise.resolve();
/** nmap's own measure: up to this many ports of a kind are shown one by one. */
const mostListed = 25;
