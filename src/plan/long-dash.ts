/**
 * Word processors and web pages make longer dashes of those that were typed; no option, port or name has one.
 *
 * @module
 */

/** Such a dash. */
export const longDash = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/u;

/** What is wrong with a text that has such a dash, in words; undefined: it has none. */
export function longDashIn(text: string): string | undefined {
  const dash = longDash.exec(text)?.[0];
  return dash === undefined ? undefined : `${typographic(dash)}; wanted the plain one`;
}

/** How messages speak of one. */
export function typographic(dash: string): string {
  return `a typographic dash (U+${(dash.codePointAt(0) as number).toString(16).toUpperCase()})`;
}
