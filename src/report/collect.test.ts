import { describe, expect, test } from 'vitest';
import type { Fact, FindingFact, RecordedFact } from '../model/fact.ts';
import { Collector } from './collect.ts';
import {
  at,
  plainShow,
  policyFact,
  portFact,
  portsFact,
  sampleFacts,
  scanFact,
  summaryFact,
} from './writer.laws.ts';
import type { HostReport, ShowOptions } from './writer.ts';

/** Runs facts through a writer that notes what it is given. */
function collect(facts: readonly Fact[], show: Partial<ShowOptions> = {}) {
  const events: string[] = [];
  const seen: RecordedFact[] = [];
  const hosts: HostReport[] = [];
  const writer = {
    name: 'noting',
    mediaType: 'text/plain',
    begin: () => void events.push('begin'),
    fact: (fact: RecordedFact) => {
      seen.push(fact);
      events.push(fact.type);
    },
    host: (report: HostReport) => {
      hosts.push(report);
      events.push(`host ${report.host.host}`);
    },
    end: () => void events.push('end'),
  };
  const collector = new Collector([{ writer, out: () => {} }], { ...plainShow, ...show });
  for (const fact of facts) collector.take(fact);
  return { events, seen, hosts };
}

const up = (host: string): Fact => ({
  type: 'host',
  n: 1,
  host,
  state: 'up',
  reason: 'echo-reply',
  at: at(1),
});
const done = (host: string): Fact => ({ type: 'host-done', host });

describe('collector', () => {
  test('begins first, hands over each host when it is done, and ends last', () => {
    const a = portFact(22, 'open', 'syn-ack', { host: 'a' });
    const { events, hosts } = collect([scanFact, up('a'), up('b'), a, done('b'), done('a'), summaryFact]);
    expect(events).toEqual(['begin', 'scan', 'host', 'host', 'port', 'host b', 'host a', 'summary', 'end']);
    expect(hosts[1]?.ports).toEqual([a]);
    expect(hosts[0]?.ports).toEqual([]);
    expect(hosts[0]?.techniques).toEqual(['syn', 'ack', 'udp']);
  });

  test('forgets a host that is done', () => {
    const { hosts } = collect([scanFact, up('a'), done('a'), done('a'), summaryFact]);
    expect(hosts).toHaveLength(1);
  });

  test('an early end shows the hosts in flight', () => {
    const port = portFact(22, 'open', 'syn-ack', { host: 'a' });
    const { events, hosts } = collect([scanFact, up('a'), port, { ...summaryFact, exit: 'interrupted' }]);
    expect(events.slice(-3)).toEqual(['host a', 'summary', 'end']);
    expect(hosts[0]?.ports).toEqual([port]);
  });

  test('passes warnings and progress by', () => {
    const progress: Fact = {
      type: 'progress',
      phase: 'ports',
      done: 1,
      total: 2,
      elapsedMs: 3,
      ratePps: 4,
      hostsUp: 1,
      open: 0,
    };
    expect(collect([progress, { type: 'warning', message: 'x' }]).events).toEqual([]);
  });

  test('a host nobody announced is up if it answered for itself, else unknown', () => {
    const answered = portFact(22, 'open', 'syn-ack', { host: 'a', from: 'a', ttl: 61 });
    const stopped = portFact(22, 'filtered', 'host-unreach', { host: 'b', from: 'router' });
    const { hosts } = collect([scanFact, answered, stopped, summaryFact]);
    expect(hosts.map(({ host }) => [host.host, host.state, host.reason])).toEqual([
      ['a', 'up', 'syn-ack'],
      ['b', 'unknown', 'no-response'],
    ]);
  });

  test('hosts that are down are for who asks for more', () => {
    const facts = sampleFacts();
    const down = (show: Partial<ShowOptions>) =>
      collect(facts, show).hosts.filter(({ host }) => host.state === 'down').length;
    expect(down({})).toBe(0);
    expect(down({ verbosity: 1 })).toBe(1);
    expect(down({ verbosity: 1, openOnly: true })).toBe(0);
  });

  test('one of which something was found out is for everybody', () => {
    const finding = sampleFacts().find((fact) => fact.type === 'finding') as FindingFact;
    const told = { ...finding, host: 'a' };
    const down = { ...up('a'), state: 'down', reason: 'no-response' } as Fact;
    const { hosts } = collect([scanFact, down, told, done('a'), down, done('a'), summaryFact]);
    expect(hosts.map(({ findings }) => findings)).toEqual([[told]]);
  });
});

describe('--open', () => {
  const facts = [
    scanFact,
    up('a'),
    portFact(22, 'open', 'syn-ack', { host: 'a' }),
    portFact(23, 'open|filtered', 'no-response', { host: 'a', technique: 'fin' }),
    portsFact('24-25', 2, 'closed', 'reset', { host: 'a' }),
    done('a'),
    up('b'),
    portFact(22, 'closed', 'reset', { host: 'b' }),
    done('b'),
    summaryFact,
  ];

  test('leaves only open ports, for streams and for hosts, and the counts whole', () => {
    const { seen, hosts } = collect(facts, { openOnly: true });
    expect(seen.map(({ type }) => type)).toEqual(['scan', 'host', 'port', 'host', 'summary']);
    expect(seen.at(-1)).toEqual(summaryFact);
    expect(hosts.map(({ host, ports, groups }) => [host.host, ports.length, groups.length])).toEqual([
      ['a', 1, 0],
    ]);
  });

  test('shows what filters the way to a host without open ports', () => {
    const facts = [scanFact, up('10.0.0.5'), policyFact('25', 'drop'), done('10.0.0.5'), summaryFact];
    expect(collect(facts, { openOnly: true }).hosts.map(({ policies }) => policies.length)).toEqual([1]);
  });

  test('shows every host of a scan that asked no ports', () => {
    const discovery = [{ ...scanFact, questions: [] }, up('a'), done('a'), summaryFact];
    expect(collect(discovery, { openOnly: true }).hosts).toHaveLength(1);
  });
});
