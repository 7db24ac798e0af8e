/**
 * The records of the names that were given, all types at once, and what is known of their zones.
 *
 * @module
 */

import { randomInt } from 'node:crypto';
import type { Asker, DnsOutcome } from '../../dns/asker.ts';
import { askZone } from '../../dns/zone-state.ts';
import { Doubts } from '../../dns/zones/doubts.ts';
import { hijackFinding } from '../../dns/zones/findings.ts';
import { inTurns } from '../../dns/zones/turns.ts';
import type { Errand, ErrandRoom } from './errand.ts';
import { commonTypes, type NamesRequest } from './names-request.ts';
import { zonesErrand } from './zones-errand.ts';

/** Asks for records. */
export const recordsErrand: Errand = {
  name: 'records',
  wants: () => true,
  queries: ({ names, types }) =>
    names.length * (types ?? commonTypes).length + (types === undefined ? zoneQueries * names.length : 0),
  async run(room) {
    const { names, types = commonTypes } = room.request;
    const zones = new Set<string>();
    const doubts = new Doubts(room.asker, randomInt, (zone, { server, name, values }) => {
      // Whoever searches zones tells it of each of them.
      if (!zonesErrand.wants(room.request))
        room.tell({ kind: 'finding', finding: hijackFinding(zone, server, name, values) });
    });
    let done = 0;
    await inTurns(names, atOnce, async (name) => {
      const outcomes = await withoutInvented(await askTypes(room.asker, name, types), name, doubts);
      done += types.length;
      room.progress(done, recordsErrand.queries(room.request));
      tellName(room, name, types, outcomes);
      const zone = zoneOf(name, outcomes);
      if (zone !== undefined) zones.add(zone);
    });
    if (wantsZones(room.request))
      await inTurns(zones, atOnce, async (zone) => {
        const { state, records, undecided } = await askZone(room.asker, zone);
        for (const record of records) room.tell({ kind: 'record', record, via: 'record' });
        room.tell({ kind: 'zone', zone: state });
        if (undecided) room.leaveOpen();
      });
  },
};

/** Addresses that a resolver has made up are no answer: the name does not exist. */
async function withoutInvented(outcomes: Outcomes, name: string, doubts: Doubts): Promise<Outcomes> {
  return Promise.all(
    outcomes.map(async ({ type, outcome }) => {
      if (type !== 'A' || outcome.kind !== 'answer' || !(await doubts.isInvented(name, outcome)))
        return { type, outcome };
      const { server, rttMs } = outcome;
      const denied = { kind: 'answer', rcode: 'NXDOMAIN', records: [], server, rttMs } as const;
      return { type, outcome: { ...denied, isAuthoritative: false, isAuthentic: false } };
    }),
  );
}

/** Whoever wants certain types wants nothing else. */
function wantsZones({ types }: NamesRequest): boolean {
  return types === undefined;
}

function askTypes(
  asker: Asker,
  name: string,
  types: readonly string[],
): Promise<readonly { readonly type: string; readonly outcome: DnsOutcome }[]> {
  return Promise.all(types.map(async (type) => ({ type, outcome: await asker.ask({ name, type }) })));
}

type Outcomes = Awaited<ReturnType<typeof askTypes>>;

/** Tells of a name what its types have brought. */
function tellName(room: ErrandRoom, name: string, types: readonly string[], outcomes: Outcomes): void {
  let isFound = false;
  const wanted = new Set([...types, 'CNAME', 'DNAME']);
  for (const { outcome } of outcomes) {
    if (outcome.kind !== 'answer') continue;
    for (const record of outcome.records) {
      if (record.section !== 'answer' || !(wanted.has(record.type) || types.includes('ANY'))) continue;
      isFound = true;
      room.tell({ kind: 'record', record, via: 'query', server: outcome.server });
    }
  }
  const answers = outcomes.flatMap(({ outcome }) => (outcome.kind === 'answer' ? [outcome] : []));
  const missing = answers.find(({ rcode }) => rcode === 'NXDOMAIN');
  const open = outcomes.filter(({ outcome }) => !isDecided(outcome));
  // A name that is not there has no type that could be open.
  if (open.length > 0 && missing === undefined) {
    const [first] = open as [Outcomes[number], ...Outcomes];
    const why = first.outcome.kind === 'undecided' ? first.outcome.why : 'malformed';
    const isWhole = open.length === outcomes.length;
    room.tell({ kind: 'undecided', name, why, ...(!isWhole && { types: open.map(({ type }) => type) }) });
    room.leaveOpen();
    room.count({ asked: 1, undecided: 1, found: isFound ? 1 : 0 });
    return;
  }
  room.count({ asked: 1, ...(isFound ? { found: 1 } : { absent: 1 }) });
  if (isFound) return;
  const said = missing ?? answers[0];
  if (said === undefined) return;
  room.tell({
    kind: 'absent',
    name,
    answer: missing === undefined ? 'NODATA' : 'NXDOMAIN',
    server: said.server,
  });
}

/** Codes beyond these two say nothing of the name. */
function isDecided(outcome: DnsOutcome): boolean {
  return outcome.kind === 'answer' && (outcome.rcode === 'NOERROR' || outcome.rcode === 'NXDOMAIN');
}

/** The zone that a name is in, where an answer says so. */
function zoneOf(name: string, outcomes: Outcomes): string | undefined {
  for (const { outcome } of outcomes) {
    if (outcome.kind !== 'answer') continue;
    for (const record of outcome.records) {
      if (record.type !== 'SOA' || record.name === '') continue;
      if (record.name === name || name.endsWith(`.${record.name}`)) return record.name;
    }
  }
  return undefined;
}

const atOnce = 500;
/** SOA, DNSKEY and DS with signatures, and the policy of DMARC. */
const zoneQueries = 4;
