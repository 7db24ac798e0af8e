/** What a look at names reads before it asks: word lists, lists of names, blocks of addresses. @module */

import { readFileSync } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import { readNameList, readWordList } from '../../dns/zones/read-name-list.ts';
import { parseBlock, type ReverseBlock } from '../../dns/zones/reverse-map.ts';
import { commonLabels } from '../../dns/zones/tables/words.ts';
import { quoted } from '../../plan/quoted.ts';
import { readable } from '../../plan/read-trouble.ts';
import type { NamesRequest } from './names-request.ts';

/** What was read. */
export interface NamesMaterial {
  readonly words: readonly string[];
  /** Lines of the word list that are no labels. */
  readonly refusedWords: number;
  readonly candidates: readonly string[];
  readonly reverse: readonly ReverseBlock[];
}

/** Reads it, once for each request; refuses in one line what cannot be read. */
export function materialOf(request: NamesRequest): NamesMaterial {
  const known = materials.get(request);
  if (known !== undefined) return known;
  const { names, wordlist, nameLists = [], reverse = [] } = request;
  const list =
    wordlist === undefined
      ? { words: commonLabels, refused: 0 }
      : readWordList(readable(`the words of ${quoted(wordlist)}`, () => readFileSync(wordlist, 'utf8')));
  if (list.words.length === 0)
    throw badRequest(`--wordlist ${quoted(wordlist ?? '')}: found no word, wanted one a line`);
  const material = {
    words: list.words,
    refusedWords: list.refused,
    candidates: nameLists.flatMap((path) =>
      readNameList(
        readable(`the names of ${quoted(path)}`, () => readFileSync(path, 'utf8')),
        names,
      ),
    ),
    reverse: reverse.map((text) => {
      const block = parseBlock(text);
      if (block === undefined)
        throw badRequest(`--reverse ${quoted(text)}: wanted a block such as 10.0.0.0/24 or 2001:db8::/48`);
      if (block.first.family === 4 && block.prefixLength < largestBlock)
        throw badRequest(`--reverse ${quoted(text)}: wanted a block of at most a /${largestBlock}`);
      return block;
    }),
  };
  materials.set(request, material);
  return material;
}

const materials = new WeakMap<NamesRequest, NamesMaterial>();
/** 16 million addresses. */
const largestBlock = 8;
