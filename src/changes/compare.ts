/**
 * Two records side by side: what changed from the one to the other, host by host, and how certain that is.
 *
 * @module
 */

import { keyOf } from '../base/range-set.ts';
import type { ChangeFact, ChangeSide } from '../model/change-facts.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { Protocol } from '../model/verdict.ts';
import { isCertain, lossMayExplain } from './certainty.ts';
import { type CheckChange, checkSide, compareChecks } from './check-changes.ts';
import { type Detail, detailChanges, type Services } from './detail-changes.ts';
import { type Attendance, attendanceOf, openPorts } from './host-changes.ts';
import { lookOf, protocols } from './look.ts';
import { comparePorts, type PortChange, stretchesOf } from './port-changes.ts';
import { QuickLook } from './quick-look.ts';
import type { HostNotes, Snapshot } from './snapshot.ts';
import { timeText } from './time.ts';

/** A change without its ordinal. */
export type Change = Omit<ChangeFact, 'n'>;

/** How much two records have in common: the hosts and the ports that both looked at. */
export interface InCommon {
  readonly hosts: number;
  readonly ports: number;
}

/** Tells what changed, hosts in the order of their addresses; at the end what could be compared. */
export function* compareSnapshots(before: Snapshot, after: Snapshot): Generator<Change, InCommon> {
  const { drafts, ports, hosts } = draftsOf(before, after);
  const comparison: Comparison = { before, after, ports, hosts };
  const moved = movesOf(drafts, before, after);
  for (const draft of [...drafts].sort((a, b) => compareKeys(a.key, b.key))) {
    if (draft.kind === 'compared') yield* comparedHost(draft, comparison);
    else if (draft.kind === 'appeared') yield appeared(draft, moved.get(draft.host), comparison);
    else if (!moved.has(draft.host)) yield vanished(draft, comparison);
  }
  return { hosts, ports };
}

interface Comparison {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** How many ports, and hosts, both looked at. */
  readonly ports: number;
  readonly hosts: number;
}

/** A host of which something is to be told. */
interface Draft {
  readonly host: string;
  readonly key: bigint;
  readonly kind: 'appeared' | 'vanished' | 'compared';
  /** It was not there, or is not, because nothing came back. */
  readonly isSilent: boolean;
  readonly ports: readonly PortChange[];
  readonly checks: readonly CheckChange[];
  readonly details: readonly Detail[];
}

function draftsOf(before: Snapshot, after: Snapshot) {
  const drafts: Draft[] = [];
  const quick = new QuickLook(before, after);
  let [ports, hosts] = [0, 0];
  const look = (host: string, old: number | undefined, now: number | undefined) => {
    const [was, is] = [attendanceOf(before, host, old), attendanceOf(after, host, now)];
    if (was.presence !== 'unknown' && is.presence !== 'unknown') {
      hosts++;
      if (was.presence !== is.presence) {
        const kind = is.presence === 'up' ? 'appeared' : 'vanished';
        drafts.push({ ...draft(host, kind), isSilent: silentOf(was, is) });
        return;
      }
    }
    if (is.presence === 'down' || was.presence === 'down') return;
    if (old === undefined || now === undefined) return;
    const same = quick.portsIfSame(old, now);
    const compared = same < 0 ? comparePorts(stretchesOf(before, old), stretchesOf(after, now)) : noChanges;
    const checked = compareChecks(before.knownOf(old)?.checks, after.knownOf(now)?.checks);
    ports += (same < 0 ? compared.count : same) + checked.count;
    const details = detailsOf(before, old, after, now, quick);
    if (compared.changes.length + checked.changes.length + details.length > 0)
      drafts.push({
        ...draft(host, 'compared'),
        ports: compared.changes,
        checks: checked.changes,
        details,
      });
  };
  for (const [now, host] of after.hosts.entries()) look(host, before.find(host), now);
  for (const [old, host] of before.hosts.entries())
    if (after.find(host) === undefined) look(host, old, undefined);
  return { drafts, ports, hosts };
}

function draft(host: string, kind: Draft['kind']): Draft {
  const address = parseAddress(host);
  const key = address === undefined ? 0n : keyOf(address.family, address.value);
  return { host, key, kind, isSilent: false, ports: [], checks: [], details: [] };
}

function silentOf(was: Attendance, is: Attendance): boolean {
  return was.isSilent || is.isSilent;
}

function detailsOf(
  before: Snapshot,
  old: number,
  after: Snapshot,
  now: number,
  quick: QuickLook,
): readonly Detail[] {
  const [was, is] = [before.knownOf(old) ?? nothing, after.knownOf(now) ?? nothing];
  const hasSame = quick.haveSameServices(old, now);
  if (hasSame && isNameAlone(was) && isNameAlone(is) && was.names?.[0] === is.names?.[0]) return [];
  const bothLooked = before.about.looksAtFilter === after.about.looksAtFilter;
  const isWhole = before.about.isComplete && after.about.isComplete;
  const services = hasSame ? noServices : ([before.servicesOf(old), after.servicesOf(now)] as const);
  return [...detailChanges(was, is, services, bothLooked && isWhole)];
}

/** Whether nothing is known of a host but one name, as of most. */
function isNameAlone({ names, mac, certificates, os, device, policies, findings }: HostNotes): boolean {
  const hasMore = mac ?? certificates ?? os ?? device ?? policies ?? findings;
  return hasMore === undefined && (names === undefined || names.length === 1);
}

