import { expect, test } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { at, render, scanFact, summaryFact } from './writer.laws.ts';

const names = ['one.test', 'two.test', 'three.test'];
const host: Fact = {
  type: 'host',
  n: 1,
  host: '10.0.0.5',
  names,
  askedAs: 'one.test',
  state: 'up',
  reason: 'syn-ack',
  at: at(1),
};

test.each(['normal', 'xml', 'grepable', 'ndjson', 'csv', 'html'] as const)(
  'names: %s keeps every name of an address',
  (format) => {
    const text = render(format, [scanFact, host, { type: 'host-done', host: '10.0.0.5' }, summaryFact]);
    for (const name of names) expect(text).toContain(name);
  },
);
