import { describe, expect, it } from 'vitest';
import type { ChangeFact } from '../model/change-facts.ts';
import { factOfLine } from '../report/read-facts.ts';
import { type Change, compareSnapshots } from './compare.ts';
import { AnyReader } from './read/open-reader.ts';
import type { Snapshot } from './snapshot.ts';

const at = '2026-11-21T10:00:00.000Z';
const loss = { estimate: 0, low: 0, high: 0.01, missedOpenExpected: 0 };

type Fields = Readonly<Record<string, unknown>>;

function port(port: number, state: string, reason: string, more: Fields = {}): Fields {
  return {
    type: 'port',
    host: '10.0.0.5',
    protocol: 'tcp',
    port,
    technique: 'syn',
    state,
    reason,
    attempts: 1,
    ...more,
    at,
  };
}

function silent(number: number, attempts: number, more: Fields = {}): Fields {
  return port(number, 'filtered', 'no-response', { attempts, ...more });
}

function host(address: string, state: string, reason: string, more: Fields = {}): Fields {
  return { type: 'host', host: address, state, reason, ...more, at };
}

/** A record of these facts; `scan` and `summary` are added, `null` leaves the loss out. */
function record(
  facts: readonly Fields[],
  { scan = {}, summary = {} }: { scan?: Fields; summary?: Fields } = {},
): Snapshot {
  const first = {
    type: 'scan',
    schema: 1,
    version: '0.1.0',
    startedAt: at,
    args: [],
    seed: 1,
    questions: [{ technique: 'syn', protocol: 'tcp', ports: '1-1000', count: 1000 }],
    targets: '10.0.0.0-10.0.0.255',
    excluded: '',
    options: { timing: {} },
    ...scan,
  };
  const last = {
    type: 'summary',
    finishedAt: at,
    elapsedMs: 1,
    hosts: { up: 1, down: 0, unknown: 0, total: 1 },
    packets: { sent: 1, received: 1, retransmitted: 0 },
    bytes: { sent: 1, received: 1 },
    ports: {},
    loss,
    complete: true,
    exit: 'done',
    ...summary,
  };
  const lines = [first, ...facts, last].map(({ type, ...fact }: Fields, i) =>
    JSON.stringify({ type, n: i + 1, ...fact }),
  );
  return read(`${lines.join('\n')}\n`);
}

function read(text: string): Snapshot {
  const reader = new AnyReader({ parseLine: factOfLine, onCutOff: () => undefined });
  reader.take(new TextEncoder().encode(text));
  reader.end();
  return reader.snapshot;
}

/** Changes in short: kind, place, whether certain. */
function told(before: Snapshot, after: Snapshot): readonly string[] {
  return [...compareSnapshots(before, after)].map(shortly);
}

function shortly({ change, host: address, port: number, protocol, certain }: Change): string {
  const place = number === undefined ? address : `${number}/${protocol}`;
  return `${change} ${place}${certain ? '' : '?'}`;
}

const up = host('10.0.0.5', 'up', 'echo-reply');

