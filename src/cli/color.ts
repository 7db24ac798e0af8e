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
    .replace(titleLine, (line) => style('bold', line));
}

type Style = Parameters<typeof styleText>[0];

function style(format: Style, text: string): string {
  // Whether to colour has been decided; Node 22 would decide again by looking at its own standard output.
  return styleText(format, text, { validateStream: false });
}

const portLine = /^(\d{1,5}\/[a-z]+ +)([a-z|]+)(?=\s)/gm;
/** How a check of an audit came out. */
const resultLine = /^(?:PASS|FAIL|INCONCLUSIVE)(?= )/gm;
const titleLine = /^(?:Portolan scan report for .*|PORT +STATE .*)$/gm;

const colorOf: Readonly<Record<string, Style>> = {
  open: 'green',
  closed: 'red',
  filtered: 'yellow',
  unfiltered: 'cyan',
  'open|filtered': 'yellow',
  'closed|filtered': 'yellow',
  unknown: 'magenta',
  PASS: 'green',
  FAIL: 'red',
  INCONCLUSIVE: 'yellow',
};
