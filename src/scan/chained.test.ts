import { expect, test } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { Chained } from './chained.ts';

const fact = (message: string): Fact => ({ type: 'warning', message });

/** What was begun and ended, in order, and the facts of a scan that says `before`, then `run`. */
function made(before: readonly string[], run: readonly string[] | undefined, failure?: Error) {
  const log: string[] = [];
  async function* running(told: readonly string[]): AsyncGenerator<Fact, void> {
    log.push('run');
    try {
      for (const message of told) yield fact(message);
    } finally {
      log.push('run ended');
    }
  }
  async function* preparing() {
    try {
      for (const message of before) yield fact(message);
      if (failure !== undefined) throw failure;
      return run && running(run);
    } finally {
      log.push('prepared');
    }
  }
  return { log, facts: new Chained(preparing()) };
}

const messages = async (facts: Chained) => {
  const told: string[] = [];
  for await (const one of facts) if (one.type === 'warning') told.push(one.message);
  return told;
};

test('what comes before a run and the run are read as one', async () => {
  expect(await messages(made(['a'], ['b', 'c']).facts)).toEqual(['a', 'b', 'c']);
  expect(await messages(made([], ['b']).facts)).toEqual(['b']);
  expect(await messages(made(['a'], undefined).facts)).toEqual(['a']);
});

test('whoever stops reading ends what has begun, and nothing else begins', async () => {
  const early = made(['a', 'b'], ['c']);
  for await (const _ of early.facts) break;
  expect(early.log).toEqual(['prepared']);
  const late = made(['a'], ['b', 'c']);
  for await (const one of late.facts) if (one.type === 'warning' && one.message === 'b') break;
  expect(late.log).toEqual(['prepared', 'run', 'run ended']);
  const scoped = made(['a'], ['b']);
  await scoped.facts.next();
  await scoped.facts[Symbol.asyncDispose]();
  expect(scoped.log).toEqual(['prepared']);
  expect(await scoped.facts.next()).toEqual({ done: true, value: undefined });
});

test('what fails before the run is thrown once, and then all is over', async () => {
  const { facts, log } = made(['a'], ['b'], new Error('no'));
  await facts.next();
  await expect(facts.next()).rejects.toThrow('no');
  expect(await facts.next()).toEqual({ done: true, value: undefined });
  expect(log).toEqual(['prepared']);
});

test('whoever asks for several at once gets each once, and an end asked for meanwhile ends the run', async () => {
  const { facts } = made(['a'], ['b', 'c']);
  const results = await Promise.all([facts.next(), facts.next(), facts.next(), facts.next()]);
  expect(results.map(({ value }) => value)).toEqual([fact('a'), fact('b'), fact('c'), undefined]);
  const other = made([], ['b', 'c']);
  const [first] = await Promise.all([other.facts.next(), other.facts.return()]);
  expect(first.value).toEqual(fact('b'));
  expect(other.log).toEqual(['prepared', 'run', 'run ended']);
});

test('an error that is thrown into it meets who is being read', async () => {
  const { facts, log } = made([], ['b']);
  await facts.next();
  await expect(facts.throw(new Error('enough'))).rejects.toThrow('enough');
  expect(log).toEqual(['prepared', 'run', 'run ended']);
});
