/**
 * Zones as data and servers that answer from them as RFC 1034 and RFC 4592 say, or worse: loss, rotation, failing types,
 * answers made by code, denials that lie, servers that hijack. No socket and no clock.
 *
 * @module
 */

import { SeededRandom } from '../base/random.ts';
import type { Asker, DnsOutcome, DnsQuestion, DnsRecord, TransferOutcome } from './asker.ts';
import { compareNames, isWithin, labelsOf, nameOfField, parentOf, under } from './message/labels.ts';

/** What code answers for a name: values of the type asked for, a code, or nothing of its own. */
export type CodeAnswer =
  | { readonly ttl?: number; readonly type?: string; readonly values: readonly string[] }
  | 'NXDOMAIN'
  | 'NODATA'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'silence'
  | undefined;

/** A zone and who serves it. */
export interface FakeZone {
  readonly apex: string;
  readonly servers: readonly string[];
  /** Lines `name [ttl] type value`; `@` is the apex, a name without a dot at its end stands below it. */
  readonly records: string;
  /** Asked before the records. */
  readonly code?: (name: string, type: string, random: SeededRandom) => CodeAnswer;
  /** How it says that something is not there; anything but `plain` signs. */
  readonly denial?: 'plain' | 'nsec' | 'nsec3' | 'narrow' | 'white' | 'black';
  readonly transfer?: TransferOutcome['result'];
}

/** What the network and the configured resolver are like. */
export interface FakeNetwork {
  readonly loss?: number;
  readonly attempts?: number;
  readonly seed?: number;
  /** Addresses that the resolver gives for what does not exist. */
  readonly hijack?: readonly string[];
  /** Servers that do not serve what they are named for. */
  readonly lame?: readonly string[];
  readonly mute?: readonly string[];
}

/** The configured server: it knows all zones. */
export const resolver = '192.0.2.53';

/** Asks those zones. */
export class FakeWorld implements Asker {
  readonly asked: (DnsQuestion & { readonly server: string })[] = [];
  readonly counts = { sent: 0, received: 0, retransmitted: 0, bytesSent: 0, bytesReceived: 0 };
  readonly #zones: readonly LoadedZone[];
  readonly #network: FakeNetwork;
  readonly #random: SeededRandom;
  #turn = 0;
  #isStopped = false;

  constructor(zones: readonly FakeZone[], network: FakeNetwork = {}) {
    this.#zones = zones.map((zone) => new LoadedZone(zone));
    this.#network = network;
    this.#random = new SeededRandom(network.seed ?? 1);
  }

  async ask(question: DnsQuestion, servers: readonly string[] = [resolver]): Promise<DnsOutcome> {
    const { loss = 0, attempts = 5, mute = [] } = this.#network;
    const first = this.#turn++;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.#isStopped) return { kind: 'undecided', why: 'stopped' };
      const server = servers[(first + attempt) % servers.length] as string;
      this.asked.push({ ...question, server });
      this.counts.sent++;
      if (mute.includes(server) || this.#random.nextFloat() < 1 - (1 - loss) ** 2) continue;
      this.counts.received++;
      return this.#answer(question, server);
    }
    return { kind: 'undecided', why: 'timeout' };
  }

  async transfer(
    zone: string,
    server: string,
    take: (records: readonly DnsRecord[]) => void,
  ): Promise<TransferOutcome> {
    const found = this.#zones.find(({ apex, servers }) => apex === zone && servers.includes(server));
    const result = found?.transfer ?? 'refused';
    if (found === undefined || result !== 'complete') return { result, records: 0 };
    const all = found.all();
    take(all);
    return { result, records: all.length };
  }

  stop(): void {
    this.#isStopped = true;
  }

