/**
 * A fact of a record into a snapshot.
 *
 * @module
 */

import { keyOf } from '../base/range-set.ts';
import type { HostFact, PolicyFact, PortsFact, RecordedFact, ScanFact } from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import { parseAddress } from '../model/parse-address.ts';
import { parseRanges } from '../model/ranges.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { takeCheck } from './check-changes.ts';
import { packLook, protocols } from './look.ts';
import { askedKey, placeOf, type Snapshot } from './snapshot.ts';
import { timeOf } from './time.ts';

/** Takes a fact that was checked. What is no news of a network is passed over. */
export function takeFact(snapshot: Snapshot, fact: RecordedFact): void {
  switch (fact.type) {
    case 'scan':
      takeScan(snapshot, fact);
      return;
    case 'host':
      takeHost(snapshot, fact);
      return;
    case 'port': {
      const host = snapshot.hostOf(fact.host);
      snapshot.entries.add(host, fact.port, fact.port, packLook(fact as Parameters<typeof packLook>[0]));
      snapshot.touch(host, timeOf(fact.at));
      return;
    }
    case 'ports':
      takePorts(snapshot, fact);
      return;
    case 'service':
      takeService(snapshot, fact);
      return;
    case 'os':
      takeOs(snapshot, fact);
      return;
    case 'check':
      takeCheck(snapshot, fact);
      return;
    case 'policy':
      takePolicy(snapshot, fact);
      return;
    case 'finding': {
      if (parseAddress(fact.host) === undefined) return;
      const { rule, severity, claim, confidence } = fact;
      const notes = snapshot.notesOf(snapshot.hostOf(fact.host));
      notes.findings = [...(notes.findings ?? []), { rule, severity, claim, confidence }];
      return;
    }
    case 'summary':
      snapshot.about.isComplete = fact.complete && fact.exit === 'done';
      snapshot.endMs = Math.max(snapshot.endMs, timeOf(fact.finishedAt));
      if (fact.loss !== undefined) snapshot.about.lossHigh = fact.loss.high;
      return;
    default:
      takeOther(snapshot, fact);
  }
}

/** Ranges of ports as first and last ones. */
export function* eachRange(text: string): Generator<readonly [number, number]> {
  if (text === '') return;
  for (const range of text.split(',')) {
    const dash = range.indexOf('-');
    const first = Number(dash < 0 ? range : range.slice(0, dash));
    yield [first, dash < 0 ? first : Number(range.slice(dash + 1))];
  }
}

function takeScan({ about }: Snapshot, { targets, excluded, questions, options, args }: ScanFact): void {
  const [all, none] = [parseRanges(targets), parseRanges(excluded)];
  about.isTarget = (host) => {
    const address = parseAddress(host);
    if (address === undefined || all === undefined) return false;
    const key = keyOf(address.family, address.value);
    return all.has(key) && none?.has(key) !== true;
  };
  const { timing, sweep, firewall } = options as Readonly<Record<string, unknown>>;
  const retries = (timing as { readonly maxRetries?: unknown } | undefined)?.maxRetries;
  const attempts = typeof retries === 'number' ? retries + 1 : undefined;
  about.hostAttempts = Math.min(attempts ?? usualHostAttempts, usualHostAttempts);
  about.looksAtFilter = firewall !== undefined;
  about.leavesOutSilent = sweep === true;
  for (const { technique, protocol, ports } of questions) {
    const look = { protocol, technique, reason: 'no-response' as const, attempts: attempts ?? 1 };
    const state = protocol === 'udp' ? ('open|filtered' as const) : ('filtered' as const);
    const key = askedKey(packLook({ ...look, state }));
    about.asked.set(key, [...eachRange(ports)].flat());
    // A sweep tells answers alone; with --open a record holds open ports alone, and what the others said is not known.
    if (sweep === true) about.implied.set(key, packLook({ ...look, state }));
    else if (args.includes('--open') && (technique === 'syn' || technique === 'connect'))
      about.implied.set(key, packLook({ ...look, state: 'closed|filtered', attempts: 1 }));
  }
}

function takeHost(snapshot: Snapshot, fact: HostFact): void {
  const host = snapshot.hostOf(fact.host);
  // Who is taken to be there was not looked for.
  const state = fact.reason === 'user-set' ? 'unknown' : fact.state;
  snapshot.setPresence(host, state, fact.reason);
  snapshot.touch(host, timeOf(fact.at));
  const { name, names, askedAs, mac } = fact;
  const called = askedAs ?? name;
  if (called === undefined && names === undefined && mac === undefined) return;
  const notes = snapshot.notesOf(host);
  if (called !== undefined) notes.name = called;
  if (names !== undefined || name !== undefined) {
    // The name that the user gave says nothing of the address.
    notes.names = [...new Set(names ?? [name as string])].filter((one) => one !== askedAs).sort();
    if (notes.names.length === 0) delete notes.names;
  }
  if (mac !== undefined) notes.mac = mac;
}

function takePorts(snapshot: Snapshot, fact: PortsFact): void {
  const { protocol, technique, state, reason, attempts = 0 } = fact;
  const host = snapshot.hostOf(fact.host);
  const look = packLook({ protocol, technique, state, reason, attempts });
  for (const [first, last] of eachRange(fact.ports)) snapshot.entries.add(host, first, last, look);
  snapshot.touch(host, timeOf(fact.at));
}

function takeService(snapshot: Snapshot, fact: ServiceFact): void {
  const { protocol, port, name, product, version, info, tls, confidence, certificate } = fact;
  const host = snapshot.hostOf(fact.host);
  const place = placeOf(protocols.indexOf(protocol), port);
  snapshot.addService(host, place, { name, product, version, info, tls, confidence });
  if (certificate !== undefined) snapshot.addCertificate(host, place, certificate);
  snapshot.touch(host, timeOf(fact.at));
}

function takeOs(snapshot: Snapshot, { host, matches, ports }: OsFact): void {
  const [best] = matches;
  // Several behind one address have ports of their own, and may come in any order.
  if (best === undefined || ports !== undefined) return;
  snapshot.notesOf(snapshot.hostOf(host)).os = {
    names: matches.map(({ name }) => name),
    families: matches.map(({ family }) => family),
    accuracy: best.accuracy,
  };
}

function takePolicy(snapshot: Snapshot, fact: PolicyFact): void {
  const { protocol, action, exposure, alternatives = [], confidence } = fact;
  const notes = snapshot.notesOf(snapshot.hostOf(fact.host));
  notes.policies ??= [];
  for (const [first, last] of eachRange(fact.ports))
    notes.policies.push({ protocol, first, last, action, exposure, alternatives, confidence });
}

/** A device's fields are read as far as they are words. */
function takeOther(snapshot: Snapshot, fact: object): void {
  const fields = fact as Readonly<Record<string, unknown>>;
  if (fields['type'] !== 'device' || typeof fields['host'] !== 'string') return;
  const words = ['kind', 'vendor', 'model'].flatMap((field) =>
    typeof fields[field] === 'string' ? [[field, fields[field] as string] as const] : [],
  );
  if (words.length > 0) snapshot.notesOf(snapshot.hostOf(fields['host'])).device = Object.fromEntries(words);
}

/** Whoever does not answer is looked for twice at least. */
const usualHostAttempts = 2;
