/**
 * nmap's grepable format (`-oG`): one line a host, fields between tabs, ports between commas, parts between
 * slashes. Its words are fixed by the scripts that cut it apart.
 *
 * @module
 */

import type { HostFact } from '../model/fact.ts';
import type { Protocol } from '../model/verdict.ts';
import { grepable as field, printable } from './escape.ts';
import {
  calendarTime,
  commandLine,
  endingText,
  lossText,
  otherNames,
  serviceName,
  totalsText,
  versionText,
} from './phrases.ts';
import { type PortRow, type PortTable, tabulate } from './rows.ts';
import type { ShowOptions, Writer } from './writer.ts';

/** A writer of nmap's grepable format. */
export function grepable(show: ShowOptions): Writer {
  return {
    name: 'grepable',
    mediaType: 'text/plain',
    begin(scan, out) {
      const started = calendarTime(scan.startedAt);
      out(`${printable(`# Portolan ${scan.version} scan initiated ${started} as: ${commandLine(scan)}`)}\n`);
      if (show.verbosity === 0) return;
      const asked = headings.map(([title, protocol]) => {
        const first = scan.questions.find((question) => question.protocol === protocol);
        return `${title}(${first?.count ?? 0};${first?.ports ?? ''})`;
      });
      out(`# Ports scanned: ${asked.join(' ')}\n`);
    },
    host(report, out) {
      const start = `Host: ${field(report.host.host)} (${nameField(report.host)})`;
      const others = otherNames(report.host).map(field).join(', ');
      const names = others === '' ? '' : `\tNames: ${others}`;
      const status = `${start}\tStatus: ${statusWords[report.host.state]}${names}\n`;
      const ports = portsField(tabulate(report, show));
      const [best] = report.systems[0]?.matches ?? [];
      const system = best === undefined ? '' : `\tOS: ${field(best.name)}`;
      out(ports + system === '' ? status : `${status}${start}${ports}${system}\n`);
    },
    end(summary, _scan, out) {
      const loss = lossText(summary);
      const at = calendarTime(summary.finishedAt);
      const lost = loss === undefined ? '' : `; loss ${loss}`;
      out(`# Portolan ${endingText(summary)} at ${at} -- ${totalsText(summary)}${lost}\n`);
    },
  };
}

/** Round brackets end the name for whoever cuts it out. */
function nameField(host: HostFact): string {
  return field(host.askedAs ?? host.name ?? '').replace(/[()]/g, '|');
}

function portsField({ rows, hidden }: PortTable): string {
  if (rows.length + hidden.length === 0) return '';
  const ports = `\tPorts: ${rows.map(portField).join(', ')}`;
  const counts = new Map<string, number>();
  for (const { state, count } of hidden) counts.set(state, (counts.get(state) ?? 0) + count);
  const ignored = [...counts].map(([state, count]) => `${state} (${count})`).join(', ');
  return ignored === '' ? ports : `${ports}\tIgnored State: ${ignored}`;
}

/** Port, state, protocol, owner, service, RPC program, version: the two in between are nmap's and stay empty. */
function portField({ port, protocol, headline, service, usualService }: PortRow): string {
  const name = field(serviceName(service, usualService));
  return `${port}/${headline.state}/${protocol}//${name}//${field(versionText(service))}/`;
}

const statusWords: Readonly<Record<HostFact['state'], string>> = {
  up: 'Up',
  down: 'Down',
  unknown: 'Unknown',
};

const headings: readonly (readonly [string, Protocol])[] = [
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
  ['SCTP', 'sctp'],
  ['PROTOCOLS', 'ip'],
];
