/**
 * The parts of a policy with what they may hold: whatever else is found is refused with its place.
 *
 * @module
 */

import { badRequest, PortolanError } from '../base/errors.ts';
import { nearest } from '../plan/nearest.ts';
import { quoted } from '../plan/quoted.ts';
import type { Place } from './policy.ts';
import type { YamlMap, YamlNode, YamlText } from './yaml.ts';

/** Reads parts of one file. `what` names a part in messages. */
export class PolicyText {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** What is to be thrown for a part that is wrong. */
  wrong({ line, column }: Place, problem: string, hint?: string): PortolanError {
    return badRequest(`${shownFile(this.file)}:${line}:${column}: ${problem}`, hint);
  }

  /** Reads by one of the plan's readers, whose complaints get the place. */
  by<Result>(place: Place, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw error instanceof PortolanError ? this.wrong(place, error.told.message, error.told.hint) : error;
    }
  }

  /** A map that has no other keys than these. */
  map(node: YamlNode, what: string, keys: readonly string[]): ReadonlyMap<string, Entry> {
    if (node.kind !== 'map') throw this.#unfit(node, what, `a map with ${keys.join(', ')}`);
    for (const { key } of node.entries) {
      if (keys.includes(key.text)) continue;
      const problem = `${what}: found the key ${quoted(key.text)}, wanted one of ${keys.join(', ')}`;
      throw this.wrong(key.at, problem, nearest(key.text, keys));
    }
    return new Map(node.entries.map((entry) => [entry.key.text, entry]));
  }

  /** A list that is not empty. */
  list(node: YamlNode, what: string, wanted: string): readonly YamlNode[] {
    if (node.kind !== 'list' || node.items.length === 0) throw this.#unfit(node, what, wanted);
    return node.items;
  }

  /** A text that is not empty and no longer than a line. */
  text(node: YamlNode, what: string, wanted: string): YamlText {
    if (node.kind !== 'text' || node.text.trim() === '') throw this.#unfit(node, what, wanted);
    if (node.text.length > longestText)
      throw this.wrong(node.at, `${what}: longer than ${longestText} characters`);
    return node;
  }

  /** One of some words. */
  word<Word extends string>(node: YamlNode, what: string, words: readonly Word[]): Word {
    const wanted = `one of ${words.join(', ')}`;
    const { text, at } = this.text(node, what, wanted);
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw this.wrong(at, `${what}: found ${quoted(text)}, wanted ${wanted}`, nearest(text, words));
  }

  #unfit(node: YamlNode, what: string, wanted: string): PortolanError {
    return this.wrong(node.at, `${what}: found ${describe(node)}, wanted ${wanted}`);
  }
}

/** A key and its value. */
export type Entry = YamlMap['entries'][number];

function describe(node: YamlNode): string {
  if (node.kind === 'text') return node.text.trim() === '' ? 'nothing' : quoted(node.text);
  const size = node.kind === 'list' ? node.items.length : node.entries.length;
  return size === 0 ? `an empty ${node.kind}` : `a ${node.kind}`;
}

/** As it was typed, if a terminal can show that. */
function shownFile(file: string): string {
  return quoted(file).slice(1, -1);
}

const longestText = 1024;
