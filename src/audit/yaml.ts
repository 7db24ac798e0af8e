/**
 * YAML as a plain tree of texts, lists and maps with their places. Nothing in it is taken for a number, a date or
 * "no": what a text means is for whoever reads it. This file imports nothing of ours, since it is bundled apart.
 *
 * @module
 */

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A part of the document. */
export type YamlNode = YamlText | YamlList | YamlMap;

/** A scalar. */
export interface YamlText {
  readonly kind: 'text';
  readonly text: string;
  readonly at: YamlPlace;
}

/** A sequence. */
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: YamlPlace;
}

/** A mapping, its keys in the order in which they were written. */
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: YamlText; readonly value: YamlNode }[];
  readonly at: YamlPlace;
}

/** Line and column from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a document. */
export interface YamlProblem {
  readonly kind: 'problem';
  readonly problem: string;
  readonly at: YamlPlace;
}

/** Reads one document. */
export function readYaml(text: string): YamlNode | YamlProblem {
  const lines = new LineCounter();
  const placeOf = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      lineCounter: lines,
      prettyErrors: false,
      // It compares each key with all before it, which takes minutes for a hostile file.
      uniqueKeys: false,
      // With 'silent' it would pass over a second document.
      logLevel: 'error',
    });
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong !== undefined) {
      // The parser calls itself for what is nested: only a file made for it uses up the stack.
      const isDeep = /call stack/.test(wrong.message);
      const isSecond = wrong.code === 'MULTIPLE_DOCS';
      const problem = isDeep ? tooDeep : isSecond ? 'found a second document, wanted one' : wrong.message;
      throw new Wrong(asOneLine(problem), placeOf(wrong.pos[0]));
    }
    return treeOf(document.contents, placeOf, { line: 1, column: 1 }, 0);
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'problem', problem: error.message, at: error.at };
    throw error;
  }
}

/** Thrown from within the tree. */
class Wrong extends Error {
  readonly at: YamlPlace;

  constructor(message: string, at: YamlPlace) {
    super(message);
    this.at = at;
  }
}

function treeOf(
  node: unknown,
  placeOf: (offset: number) => YamlPlace,
  above: YamlPlace,
  depth: number,
): YamlNode {
  const start = (node as { range?: readonly number[] | null } | null)?.range?.[0];
  const at = start === undefined ? above : placeOf(start);
  if (depth > deepest) throw new Wrong(tooDeep, at);
  const inside = (inner: unknown) => treeOf(inner, placeOf, at, depth + 1);
  if (isAlias(node)) throw new Wrong('found an alias (*), wanted what it stands for', at);
  if (isSeq(node)) return { kind: 'list', items: node.items.map(inside), at };
  if (isMap(node)) {
    const known = new Set<string>();
    const entries = node.items.map(({ key: written, value }) => {
      const key = inside(written);
      if (key.kind !== 'text') throw new Wrong('found a list or a map as a key, wanted a text', key.at);
      if (known.has(key.text)) throw new Wrong(`found the key ${asOneLine(key.text)} twice`, key.at);
      known.add(key.text);
      return { key, value: treeOf(value, placeOf, key.at, depth + 1) };
    });
    return { kind: 'map', entries, at };
  }
  return { kind: 'text', text: isScalar(node) ? String(node.value ?? '') : '', at };
}

function asOneLine(message: string): string {
  return message.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, '?');
}

/** A rule's list is the third level below the document. */
const deepest = 8;
const tooDeep = 'it is nested too deeply for a policy';
