/**
 * The plan of the lab that judges scans: what every port does, and so what a scan must say of it.
 *
 * @module
 */

import { chain, type LabPlan } from './lab/lab.ts';

/** A port's state and Portolan's reason for it. */
export interface Expected {
  readonly state: string;
  readonly reason: string;
}

/** Ports that behave alike, the rule that makes them do so, and what each technique must find. */
export interface Behaviour {
  readonly ports: string;
  readonly family: 4 | 6;
  /** Where the rule stands; nowhere when the host answers for itself. */
  readonly at?: 'target' | 'router';
  /** What the rule does, in nft's words. */
  readonly action?: string;
  readonly syn: Expected;
  readonly connect: Expected;
}

/**
 * Every behaviour. What `connect` finds follows from the errno that Linux makes of each ICMP error
 * (icmp_err_convert in net/ipv4/icmp.c, icmpv6_err_convert in net/ipv6/icmp.c).
 */
export function behavioursOf(family: 4 | 6): readonly Behaviour[] {
  const icmp = family === 4 ? 'icmp' : 'icmpv6';
  const reject = (
    ports: string,
    at: 'target' | 'router',
    code: string,
    syn: string,
    connect = syn,
  ): Behaviour => ({
    ...{ ports, family, at, action: `reject with ${icmp} ${code}`, syn: filtered(syn) },
    connect: connect === 'refused' ? refused : filtered(connect),
  });
  const codes = family === 4 ? rejectsV4 : rejectsV6;
  return [
    {
      ports: openPorts,
      family,
      syn: { state: 'open', reason: 'syn-ack' },
      connect: { state: 'open', reason: 'connected' },
    },
    { ports: closedPorts, family, syn: reset, connect: refused },
    { ports: '200-204', family, at: 'target', action: 'drop', syn: silent, connect: silent },
    { ports: '250-254', family, at: 'router', action: 'drop', syn: silent, connect: silent },
    { ports: '300', family, at: 'target', action: 'reject with tcp reset', syn: reset, connect: refused },
    { ports: '350', family, at: 'router', action: 'reject with tcp reset', syn: reset, connect: refused },
    ...codes.map(([code, syn, connect], i) => reject(`${310 + i}`, 'target', code, syn, connect)),
    ...codes.map(([code, syn, connect], i) => reject(`${360 + i}`, 'router', code, syn, connect)),
  ];
}

/** All ports of the plan. */
export function plannedPorts(): string {
  return [...new Set(behaviours().map(({ ports }) => ports))].join(',');
}

/**
 * The lab in which these behaviours are true for every target: by their states as kernels are installed, by their
 * reasons where every ICMP error is sent.
 */
export function planLab<Name extends string>(names: readonly Name[], everyError: boolean): LabPlan<Name> {
  const target = { tcp: openPorts, input: rulesOf('target') };
  return {
    forward: rulesOf('router'),
    everyError,
    // Answers must come after connect() has returned, as on every real network (see LabPlan.wire).
    wire: { delayMs: 1 },
    targets: Object.fromEntries(names.map((name) => [name, target])) as Record<Name, typeof target>,
  };
}

/** The ruleset text, to show when a test fails. */
export function describePlan(): string {
  return [chain('input', rulesOf('target')), chain('forward', rulesOf('router'))].join('\n');
}

function rulesOf(at: 'target' | 'router'): string[] {
  return behaviours()
    .filter((each) => each.at === at)
    .map(({ family, ports, action }) => `meta nfproto ipv${family} tcp dport ${ports} ${action}`);
}

function behaviours(): readonly Behaviour[] {
  return [...behavioursOf(4), ...behavioursOf(6)];
}

function filtered(reason: string): Expected {
  return { state: 'filtered', reason };
}

const openPorts = '22,80,443,8080';
const closedPorts = '100-139';
const reset: Expected = { state: 'closed', reason: 'reset' };
const refused: Expected = { state: 'closed', reason: 'refused' };
const silent: Expected = { state: 'filtered', reason: 'no-response' };

/** nft's name, the reason of a SYN scan, the reason of a connect scan where it differs. */
const rejectsV4: readonly (readonly [string, string, string?])[] = [
  ['port-unreachable', 'port-unreach', 'refused'],
  ['host-unreachable', 'host-unreach'],
  ['admin-prohibited', 'admin-prohibited', 'host-unreach'],
  ['net-unreachable', 'net-unreach'],
  ['prot-unreachable', 'proto-unreach'],
  ['net-prohibited', 'net-prohibited', 'net-unreach'],
  ['host-prohibited', 'host-prohibited', 'host-unreach'],
];

const rejectsV6: typeof rejectsV4 = [
  ['port-unreachable', 'port-unreach', 'refused'],
  ['addr-unreachable', 'host-unreach'],
  ['admin-prohibited', 'admin-prohibited'],
  ['no-route', 'no-route', 'net-unreach'],
  ['policy-fail', 'policy-failed', 'admin-prohibited'],
  ['reject-route', 'reject-route', 'admin-prohibited'],
];