function* comparedHost({ host, ports, checks, details }: Draft, comparison: Comparison): Generator<Change> {
  const { before, after } = comparison;
  const told = about(host, comparison);
  for (const { protocol, first, last, change, ...looks } of ports) {
    const certain = isCertain(
      { about: before.about, look: looks.before },
      { about: after.about, look: looks.after },
      comparison.ports,
    );
    for (let port = first; port <= last; port++) {
      const services = (snapshot: Snapshot) => serviceAt(snapshot, host, protocol, port);
      yield {
        ...told,
        protocol: protocols[protocol] as Protocol,
        port,
        change,
        before: { ...sideOf(looks.before), ...services(before) },
        after: { ...sideOf(looks.after), ...services(after) },
        certain,
      };
    }
  }
  yield* checkedPorts(checks, told, comparison);
  for (const detail of details) yield { ...told, ...detail };
}

function* checkedPorts(
  checks: readonly CheckChange[],
  told: ReturnType<typeof about>,
  comparison: Comparison,
): Generator<Change> {
  for (const { protocol, port, change, before, after, sourcePort } of checks) {
    yield {
      ...told,
      protocol,
      port,
      change,
      before: checkSide(before, sourcePort),
      after: checkSide(after, sourcePort),
      certain: isCertain(
        { about: comparison.before.about, look: before.look },
        { about: comparison.after.about, look: after.look },
        comparison.ports,
      ),
    };
  }
}

function sideOf(look: number): ChangeSide {
  const { state, reason, attempts } = lookOf(look);
  return { state, ...(reason !== undefined && { reason }), ...(attempts > 0 && { attempts }) };
}

/** What listens there, in a few words. */
function serviceAt(snapshot: Snapshot, host: string, protocol: number, port: number): ChangeSide | undefined {
  const number = snapshot.find(host);
  const services = number === undefined ? undefined : snapshot.servicesOf(number);
  const [service] = services?.get(protocol * 65_536 + port) ?? [];
  if (service === undefined || service.name === null) return undefined;
  const { name, product, version } = service;
  return {
    service: name,
    ...(product !== undefined && { product }),
    ...(version !== undefined && { version }),
  };
}

function appeared({ host, isSilent }: Draft, from: string | undefined, comparison: Comparison): Change {
  const { before, after } = comparison;
  if (from !== undefined) {
    return {
      ...about(host, comparison),
      change: 'moved',
      before: hostSide(before, from),
      after: hostSide(after, host),
      certain: true,
    };
  }
  return {
    ...about(host, comparison),
    change: 'appeared',
    before: absent(before, host),
    after: hostSide(after, host),
    certain: !isSilent || !mayBeLoss(comparison, before),
  };
}

function vanished({ host, isSilent }: Draft, comparison: Comparison): Change {
  const { before, after } = comparison;
  return {
    ...about(host, comparison),
    change: 'vanished',
    before: hostSide(before, host),
    after: absent(after, host),
    certain: !isSilent || !mayBeLoss(comparison, after),
  };
}

function mayBeLoss({ hosts }: Comparison, { about: { lossHigh, hostAttempts } }: Snapshot): boolean {
  return lossMayExplain(lossHigh === undefined ? {} : { lossHigh }, hostAttempts, hosts);
}

function hostSide(snapshot: Snapshot, host: string): ChangeSide {
  const number = snapshot.find(host) as number;
  const reason = snapshot.reasonOf(number);
  const { mac, names } = snapshot.knownOf(number) ?? {};
  return {
    state: 'up',
    ...(reason !== undefined && { reason }),
    host,
    ...(mac !== undefined && { mac }),
    ...(names !== undefined && { names }),
    ports: openPorts(snapshot, number),
  };
}

function absent(snapshot: Snapshot, host: string): ChangeSide {
  const number = snapshot.find(host);
  const reason = number === undefined ? 'no-response' : snapshot.reasonOf(number);
  return { state: 'down', ...(reason !== undefined && { reason }) };
}

/** What all changes of a host say. */
function about(host: string, { before, after }: Comparison): Pick<Change, 'type' | 'host' | 'name' | 'at'> {
  const [old, now] = [before.find(host), after.find(host)];
  const name =
    (now === undefined ? undefined : after.knownOf(now)?.name) ??
    (old === undefined ? undefined : before.knownOf(old)?.name);
  const seenMs = now === undefined ? 0 : after.timeOf(now);
  const at = timeText(seenMs === 0 ? after.endMs : seenMs);
  return { type: 'change', host, ...(name !== undefined && name !== host && { name }), at };
}

/** By where they are now: where hosts that vanished are to be found again, told by a hardware address that only one has. */
function movesOf(drafts: readonly Draft[], before: Snapshot, after: Snapshot): ReadonlyMap<string, string> {
  const from = byMac(drafts, 'vanished', before);
  const to = byMac(drafts, 'appeared', after);
  const moves = new Map<string, string>();
  for (const [mac, host] of to) {
    const old = from.get(mac);
    if (host === undefined || old === undefined) continue;
    moves.set(host, old);
    moves.set(old, host);
  }
  return moves;
}

/** undefined: several have it. */
function byMac(
  drafts: readonly Draft[],
  kind: Draft['kind'],
  snapshot: Snapshot,
): Map<string, string | undefined> {
  const hosts = new Map<string, string | undefined>();
  for (const draft of drafts) {
    if (draft.kind !== kind) continue;
    const mac = snapshot.knownOf(snapshot.find(draft.host) as number)?.mac;
    if (mac !== undefined) hosts.set(mac, hosts.has(mac) ? undefined : draft.host);
  }
  return hosts;
}

function compareKeys(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const noChanges: ReturnType<typeof comparePorts> = { changes: [], count: 0 };
const nothing: HostNotes = {};
const noServices: readonly [Services, Services] = [new Map(), new Map()];
