/**
 * What was concluded about the filter before a host, as one paragraph in plain words.
 *
 * @module
 */

import type { FindingFact, PolicyFact } from '../model/fact.ts';
import { portsIn } from './policy/rows.ts';

/** The paragraph; '' where nothing is known of a filter. Its text is not escaped. */
export function policyWords(policies: readonly PolicyFact[], findings: readonly FindingFact[]): string {
  if (policies.length === 0) return '';
  const sentences = [
    ...(['tcp', 'udp'] as const).flatMap((protocol) => defaultWords(protocol, policies, findings)),
    ...filterWords(policies, findings),
    ...findings.filter(({ rule }) => holeRules.has(rule)).map(holeWords),
    ...findings.filter(({ rule }) => otherRules.has(rule)).map(({ claim }) => sentenceOf(claim)),
    ...unknownWords(policies),
  ];
  return sentences.join(' ');
}

/** What becomes of most ports of a protocol, and of the others. */
function defaultWords(
  protocol: PolicyFact['protocol'],
  policies: readonly PolicyFact[],
  findings: readonly FindingFact[],
): readonly string[] {
  const own = policies.filter((policy) => policy.protocol === protocol && policy.action !== 'unknown');
  if (own.length === 0) return [];
  const has = (rule: string) =>
    findings.some((one) => one.rule === rule && one.claim.startsWith('UDP') === (protocol === 'udp'));
  const name = protocol.toUpperCase();
  const portsOf = (is: (policy: PolicyFact) => boolean) => listOf(own.filter(is));
  const allowed = portsOf(({ action }) => action === 'allow');
  const stopped = portsOf(({ action }) => action !== 'allow');
  const subject = protocol === 'tcp' ? 'This host' : 'Of UDP it';
  if (has('default-drop') && countOf(own, 'drop') * 2 > countOf(own)) {
    return [
      `${subject} drops ${allowed === '' ? `every ${name} port that was asked` : `everything but ${allowed}`}.`,
    ];
  }
  if (has('default-reject') && countOf(own, 'reject-rst', 'reject-icmp') * 2 > countOf(own)) {
    return [
      `${subject} rejects ${allowed === '' ? `every ${name} port that was asked` : `everything but ${allowed}`}.`,
    ];
  }
  if (protocol === 'tcp' && has('no-filter')) return [openWords(own)];
  if (protocol === 'tcp' && has('blocklist')) return [`This host lets everything through but ${stopped}.`];
  // What becomes of probes is said here, not what that means for whoever listens: ranges of one action are one.
  return [...new Set(own.map(({ action }) => action))].map((action) => {
    const [one, many] = actionWords[action];
    const ports = portsOf((policy) => policy.action === action);
    return isMany(ports) ? `${name} ports ${ports} ${many}.` : `${name} port ${ports} ${one}.`;
  });
}

function openWords(own: readonly PolicyFact[]): string {
  const open = listOf(own.filter(({ exposure }) => exposure === 'exposed'));
  const closed = own.some(({ exposure }) => exposure === 'unprotected');
  return `Nothing filters the way to this host: ${
    open === ''
      ? 'nothing listens on the ports that were asked'
      : `${open} ${isMany(open) ? 'are' : 'is'} open${closed ? ', the others are merely closed' : ''}`
  }.`;
}

/** State and place of the filter. */
function filterWords(policies: readonly PolicyFact[], findings: readonly FindingFact[]): readonly string[] {
  const stateful = findings.find(({ rule }) => rule === 'stateful-filter');
  const stateless = findings.some(({ rule }) => rule === 'stateless-filter');
  const state = stateless
    ? 'keeps no state'
    : stateful === undefined
      ? undefined
      : stateful.confidence >= sure
        ? 'keeps state'
        : 'seems to keep state';
  const place = placeWords(policies, findings);
  const parts = [state, place === undefined ? undefined : `sits ${place}`].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? [] : [`The filter ${parts.join(' and ')}.`];
}

