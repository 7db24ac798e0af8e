/**
 * The format for reading: nmap's table, one host as soon as it is done.
 *
 * @module
 */

import type { HostFact, ScanFact, SummaryFact, TraceFact } from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { detailText, deviceText, isWorthTelling } from './device-words.ts';
import { printable } from './escape.ts';
import {
  besideText,
  bySeverity,
  counted,
  endingText,
  hostTitle,
  lossText,
  milliseconds,
  osSources,
  osText,
  otherNames,
  serviceName,
  silenceText,
  someRanges,
  startText,
  statesText,
  sureText,
  totalsText,
  trafficText,
  versionText,
} from './phrases.ts';
import { policyLines } from './policy/text.ts';
import { policyWords } from './policy-words.ts';
import { probeLines, probeText } from './probe-words.ts';
import {
  type HiddenPorts,
  type Judgement,
  type PortRow,
  type PortTable,
  tabulate,
  techniquesText,
} from './rows.ts';
import { type Detail, serviceDetails } from './service-words.ts';
import type { HostReport, ShowOptions, Writer } from './writer.ts';

/** A writer of nmap's normal format (`-oN`, and the screen). */
export function normal(show: ShowOptions): Writer {
  return {
    name: 'normal',
    mediaType: 'text/plain',
    begin(scan, out) {
      out(`${printable(startText(scan))}\n`);
      if (show.verbosity > 0 && scan.profile !== undefined) out(`# SYN: ${printable(scan.profile)}\n`);
    },
    host: (report, out) => out(`\n${hostLines(report, show).map(printable).join('\n')}\n`),
    end(summary, scan, out) {
      const lines = [`# Portolan ${endingText(summary)}: ${totalsText(summary)}`];
      const states = statesText(summary);
      if (states !== '') lines.push(`# Ports: ${states}`);
      lines.push(`# Packets: ${trafficText(summary)}`);
      const loss = lossText(summary);
      const silence = silenceText(summary);
      if (silence !== undefined) lines.push(`# Silence: ${silence}`);
      if (loss !== undefined) lines.push(`# Loss: ${loss}`);
      if (!summary.complete) lines.push('# Not complete: what could not be judged is unknown, not filtered');
      else if (isNobodyThere(summary) && asksWhoIsUp(scan)) {
        lines.push('# No host answered; -Pn scans them all the same');
      }
      out(`\n${lines.map(printable).join('\n')}\n`);
    },
  };
}

/** Nobody was found up; a sweep asks everybody all the same. */
function isNobodyThere({ hosts, silent }: SummaryFact): boolean {
  return hosts.up === 0 && hosts.total > 0 && silent === undefined;
}

/** Somebody was asked whether he is there, and a scan without that would ask more. */
function asksWhoIsUp({ questions, options }: ScanFact): boolean {
  return questions.length > 0 && (options['discovery'] as readonly unknown[] | undefined)?.length !== 0;
}

function hostLines(report: HostReport, show: ShowOptions): string[] {
  const { host } = report;
  if (host.state === 'down')
    return [
      `Portolan scan report for ${hostTitle(host)} [host down, ${host.reason}]`,
      ...findingLines(report, show),
    ];
  const lines = [`Portolan scan report for ${hostTitle(host)}`];
  if (host.askedAs !== undefined && host.name !== undefined) lines.push(`Reverse name: ${host.name}`);
  const others = otherNames(host);
  if (others.length > 0) lines.push(`Other names: ${others.join(', ')}`);
  if (!isListed(host)) lines.push(hostStatus(report, show));
  // What filters the way is the answer where it was asked; the ports are what it rests on.
  const { policies, findings } = report;
  if (policies.length > 0) {
    lines.push('', ...wrapped(policyWords(policies, findings), show.columns ?? usualColumns));
    lines.push(...policyLines(policies, show));
    if (findings.length > 0) lines.push('', ...findingLines(report, show));
    lines.push('');
  }
  // One by one: a call does not take as many arguments as there are ports.
  for (const line of tableLines(report, show)) lines.push(line);
  if (host.mac !== undefined)
    lines.push(`MAC Address: ${host.mac.toUpperCase()} (${host.vendor ?? 'Unknown'})`);
  for (const system of report.systems) lines.push(...osLines(system, show));
  lines.push(...deviceLines(report, show));
  for (const trace of report.traces) lines.push(...traceLines(trace));
  if (policies.length === 0) lines.push(...findingLines(report, show));
  if (report.probes.length > 0) {
    lines.push('', 'PROBES');
    for (const line of probeLines(report.probes, show)) lines.push(line);
  }
  return lines;
}

/** The device, and with `-v` all that is known of it with its sources. */
function deviceLines({ device }: HostReport, { verbosity }: ShowOptions): string[] {
  if (device === undefined || (verbosity === 0 && !isWorthTelling(device))) return [];
  return [
    `Device: ${deviceText(device)}`,
    ...(verbosity === 0 ? [] : device.facts.map((detail) => `  ${detailText(detail)}`)),
  ];
}

/** A paragraph in lines. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A host that was only listed: nothing was asked, so nothing is to be said. */
function isListed({ state, reason }: HostFact): boolean {
  return state === 'unknown' && reason === 'user-set';
}

function hostStatus({ host }: HostReport, show: ShowOptions): string {
  const ttl = host.ttl === undefined ? '' : ` ttl ${host.ttl}`;
  const why = show.reason || show.verbosity > 0 || host.state === 'unknown' ? `, ${host.reason}${ttl}` : '';
  const rtt = host.rttMs === undefined ? '' : ` (${milliseconds(host.rttMs)} round trip)`;
  return `Host is ${host.state}${why}${rtt}.`;
}

