/** Colours for the normal format on a terminal. @module */

import { styleText } from 'node:util';

import type { View } from './flags/flag.ts';
import type { World } from './world.ts';

/** Whether results on standard output are coloured (https://no-color.org). */
export function isColored(view: View, world: World): boolean {
  if (view.color !== 'auto') return view.color === 'always';
  const { NO_COLOR, TERM } = world.environment;
  return (NO_COLOR ?? '') === '' && TERM !== 'dumb' && world.isTerminal(1);
}

/** Colours the states and titles of a report in the normal format, which holds no escape of its own. */
export function paint(text: string): string {
  return text
    .replace(
      portLine,
      (_line, port: string, state: string) => `${port}${style(colorOf[state] ?? 'red', state)}`,
    )
    .replace(resultLine, (result) => style(colorOf[result] ?? 'red', result))
    .replace(policyLine, (word) => style(colorOf[word] ?? 'magenta', word))
    .replace(
      spaceLine,
      (_line, title: string, signs: string) => `${title}|${signs.replace(/(\S)\1*/g, paintRun)}|`,
    )
    .replace(
      findingLine,
      (_line, start: string, severity: string) => `${start}${style(colorOf[severity] ?? 'cyan', severity)}`,
    )
    .replace(titleLine, (line) => style('bold', line));
}

/** A run of one sign. */
function paintRun(run: string, sign: string): string {
  return style(colorOf[sign] ?? 'magenta', run);
}

type Style = Parameters<typeof styleText>[0];

function style(format: Style, text: string): string {
  // Whether to colour has been decided; Node 22 would decide again by looking at its own standard output.
  return styleText(format, text, { validateStream: false });
}

const portLine = /^(\d{1,5}\/[a-z]+ +)([a-z|]+)(?=\s)/gm;
/** How a check of an audit came out. */
const resultLine = /^(?:PASS|FAIL|INCONCLUSIVE)(?= )/gm;
/** A range of a filter's policy, by its exposure. */
const policyLine =
  /^(?:exposed|hole|unprotected|protected|unknown)(?= +(?:allow|drop|reject-|proxy|unknown))/gm;
/** The picture of the port space, a sign a cell. */
const spaceLine = /^((?:tcp|udp) \d+-\d+ +)\|([^|\n]*)\|$/gm;
const findingLine = /^(Finding: [\w-]+ )(\[(?:low|medium|high)\])/gm;
const titleLine = /^(?:Portolan scan report for .*|PORT +STATE .*|EXPOSURE +ACTION .*)$/gm;

const colorOf: Readonly<Record<string, Style>> = {
  open: 'green',
  closed: 'red',
  filtered: 'yellow',
  unfiltered: 'cyan',
  'open|filtered': 'yellow',
  'closed|filtered': 'yellow',
  unknown: 'magenta',
  exposed: 'green',
  hole: 'red',
  unprotected: 'yellow',
  protected: 'cyan',
  O: 'green',
  '!': 'red',
  o: 'yellow',
  '.': 'cyan',
  r: 'cyan',
  i: 'cyan',
  '[high]': 'red',
  '[medium]': 'yellow',
  PASS: 'green',
  FAIL: 'red',
  INCONCLUSIVE: 'yellow',
};
