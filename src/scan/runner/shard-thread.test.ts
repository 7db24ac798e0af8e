/** Whatever ends a worker thread ends its shard with an error, and nothing else. */

import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Order, ShardThread } from './shard-thread.ts';

/** A thread of a few lines. */
function threadOf(code: string): ShardThread {
  return new ShardThread(new Worker(code, { eval: true }));
}

const order = { resources: {} } as unknown as Order;
const whenTold = (act: string) => `require('node:worker_threads').parentPort.on('message', () => { ${act} })`;

test.each([
  ['ends', whenTold('process.exit(3)'), 'a worker ended with code 3 before its shard'],
  ['throws', whenTold("throw new Error('no luck')"), 'no luck'],
  ['rejects', whenTold("void Promise.reject(new Error('no luck'))"), 'no luck'],
  ['cannot load what it imports', "require('./nowhere.js')", "Cannot find module './nowhere.js'"],
])('a thread that %s is an error of its shard', async (_, code, problem) => {
  await expect(threadOf(code).run(order, () => {})).rejects.toThrow(problem);
});

test('an idle thread that dies harms nobody, and takes no more shards', async () => {
  const thread = threadOf("throw new Error('no luck')");
  await expect.poll(() => thread.isUsable).toBe(false);
  await expect(thread.run(order, () => {})).rejects.toThrow('no luck');
});

test('a plan that cannot travel is an error of its shard', async () => {
  const plan = { hook: () => {} } as never;
  await expect(
    threadOf(whenTold('')).run({ plan, resources: {} } as unknown as Order, () => {}),
  ).rejects.toThrow('could not be cloned');
});

test('a thread runs one shard after the other, and ends when it is told', async () => {
  const thread = threadOf(
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', (order) => order === 'end' ? parentPort.close() : parentPort.postMessage({ type: 'done' }))`,
  );
  const told: string[] = [];
  await thread.run(order, ({ type }) => told.push(type));
  await thread.run(order, ({ type }) => told.push(type));
  expect(told).toEqual(['done', 'done']);
  thread.end();
  await expect.poll(() => thread.isUsable).toBe(false);
});
