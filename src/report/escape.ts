/**
 * One escaping function per kind of sink. Text from the network passes through exactly one of them on its
 * way out, so that nothing but printable text reaches a terminal and no format can be broken from outside.
 *
 * The visible escapes (`\x1b`, `\u202e`) do not double a backslash that was there before: they are for
 * reading. NDJSON is the record that loses nothing.
 *
 * @module
 */

/** Text for a terminal or a plain file: every invisible, control or direction-changing character made visible. */
export function printable(text: string): string {
  return isPlain.test(text) ? text : text.replace(invisible, visibleEscape);
}

/** Text for an XML attribute or element. What XML 1.0 (2.2) cannot hold at all is made visible. */
export function xmlText(text: string): string {
  if (isPlainWords.test(text)) return text;
  return printable(text).replace(markup, (character) => entityOf[character] as string);
}

/** Text for an HTML attribute or element. */
export function htmlText(text: string): string {
  return xmlText(text);
}

/**
 * A value as JSON in one line of printable text. Invisible characters become `\u` escapes, which a reader
 * turns back; halves of surrogate pairs, which strict readers refuse, become U+FFFD.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  const escaped = isPlain.test(json) ? json : json.replace(invisible, jsonEscape);
  // JSON.stringify writes a lone half as `\ud83d`; the pair rule keeps an escaped backslash before `ud83d` whole.
  return escaped.includes('\\ud') ? escaped.replace(escapePair, mendSurrogates) : escaped;
}

/** One field of a CSV record (RFC 4180), which no spreadsheet takes for a formula. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number' || isPlainCell.test(value)) return String(value);
  const text = printable(value);
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A field of the grepable format, whose separators are tab, comma and slash. */
export function grepable(text: string): string {
  return printable(text).replaceAll('/', '|').replaceAll(',', ';');
}

function visibleEscape(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function jsonEscape(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

function mendSurrogates(sequence: string): string {
  return sequence.length === 6 && loneSurrogate.test(sequence) ? '\\ufffd' : sequence;
}

/** Text that needs no look at single characters: by far the most. */
const isPlain = /^[\x20-\x7e]*$/;

/**
 * Control, format (bidi overrides and isolates, zero width), surrogate, private and unassigned characters,
 * line and paragraph separators, and whatever else Unicode says is not drawn.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A JSON escape: a surrogate pair, any other `\u`, or backslash and one character. */
const escapePair = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|.)/g;

const loneSurrogate = /^\\ud[89a-f]/;

const markup = /[&<>"']/g;

const entityOf: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text without markup: most names, states and numbers. */
const isPlainWords = /^[\w .,:;/|()%-]*$/;

/** Cells that need no second look: by far the most. */
const isPlainCell = /^(?:\w[\w.:|-]*)?$/;

/** What spreadsheets read as the start of a formula, full-width forms included, after any leading space. */
const formulaStart = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

const needsQuotes = /[",;\r\n]|^\s|\s$/;
