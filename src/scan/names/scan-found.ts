/**
 * A look at names, and a scan of the addresses that it found: one record, one `scan` fact, one summary.
 *
 * @module
 */

import { PortolanError } from '../../base/errors.ts';
import { keyOf } from '../../base/range-set.ts';
import { nameOfField } from '../../dns/message/labels.ts';
import type { Fact, ScanFact, SummaryFact } from '../../model/fact.ts';
import type { NameTotals } from '../../model/name-facts.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { buildPlan, readEnvironment } from '../../plan/build-plan.ts';
import { readScope } from '../../plan/exclusions.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Request } from '../../plan/request.ts';
import { run, type ScanOptions } from '../scan.ts';
import { scanFact } from '../scan-fact.ts';
import { agendaOf } from '../shard/agenda.ts';
import type { NamesRequest } from './names-request.ts';
import { searchNames } from './search-names.ts';

/** What is done with what was found: a request of `scan` without targets. */
export type FoundRequest = Omit<Request, 'targets'>;

/** Learns about names, then scans the addresses that these have, as far as the scope of the scan goes. */
export async function* searchAndScan(
  request: NamesRequest,
  found: FoundRequest,
  options: ScanOptions = {},
): AsyncGenerator<Fact, void> {
  const { signal } = options;
  const environment = readEnvironment();
  const scope = await readScope(found, environment);
  const questions = await questionsOf(found, environment);
  const names = new Map<string, Set<string>>();
  let last = 0;
  let totals: SummaryFact | undefined;
  for await (const fact of searchNames(request, signal === undefined ? {} : { signal })) {
    if (fact.type === 'summary') {
      totals = fact;
      continue;
    }
    if ('n' in fact) last = fact.n;
    if (fact.type === 'dns') takeAddress(names, fact.record, fact.value, fact.name);
    yield fact.type === 'scan' ? { ...fact, questions } : fact;
  }
  if (totals === undefined) return;
  const beyond = [...names.keys()].filter((text) => !isWithinScope(text, scope));
  for (const text of beyond) names.delete(text);
  if (beyond.length > 0)
    yield notice(`${counted(beyond.length)} found beyond the scope: not scanned, such as ${beyond[0]}`);
  if (names.size === 0 || totals.exit === 'interrupted' || totals.exit === 'failed') {
    if (names.size === 0) yield notice('no address was found that may be scanned');
    yield { ...totals, n: last + 1 };
    return;
  }
  const plan = await planFor(found, names, environment, options);
  const certified = new Set<string>();
  const offset = last - 1;
  let scanned: SummaryFact | undefined;
  for await (const fact of run(plan, options)) {
    if (fact.type === 'scan') continue;
    if (fact.type === 'summary') {
      scanned = fact;
      continue;
    }
    const told = renumbered(fact, offset);
    if ('n' in told) last = told.n;
    if (fact.type === 'service' && fact.certificate !== undefined)
      for (const name of fact.certificate.names) certified.add(nameOfField(name));
    yield told;
  }
  if (scanned === undefined) return;
  const candidates = candidatesOf(certified, request, names);
  for await (const fact of lookUp(candidates, request, signal)) yield { ...fact, n: ++last };
  yield joined(totals, scanned, last + 1);
}

/** Looks names up that certificates show; they are told, and not scanned. */
async function* lookUp(names: readonly string[], request: NamesRequest, signal: AbortSignal | undefined) {
  if (names.length === 0 || signal?.aborted === true) return;
  const { dnsServers, ratePerSecond } = request;
  const asked: NamesRequest = {
    names,
    types: ['A', 'AAAA', 'CNAME'],
    ...(dnsServers !== undefined && { dnsServers }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  };
  for await (const fact of searchNames(asked, signal === undefined ? {} : { signal }))
    if (fact.type === 'dns') yield { ...fact, via: 'certificate' as const };
}

/** Names below those that were asked for, and not known yet. */
function candidatesOf(
  certified: ReadonlySet<string>,
  { names: roots }: NamesRequest,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const known = new Set([...roots, ...[...found.values()].flatMap((names) => [...names])]);
  return [...certified]
    .filter(
      (name) => !name.startsWith('*.') && !known.has(name) && roots.some((root) => name.endsWith(`.${root}`)),
    )
    .slice(0, mostCandidates);
}

function takeAddress(
  names: Map<string, Set<string>>,
  type: string | undefined,
  value: string | undefined,
  name: string,
): void {
  // A wildcard's own name is nobody's.
  if ((type !== 'A' && type !== 'AAAA') || value === undefined || name.startsWith('*.')) return;
  const known = names.get(value);
  if (known !== undefined) known.add(name);
  else if (names.size < mostAddresses) names.set(value, new Set([name]));
}

function isWithinScope(text: string, scope: Awaited<ReturnType<typeof readScope>>): boolean {
  const address = parseAddress(text);
  return address !== undefined && (scope === undefined || scope.has(keyOf(address.family, address.value)));
}

async function planFor(
  found: FoundRequest,
  names: ReadonlyMap<string, ReadonlySet<string>>,
  environment: ReturnType<typeof readEnvironment>,
  { signal, words }: ScanOptions,
): Promise<Plan> {
  const planning = { ...(signal && { signal }), ...(words && { words }) };
  const plan = await buildPlan({ ...found, targets: [...names.keys()] }, environment, planning);
  // Reports show these names, and services are asked for them.
  return { ...plan, askedAs: Object.fromEntries([...names].map(([text, all]) => [text, [...all]])) };
}

/** What each host will be asked, for the first fact: nobody knows the hosts yet. */
async function questionsOf(
  found: FoundRequest,
  environment: ReturnType<typeof readEnvironment>,
): Promise<ScanFact['questions']> {
  const { scope: _, scopeFile: __, ...rest } = found;
  try {
    const plan = await buildPlan({ ...rest, targets: ['127.0.0.1'] }, environment);
    return scanFact(plan, agendaOf(plan).ports, '').questions;
  } catch (error) {
    // What does not fit this machine's own address may fit what is found.
    if (error instanceof PortolanError) return [];
    throw error;
  }
}

function renumbered(fact: Fact, offset: number): Fact {
  if (!('n' in fact)) return fact;
  const n = fact.n + offset;
  return fact.type === 'finding'
    ? { ...fact, n, facts: fact.facts.map((each) => each + offset) }
    : { ...fact, n };
}

/** One summary of both, which ended as the worse of them did. */
function joined(names: SummaryFact, scan: SummaryFact, n: number): SummaryFact {
  const worst = endings.find((ending) => names.exit === ending || scan.exit === ending) ?? 'done';
  const sum = <Key extends string>(
    one: Readonly<Record<Key, number>>,
    other: Readonly<Record<Key, number>>,
  ) =>
    Object.fromEntries(
      Object.entries<number>(one).map(([key, value]) => [key, value + other[key as Key]]),
    ) as Record<Key, number>;
  const totals: { readonly names?: NameTotals } = names.names === undefined ? {} : { names: names.names };
  return {
    ...scan,
    n,
    elapsedMs: names.elapsedMs + scan.elapsedMs,
    packets: sum(names.packets, scan.packets),
    bytes: sum(names.bytes, scan.bytes),
    ...totals,
    complete: names.complete && scan.complete,
    exit: worst,
  };
}

function notice(message: string): Fact {
  return { type: 'warning', isNotice: true, message };
}

function counted(count: number): string {
  return count === 1 ? '1 address was' : `${count} addresses were`;
}

const endings = ['failed', 'interrupted', 'incomplete'] as const;
const mostAddresses = 65_536;
const mostCandidates = 1000;
