/** The command line is the library's first client: what it imports, a stranger's program can import too. @module */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it('the command line uses nothing that the library doors do not give', () => {
  const doors = ['src/index.ts', 'src/internal.ts'].map((path) => readFileSync(join(root, path), 'utf8'));
  const door = new Set(doors.flatMap(namesIn).map(({ alias }) => alias));
  const folder = join(root, 'src/cli');
  const used = readdirSync(folder, { recursive: true })
    .filter((path) => /(?<!\.test|\.laws)\.ts$/.test(path))
    .flatMap((path) => namesIn(readFileSync(join(folder, path), 'utf8')).map((use) => ({ path, ...use })))
    .filter(({ from }) =>
      /^(?:\.\.\/)+(?:base|model|system|techniques|dns|plan|audit|scan|report)\//.test(from),
    );
  // A pattern that found nothing would find nothing missing.
  expect(used.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['scan', 'buildPlan', 'Collector', 'Request', 'version']),
  );
  expect(used.filter(({ name }) => !door.has(name))).toEqual([]);
});

/** The names between braces of imports, re-exports and destructured dynamic imports, and where from. */
function namesIn(text) {
  const lists = [
    ...text.matchAll(/\{([^{}]*)\}\s*from\s*'([^']+)'/g),
    ...text.matchAll(/\{([^{}]*)\}\s*=\s*await import\('([^']+)'\)/g),
  ];
  return lists.flatMap(([, list, from]) =>
    list
      .split(',')
      .map((item) => item.trim().replace(/^type /, ''))
      .filter((item) => item !== '')
      .map((item) => {
        const [name, alias = name] = item.split(/\s+as\s+|:\s*/);
        return { name, alias, from };
      }),
  );
}
