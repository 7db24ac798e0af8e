/**
 * Names out of lists that others made: one a line, zone files, hosts files, URLs, tables, JSON of certificate logs and of
 * other tools. Whatever looks like a name below one that is searched is one.
 *
 * @module
 */

import { domainToASCII } from 'node:url';
import { isAskable, isWithin } from '../message/labels.ts';

/** The names within `roots` that a text holds, each once, in their order. */
export function readNameList(text: string, roots: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const piece of piecesOf(text))
    for (const [token] of piece.matchAll(nameLike)) {
      const name = nameOf(token);
      if (name !== undefined && roots.some((root) => name !== root && isWithin(name, root))) names.add(name);
    }
  return [...names];
}

/** The labels of a word list: one a line, a comment behind `#`; what cannot be a label is counted out. */
export function readWordList(text: string): { readonly words: readonly string[]; readonly refused: number } {
  const words = new Set<string>();
  let refused = 0;
  for (const line of text.split('\n')) {
    const word = line.replace(/#.*/, '').trim().toLowerCase().replace(/\.$/, '');
    if (word === '') continue;
    const ascii = /^[!-~]+$/.test(word) ? word : domainToASCII(word);
    if (/^[a-z0-9_*](?:[a-z0-9_.-]*[a-z0-9_])?$/.test(ascii) && !ascii.includes('*') && isAskable(ascii))
      words.add(ascii);
    else refused++;
  }
  return { words: [...words], refused };
}

/** Strings of JSON by themselves: within them a line's end is written as two characters. */
function* piecesOf(text: string): Iterable<string> {
  const start = text.trimStart()[0];
  if (start === '[' || start === '{') {
    const whole = parse(text);
    if (whole !== undefined) {
      yield* stringsOf(whole);
      return;
    }
  }
  for (const line of text.split('\n')) {
    const value =
      line.startsWith('{') || line.startsWith('[') || line.startsWith('"') ? parse(line) : undefined;
    if (value === undefined) yield line;
    else yield* stringsOf(value);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function* stringsOf(value: unknown): Iterable<string> {
  // Depth is bounded by what JSON.parse takes.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') yield next;
    else if (typeof next === 'object' && next !== null)
      for (const each of Object.values(next)) waiting.push(each);
  }
}

function nameOf(token: string): string | undefined {
  // A certificate's wildcard names the level, not a host.
  const plain = token
    .toLowerCase()
    .replace(/^(?:\*\.)+/, '')
    .replace(/\.+$/, '');
  const name = /^[!-~]+$/.test(plain) ? plain : domainToASCII(plain);
  return name !== '' && isAskable(name) ? name : undefined;
}

const nameLike = /(?:\*\.)*[\p{L}\p{N}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)+\.?/gu;
