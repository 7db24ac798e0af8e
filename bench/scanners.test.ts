import { describe, expect, it } from 'vitest';
import type { PortFact, PortsFact } from '../src/model/fact.ts';
import { median } from './measure.ts';
import { isExact, judge, nmapOpen, told } from './scanners.ts';

const common = { host: '10.0.0.1', protocol: 'tcp', technique: 'syn', at: '' } as const;
const port = (number: number, state: PortFact['state']): PortFact => ({
  ...common,
  type: 'port',
  n: 1,
  port: number,
  state,
  reason: 'syn-ack',
  attempts: 1,
});
const ports = (ranges: string, state: PortsFact['state']): PortsFact => ({
  ...common,
  type: 'ports',
  n: 1,
  ports: ranges,
  state,
  reason: 'reset',
  count: 0,
});
const open = new Set(['10.0.0.1:80', '10.0.0.1:443']);

describe('judging a record', () => {
  it('a record that tells every port once and right is exact', () => {
    const facts = [port(80, 'open'), port(443, 'open'), ports('1-3,5', 'closed')];
    expect(isExact(judge(facts, open, 4, 'closed'))).toBe(true);
  });

  it('a missed open port, a false one, a wrong state and a repetition are each seen', () => {
    const facts = [port(80, 'open'), port(81, 'open'), ports('1-3', 'filtered'), port(80, 'open')];
    const judged = judge(facts, open, 4, 'closed');
    expect(told(judged)).toBe('1 of 2 open missed, 1 false open, 4 of 4 others not right, 1 told twice');
    expect(isExact(judged)).toBe(false);
  });

  it('an open port called closed is no closed port that is right', () => {
    expect(judge([ports('80', 'closed')], open, 1, 'closed').restRight).toBe(0);
  });
});

it('open ports are read from nmap host by host', () => {
  const host = (address: string, state: string) =>
    `<host><address addr="${address}" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="${state}" reason="x"/></port></ports></host>`;
  expect([...nmapOpen(host('10.0.0.1', 'open') + host('10.0.0.2', 'closed'))]).toEqual(['10.0.0.1:22']);
});

it('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 100])).toBe(3.5);
  expect(median([3, 1, 2])).toBe(2);
});
