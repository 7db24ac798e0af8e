/**
 * What is typed into the search field: words that must all occur, some of them in a certain column.
 *
 * @module
 */

import type { Look } from '../data.ts';

/** What the user wants to see. */
export interface Query {
  readonly text: string;
  /** '' is any. */
  readonly state: string;
  readonly protocol: string;
}

/** One word. */
export interface Word {
  /** The column that it must occur in; '' is any. */
  readonly field: '' | 'host' | 'port' | keyof Look;
  readonly text: string;
  /** Whether a port is meant; undefined where the word is no number and no range. */
  readonly ports: ((port: number) => boolean) | undefined;
}

/** `ssh port:22 host:db 1-1024`, in lower case. */
export function wordsIn(text: string): readonly Word[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, name = '', rest = word] = /^([a-z]+):(.+)$/.exec(word) ?? [];
      const field = isField(name) ? name : '';
      const sought = field === '' ? word : rest;
      return { field, text: sought, ports: portsOf(sought) };
    });
}

function portsOf(text: string): Word['ports'] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/[a-z]+)?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return (port) => port >= first && port <= last;
}

function isField(name: string): name is Exclude<Word['field'], ''> {
  return fields.has(name);
}

const fields: ReadonlySet<string> = new Set([
  'host',
  'port',
  'protocol',
  'state',
  'reason',
  'technique',
  'service',
  'version',
]);