describe('ports', () => {
  it.each([
    [port(80, 'closed', 'reset'), port(80, 'open', 'syn-ack'), ['opened 80/tcp']],
    [port(80, 'open', 'syn-ack'), port(80, 'closed', 'reset'), ['closed 80/tcp']],
    [port(80, 'open', 'syn-ack'), silent(80, 4), ['filtered 80/tcp']],
    [port(80, 'open', 'syn-ack'), port(80, 'filtered', 'admin-prohibited'), ['filtered 80/tcp']],
    [silent(80, 4), port(80, 'open', 'syn-ack'), ['opened 80/tcp']],
    [port(80, 'filtered', 'admin-prohibited'), port(80, 'closed', 'reset'), ['unfiltered 80/tcp']],
    // Closed against silence is uncertain at most.
    [port(80, 'closed', 'reset'), silent(80, 8), ['filtered 80/tcp?']],
    [silent(80, 8), port(80, 'closed', 'reset'), ['unfiltered 80/tcp?']],
    // Silence after a single question may be loss.
    [port(80, 'open', 'syn-ack'), silent(80, 0), ['filtered 80/tcp?']],
    // What could not be judged, and what was not asked, is no change.
    [port(80, 'open', 'syn-ack'), port(80, 'unknown', 'blocked'), []],
    [port(80, 'open', 'syn-ack'), port(81, 'open', 'syn-ack'), []],
    [port(80, 'open', 'syn-ack'), port(80, 'open', 'syn-ack', { rttMs: 7 }), []],
  ])('%j and %j: %j', (before, after, changes) => {
    expect(told(record([up, before]), record([up, after]))).toEqual(changes);
  });

  it('a joined state that contains the other is no change', () => {
    const udp = (state: string, reason: string) => ({
      ...port(53, state, reason),
      protocol: 'udp',
      technique: 'udp',
    });
    const open = record([up, udp('open', 'udp-response')]);
    const joined = record([up, udp('open|filtered', 'no-response')]);
    expect(told(open, joined)).toEqual([]);
    expect(told(joined, open)).toEqual([]);
    expect(told(record([up, udp('closed', 'port-unreach')]), joined)).toEqual(['filtered 53/udp?']);
  });

  it('the more ports were compared, the more a silence may be loss', () => {
    const many = Array.from({ length: 200 }, (_, i) => port(i + 100, 'closed', 'reset'));
    expect(told(record([up, port(80, 'open', 'syn-ack')]), record([up, silent(80, 2)]))).toEqual([
      'filtered 80/tcp',
    ]);
    expect(
      told(record([up, port(80, 'open', 'syn-ack'), ...many]), record([up, silent(80, 2), ...many])),
    ).toEqual(['filtered 80/tcp?']);
  });

  it('a record that states no loss leaves silence uncertain, on either side', () => {
    const [open, gone] = [
      [up, port(80, 'open', 'syn-ack')],
      [up, silent(80, 8)],
    ] as const;
    const noLoss = { summary: { loss: undefined } };
    expect(told(record(open), record(gone, noLoss))).toEqual(['filtered 80/tcp?']);
    expect(told(record(gone, noLoss), record(open))).toEqual(['opened 80/tcp?']);
  });

  it('groups are compared range by range, silent ones by the attempts that they state', () => {
    const group = (ports: string, state: string, reason: string, count: number, attempts?: number) => ({
      type: 'ports',
      host: '10.0.0.5',
      protocol: 'tcp',
      ports,
      technique: 'syn',
      state,
      reason,
      count,
      attempts,
      at,
    });
    const before = record([up, port(80, 'open', 'syn-ack'), group('1-79,81-100', 'closed', 'reset', 99)]);
    const after = record([up, group('1-20,22-100', 'closed', 'reset', 99), port(21, 'open', 'syn-ack')]);
    expect(told(before, after)).toEqual(['opened 21/tcp', 'closed 80/tcp']);
    const dropped = (attempts?: number) =>
      record([up, group('1-100', 'filtered', 'no-response', 100, attempts)]);
    expect(told(before, dropped(3)).filter((one) => !one.endsWith('?'))).toEqual(['filtered 80/tcp']);
    expect(told(before, dropped()).filter((one) => !one.endsWith('?'))).toEqual([]);
  });

  it('techniques are compared with their like: what only one of the two asked is no change', () => {
    const ack = port(80, 'unfiltered', 'reset', { technique: 'ack' });
    const connect = port(80, 'open', 'connected', { technique: 'connect' });
    expect(told(record([up, silent(80, 4), ack]), record([up, silent(80, 4)]))).toEqual([]);
    expect(told(record([up, ack]), record([up, silent(80, 4)]))).toEqual([]);
    expect(told(record([up, port(80, 'closed', 'reset')]), record([up, connect]))).toEqual(['opened 80/tcp']);
  });

  it('of a sweep a target that was asked and not told was silent', () => {
    const sweep = { scan: { options: { sweep: true, timing: { maxRetries: 3 } } } };
    const old = record([port(80, 'open', 'syn-ack'), port(81, 'open', 'syn-ack')], sweep);
    expect(told(old, record([port(80, 'open', 'syn-ack')], sweep))).toEqual(['filtered 81/tcp']);
    const other = { ...sweep.scan, targets: '10.0.0.7' };
    expect(told(old, record([], { scan: other }))).toEqual([]);
  });

  it('with --open a port that is not told is not open, for what reason ever', () => {
    const openOnly = { scan: { args: ['--open', '10.0.0.5'] } };
    const [one, both] = [
      [up, port(80, 'open', 'syn-ack')],
      [up, port(80, 'open', 'syn-ack'), port(81, 'open', 'syn-ack')],
    ];
    expect(told(record(one, openOnly), record(both, openOnly))).toEqual(['opened 81/tcp?']);
    expect(told(record(both, openOnly), record(one, openOnly))).toEqual(['closed 81/tcp?']);
    expect(told(record(both, openOnly), record(one, { ...openOnly, summary: { complete: false } }))).toEqual(
      [],
    );
  });
});

