/** A world for tests: what is written is kept, the scan is a list of facts. @module */

import type { AuditRequest } from '../audit/request.ts';
import type { Fact, HostFact, PortFact, SummaryFact } from '../model/fact.ts';
import type { Request } from '../plan/request.ts';
import type { ListenRequest } from '../scan/listen/listen.ts';
import type { NamesRequest } from '../scan/names/names-request.ts';
import type { ScanOptions } from '../scan/scan.ts';
import type { EndingSignal, World } from './world.ts';

/** A world that remembers. */
export interface FakeWorld extends World {
  out: string;
  err: string;
  /** Each call of write, in order. */
  readonly writes: (readonly [descriptor: 1 | 2, text: string])[];
  readonly requests: Request[];
  readonly audits: AuditRequest[];
  readonly listens: ListenRequest[];
  readonly looks: NamesRequest[];
  readonly exits: number[];
  /** How many workers were called ahead. */
  called: number;
  /** What its clock says; it stands still by itself. */
  timeMs: number;
  raise(signal: EndingSignal): void;
  press(): void;
}

/** Makes a world whose scan yields what `facts` yields. */
export function fakeWorld(
  facts: (request: Request, options: ScanOptions) => Iterable<Fact> | AsyncIterable<Fact> = () => someFacts(),
  over: Partial<World> = {},
): FakeWorld {
  const listeners = new Set<(signal: EndingSignal) => void>();
  const keys = new Set<() => void>();
  const world: FakeWorld = {
    out: '',
    err: '',
    writes: [],
    requests: [],
    audits: [],
    listens: [],
    looks: [],
    exits: [],
    called: 0,
    timeMs: 0,
    nowMs: () => world.timeMs,
    environment: {},
    write(descriptor, text) {
      world.writes.push([descriptor, text]);
      if (descriptor === 1) world.out += text;
      else world.err += text;
    },
    stdin: (async function* () {})(),
    isTerminal: () => false,
    columns: () => 80,
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onKey(listener) {
      keys.add(listener);
      return () => keys.delete(listener);
    },
    exit: (code) => world.exits.push(code),
    callAhead: () => world.called++,
    saveMemory() {},
    async scan(request, options) {
      world.requests.push(request);
      return oneByOne(facts(request, options));
    },
    async listen(request) {
      world.listens.push(request);
      return (async function* () {})();
    },
    isAbandoned: () => false,
    async audit(request) {
      world.audits.push(request);
      return oneByOne(facts({ targets: [] }, {}));
    },
    async namesAndScan(request) {
      world.looks.push(request);
      return oneByOne(facts({ targets: [] }, {}));
    },
    async names(request) {
      world.looks.push(request);
      return oneByOne(facts({ targets: [] }, {}));
    },
    raise: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    press: () => {
      for (const listener of keys) listener();
    },
    ...over,
  };
  return world;
}

async function* oneByOne(facts: Iterable<Fact> | AsyncIterable<Fact>): AsyncGenerator<Fact> {
  yield* facts;
}

const at = '2026-11-21T10:00:00.000Z';

/** The first fact. */
export const begin: Fact = {
  type: 'scan',
  n: 1,
  schema: 1,
  version: '0.1.0',
  startedAt: at,
  args: ['host'],
  targets: '127.0.0.1',
  excluded: '',
  options: {},
  seed: 1,
  questions: [{ technique: 'connect', protocol: 'tcp', ports: '22-23', count: 2 }],
};

/** A host that is up. */
export const hostUp: HostFact = {
  type: 'host',
  n: 1,
  host: '127.0.0.1',
  askedAs: 'box',
  state: 'up',
  reason: 'localhost',
  at,
};

/** One port's verdict. */
export function portFact(port: number, state: PortFact['state'] = 'open'): PortFact {
  const reason = state === 'open' ? 'connected' : state === 'closed' ? 'refused' : 'no-response';
  return {
    type: 'port',
    n: 1,
    host: '127.0.0.1',
    protocol: 'tcp',
    port,
    technique: 'connect',
    state,
    reason,
    attempts: 1,
    at,
  };
}

/** The last fact. */
export function summary(exit: SummaryFact['exit'] = 'done', complete = exit === 'done'): SummaryFact {
  return {
    type: 'summary',
    n: 1,
    finishedAt: at,
    elapsedMs: 5,
    hosts: { up: 1, down: 0, unknown: 0, total: 1 },
    packets: { sent: 2, received: 2, retransmitted: 0 },
    bytes: { sent: 0, received: 0 },
    ports: { open: 1, closed: 1 },
    complete,
    exit,
  };
}

/** A small scan: one host, one open port, one closed. */
export function someFacts(exit: SummaryFact['exit'] = 'done', complete = exit === 'done'): readonly Fact[] {
  return [
    begin,
    hostUp,
    portFact(22),
    portFact(23, 'closed'),
    { type: 'host-done', host: '127.0.0.1' },
    summary(exit, complete),
  ];
}
