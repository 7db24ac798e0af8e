/**
 * Two libraries behind what is used of them: XML as it streams by, without entities of its own, and expressions that
 * take linear time. This file imports nothing of ours, since it is bundled apart.
 *
 * @module
 */

import { RE2JS } from 're2js';
import { SaxesParser } from 'saxes';

/** Hears a document: elements as they begin, and as they end with the text directly before that. */
export interface XmlHearer {
  begins(name: string, attributes: Readonly<Record<string, string>>): void;
  ends(name: string, text: string): void;
}

/** Why a document cannot be read, and in which line. */
export class XmlTrouble extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Reads a document. One with a document type is refused: entities could be declared there. */
export function readXml(document: string, hearer: XmlHearer): void {
  const parser = new SaxesParser();
  let text = '';
  parser.on('error', ({ message }) => {
    // It begins with line and column.
    throw new XmlTrouble(message.replace(/^\d+:\d+: /, ''), parser.line);
  });
  parser.on('doctype', () => {
    throw new XmlTrouble('it has a document type, and none is wanted', parser.line);
  });
  parser.on('opentag', ({ name, attributes }) => {
    text = '';
    hearer.begins(name, attributes as Record<string, string>);
  });
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('cdata', (more) => {
    text += more;
  });
  parser.on('closetag', ({ name }) => {
    hearer.ends(name, text);
    text = '';
  });
  parser.write(document).close();
}

/** What an expression has caught, the whole match first; undefined: nothing. */
export type Expression = (text: string) => readonly (string | undefined)[] | undefined;

/** Makes an expression as Ruby has them, where `^` and `$` stand at every line; undefined where that is not possible. */
export function expressionOf(
  pattern: string,
  { ignoresCase, dotIsAll }: { readonly ignoresCase: boolean; readonly dotIsAll: boolean },
): Expression | undefined {
  let compiled: RE2JS;
  try {
    const flags =
      RE2JS.MULTILINE | (ignoresCase ? RE2JS.CASE_INSENSITIVE : 0) | (dotIsAll ? RE2JS.DOTALL : 0);
    compiled = RE2JS.compile(inRe2(pattern), flags);
  } catch {
    return undefined;
  }
  return (text) => {
    const matcher = compiled.matcher(text);
    if (!matcher.find()) return undefined;
    return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
  };
}

/** Ruby's own words: `\h` is a hexadecimal digit, `\Z` the end or the line feed before it, `(?m)` lets a dot be all. */
function inRe2(pattern: string): string {
  return pattern
    .replaceAll(/\\./gs, (word) => (word === '\\h' ? '[0-9A-Fa-f]' : word === '\\Z' ? '\\n?\\z' : word))
    .replaceAll(/\(\?(i?)m(i?)(?=[:)])/g, '(?$1s$2');
}
