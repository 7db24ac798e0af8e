/**
 * One self-contained HTML file: no network, no dependency, sortable and filterable in any browser.
 *
 * @module
 */

import type { FindingFact, ProbeFact, SummaryFact, TraceFact } from '../model/fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';
import { htmlText } from './escape.ts';
import { pageEnd, pageStart } from './html-page.ts';
import {
  besideText,
  bySeverity,
  calendarTime,
  commandLine,
  counted,
  endingText,
  hostTitle,
  lossText,
  milliseconds,
  osText,
  otherNames,
  serviceName,
  silenceText,
  statesText,
  sureText,
  totalsText,
  trafficText,
  versionText,
} from './phrases.ts';
import { policyPageRows, policyStrips, policyTitles } from './policy/page.ts';
import { policyWords } from './policy-words.ts';
import { probeLines } from './probe-words.ts';
import { type HiddenPorts, type PortRow, tabulate, techniquesText } from './rows.ts';
import { serviceDetails } from './service-words.ts';
import type { HostReport, ShowOptions, Writer } from './writer.ts';

/** A writer of an HTML report (`--html`). */
export function html(show: ShowOptions): Writer {
  return {
    name: 'html',
    mediaType: 'text/html',
    begin(scan, out) {
      const intro = [`<p><code>${htmlText(commandLine(scan))}</code></p>`];
      intro.push(paragraph(`Portolan ${scan.version}, started ${calendarTime(scan.startedAt)}`));
      if (scan.profile !== undefined) intro.push(paragraph(`SYN: ${scan.profile}`));
      out(pageStart('Portolan scan report', intro.join('\n')));
    },
    host: (report, out) => out(hostSection(report, show)),
    end: (summary, _scan, out) => out(pageEnd(totals(summary))),
  };
}

function hostSection(report: HostReport, show: ShowOptions): string {
  const { host, os, policies, findings, probes, traces } = report;
  const { rows, hidden } = tabulate(report, show);
  const rtt = host.rttMs === undefined ? '' : `, ${milliseconds(host.rttMs)} round trip`;
  const parts = [`<section>\n<h2>${htmlText(hostTitle(host))}</h2>`];
  parts.push(paragraph(`Host is ${host.state} (${host.reason})${rtt}`));
  if (host.askedAs !== undefined && host.name !== undefined)
    parts.push(paragraph(`Reverse name: ${host.name}`));
  const others = otherNames(host);
  if (others.length > 0) parts.push(paragraph(`Other names: ${others.join(', ')}`));
  if (host.mac !== undefined)
    parts.push(paragraph(`MAC address: ${host.mac.toUpperCase()} (${host.vendor ?? 'Unknown'})`));
  if (os !== undefined) parts.push(paragraph(`OS: ${osText(os)}`));
  if (policies.length > 0) {
    parts.push(paragraph(policyWords(policies, findings)), policyStrips(policies));
    parts.push(tableOf(policyTitles, policyPageRows(policies)));
  }
  if (findings.length > 0) parts.push(tableOf(findingTitles, bySeverity(findings).map(findingRow)));
  if (rows.length > 0) parts.push(tableOf(portTitles, rows.map(portRow)));
  parts.push(...hidden.map(hiddenLine));
  if (probes.length > 0) parts.push(probeList(probes, show));
  parts.push(...traces.map(traceTable), '</section>\n');
  return parts.join('\n');
}

function portRow({ protocol, port, headline, judgements, service, beside, usualService }: PortRow): string {
  const from = headline.type === 'port' && headline.from !== headline.host ? headline.from : undefined;
  const why = from === undefined ? headline.reason : `${headline.reason} from ${from}`;
  const techniques = judgements.length > 1 ? techniquesText(judgements) : headline.technique;
  const kind = headline.state === 'open' || headline.state === 'unknown' ? ` class="${headline.state}"` : '';
  const named = [serviceName(service, usualService), why].map(cell).join('');
  return `<tr><td>${port}/${protocol}</td><td${kind}>${headline.state}</td>${named}${versionCell(service, beside)}${cell(techniques)}</tr>`;
}

