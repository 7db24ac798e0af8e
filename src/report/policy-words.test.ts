import { expect, test } from 'vitest';
import type { FindingFact, PolicyFact } from '../model/fact.ts';
import { policyWords } from './policy-words.ts';

const at = '2026-11-21T10:00:00.000Z';
const policy = (given: Partial<PolicyFact> & Pick<PolicyFact, 'ports' | 'action'>): PolicyFact => ({
  type: 'policy',
  n: 1,
  host: '10.0.0.5',
  protocol: 'tcp',
  icmp: null,
  by: null,
  hop: null,
  exposure: null,
  confidence: 0.98,
  at,
  ...given,
});
const finding = (rule: string, claim: string, given: Partial<FindingFact> = {}): FindingFact => ({
  type: 'finding',
  n: 2,
  host: '10.0.0.5',
  rule,
  claim,
  confidence: 0.98,
  evidence: [],
  facts: [],
  refutedBy: '',
  at,
  ...given,
});
const location = finding('filter-location', 'TCP probes that are dropped end at hop 2; the host is at hop 3');

test('a careless filter in one paragraph', () => {
  const policies = [
    policy({ ports: '22,80,443', action: 'allow', exposure: 'exposed' }),
    policy({ ports: '1-21,23-79,81-442,444-1000', action: 'drop', hop: 2, exposure: 'hole' }),
  ];
  const findings = [
    finding('default-drop', 'TCP probes are dropped on all ports but 22,80,443'),
    finding('stateful-filter', 'the filter keeps state'),
    location,
    finding('source-port-hole', 'every TCP port that was asked answers from source port 53', {
      confirmed: true,
      evidence: ['…', 'a connection to tcp/25 from port 53 brought a connection'],
    }),
  ];
  expect(policyWords(policies, findings)).toBe(
    'This host drops everything but 22, 80 and 443. The filter keeps state and sits one hop before the host, at hop 2. ' +
      'Every TCP port that was asked answers from source port 53: proven by a connection to tcp/25 from port 53.',
  );
});

test('no filter is said as plainly', () => {
  const policies = [
    policy({ ports: '22', action: 'allow', exposure: 'exposed' }),
    policy({ ports: '1-21,23-1000', action: 'allow', exposure: 'unprotected' }),
  ];
  expect(policyWords(policies, [finding('no-filter', '…')])).toBe(
    'Nothing filters the way to this host: 22 is open, the others are merely closed.',
  );
});

test('what is not known is said', () => {
  const policies = [
    policy({ ports: '25', action: 'drop', hopRange: [2, 3], exposure: 'protected' }),
    policy({ ports: '80,81', action: 'unknown' }),
    policy({ ports: '53', protocol: 'udp', action: 'drop' }),
  ];
  expect(policyWords(policies, [location])).toBe(
    'TCP port 25 drops what is sent to it. UDP port 53 drops what is sent to it. ' +
      'The filter sits at hop 2 or hop 3, the host itself. 2 ports could not be judged.',
  );
  expect(policyWords([], [])).toBe('');
});

test('ranges that touch are one, whatever else tells them apart', () => {
  const policies = [
    policy({ ports: '1-6,8-10', action: 'reject-icmp', icmp: 'host-unreach' }),
    policy({ ports: '7,26-40', action: 'drop' }),
    policy({ ports: '11-25,41-100', action: 'allow' }),
  ];
  expect(policyWords(policies, [finding('blocklist', '…')])).toBe(
    'This host lets everything through but 1-10 and 26-40.',
  );
});

test('what becomes of ports is said once for each action', () => {
  const policies = [
    policy({ ports: '1-20', action: 'allow', exposure: 'unprotected' }),
    policy({ ports: '21-22,80', action: 'allow', exposure: 'exposed' }),
    policy({ ports: '25', action: 'drop' }),
  ];
  expect(policyWords(policies, [])).toBe(
    'TCP ports 1-22 and 80 can be reached. TCP port 25 drops what is sent to it.',
  );
});

test('a hole that a refusal proves is said to be', () => {
  const hole = finding('source-port-hole', 'TCP gets through to port 25 from source port 20', {
    confirmed: true,
    evidence: ['a connection to tcp/25 from port 20 brought a refusal of the connection'],
  });
  expect(policyWords([policy({ ports: '25', action: 'drop' })], [hole])).toContain(
    'proven by a connection to tcp/25 from port 20, which the host itself refused.',
  );
});