describe('hosts', () => {
  const other = host('10.0.0.6', 'up', 'arp-response', { mac: '02:00:00:00:00:06' });
  const open = { ...port(22, 'open', 'syn-ack'), host: '10.0.0.6' };

  it('one that appeared or vanished is one line, its open ports inside', () => {
    const [without, within] = [
      record([up, host('10.0.0.6', 'down', 'no-response')]),
      record([up, other, open]),
    ];
    const [appeared] = [...compareSnapshots(without, within)] as [Change];
    expect(appeared).toMatchObject({
      change: 'appeared',
      host: '10.0.0.6',
      before: { state: 'down' },
      after: { state: 'up', ports: [{ protocol: 'tcp', port: 22, state: 'open' }] },
    });
    const [vanished] = [...compareSnapshots(within, without)] as [Change];
    expect(vanished).toMatchObject({ change: 'vanished', before: { ports: [{ port: 22 }] }, certain: true });
  });

  it('not looked is not gone', () => {
    expect(told(record([up, other, open]), record([up]))).toEqual([]);
    expect(told(record([up]), record([up, other, open]))).toEqual([]);
    const taken = host('10.0.0.6', 'up', 'user-set');
    expect(told(record([up, other]), record([up, taken]))).toEqual([]);
  });

  it('one that has moved is one line, told by its hardware address', () => {
    const at7 = { ...other, host: '10.0.0.7' };
    const before = record([up, other, host('10.0.0.7', 'down', 'no-response')]);
    const after = record([up, host('10.0.0.6', 'down', 'no-response'), at7]);
    const changes = [...compareSnapshots(before, after)];
    expect(changes.map(shortly)).toEqual(['moved 10.0.0.7']);
    expect(changes[0]).toMatchObject({ before: { host: '10.0.0.6' }, after: { host: '10.0.0.7' } });
  });

  it('hosts come in the order of their addresses', () => {
    const hosts = ['10.0.0.9', '10.0.0.10', '10.0.0.2'];
    const down = record(hosts.map((one) => host(one, 'down', 'no-response')));
    const all = record(hosts.map((one) => host(one, 'up', 'echo-reply')));
    expect([...compareSnapshots(down, all)].map((one) => one.host)).toEqual([
      '10.0.0.2',
      '10.0.0.9',
      '10.0.0.10',
    ]);
  });
});

describe('what else is known', () => {
  const service = (more: Fields) => ({
    type: 'service',
    host: '10.0.0.5',
    protocol: 'tcp',
    port: 80,
    name: 'http',
    cpe: [],
    tls: false,
    confidence: 10,
    ...more,
    at,
  });
  const certificate = (fingerprint: string) => ({
    subject: 'CN=a',
    names: [],
    issuer: 'CN=a',
    from: at,
    to: at,
    key: 'RSA 2048',
    fingerprint,
  });
  const kinds = (before: readonly Fields[], after: readonly Fields[]): readonly ChangeFact['change'][] =>
    [...compareSnapshots(record([up, ...before]), record([up, ...after]))].map(({ change }) => change);

  it('services: another product or version is a change, none that was not understood', () => {
    const nginx = service({ product: 'nginx', version: '1.22' });
    expect(kinds([nginx], [service({ product: 'nginx', version: '1.24' })])).toEqual(['service']);
    expect(kinds([nginx], [nginx])).toEqual([]);
    expect(kinds([nginx], [service({ name: null, confidence: 3 })])).toEqual([]);
    expect(kinds([nginx], [])).toEqual([]);
    expect(kinds([nginx], [service({ product: 'Apache' }), nginx])).toEqual([]);
  });

  it('certificates, systems, names, cards', () => {
    expect(
      kinds([service({ certificate: certificate('a') })], [service({ certificate: certificate('b') })]),
    ).toEqual(['certificate']);
    const os = (name: string, family: string) => ({
      type: 'os',
      host: '10.0.0.5',
      matches: [{ name, family, accuracy: 95, cpe: [], evidence: [] }],
      at,
    });
    expect(kinds([os('Linux 5', 'Linux')], [os('Windows 10', 'Windows')])).toEqual(['os']);
    const named = (name: string, mac: string) =>
      host('10.0.0.5', 'up', 'echo-reply', { name, names: [name], mac });
    const one = '02:00:00:00:00:01';
    expect(kinds([named('a.lab', one)], [named('b.lab', one)])).toEqual(['name']);
    expect(kinds([named('a.lab', one)], [named('a.lab', '02:00:00:00:00:02')])).toEqual(['device']);
  });

  it('policies, where they overlap, and findings, where both looked', () => {
    const policy = (ports: string, action: string, more: Fields = {}) => ({
      type: 'policy',
      host: '10.0.0.5',
      protocol: 'tcp',
      ports,
      action,
      icmp: null,
      by: null,
      hop: null,
      exposure: null,
      confidence: 0.97,
      ...more,
      at,
    });
    expect(kinds([policy('1-100', 'drop')], [policy('1-50', 'drop'), policy('51-100', 'allow')])).toEqual([
      'policy',
    ]);
    expect(kinds([policy('1-100', 'drop')], [policy('1-100', 'unknown')])).toEqual([]);
    expect(kinds([policy('1-100', 'drop')], [policy('1-100', 'allow', { alternatives: ['drop'] })])).toEqual(
      [],
    );
    const finding = (rule: string) => ({
      type: 'finding',
      host: '10.0.0.5',
      rule,
      claim: rule,
      confidence: 0.97,
      evidence: [],
      facts: [],
      refutedBy: '',
      at,
    });
    expect(kinds([], [finding('default-drop')])).toEqual(['finding']);
    const looked = { scan: { options: { timing: {}, firewall: {} } } };
    expect(told(record([up]), record([up, finding('default-drop')], looked))).toEqual([]);
    expect(kinds([finding('scan-blocked')], [])).toEqual([]);
  });
});