/** The version, and behind a click all that is known besides; below it the other services of the port. */
function versionCell(service: ServiceFact | undefined, beside: readonly ServiceFact[]): string {
  const others = beside.map((one) => `<br>${htmlText(besideText(one))}${detailsText(one)}`).join('');
  return `<td>${htmlText(versionText(service))}${detailsText(service)}${others}</td>`;
}

function detailsText(service: ServiceFact | undefined): string {
  const details = service === undefined ? [] : serviceDetails(service);
  const items = details.map((detail) => `<li>${htmlText(detail.join(': '))}</li>`);
  return items.length === 0 ? '' : `<details><summary>more</summary><ul>${items.join('')}</ul></details>`;
}

function hiddenLine({ count, state, protocol, reason, judgements, ports }: HiddenPorts): string {
  const several = judgements.length > 1 ? ` [${techniquesText(judgements)}]` : '';
  const label = state === 'unknown' ? 'Not judged' : 'Not listed';
  return paragraph(
    `${label}: ${counted(count, `${state} ${protocol} port`)} (${reason})${several}: ${ports}`,
  );
}

function findingRow(finding: FindingFact): string {
  const { rule, severity, claim, evidence, refutedBy } = finding;
  const kind = severity === 'high' ? ' class="high"' : '';
  const proof = evidence.map((item) => htmlText(item)).join('<br>');
  return `<tr><td${kind}>${htmlText(rule)}</td>${[severity ?? '', claim, sureText(finding)].map(cell).join('')}<td>${proof}</td>${cell(refutedBy)}</tr>`;
}

function probeList(probes: readonly ProbeFact[], show: ShowOptions): string {
  const items = probeLines(probes, { ...show, verbosity: Math.max(1, show.verbosity) }).map(
    (line) => `<li>${htmlText(line)}</li>`,
  );
  return `<details>\n<summary>Probes</summary>\n<ul>\n${items.join('\n')}\n</ul>\n</details>`;
}

function traceTable({ protocol, port, reached, hops }: TraceFact): string {
  const target = port === undefined ? protocol : `${port}/${protocol}`;
  const rows = hops.map(({ ttl, address, name, rttMs }) => {
    const texts = [
      String(ttl),
      address ?? 'silent',
      name ?? '',
      rttMs === undefined ? '' : milliseconds(rttMs),
    ];
    return `<tr>${texts.map(cell).join('')}</tr>`;
  });
  return `${paragraph(`Path by ${target}${reached ? '' : ', not reached'}`)}\n${tableOf(traceTitles, rows)}`;
}

function totals(summary: SummaryFact): string {
  const loss = lossText(summary);
  const silence = silenceText(summary);
  return [
    `Portolan ${endingText(summary)} at ${calendarTime(summary.finishedAt)}: ${totalsText(summary)}`,
    ...(statesText(summary) === '' ? [] : [`Ports: ${statesText(summary)}`]),
    `Packets: ${trafficText(summary)}`,
    ...(silence === undefined ? [] : [`Silence: ${silence}`]),
    ...(loss === undefined ? [] : [`Loss: ${loss}`]),
    ...(summary.complete ? [] : ['Not complete: what could not be judged is unknown, not filtered']),
  ]
    .map((line) => `${paragraph(line)}\n`)
    .join('');
}

function tableOf(titles: readonly string[], rows: readonly string[]): string {
  const head = titles.map((title) => `<th>${title}</th>`).join('');
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

function paragraph(text: string): string {
  return `<p>${htmlText(text)}</p>`;
}

function cell(text: string): string {
  return `<td>${htmlText(text)}</td>`;
}

const portTitles = ['Port', 'State', 'Service', 'Reason', 'Version', 'Techniques'];
const findingTitles = ['Finding', 'Severity', 'Claim', 'Sure', 'Evidence', 'Refuted by'];
const traceTitles = ['Hop', 'Address', 'Name', 'Round trip'];
