/**
 * Multicast DNS asked by unicast (RFC 6762, 5.5), and what a device announces of itself by it (RFC 6763): which services
 * there are, then each of them, then what their texts say.
 *
 * @module
 */

import { type Address, formatAddress } from '../../model/address.ts';
import {
  type DnsQuestion,
  type DnsRecord,
  dnsQuestions,
  recordTypes,
  textStrings,
} from '../service/protocols/names/dns-message.ts';
import { answersIn, mdns, questionId } from '../service/protocols/names/link-names.ts';
import { claimsIn, hearDatagrams, nothingLearnt, opened, type Steps, waitsMs } from './ask.ts';
import type { DeviceClaim, DeviceQuestion, DeviceTalk } from './contract.ts';
import { ippQuestion } from './ipp.ts';
import { claimsOfAnnounced } from './mdns-services.ts';
import { measured } from './words.ts';

/** The talk with a responder. */
export const mdnsQuestion: DeviceQuestion = {
  name: mdns.name,
  transport: 'udp',
  port: 5353,
  *ask(device): DeviceTalk {
    if (!(yield* opened())) return nothingLearnt;
    const words = mdns.request?.bytes({ host: device.address, port: 5353 }, nothing) ?? nothing;
    const first = yield* hearDatagrams(words, waitsMs.link);
    const claims = first.flatMap((bytes) => claimsIn(mdns, bytes));
    if (claims.length === 0) return nothingLearnt;
    const told = new Told(first.flatMap((bytes) => answersIn(bytes) ?? []));
    const name = claims.find(({ field }) => field === 'name')?.value;
    yield* askMore(told, told.questionsOfTypes(name));
    yield* askMore(told, told.questionsOfInstances());
    const all = [...claims, ...told.claims(name)];
    // Printers say more by their own protocol, and by nothing else of whose model they are.
    const isPrinter = all.some(({ field, value }) => field === 'kind' && value === 'printer');
    return { claims: all, ...(isPrinter && { next: [ippQuestion] }) };
  },
};

function* askMore(told: Told, questions: readonly DnsQuestion[]): Steps<void> {
  if (questions.length === 0) return;
  const heard = yield* hearDatagrams(dnsQuestions(questionId, ...questions), waitsMs.link);
  for (const bytes of heard) told.take(answersIn(bytes) ?? []);
}

/** What a responder has told by now. */
class Told {
  readonly #records: DnsRecord[] = [];

  constructor(records: readonly DnsRecord[]) {
    this.take(records);
  }

  take(records: readonly DnsRecord[]): void {
    this.#records.push(...records.slice(0, mostRecords - this.#records.length));
  }

  /** Each kind of service for its instances, and the addresses of the host by its name. */
  questionsOfTypes(name: string | undefined): readonly DnsQuestion[] {
    const own = name === undefined ? undefined : ([name, 'local'] as const);
    return [
      ...(own === undefined
        ? []
        : ([
            [own, recordTypes.a],
            [own, recordTypes.aaaa],
            [[own[0], '_device-info', '_tcp', 'local'], recordTypes.txt],
          ] as const)),
      ...this.#types().map((type): DnsQuestion => [type, recordTypes.ptr]),
    ];
  }

  /** What is not known yet of each instance. */
  questionsOfInstances(): readonly DnsQuestion[] {
    return this.#instances().flatMap(({ name, labels }): readonly DnsQuestion[] => [
      ...(this.#of(name, recordTypes.txt) === undefined ? ([[labels, recordTypes.txt]] as const) : []),
      ...(this.#of(name, recordTypes.srv) === undefined ? ([[labels, recordTypes.srv]] as const) : []),
    ]);
  }

  claims(name: string | undefined): readonly DeviceClaim[] {
    const host = name === undefined ? undefined : `${name}.local`.toLowerCase();
    const info = this.#of(`${name}._device-info._tcp.local`, recordTypes.txt);
    const announced = this.#instances().flatMap(({ name: instance, label, type }) => {
      const place = this.#of(instance, recordTypes.srv);
      // A reflector or a sleeping machine's proxy answers in the name of others.
      const isOwn = place?.target === undefined || place.target.toLowerCase() === host;
      const text = this.#of(instance, recordTypes.txt);
      return isOwn ? claimsOfAnnounced(type, label, textsOf(text)) : [];
    });
    return [
      ...this.#addressesOf(host).flatMap((address) => measured('mdns', 'address', address)),
      ...(info === undefined ? [] : claimsOfAnnounced('_device-info._tcp', '', textsOf(info))),
      ...announced,
    ].slice(0, mostClaims);
  }

  #types(): readonly string[] {
    const types = this.#records
      .filter(({ name, type }) => type === recordTypes.ptr && name.toLowerCase() === servicesName)
      .flatMap(({ target = '' }) => (typeShape.test(target) ? [target] : []));
    return [...new Set(types)].slice(0, mostTypes);
  }

  #instances(): readonly Instance[] {
    const found = new Map<string, Instance>();
    for (const { name, type, target = '' } of this.#records) {
      if (type !== recordTypes.ptr || !typeShape.test(name)) continue;
      const label = target.slice(0, -name.length - 1);
      if (label === '' || !target.toLowerCase().endsWith(`.${name.toLowerCase()}`)) continue;
      if (found.size < mostInstances)
        found.set(target, { name: target, labels: [label, ...name.split('.')], label, type: typeOf(name) });
    }
    return [...found.values()];
  }

  #of(name: string, type: number): DnsRecord | undefined {
    const lower = name.toLowerCase();
    return this.#records.find((record) => record.type === type && record.name.toLowerCase() === lower);
  }

  #addressesOf(host: string | undefined): readonly string[] {
    const addresses = this.#records
      .filter(({ name }) => name.toLowerCase() === host)
      .flatMap(({ type, data }) => {
        const address = type === recordTypes.a ? addressIn(4, data) : undefined;
        return address ?? (type === recordTypes.aaaa ? (addressIn(6, data) ?? []) : []);
      });
    return [...new Set(addresses)].slice(0, mostAddresses);
  }
}

interface Instance {
  readonly name: string;
  readonly labels: readonly string[];
  /** How it is called by people. */
  readonly label: string;
  /** Such as `_ipp._tcp`. */
  readonly type: string;
}

function typeOf(name: string): string {
  return name.replace(/\.local$/i, '').toLowerCase();
}

function addressIn(family: 4 | 6, data: Uint8Array): string | undefined {
  if (data.length !== (family === 4 ? 4 : 16)) return undefined;
  let value = 0n;
  for (const byte of data) value = (value << 8n) | BigInt(byte);
  return formatAddress({ family, value } as Address);
}

/** Pairs of a key, whose case is of no matter (RFC 6763, 6.4), and a value; the first of a key holds. */
function textsOf(record: DnsRecord | undefined): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const string of record === undefined ? [] : textStrings(record.data)) {
    const at = string.indexOf('=');
    const key = (at < 0 ? string : string.slice(0, at)).toLowerCase();
    if (key !== '' && !texts.has(key)) texts.set(key, at < 0 ? '' : string.slice(at + 1));
  }
  return texts;
}

const nothing = new Uint8Array(0);
const servicesName = '_services._dns-sd._udp.local';
const typeShape = /^_[\w-]{1,62}\._(?:tcp|udp)\.local$/i;
const mostRecords = 256;
const mostTypes = 16;
const mostInstances = 12;
const mostAddresses = 8;
const mostClaims = 48;
