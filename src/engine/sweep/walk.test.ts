/** Every task exactly once, whatever the groups, the seed, the shares and the blocks. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Permutation } from '../../base/permutation.ts';
import { Walk, type WalkGroup, type WalkOptions } from './walk.ts';

const whole = { index: 0, count: 1 };

/** Walks everything and calls `visit` with group, host and question. */
function walkAll(walk: Walk, visit: (group: number, host: number, question: number) => void): void {
  for (let block = 0; block < walk.blocks; block++) {
    const order = walk.orderOf(block);
    for (let i = 0; i < order.size; i++) {
      walk.locate(block * walk.blockTasks + order.at(i));
      visit(walk.group, walk.host, walk.question);
    }
  }
}

describe('a walk', () => {
  test('visits every host and question exactly once over all shares', () => {
    const group = fc.record({
      hosts: fc.integer({ min: 0, max: 60 }),
      questions: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (plan, seed, count, blockTasks, inOrder) => {
          const seen = new Map<string, number>();
          for (let index = 0; index < count; index++) {
            const walk = new Walk(plan, { seed, inOrder, slice: { index, count }, blockTasks });
            walkAll(walk, (g, host, question) => {
              const key = `${g} ${host} ${question}`;
              seen.set(key, (seen.get(key) ?? 0) + 1);
            });
          }
          let first = 0;
          let size = 0;
          for (const [g, { hosts, questions }] of plan.entries()) {
            for (let host = first; host < first + hosts; host++) {
              for (let q = 0; q < questions; q++) expect(seen.get(`${g} ${host} ${q}`)).toBe(1);
            }
            first += hosts;
            size += hosts * questions;
          }
          expect(seen.size).toBe(size);
        },
      ),
      { numRuns: 300 },
    );
  });

  // PORTOLAN_HOSTS=4294967296 walks as many as there are IPv4 addresses, in some ten minutes.
  const hosts = Number(process.env['PORTOLAN_HOSTS'] ?? 2 ** 22 + 7);
  test(`of ${hosts} hosts: each once, over 64 shares`, { timeout: 3_600_000 }, () => {
    const count = 64;
    const seen = new Uint8Array(Math.ceil(hosts / 8));
    let [visits, repeated] = [0, 0];
    for (let index = 0; index < count; index++) {
      const walk = new Walk([{ hosts, questions: 1 }], { seed: 9, inOrder: false, slice: { index, count } });
      walkAll(walk, (_, host) => {
        const [at, bit] = [Math.floor(host / 8), 1 << (host & 7)];
        if ((seen[at]! & bit) !== 0) repeated++;
        seen[at]! |= bit;
        visits++;
      });
    }
    expect([visits, repeated]).toEqual([hosts, 0]);
  });

  test('can be taken back anywhere, up to 2^48 tasks: every task has its host, every host its tasks', () => {
    const size = fc.record({
      hosts: fc.oneof(fc.integer({ min: 1, max: 2 ** 32 }), fc.constant(2 ** 32)),
      questions: fc.integer({ min: 1, max: 65_536 }),
    });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (groups, seed, count, share) => {
          const walk = new Walk(groups, { seed, inOrder: false, slice: { index: count - 1, count } });
          if (walk.size === 0) return;
          const block = Math.min(Math.floor(walk.blocks * share), walk.blocks - 1);
          const order = walk.orderOf(block);
          const place = Math.min(Math.floor(order.size * share), order.size - 1);
          const task = block * walk.blockTasks + order.at(place);
          expect(order.indexOf(order.at(place))).toBe(place);
          walk.locate(task);
          const { group, host, question } = walk;
          expect(question).toBeLessThan(groups[group]!.questions);
          expect(walk.firstTaskOf(host) + question).toBe(task);
          expect(walk.group).toBe(group);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('shares are those of a scan host by host', () => {
    const order = new Permutation(1000, 5);
    const walk = new Walk([{ hosts: 1000, questions: 3 }], options({ slice: { index: 2, count: 7 } }));
    for (let host = 0; host < 1000; host++) {
      expect(walk.firstTaskOf(host) >= 0).toBe(order.indexOf(host) % 7 === 2);
    }
  });

  test('many groups of one host are shared out evenly', () => {
    const groups: WalkGroup[] = Array.from({ length: 100 }, () => ({ hosts: 1, questions: 2 }));
    const sizes = [0, 1, 2, 3].map((index) => new Walk(groups, options({ slice: { index, count: 4 } })).size);
    expect(sizes).toEqual([50, 50, 50, 50]);
  });

  test('one block holds up to 65,536 hosts, fewer that are asked much; all of a host stands together', () => {
    const of = (questions: number) => new Walk([{ hosts: 2 ** 24, questions }], options({})).blockTasks;
    expect([of(1), of(3), of(4), of(65_535)]).toEqual([2 ** 16, 2 ** 16, 2 ** 18, 2 ** 18]);
    const walk = new Walk([{ hosts: 2 ** 20, questions: 1000 }], options({}));
    const blocks = new Set<number>();
    const first = walk.firstTaskOf(12_345);
    for (let q = 0; q < 1000; q++) blocks.add(Math.floor((first + q) / walk.blockTasks));
    expect(blocks.size).toBeLessThanOrEqual(2);
  });

  test('within a block hosts and questions are mixed; another seed mixes otherwise', () => {
    const hostsOf = (seed: number) => {
      const walk = new Walk([{ hosts: 2 ** 16, questions: 100 }], options({ seed }));
      const order = walk.orderOf(3);
      return Array.from({ length: 200 }, (_, i) => {
        walk.locate(3 * walk.blockTasks + order.at(i));
        return walk.host;
      });
    };
    expect(new Set(hostsOf(1)).size).toBeGreaterThan(190);
    expect(hostsOf(1)).not.toEqual(hostsOf(2));
  });

  test('in order, everything ascends', () => {
    const walk = new Walk([{ hosts: 3, questions: 2 }], options({ inOrder: true, blockTasks: 4 }));
    const seen: string[] = [];
    walkAll(walk, (_, host, question) => void seen.push(`${host}/${question}`));
    expect(seen).toEqual(['0/0', '0/1', '1/0', '1/1', '2/0', '2/1']);
  });
});

function options(changes: Partial<WalkOptions>): WalkOptions {
  return { seed: 5, inOrder: false, slice: whole, ...changes };
}