describe('what a policy is about', () => {
  const check = (
    number: number,
    found: string,
    reason: string,
    result: string,
    more: Fields = {},
  ): Fields => ({
    type: 'check',
    rule: 'web',
    host: '10.0.0.5',
    protocol: 'tcp',
    port: number,
    expected: 'not-open',
    found,
    result,
    line: 7,
    reason,
    attempts: 4,
    ...more,
  });
  const changes = (before: readonly Fields[], after: readonly Fields[]) => [
    ...compareSnapshots(record(before), record(after)),
  ];

  it('changes with what the policy makes of it on both sides', () => {
    const [change, ...others] = changes(
      [check(25, 'filtered', 'no-response', 'pass')],
      [check(25, 'open', 'syn-ack', 'fail')],
    );
    expect(others).toEqual([]);
    const same = { attempts: 4, expected: 'not-open', rule: 'web', line: 7 };
    expect(change).toEqual({
      type: 'change',
      host: '10.0.0.5',
      protocol: 'tcp',
      port: 25,
      change: 'opened',
      before: { ...same, state: 'filtered', reason: 'no-response', result: 'pass' },
      after: { ...same, state: 'open', reason: 'syn-ack', result: 'fail' },
      certain: true,
      at,
    });
  });

  it('is uncertain where loss may explain it, and none where a port could not be judged', () => {
    const open = check(25, 'open', 'syn-ack', 'fail');
    const silent = (attempts: number) => check(25, 'filtered', 'no-response', 'pass', { attempts });
    expect(told(record([open]), record([silent(4)]))).toEqual(['filtered 25/tcp']);
    expect(told(record([open]), record([silent(1)]))).toEqual(['filtered 25/tcp?']);
    expect(told(record([open]), record([check(25, 'unknown', 'blocked', 'inconclusive')]))).toEqual([]);
    expect(told(record([open]), record([check(26, 'closed', 'reset', 'pass')]))).toEqual([]);
  });

  it('has a state for each source port, and one for several rules: the worst result counts', () => {
    const from = (sourcePort: number, found: string, reason: string, result: string) =>
      check(25, found, reason, result, { sourcePort });
    const found = changes(
      [
        check(25, 'closed', 'reset', 'pass'),
        check(25, 'closed', 'reset', 'fail', { rule: 'other', line: 9 }),
        from(53, 'closed', 'reset', 'pass'),
      ],
      [
        check(25, 'closed', 'reset', 'pass'),
        check(25, 'closed', 'reset', 'fail', { rule: 'other', line: 9 }),
        from(53, 'open', 'syn-ack', 'fail'),
      ],
    );
    expect(found.map(({ change, after }) => [change, after?.['sourcePort']])).toEqual([['opened', 53]]);
    const [both] = changes(
      [
        check(25, 'closed', 'reset', 'pass'),
        check(25, 'closed', 'reset', 'pass', { rule: 'other', line: 9 }),
      ],
      [
        check(25, 'open', 'syn-ack', 'pass'),
        check(25, 'open', 'syn-ack', 'fail', { rule: 'other', line: 9 }),
      ],
    );
    expect(both?.after).toMatchObject({ result: 'fail', rule: 'other', line: 9 });
  });

  it('is one line where its host is gone', () => {
    const gone = host('10.0.0.5', 'down', 'no-response');
    const unknown = { ...check(25, 'unknown', 'blocked', 'inconclusive'), reason: undefined };
    const [change, ...others] = changes([up, check(25, 'open', 'syn-ack', 'pass')], [gone, unknown]);
    expect(change).toMatchObject({
      change: 'vanished',
      before: { ports: [{ protocol: 'tcp', port: 25, state: 'open' }] },
    });
    expect(others).toEqual([]);
  });
});
