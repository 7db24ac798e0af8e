/**
 * Probes and what came back, in words.
 *
 * @module
 */

import type { ProbeFact, ProbeReply } from '../model/fact.ts';
import { formatPorts } from '../model/ports.ts';
import { counted, someRanges } from './phrases.ts';
import type { ShowOptions } from './writer.ts';

/** Every field of an answer. */
export function replyText(reply: ProbeReply | null): string {
  if (reply === null) return 'nothing';
  const { kind, ...fields } = reply;
  return [kind, ...Object.entries(fields).map(([name, value]) => `${name} ${value}`)].join(', ');
}

/** A probe in one line: `syn 25/tcp, source-port 53: tcp, flags SA, ttl 62 (asked once, 0.4 ms)`. */
export function probeText(probe: ProbeFact): string {
  const rtt = probe.rttMs === undefined ? '' : `, ${probe.rttMs} ms`;
  const port = probe.port === undefined ? undefined : String(probe.port);
  return `${questionText(probe, port)}: ${answerText(probe)} (${timesText(probe.attempts)}${rtt})`;
}

/** Probes in lines, those that were asked and answered alike in one: what differs from each to each is left out there. */
export function probeLines(probes: readonly ProbeFact[], show: ShowOptions): readonly string[] {
  const alike = new Map<string, ProbeFact[]>();
  for (const probe of probes) {
    const key = `${questionText(probe, '')} ${probe.attempts} ${answerText(withoutOwn(probe))}`;
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [probe]);
    else others.push(probe);
  }
  return [...alike.values()].map((same) => {
    const [first] = same as [ProbeFact];
    if (same.length === 1) return probeText(first);
    const ports = [...new Set(same.flatMap(({ port }) => (port === undefined ? [] : [port])))];
    const list = ports.length === 0 ? undefined : someRanges(formatPorts(ports.sort((a, b) => a - b)), show);
    const answer = answerText(withoutOwn(first));
    return `${questionText(first, list)}: ${answer} (${counted(same.length, 'probe')}, each ${timesText(first.attempts)})`;
  });
}

/** How often something was asked. */
export function timesText(attempts: number): string {
  if (attempts === 0) return 'not asked';
  return attempts === 1 ? 'asked once' : `asked ${attempts} times`;
}

function questionText({ technique, protocol, variant }: ProbeFact, port: string | undefined): string {
  const place = port === undefined ? protocol : `${port}/${protocol}`;
  return `${technique} ${place}${variant === undefined ? '' : `, ${variant}`}`;
}

function answerText({ reply, trouble, from, host }: ProbeFact): string {
  const sender = from === undefined || from === host ? '' : ` from ${from}`;
  return `${trouble ?? replyText(reply)}${sender}`;
}

/** The same without what every answer has of its own. */
function withoutOwn(probe: ProbeFact): ProbeFact {
  if (probe.reply === null) return probe;
  const { ipId: _ipId, timestamp: _timestamp, data: _data, ...reply } = probe.reply;
  return { ...probe, reply };
}
