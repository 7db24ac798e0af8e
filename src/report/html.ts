/**
 * One self-contained HTML file, to look at: summary, findings, hosts, the space of ports, the way to the hosts, the
 * course of the scan. It needs no network, and its hosts are written as they come.
 *
 * @module
 */

import type { ScanFact, SummaryFact } from '../model/fact.ts';
import { dataBlock, printableDeep } from './page/blocks.ts';
import type { PageEnd, PageHead } from './page/data.ts';
import { HostPacker } from './page/pack-host.ts';
import { pageEnd, pageStart } from './page/shell.ts';
import { Timeline } from './page/timeline.ts';
import {
  calendarTime,
  commandLine,
  endingText,
  lossText,
  silenceText,
  statesText,
  totalsText,
  trafficText,
} from './phrases.ts';
import type { Out, ShowOptions, Writer } from './writer.ts';

/** A writer of an HTML report (`--html`). */
export function html(show: ShowOptions): Writer {
  const hosts = new HostPacker(show);
  let timeline = new Timeline('');
  const writeHosts = (out: Out) => {
    const block = hosts.take();
    if (block !== undefined) out(dataBlock('hosts', printableDeep(block)));
  };
  return {
    name: 'html',
    mediaType: 'text/html',
    wantsProbes: true,
    begin(scan, out) {
      timeline = new Timeline(scan.startedAt);
      const head = headOf(scan);
      out(pageStart(head.title, [head.command, ...head.notes]));
      out(dataBlock('head', printableDeep(head)));
    },
    progress: (fact) => timeline.noteRate(fact),
    fact(fact) {
      if (fact.type === 'port') timeline.note(fact);
    },
    host(report, out) {
      hosts.add(report);
      if (hosts.isFull) writeHosts(out);
    },
    end(summary, _scan, out) {
      writeHosts(out);
      const end: PageEnd = {
        notes: totals(summary),
        isComplete: summary.complete,
        timeline: timeline.read(),
      };
      out(dataBlock('end', printableDeep(end)));
      out(pageEnd());
    },
  };
}

function headOf(scan: ScanFact): PageHead {
  return {
    title: 'Portolan scan report',
    command: commandLine(scan),
    notes: [
      `Portolan ${scan.version}, started ${calendarTime(scan.startedAt)}`,
      ...(scan.profile === undefined ? [] : [`SYN: ${scan.profile}`]),
    ],
  };
}

function totals(summary: SummaryFact): readonly string[] {
  const states = statesText(summary);
  const loss = lossText(summary);
  const silence = silenceText(summary);
  return [
    `Portolan ${endingText(summary)} at ${calendarTime(summary.finishedAt)}: ${totalsText(summary)}`,
    ...(states === '' ? [] : [`Ports: ${states}`]),
    `Packets: ${trafficText(summary)}`,
    ...(silence === undefined ? [] : [`Silence: ${silence}`]),
    ...(loss === undefined ? [] : [`Loss: ${loss}`]),
    ...(summary.complete ? [] : ['Not complete: what could not be judged is unknown, not filtered']),
  ];
}