/** Where the stopped probes of most ports end. */
function placeWords(policies: readonly PolicyFact[], findings: readonly FindingFact[]): string | undefined {
  const stopped = policies
    .filter(({ action, hop, hopRange }) => action !== 'allow' && (hop !== null || hopRange !== undefined))
    .sort((a, b) => countOf([b]) - countOf([a]))[0];
  if (stopped === undefined) return undefined;
  const { hop, hopRange } = stopped;
  const claim = findings.find(({ rule }) => rule === 'filter-location')?.claim ?? '';
  const distance = Number(/the host is at hop (\d+)/.exec(claim)?.[1] ?? Number.NaN);
  if (hop === null) {
    const [low, high] = hopRange ?? [1, 1];
    const end = high === distance ? `hop ${high}, the host itself` : `hop ${high}`;
    return low === high
      ? `at ${end}`
      : high - low === 1
        ? `at hop ${low} or ${end}`
        : `between hop ${low} and ${end}`;
  }
  if (Number.isNaN(distance)) return `at hop ${hop}`;
  if (distance === hop) return 'on the host itself';
  return `${numberWord(distance - hop)} before the host, at hop ${hop}`;
}

function holeWords({ claim, confirmed, evidence }: FindingFact): string {
  const connection = evidence.find((sentence) => sentence.startsWith('a connection to '));
  const proof =
    confirmed === true
      ? connection === undefined
        ? "proven by the host's own answers"
        : `proven by ${connection.replace(' brought a connection', '').replace(' brought a refusal of the connection', ', which the host itself refused')}`
      : connection === undefined
        ? 'not proven'
        : `not proven, since ${connection}`;
  return sentenceOf(`${claim}: ${proof}`);
}

function unknownWords(policies: readonly PolicyFact[]): readonly string[] {
  const count = countOf(policies, 'unknown');
  return count === 0 ? [] : [`${count === 1 ? 'One port' : `${count} ports`} could not be judged.`];
}

function sentenceOf(claim: string): string {
  // Names of protocols are in capitals throughout.
  return `${claim.replace(/^(?:(?:tcp|udp)(?=\/)|.)/, (start) => start.toUpperCase())}.`;
}

/** How many ports the ranges have, of some actions or of all. */
function countOf(policies: readonly PolicyFact[], ...actions: readonly PolicyFact['action'][]): number {
  const counted = actions.length === 0 ? policies : policies.filter(({ action }) => actions.includes(action));
  return counted.reduce((sum, { ports }) => sum + portsIn(ports), 0);
}

/** `22, 80 and 443`. */
function listOf(policies: readonly PolicyFact[]): string {
  const ranges = policies
    .flatMap(({ ports }) => ports.split(','))
    .map((range) => range.split('-').map(Number))
    .map(([first = 0, last = first]) => ({ first, last }))
    .sort((a, b) => a.first - b.first);
  const joined: { first: number; last: number }[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before !== undefined && range.first <= before.last + 1)
      before.last = Math.max(before.last, range.last);
    else joined.push({ ...range });
  }
  return someOf(
    joined.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(','),
  );
}

function someOf(ports: string): string {
  const ranges = ports === '' ? [] : ports.split(',');
  if (ranges.length > mostRanges) {
    return `${ranges.slice(0, mostRanges).join(', ')} and others (${portsIn(ports)} ports)`;
  }
  return ranges.length < 2 ? ranges.join('') : `${ranges.slice(0, -1).join(', ')} and ${ranges.at(-1)}`;
}

function isMany(list: string): boolean {
  return /[-, ]/.test(list);
}

function numberWord(hops: number): string {
  return hops === 1 ? 'one hop' : `${['', '', 'two', 'three', 'four'][hops] ?? hops} hops`;
}

/** Of one port, and of several. */
const actionWords: Readonly<Record<PolicyFact['action'], readonly [string, string]>> = {
  allow: ['can be reached', 'can be reached'],
  drop: ['drops what is sent to it', 'drop what is sent to them'],
  'reject-rst': ['is reset by somebody before the host', 'are reset by somebody before the host'],
  'reject-icmp': ['is refused by ICMP', 'are refused by ICMP'],
  proxy: ['is answered by a proxy', 'are answered by a proxy'],
  unknown: ['could not be judged', 'could not be judged'],
};
const holeRules = new Set(['source-port-hole', 'fragment-hole', 'flag-hole', 'ipv6-hole']);
const otherRules = new Set([
  'forged-reset',
  'checksum-blind',
  'syn-proxy',
  'redirect-all',
  'tarpit',
  'rst-rate-limit',
  'icmp-rate-limit',
  'syn-rate-limit',
  'scan-blocked',
]);
const sure = 0.93;
const mostRanges = 8;