  #answer(question: DnsQuestion, server: string): DnsOutcome {
    const isResolver = server === resolver;
    const zone = this.#zoneOf(question, (one) => isResolver || one.servers.includes(server));
    if (zone === undefined && isResolver)
      return {
        kind: 'answer',
        rcode: 'NXDOMAIN',
        isAuthoritative: false,
        isAuthentic: false,
        records: [],
        server,
        rttMs: 1,
      };
    if (zone === undefined || this.#network.lame?.includes(server))
      return { kind: 'undecided', why: 'refused', server };
    const reply = zone.answer(question, this.#random);
    if (reply === 'SERVFAIL' || reply === 'silence' || reply === 'REFUSED')
      return {
        kind: 'undecided',
        why: reply === 'silence' ? 'timeout' : reply === 'SERVFAIL' ? 'servfail' : 'refused',
        server,
      };
    let { rcode, records } = reply;
    // The end of a chain, where this server knows it.
    for (let hop = 0; hop < 8; hop++) {
      const answers = records.filter(({ section }) => section === 'answer');
      const end = answers.findLast(({ type }) => type === 'CNAME');
      if (end === undefined || question.type === 'CNAME') break;
      const target = nameOfField(end.value);
      if (answers.some(({ name, type }) => name === target && type !== 'RRSIG')) break;
      const next = this.#zoneOf({ ...question, name: target }, (one) =>
        isResolver ? true : one.servers.includes(server),
      );
      if (next === undefined) {
        // Nobody serves it: a resolver finds that out.
        if (isResolver) rcode = 'NXDOMAIN';
        break;
      }
      const more = next.answer({ ...question, name: target }, this.#random);
      if (typeof more === 'string') break;
      rcode = more.rcode;
      records = [...answers, ...more.records];
    }
    const { hijack } = this.#network;
    if (isResolver && hijack !== undefined && rcode === 'NXDOMAIN' && question.type === 'A') {
      rcode = 'NOERROR';
      records = hijack.map((value) => record(question.name, 'A', 60, value));
    }
    const isAuthoritative = !isResolver && !reply.isReferral;
    return { kind: 'answer', rcode, isAuthoritative, isAuthentic: false, records, server, rttMs: 1 };
  }

  #zoneOf({ name, type }: DnsQuestion, serves: (zone: LoadedZone) => boolean): LoadedZone | undefined {
    return this.#zones
      .filter((zone) => serves(zone) && isWithin(name, zone.apex) && !(type === 'DS' && name === zone.apex))
      .sort((a, b) => b.apex.length - a.apex.length)[0];
  }
}

interface Reply {
  rcode: 'NOERROR' | 'NXDOMAIN';
  records: readonly DnsRecord[];
  isReferral?: boolean;
}

class LoadedZone {
  readonly apex: string;
  readonly servers: readonly string[];
  readonly transfer: FakeZone['transfer'];
  readonly #nodes = new Map<string, DnsRecord[]>();
  /** Every name that exists, empty ones among them. */
  readonly #names = new Set<string>();
  readonly #ordered: readonly string[];
  readonly #code: FakeZone['code'];
  readonly #denial: NonNullable<FakeZone['denial']>;

