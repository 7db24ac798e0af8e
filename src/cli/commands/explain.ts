/** The `explain` command: the table of a technique, or what a record holds about a port, as text. @module */

import { badRequest, type ExitCode, exitCode } from '../../base/errors.ts';
import { nearest } from '../../plan/nearest.ts';
import { quoted } from '../../plan/quoted.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import type { Row, Technique } from '../../techniques/technique.ts';
import { keptNamed } from '../kept-names.ts';
import { print } from '../print.ts';
import { Screen } from '../screen.ts';
import type { World } from '../world.ts';
import { describePattern, describeProbe } from './describe-technique.ts';
import { explainPort } from './explain-port.ts';

/** Prints what a technique sends and what each answer means, or how a port of a record came to its state. */
export async function explain(args: readonly string[], world: World): Promise<ExitCode> {
  const [word, place, ...rest] = args;
  if (word === undefined || rest.length > 0) {
    throw badRequest(
      `explain takes a technique, or a file and HOST:PORT: wanted one of ${names().join(', ')}, or the file of a record (- for standard input)`,
    );
  }
  if (place === undefined) print(describeTechnique(find(word)), world);
  else {
    const screen = new Screen(world);
    const warn = (message: string) => screen.notice(`portolan: warning: ${message}`);
    print(
      await explainPort(keptNamed(word, world)?.path ?? word, place, { stdin: world.stdin, warn }),
      world,
    );
  }
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

const all: readonly Technique[] = [...Object.values(portTechniques), ...Object.values(hostTechniques)];
