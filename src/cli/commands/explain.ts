/** The `explain` command: the table of a technique as text. @module */

import { badRequest, type ExitCode, exitCode } from '../../base/errors.ts';
import { icmpErrors } from '../../model/reply.ts';
import { nearest } from '../../plan/nearest.ts';
import { quoted } from '../../plan/quoted.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import type { Pattern, ProbeShape, Row, Technique } from '../../techniques/technique.ts';
import type { World } from '../world.ts';

/** Prints what a technique sends and what each answer means. */
export async function explain(args: readonly string[], world: World): Promise<ExitCode> {
  const [word, ...rest] = args;
  if (word === undefined || rest.length > 0) {
    throw badRequest(`explain takes one technique: wanted one of ${names().join(', ')}`);
  }
  world.write(1, describeTechnique(find(word)));
  return exitCode.done;
}

/** The table of a technique as lines of text. */
export function describeTechnique(technique: Technique): string {
  const { name, flag, summary, about, probe, replies, silence } = technique;
  const isHost = about === 'host';
  const meaning = (state: string) => (isHost ? (state === 'open' ? 'up' : 'says nothing') : state);
  const rows = replies.map((row) => [describePattern(row.when), meaning(row.state), reasonOf(row)] as const);
  const table = [
    ['ANSWER', isHost ? 'HOST' : 'STATE', 'REASON'] as const,
    ...rows,
    ['nothing', meaning(silence), 'no-response'] as const,
  ];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => (row[column] as string).length)));
  return [
    `${name} (-${flag}): ${summary}.`,
    '',
    `Sends: ${describeProbe(probe)}`,
    'Answers, read from top to bottom, the first that fits decides:',
    '',
    ...table.map(([answer, state, reason]) =>
      `  ${answer.padEnd(widths[0] as number)}  ${state.padEnd(widths[1] as number)}  ${reason}`.trimEnd(),
    ),
    '',
  ].join('\n');
}

function find(word: string): Technique {
  const bare = word.replace(/^-+/, '');
  const found = all.find(({ name, flag }) => name === bare || flag === bare);
  if (found !== undefined) return found;
  const near = nearest(bare, names());
  throw badRequest(
    `explain: found ${quoted(word)}, wanted one of ${names().join(', ')}`,
    near === undefined ? undefined : `portolan explain ${near}`,
  );
}

function names(): readonly string[] {
  return all.map(({ name }) => name);
}

function reasonOf(row: Row): string {
  return 'reason' in row ? row.reason : 'the error itself';
}

function describePattern(pattern: Pattern): string {
  if ('tcp' in pattern) {
    const window = pattern.window === undefined ? '' : `, window ${pattern.window}`;
    return `TCP with ${pattern.tcp.map((letter) => flagNames[letter]).join('+')}${window}`;
  }
  if ('sctp' in pattern) return `SCTP ${pattern.sctp.toUpperCase()}`;
  if ('kind' in pattern) return kinds[pattern.kind];
  const which =
    pattern.icmp.length === icmpErrors.length ? 'any ICMP error' : `ICMP ${pattern.icmp.join(', ')}`;
  return `${which}${pattern.sender === 'target' ? ' from the target itself' : ''}`;
}

function describeProbe(probe: ProbeShape): string {
  switch (probe.transport) {
    case 'tcp':
      return probe.flags.length === 0
        ? 'a TCP segment without flags'
        : `a TCP segment with ${probe.flags.map((letter) => flagNames[letter]).join('+')}`;
    case 'udp':
      return probe.payload === 'by-port'
        ? 'the datagram that the port’s service answers'
        : 'an empty datagram';
    case 'sctp':
      return 'an SCTP INIT chunk';
    case 'icmp':
      return `an ICMP ${probe.message} request`;
    case 'ip':
      return 'an IP packet with a header of the protocol';
    case 'link':
      return 'an ARP request (IPv4) or a neighbour solicitation (IPv6)';
    case 'socket':
      return 'a connection by the operating system';
  }
}

const all: readonly Technique[] = [...Object.values(portTechniques), ...Object.values(hostTechniques)];

const flagNames = { F: 'FIN', S: 'SYN', R: 'RST', P: 'PSH', A: 'ACK', U: 'URG', E: 'ECE', C: 'CWR' } as const;

const kinds = {
  udp: 'any datagram',
  'echo-reply': 'ICMP echo reply',
  'timestamp-reply': 'ICMP timestamp reply',
  'mask-reply': 'ICMP address mask reply',
  protocol: 'any packet of the protocol',
  neighbour: 'an answer with a hardware address',
  connected: 'the connection is made',
  refused: 'the connection is refused',
} as const;
