/**
 * The policy of a filter as HTML: a strip of the port space, and a table.
 *
 * @module
 */

import type { PolicyFact } from '../../model/fact.ts';
import { htmlText } from '../escape.ts';
import { policyRows } from './rows.ts';
import { type CellKind, cellKinds, kindsIn, portSpace, type SpaceLine } from './space.ts';

/** The rows of the policy's table, each the cells that follow its exposure. */
export function policyPageRows(policies: readonly PolicyFact[]): readonly string[] {
  return policyRows(policies).map(({ exposure, action, hop, sure, protocol, ports }) => {
    const cells = [action, hop, sure, `${protocol} ${ports}`].map((text) => `<td>${htmlText(text)}</td>`);
    return `<tr><td class="${exposure}">${exposure}</td>${cells.join('')}</tr>`;
  });
}

/** The titles of that table. */
export const policyTitles = ['Exposure', 'Action', 'Hop', 'Sure', 'Ports'];

/** The port space in strips with their legend. Only classes colour it: the page's own policy allows no style in an element. */
export function policyStrips(policies: readonly PolicyFact[]): string {
  const lines = portSpace(policies, cellCount);
  const legend = kindsIn(lines).map(
    (kind) => `<span class="key ${kind}"></span> ${htmlText(cellKinds[kind].word)}`,
  );
  return [...lines.map(strip), `<p class="legend">${legend.join(' ')}</p>`].join('\n');
}

function strip({ title, first, last, cells }: SpaceLine): string {
  const portAt = (cell: number) => first + Math.ceil((cell * (last - first + 1)) / cellCount);
  const parts = runsOf(cells).map(({ kind, from, to }) => {
    const what = `${portAt(from)}-${portAt(to) - 1}: ${cellKinds[kind].word}`;
    return `<rect class="${kind}" x="${from}" width="${to - from}" height="1"><title>${htmlText(what)}</title></rect>`;
  });
  return `<p class="strip">${htmlText(title)}</p>\n<svg viewBox="0 0 ${cellCount} 1" preserveAspectRatio="none" role="img" aria-label="${htmlText(title)}">${parts.join('')}</svg>`;
}

function runsOf(
  cells: SpaceLine['cells'],
): readonly { readonly kind: CellKind; readonly from: number; readonly to: number }[] {
  const runs: { readonly kind: CellKind; readonly from: number; to: number }[] = [];
  cells.forEach((kind, cell) => {
    const last = runs.at(-1);
    if (kind === undefined) return;
    if (last?.kind === kind && last.to === cell) last.to = cell + 1;
    else runs.push({ kind, from: cell, to: cell + 1 });
  });
  return runs;
}

/** A divisor of 1024: the first ports have a cell for every four of them. */
const cellCount = 256;
