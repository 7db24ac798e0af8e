/**
 * Text of the user's, of a file or of a name server inside a message: bounded, and nothing in it that a
 * terminal would obey.
 *
 * @module
 */

/** The text in double quotes, cut to a readable length, everything unprintable as `\u{…}`. */
export function quoted(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `"${shown.replace(/[^\p{L}\p{N}\p{P}\p{S} ]|["\\]/gu, spelledOut)}"`;
}

function spelledOut(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

const longest = 80;