/** `990 closed tcp ports (reset)`, with every technique's word where there are several. */
function hiddenText({ count, state, protocol, reason, judgements }: HiddenPorts): string {
  const several = judgements.length > 1 ? ` [${techniquesText(judgements)}]` : '';
  return `${count} ${state} ${counted(count, `${protocol} port`).replace(/^\d+ /, '')} (${reason})${several}`;
}

/** What is only counted, and the table of the rest. */
function tableLines(report: HostReport, show: ShowOptions): string[] {
  const table = tabulate(report, show);
  const lines: string[] = [];
  const shown = table.hidden.filter(({ state }) => state !== 'unknown');
  if (shown.length > 0) lines.push(`Not shown: ${shown.map(hiddenText).join(', ')}`);
  for (const group of table.hidden) {
    if (group.state === 'unknown')
      lines.push(`Not judged: ${hiddenText(group)}: ${someRanges(group.ports, show)}`);
  }
  return [...lines, ...portLines(table, show)];
}

function portLines({ rows }: PortTable, show: ShowOptions): string[] {
  if (rows.length === 0) return [];
  const reasoned =
    show.reason || show.verbosity > 0 || rows.some(({ headline }) => headline.state === 'unknown');
  const cells = rows.map(({ port, protocol, headline, service, usualService }) => [
    `${port}/${protocol}`,
    headline.state,
    printable(serviceName(service, usualService)),
    ...(reasoned ? [reasonText(headline)] : []),
    printable(versionText(service)),
  ]);
  const titles = ['PORT', 'STATE', 'SERVICE', ...(reasoned ? ['REASON'] : []), 'VERSION'];
  // A column without content would be noise.
  const used = titles.map((title, i) => title !== 'VERSION' || cells.some((row) => row[i] !== ''));
  const widths = titles.map((title, i) =>
    Math.min(
      widestPad,
      cells.reduce((most, row) => Math.max(most, (row[i] as string).length), title.length),
    ),
  );
  const line = (row: readonly string[]) => {
    let text = '';
    for (let i = 0; i < row.length; i++)
      if (used[i]) text += `${(row[i] as string).padEnd(widths[i] as number)} `;
    return text.trimEnd();
  };
  const lines = [line(titles)];
  rows.forEach((row, i) => {
    lines.push(line(cells[i] as string[]));
    const notes = notesOf(row, show);
    notes.forEach((note, at) => {
      lines.push(`|${at === notes.length - 1 ? '_' : ' '}${note}`);
    });
  });
  return lines;
}

/** What stands below a port: its other services, what each technique said, where there are several, and with `-v` all that is known of a service. */
function notesOf({ judgements, service, beside }: PortRow, { verbosity }: ShowOptions): readonly string[] {
  const detailsOf = (one: ServiceFact | undefined) =>
    one === undefined || verbosity === 0 ? [] : serviceDetails(one).map(short);
  const short = ([name, text]: Detail) =>
    verbosity > 1 || text.length <= mostDetail
      ? `${name}: ${text}`
      : `${name}: ${text.slice(0, mostDetail)}... (-vv shows all)`;
  const notes = [...detailsOf(service), ...beside.flatMap((one) => [besideText(one), ...detailsOf(one)])];
  return judgements.length > 1 ? [...notes, `techniques: ${techniquesText(judgements)}`] : notes;
}

function reasonText(judgement: Judgement): string {
  if (judgement.type === 'ports') return judgement.reason;
  const from =
    judgement.from === undefined || judgement.from === judgement.host ? '' : ` from ${judgement.from}`;
  return `${judgement.reason}${from}${judgement.ttl === undefined ? '' : ` ttl ${judgement.ttl}`}`;
}

/** The system, where something is known of it, and with `-v` by what. */
function osLines(system: OsFact, { verbosity }: ShowOptions): readonly string[] {
  const text = osText(system);
  const sources = verbosity > 0 ? osSources(system).map((source) => `  ${source}`) : [];
  if (text !== '') return [`OS: ${text}`, ...sources];
  return sources.length > 0 ? ['OS: not known', ...sources] : [];
}

function traceLines(trace: TraceFact): string[] {
  const port = trace.port === undefined ? trace.protocol : `${trace.port}/${trace.protocol}`;
  return [
    '',
    `TRACEROUTE (${port}${trace.reached ? '' : ', not reached'})`,
    'HOP RTT      ADDRESS',
    ...trace.hops.map(({ ttl, address, name, rttMs }) => {
      const rtt = rttMs === undefined ? '...' : milliseconds(rttMs);
      const who = address === null ? '' : name === undefined ? address : `${name} (${address})`;
      return `${String(ttl).padEnd(3)} ${rtt.padEnd(8)} ${who}`.trimEnd();
    }),
  ];
}

function findingLines({ findings, probes }: HostReport, show: ShowOptions): string[] {
  return bySeverity(findings).flatMap((finding) => {
    const { rule, severity, claim, evidence, facts, refutedBy } = finding;
    const cited = probes.filter(({ n }) => facts.includes(n));
    return [
      `Finding: ${rule}${severity === undefined ? '' : ` [${severity}]`}: ${claim} (${sureText(finding)})`,
      ...(show.verbosity > 0 || show.probes === true ? evidence.map((item) => `  evidence: ${item}`) : []),
      ...cited.map((probe) => `  probe: ${probeText(probe)}`),
      `  refuted by: ${refutedBy}`,
    ];
  });
}

/** How wide a paragraph is where no screen says. */
const usualColumns = 100;
/** As much as one reads of a list of algorithms. */
const mostDetail = 200;
/** One long name from the network must not widen thousands of lines. */
const widestPad = 32;