  constructor({ apex, servers, records, code, denial = 'plain', transfer }: FakeZone) {
    this.apex = apex;
    this.servers = servers;
    this.transfer = transfer;
    this.#code = code;
    this.#denial = denial;
    const soa = `@ 300 SOA ns.${apex}. host.${apex}. 1 3600 600 86400 300`;
    for (const line of [soa, ...records.split('\n')]
      .map((each) => each.trim())
      .filter((each) => each !== '')) {
      const fields = line.split(/\s+/);
      const owner = fields.shift() as string;
      const name =
        owner === '@' ? apex : owner.endsWith('.') ? nameOfField(owner) : under(owner.toLowerCase(), apex);
      const ttl = /^\d+$/.test(fields[0] as string) ? Number(fields.shift()) : 300;
      const type = fields.shift() as string;
      const node = this.#nodes.get(name) ?? [];
      node.push(record(name, type, ttl, fields.join(' ')));
      this.#nodes.set(name, node);
      for (let each = name; isWithin(each, apex); each = parentOf(each)) {
        this.#names.add(each);
        if (each === apex) break;
      }
    }
    this.#ordered = [...this.#nodes.keys()]
      .filter((name) => isWithin(name, apex) && !this.#isGlue(name))
      .sort(compareNames);
  }

  all(): readonly DnsRecord[] {
    return [...this.#nodes.values()].flat();
  }

  answer(
    { name, type, dnssec = false }: DnsQuestion,
    random: SeededRandom,
  ): Reply | 'SERVFAIL' | 'REFUSED' | 'silence' {
    const made = this.#code?.(name, type, random);
    if (made === 'SERVFAIL' || made === 'REFUSED' || made === 'silence') return made;
    if (made === 'NXDOMAIN') return { rcode: 'NXDOMAIN', records: [this.#soa()] };
    if (made === 'NODATA') return { rcode: 'NOERROR', records: [this.#soa()] };
    if (made !== undefined)
      return {
        rcode: 'NOERROR',
        records: made.values.map((value) => record(name, made.type ?? type, made.ttl ?? 300, value)),
      };
    const cut = this.#cutAt(name, type);
    if (cut !== undefined) {
      const ns = (this.#nodes.get(cut) ?? []).filter((each) => each.type === 'NS');
      const glue = ns.flatMap(({ value }) => this.#nodes.get(nameOfField(value)) ?? []);
      return {
        rcode: 'NOERROR',
        isReferral: true,
        records: [
          ...ns.map((each) => ({ ...each, section: 'authority' as const })),
          ...glue.map((each) => ({ ...each, section: 'additional' as const })),
          ...(dnssec && this.#denial === 'nsec' ? [this.#nsecOf(cut)] : []),
        ],
      };
    }
    if (this.#names.has(name)) return this.#at(name, name, type, dnssec);
    for (let above = parentOf(name); isWithin(above, this.apex); above = parentOf(above)) {
      const dname = this.#nodes.get(above)?.find((each) => each.type === 'DNAME');
      if (dname !== undefined) {
        const start = name.slice(0, name.length - above.length);
        return {
          rcode: 'NOERROR',
          records: [dname, record(name, 'CNAME', dname.ttl, `${start}${dname.value}`)],
        };
      }
      if (this.#names.has(above)) {
        const star = under('*', above);
        if (this.#names.has(star)) return this.#at(star, name, type, dnssec);
        break;
      }
      if (above === this.apex) break;
    }
    return this.#denied(name, dnssec);
  }

  /** What stands at `node`, told of `name`. */
  #at(node: string, name: string, type: string, dnssec: boolean): Reply {
    const all = this.#nodes.get(node) ?? [];
    const isSigned = this.#denial !== 'plain';
    if (type === 'NSEC' && this.#denial === 'nsec' && node === name && all.length > 0)
      return { rcode: 'NOERROR', records: [{ ...this.#nsecOf(name), section: 'answer' }] };
    if (
      type === 'NSEC3PARAM' &&
      (this.#denial === 'nsec3' || this.#denial === 'narrow') &&
      name === this.apex
    )
      return { rcode: 'NOERROR', records: [record(name, type, 0, '1 0 0 AABB')] };
    const own = all.filter((each) => each.type === type);
    const found = own.length > 0 ? own : all.filter((each) => each.type === 'CNAME');
    if (found.length === 0) {
      const isMadeUp = this.#denial !== 'nsec';
      if (isSigned && dnssec && (node === name || isMadeUp)) return this.#noData(name, type, all);
      const star =
        isSigned && dnssec && this.#denial === 'nsec' ? [this.#nsecOf(node), this.#nsecBefore(name)] : [];
      return { rcode: 'NOERROR', records: [this.#soa(), ...star] };
    }
    const told = found.map((each) => ({ ...each, name }));
    if (!isSigned || !dnssec) return { rcode: 'NOERROR', records: told };
    const labels = labelsOf(node).length - (node.startsWith('*') ? 1 : 0);
    const signature = `${(found[0] as DnsRecord).type} 13 ${labels} 300 20300101000000 20200101000000 1 ${this.apex}. AA==`;
    return { rcode: 'NOERROR', records: [...told, record(name, 'RRSIG', 300, signature)] };
  }

  #noData(name: string, type: string, node: readonly DnsRecord[]): Reply {
    const types = [...new Set(node.map((each) => each.type))];
    const bitmap = [...types, 'RRSIG', 'NSEC'].join(' ');
    if (this.#denial === 'black' || this.#denial === 'white') {
      const nsec = record(
        name,
        'NSEC',
        300,
        `\\000.${name}. ${bitmap}`,
        type === 'NSEC' ? 'answer' : 'authority',
      );
      return { rcode: 'NOERROR', records: type === 'NSEC' ? [nsec] : [this.#soa(), nsec] };
    }
    if (this.#denial === 'nsec')
      return {
        rcode: 'NOERROR',
        records: [this.#soa(), this.#nodes.has(name) ? this.#nsecOf(name) : this.#nsecBefore(name)],
      };
    return { rcode: 'NOERROR', records: [this.#soa(), this.#nsec3(name)] };
  }

  #denied(name: string, dnssec: boolean): Reply {
    const soa = this.#soa();
    if (this.#denial === 'black') {
      const nsec = record(name, 'NSEC', 300, `\\000.${name}. RRSIG NSEC TYPE128`, 'authority');
      return { rcode: 'NOERROR', records: dnssec ? [soa, nsec] : [soa] };
    }
    if (!dnssec || this.#denial === 'plain') return { rcode: 'NXDOMAIN', records: [soa] };
    if (this.#denial === 'nsec') return { rcode: 'NXDOMAIN', records: [soa, this.#nsecBefore(name)] };
    if (this.#denial === 'white') {
      // RFC 4470: from just before to just after the name.
      const [first = '', ...rest] = labelsOf(name);
      const before = [
        `${first.slice(0, -1)}${String.fromCharCode(first.charCodeAt(first.length - 1) - 1)}~`,
        ...rest,
      ];
      const nsec = record(
        before.join('.'),
        'NSEC',
        300,
        `${first}\\000.${rest.join('.')}. RRSIG NSEC`,
        'authority',
      );
      return { rcode: 'NXDOMAIN', records: [soa, nsec] };
    }
    return { rcode: 'NXDOMAIN', records: [soa, this.#nsec3(name)] };
  }

  /** A record of the hashed chain; the hash is none, only its width matters here. */
  #nsec3(name: string): DnsRecord {
    const digits = '0123456789abcdefghijklmnopqrstuv';
    let hash = 5381n;
    for (const character of name) hash = (hash * 33n + BigInt(character.charCodeAt(0))) & ((1n << 160n) - 1n);
    hash |= 1n << 150n;
    const spread = this.#denial === 'narrow' ? 1n : 1n << 140n;
    const text = (value: bigint) =>
      [...Array(32).keys()].map((at) => digits[Number((value >> BigInt(155 - 5 * at)) & 31n)]).join('');
    return record(
      `${text(hash - spread)}.${this.apex}`,
      'NSEC3',
      300,
      `1 0 0 AABB ${text(hash + spread).toUpperCase()} A RRSIG`,
      'authority',
    );
  }

  #nsecBefore(name: string): DnsRecord {
    const before = this.#ordered.findLast((each) => compareNames(each, name) < 0);
    return this.#nsecOf(before ?? (this.#ordered.at(-1) as string));
  }

  #nsecOf(name: string): DnsRecord {
    const next = this.#ordered[(this.#ordered.indexOf(name) + 1) % this.#ordered.length] as string;
    const types = [...new Set((this.#nodes.get(name) ?? []).map((each) => each.type))];
    return record(name, 'NSEC', 300, `${next}. ${[...types, 'RRSIG', 'NSEC'].join(' ')}`, 'authority');
  }

  #soa(): DnsRecord {
    return {
      ...(this.#nodes.get(this.apex)?.find(({ type }) => type === 'SOA') as DnsRecord),
      section: 'authority',
    };
  }

  #cutAt(name: string, type: string): string | undefined {
    for (let each = name; each !== this.apex && isWithin(each, this.apex); each = parentOf(each)) {
      const above = type === 'DS' || type === 'NSEC' ? each !== name : true;
      if (above && this.#nodes.get(each)?.some((one) => one.type === 'NS')) {
        const higher = this.#cutAt(parentOf(each), 'NS');
        return higher ?? each;
      }
    }
    return undefined;
  }

  #isGlue(name: string): boolean {
    const cut = this.#cutAt(name, 'A');
    return cut !== undefined && cut !== name;
  }
}

function record(
  name: string,
  type: string,
  ttl: number,
  value: string,
  section: DnsRecord['section'] = 'answer',
): DnsRecord {
  return { name, type, ttl, value, data: undefined, section };
}
