/**
 * nmap's XML (`-oX`), valid against nmap.dtd: what reads nmap's output reads this.
 *
 * @module
 */

import type { ScanFact, SummaryFact } from '../model/fact.ts';
import { portTechniques } from '../techniques/index.ts';
import { xmlText } from './escape.ts';
import {
  calendarTime,
  commandLine,
  endingText,
  lossText,
  silenceText,
  statesText,
  totalsText,
  unixSeconds,
} from './phrases.ts';
import type { ShowOptions, Writer } from './writer.ts';
import { element, empty } from './xml-element.ts';
import { hostElement } from './xml-host.ts';

/** A writer of nmap's XML. */
export function xml(show: ShowOptions): Writer {
  return {
    name: 'xml',
    mediaType: 'application/xml',
    begin: (scan, out) => out(opening(scan, show)),
    host: (report, out) => out(hostElement(report, show)),
    end: (summary, _scan, out) => out(closing(summary)),
  };
}

function opening(scan: ScanFact, show: ShowOptions): string {
  const started = calendarTime(scan.startedAt);
  const args = commandLine(scan);
  const run = {
    scanner: 'nmap',
    args,
    start: unixSeconds(scan.startedAt),
    startstr: started,
    version: scan.version,
    xmloutputversion: '1.05',
  };
  const infos = scan.questions.flatMap(({ technique, protocol, ports, count }) => {
    // A technique that the DTD does not know has no `scaninfo`.
    const type = xmlNameOf.get(technique);
    return type === undefined
      ? []
      : [empty('scaninfo', { type, protocol, numservices: count, services: ports })];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n',
    `<!-- ${commentText(`Portolan ${scan.version} scan initiated ${started} as: ${args}`)} -->\n`,
    // Closed by `closing`: the one element that outlives a call.
    empty('nmaprun', run).replace(/\/>\n$/, '>\n'),
    ...infos,
    empty('verbose', { level: show.verbosity }),
    empty('debugging', { level: 0 }),
  ].join('');
}

function closing(summary: SummaryFact): string {
  const ending = endingText(summary);
  const timestr = calendarTime(summary.finishedAt);
  const loss = lossText(summary);
  const told = [
    `Portolan ${ending} at ${timestr}; ${totalsText(summary)}`,
    statesText(summary),
    silenceText(summary) ?? '',
    loss === undefined ? '' : `loss ${loss}`,
  ];
  const finished = {
    time: unixSeconds(summary.finishedAt),
    timestr,
    summary: told.filter((part) => part !== '').join('; '),
    elapsed: (summary.elapsedMs / 1000).toFixed(2),
    exit: ending === 'done' ? 'success' : 'error',
    errormsg: ending === 'done' ? undefined : ending,
  };
  const { up, down, total } = summary.hosts;
  return `${element('runstats', {}, [empty('finished', finished), empty('hosts', { up, down, total })])}</nmaprun>\n`;
}

/** A comment may neither hold two hyphens in a row nor end with one (XML 1.0, 2.5). */
function commentText(text: string): string {
  return xmlText(text).replace(/-(?=-|$)/g, '&#45;');
}

const xmlNameOf = new Map(
  Object.values(portTechniques).map(({ name, xmlName }) => [name as string, xmlName]),
);
