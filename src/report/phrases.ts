/**
 * Sentences and times that several formats say alike. Nothing here is escaped: each sink does that.
 *
 * @module
 */

import type { FindingFact, HostFact, ScanFact, SummaryFact } from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { portStates } from '../model/verdict.ts';
import type { HostReport, ShowOptions } from './writer.ts';

/** The command as a shell would take it again. */
export function commandLine(scan: ScanFact): string {
  const quoted = scan.args.map((word) =>
    plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return ['portolan', ...quoted].join(' ');
}

/** The first line of what is read: which program, since when, and as what command. */
export function startText(scan: ScanFact): string {
  return `# Portolan ${scan.version} started ${calendarTime(scan.startedAt)} as: ${commandLine(scan)}`;
}

/** How the host is called in a heading: `name (address)`, or the address alone. */
export function hostTitle(host: HostFact): string {
  const name = host.askedAs ?? host.name;
  return name === undefined || name === host.host ? host.host : `${name} (${host.host})`;
}

/** Its names besides the reverse name and the one it was first asked as. */
export function otherNames({ name, askedAs, names = [] }: HostFact): readonly string[] {
  return names.filter((one) => one !== name && one !== askedAs);
}

/** A count and its noun. */
export function counted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Milliseconds with three significant digits. */
export function milliseconds(ms: number): string {
  return `${Number(ms.toPrecision(3))} ms`;
}

/** Product, version and what else is known, as one text. */
export function versionText(service: ServiceFact | undefined): string {
  if (service === undefined) return '';
  const { product, version, info } = service;
  return [product, version, info && `(${info})`].filter(Boolean).join(' ');
}

/** The name of a service, `ssl/` before it where it speaks through TLS, `?` behind it where it is only usual there. */
export function serviceName(found: ServiceFact | undefined, usual: string | undefined): string {
  if (found === undefined) return usual ?? '';
  if (found.name === null) return found.guess === undefined ? 'unknown' : `${found.guess}?`;
  return found.tls && !/^(ssl|https$)/.test(found.name) ? `ssl/${found.name}` : found.name;
}

/** Another service behind the same port, by name and version. */
export function besideText(service: ServiceFact): string {
  return `also: ${[serviceName(service, undefined), versionText(service)].filter(Boolean).join(' ')}`;
}

/** What a system is, best first, how far it is and how long it runs; '': nothing is known of it. */
export function osText({ matches, ports, distance, uptimeSeconds }: OsFact): string {
  if (matches.length === 0) return '';
  const names = matches.map(({ name, accuracy }) => `${name} (${Math.round(accuracy)} %)`).join(' or ');
  const place = [
    ...(ports === undefined ? [] : [`on port ${ports}`]),
    ...(distance === undefined || distance === 0 ? [] : [counted(distance, 'hop')]),
    ...(uptimeSeconds === undefined ? [] : [`up for ${durationText(uptimeSeconds)}`]),
  ];
  return [names, ...place].join(', ');
}

/** What a system is known by, each once. */
export function osSources({ matches, fingerprint, missing = [] }: OsFact): readonly string[] {
  return [
    ...new Set(matches.flatMap(({ evidence }) => evidence)),
    ...(matches.length > 0 || fingerprint === undefined ? [] : [`nobody known answers so: ${fingerprint}`]),
    ...missing.map((what) => `not asked: ${what}`),
  ];
}

/** Seconds as days and hours, or less. */
function durationText(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, seconds / 3600, seconds / 60].map(Math.floor) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${counted(days, 'day')} ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** Findings as they are read: what is grave comes first. */
export function bySeverity(findings: readonly FindingFact[]): readonly FindingFact[] {
  const rankOf = ({ severity }: FindingFact) => (severity === undefined ? -1 : severities.indexOf(severity));
  return [...findings].sort((a, b) => rankOf(b) - rankOf(a));
}

/** How sure a finding is: `97 % sure`, and of a hole whether it was proven. */
export function sureText({ confidence, confirmed }: FindingFact): string {
  const proof = confirmed === undefined ? '' : confirmed ? ', proven' : ', not proven';
  return `${Math.round(confidence * 100)} % sure${proof}`;
}

/** A list of ports as far as one reads it; all of it with `-v`. */
export function someRanges(ports: string, { verbosity }: ShowOptions): string {
  const ranges = ports.split(',');
  if (verbosity > 0 || ranges.length <= mostRanges) return ports;
  const rest = counted(ranges.length - mostRanges, 'more range');
  return `${ranges.slice(0, mostRanges).join(',')} and ${rest} (-v names all)`;
}

/** `1 address (1 host up) scanned in 0.81 seconds`. */
export function totalsText(summary: SummaryFact): string {
  const { total, up } = summary.hosts;
  const seconds = (summary.elapsedMs / 1000).toFixed(2);
  return `${counted(total, 'IP address', 'IP addresses')} (${counted(up, 'host')} up) scanned in ${seconds} seconds`;
}

/** How the scan ended, as a verb: `done`, `interrupted`. */
export function endingText(summary: SummaryFact): string {
  return summary.exit === 'done' && !summary.complete ? 'incomplete' : summary.exit;
}

/** Every state that occurred, with its count, the open ones first; '' if there is none. */
export function statesText({ ports, silent }: SummaryFact): string {
  const states = portStates.filter((state) => ports[state] !== undefined);
  const counts = states.map((state) => `${ports[state]} ${state}`);
  return [...counts, ...(silent === undefined ? [] : [`${silent} without an answer`])].join(', ');
}

/** Packets and bytes that went out and came back, and what came back but answers nothing. */
export function trafficText(summary: SummaryFact): string {
  const { packets, bytes, anomalies } = summary;
  const strange =
    anomalies === undefined
      ? ''
      : `, ${counted(anomalies.packets, 'anomaly', 'anomalies')} (${anomalies.wrongChecksum} by a wrong checksum)`;
  return `${packets.sent} sent (${packets.retransmitted} again, ${bytes.sent} bytes), ${packets.received} received (${bytes.received} bytes)${strange}`;
}

/** What is not known for want of answers; undefined where there were some. */
export function silenceText({ silentHosts }: SummaryFact): string | undefined {
  if (silentHosts === undefined) return undefined;
  const hosts = counted(silentHosts, 'host', 'hosts');
  return `no port of ${hosts} answered: a limit on what is asked would not show, and open ports may have been missed; without an echo either nothing shows what the way there bears, so it was asked no faster than at the start`;
}

/** What was lost on the way, and what that may have hidden. */
export function lossText(summary: SummaryFact): string | undefined {
  if (summary.loss === undefined) return undefined;
  const { estimate, low, high, missedOpenExpected } = summary.loss;
  const percent = (share: number) => Number((share * 100).toPrecision(3));
  const missed = Number(missedOpenExpected.toPrecision(2));
  return `${percent(estimate)} % (between ${percent(low)} and ${percent(high)} %), open ports missed: ${missed} expected`;
}

/** The moment as seconds since 1970. */
export function unixSeconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

/**
 * The moment as `Sat Nov 21 11:00:00 2026 +0100`: by this machine's clock, in the words that nmap's readers know, with the
 * distance from UTC, since an abbreviation may mean several zones.
 */
export function calendarTime(iso: string): string {
  const moment = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const aheadMinutes = -moment.getTimezoneOffset();
  const ahead = Math.abs(aheadMinutes);
  const zone = `${aheadMinutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}${two(ahead % 60)}`;
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':');
  const date = `${weekdays[moment.getDay()]} ${months[moment.getMonth()]} ${two(moment.getDate())}`;
  return `${date} ${time} ${moment.getFullYear()} ${zone}`;
}

/** When the last thing about a host was learned. */
export function lastHeard(report: HostReport): string {
  let last = report.host.at;
  const { ports, groups, services, policies, findings, probes, traces, systems, device } = report;
  const devices = device === undefined ? [] : [device];
  for (const facts of [ports, groups, services, policies, findings, probes, traces, systems, devices]) {
    for (const { at } of facts) if (at > last) last = at;
  }
  return last;
}

/** From the least to the gravest. */
const severities = ['info', 'low', 'medium', 'high'];
/** A permutation may leave thousands of holes; every record has them all. */
const mostRanges = 16;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const plainWord = /^[\w@%+=:,./[\]*-]+$/;
