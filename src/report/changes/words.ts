/**
 * Changes in the words of a person. Nothing here is escaped: each sink does that.
 *
 * @module
 */

import type { ChangeFact, ChangeSide } from '../../model/change-facts.ts';
import { counted } from '../phrases.ts';

/** A change as one sentence without its end; `ports` are those that changed alike. */
export function changeText(change: ChangeFact, ports: string): string {
  return `${sentence(change, ports)}${sureness(change)}`;
}

/** One side in words, without its state. */
export function sideText(side: ChangeSide | null): string {
  if (side === null) return '';
  if (side.ports !== undefined) return portsText(side) ?? 'no open port';
  const words = [serviceText(side), ...otherFields.map((field) => fieldText(side[field]))];
  return words.filter((one) => one !== undefined && one !== '').join(', ');
}

function sentence(change: ChangeFact, ports: string): string {
  const { before, after } = change;
  const place = placeText(change, ports);
  switch (change.change) {
    case 'opened':
      return [`${place} opened`, serviceText(after), checkText(after)]
        .filter((one) => one !== undefined)
        .join(', ');
    case 'closed':
    case 'filtered':
    case 'unfiltered':
      return `${place} went from ${before?.state ?? 'unknown'} to ${after?.state ?? 'unknown'}${was(before)}${withComma(checkText(after))}`;
    case 'appeared':
    case 'vanished': {
      const side = change.change === 'appeared' ? after : before;
      return [`${place} ${change.change}`, portsText(side)].filter((one) => one !== undefined).join(', ');
    }
    case 'moved':
      return `${titleOf(change)} moved here from ${before?.host ?? 'elsewhere'}${after?.mac === undefined ? '' : ` (${after.mac})`}`;
    case 'flapping':
      return `${place} is flapping: it changed ${times(after?.times)} in ${counted(after?.scans ?? 0, 'scan')}, now ${after?.state ?? 'unknown'}${withComma(checkText(after))}; its changes are told no more`;
    case 'service':
      return `${place}: the service is ${sideText(after)}, it was ${sideText(before)}`;
    case 'certificate':
      return `${place} has another certificate: ${certificateText(after)}, it was ${certificateText(before)}`;
    case 'os':
      return `${place}: the system is ${fieldText(after?.['system'])}, it was ${fieldText(before?.['system'])}`;
    case 'device':
      return `${place} is another device: ${deviceText(after)}, it was ${deviceText(before)}`;
    case 'name':
      return `${change.host} is called ${namesText(after)}, it was ${namesText(before)}`;
    case 'policy':
      return `${policyPlace(change)}: the filter has ${policyText(after)}, it had ${policyText(before)}`;
    case 'finding':
      return after === null
        ? `${place}: no longer found: ${findingText(before)}`
        : `${place}: found: ${findingText(after)}`;
  }
}

/** `80,443 on web-3`, `53/udp on 10.0.0.5`, `web-3 (10.0.0.5)`. */
function placeText(change: ChangeFact, ports: string): string {
  if (change.port === undefined) return titleOf(change);
  const protocol = change.protocol === undefined || change.protocol === 'tcp' ? '' : `/${change.protocol}`;
  const source = fieldText(change.after?.['sourcePort']);
  const from = source === undefined ? '' : ` from source port ${source}`;
  return `${ports}${protocol} on ${change.name ?? change.host}${from}`;
}

/** What a policy makes of a port. */
function checkText(side: ChangeSide | null): string | undefined {
  const [result, rule, line, expected] = ['result', 'rule', 'line', 'expected'].map((field) =>
    fieldText(side?.[field]),
  );
  if (result === undefined) return undefined;
  const how = results[result] ?? result;
  const wanted =
    result === 'pass' ? '' : `, wanted ${expected === 'not-open' ? 'anything but open' : expected}`;
  return `which ${how} (rule ${rule ?? ''}, line ${line ?? ''}${wanted})`;
}

function withComma(text: string | undefined): string {
  return text === undefined ? '' : `, ${text}`;
}

function titleOf({ name, host }: ChangeFact): string {
  return name === undefined ? host : `${name} (${host})`;
}

function sureness({ certain, before, after, change }: ChangeFact): string {
  if (ofHost.has(change)) return certain ? '' : ' (uncertain: no answer, which loss may explain)';
  const silent = [after, before].find((side) => side?.reason === 'no-response') ?? undefined;
  if (!certain) {
    if (silent === undefined) return ' (uncertain)';
    const asked = silent.attempts === undefined ? '' : `, asked ${times(silent.attempts)}`;
    return ` (uncertain: no answer${asked})`;
  }
  if (silent?.attempts === undefined) return '';
  return ` (certain: asked ${times(silent.attempts)})`;
}

function times(count: number | undefined): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count ?? 'several'} times`;
}

function serviceText(side: ChangeSide | null): string | undefined {
  const [service, product, version, info] = ['service', 'product', 'version', 'info'].map((field) =>
    fieldText(side?.[field]),
  );
  if (product === undefined) return service;
  return [product, version, info === undefined ? undefined : `(${info})`]
    .filter((one) => one !== undefined)
    .join(' ');
}

/** Of a port that is no longer open: what was there. */
function was(before: ChangeSide | null): string {
  const service = before?.state === 'open' ? serviceText(before) : undefined;
  return service === undefined ? '' : `, it was ${service}`;
}

function portsText(side: ChangeSide | null): string | undefined {
  const { ports = [] } = side ?? {};
  if (ports.length === 0) return undefined;
  const shown = ports.slice(0, mostShown).map(({ protocol, port, service }) => {
    const place = protocol === 'tcp' ? `${port}` : `${port}/${protocol}`;
    return service === undefined ? place : `${place} (${service})`;
  });
  const more = ports.length > mostShown ? ` and ${ports.length - mostShown} more` : '';
  return `open: ${shown.join(', ')}${more}`;
}

function certificateText(side: ChangeSide | null): string {
  const [subject, to, fingerprint] = ['subject', 'to', 'fingerprint'].map((field) =>
    fieldText(side?.[field]),
  );
  const until = to === undefined ? '' : ` until ${to.slice(0, 10)}`;
  return `${subject ?? 'without a subject'}${until} (${(fingerprint ?? '').slice(0, 16)})`;
}

function deviceText(side: ChangeSide | null): string {
  return deviceFields.flatMap((field) => fieldText(side?.[field]) ?? []).join(' ') || 'unknown';
}

function namesText(side: ChangeSide | null): string {
  return side?.names?.join(', ') ?? 'nothing';
}

function policyPlace(change: ChangeFact): string {
  const range = fieldText((change.after ?? change.before)?.['range']) ?? '';
  return `${range}/${change.protocol ?? 'tcp'} on ${change.name ?? change.host}`;
}

function policyText(side: ChangeSide | null): string {
  return [side?.['action'], side?.['exposure']].flatMap((one) => fieldText(one) ?? []).join(', ');
}

function findingText(side: ChangeSide | null): string {
  return fieldText(side?.['claim']) ?? fieldText(side?.['rule']) ?? '';
}

function fieldText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(String).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const results: Readonly<Record<string, string>> = {
  pass: 'passes',
  fail: 'fails',
  inconclusive: 'is inconclusive',
};
const deviceFields = ['kind', 'vendor', 'model', 'mac'];
const otherFields = [
  'system',
  'names',
  'subject',
  'fingerprint',
  ...deviceFields,
  'range',
  'action',
  'exposure',
  'result',
  'rule',
  'claim',
];
const ofHost: ReadonlySet<string> = new Set(['appeared', 'vanished', 'moved']);
const mostShown = 12;
