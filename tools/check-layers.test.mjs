/** The layer check finds what it is there to find. @module */

import { describe, expect, it } from 'vitest';
import { documentFaults, findCircles, findImpurities, findViolations, importsOf } from './check-layers.mjs';

const table = { base: [], model: ['base'], scan: ['base', 'model'] };
const check = (path, text) => findViolations(table, ['scan'], [[path, text]]);

describe('layers', () => {
  it('lets a folder import itself and what its row lists', () => {
    expect(
      check('model/a.ts', "import { b } from './b.ts';\nimport type { c } from '../base/c.ts';"),
    ).toEqual([]);
  });

  for (const [how, text] of [
    ['a static import', "import { x } from '../scan/x.ts';"],
    ['an import over several lines', "import {\n  x,\n  y,\n} from '../scan/x.ts';"],
    ['a type import', "import type { X } from '../scan/x.ts';"],
    ['an import for its effect', "import '../scan/x.ts';"],
    ['a re-export', "export * from '../scan/x.ts';"],
    ['a dynamic import', "const x = await import('../scan/x.ts');"],
    ["an import in a type's place", "type X = import('../scan/x.ts').X;"],
    ['a required file', "require('../scan/x.ts')"],
    ["a worker's file", "new Worker(new URL('../scan/x.ts', import.meta.url))"],
    ['double quotes', 'import { x } from "../scan/x.ts";'],
    ['a way round through the own folder', "import { x } from '../model/../scan/x.ts';"],
  ]) {
    it(`refuses ${how} of a folder that is not listed`, () => {
      expect(check('model/a.ts', text)).toEqual(['src/model/a.ts: model/ may not import scan']);
    });
  }

  it('refuses a dynamic import whose path is computed', () => {
    expect(check('model/a.ts', "await import('../' + name)")[0]).toMatch(/computed path/);
    expect(check('model/a.ts', 'await import(name)')[0]).toMatch(/computed path/);
  });

  it('takes no import from comments and no comment from strings', () => {
    expect(importsOf("/** import { x } from '../scan/x.ts'; */\n// import '../scan/y.ts'")).toEqual([]);
    expect(importsOf("const a = '/*'; import '../scan/x.ts'; const b = '*/';")).toHaveLength(1);
  });

  it('holds the library door to its own list', () => {
    expect(check('index.ts', "export * from './scan/x.ts';")).toEqual([]);
    expect(check('index.ts', "export * from './base/x.ts';")).toEqual([
      'src/index.ts: the library door may not import base',
    ]);
  });

  it('refuses files without a row, and files outside src/', () => {
    expect(check('web/a.ts', '')[0]).toMatch(/no row/);
    expect(check('other.ts', '')[0]).toMatch(/only index.ts and internal.ts/);
    expect(check('model/a.ts', "import '../../tools/x.mjs'")[0]).toMatch(/outside src/);
  });

  it('lets tests import what they need, and nothing import a test', () => {
    expect(check('model/a.test.ts', "import '../scan/x.ts'")).toEqual([]);
    expect(check('scan/a.ts', "import '../model/a.test.ts'")).toEqual([
      'src/scan/a.ts: imports the test ../model/a.test.ts',
    ]);
  });

  it('refuses a table that could hold a cycle', () => {
    expect(findViolations({ a: ['b'], b: ['a'] }, [], [])).toEqual([
      'tools/layers.mjs: a may import b, which is listed later or not at all',
    ]);
  });

  it('finds circles of imports, inside a folder too', () => {
    const files = [
      ['a/one.ts', "import type { Two } from './two.ts';"],
      ['a/two.ts', "export * from '../b/three.ts';"],
      ['b/three.ts', "const one = await import('../a/one.ts');"],
      ['b/aside.ts', "import { three } from './three.ts';"],
      ['b/itself.ts', "import './itself.ts';"],
    ];
    expect(findCircles(files)).toEqual([
      'import circle: a/one.ts → a/two.ts → b/three.ts → a/one.ts',
      'import circle: b/itself.ts → b/itself.ts',
    ]);
    expect(findCircles(files.slice(0, 2))).toEqual([]);
  });

  it('takes a test that imports what it tests for no circle', () => {
    expect(
      findCircles([
        ['a/x.test.ts', "import './x.ts';"],
        ['a/x.ts', "import './x.test.ts';"],
      ]),
    ).toEqual([]);
  });

  it('notices when ARCHITECTURE.md and the table differ', () => {
    const good =
      '| `base/` | x | – |\n| `model/` | x | base |\n| `scan/` | x | base model |\n| `index.ts` | x | scan |\n| `internal.ts` | x | scan |\n';
    expect(documentFaults(table, ['scan'], good)).toEqual([]);
    expect(documentFaults(table, ['scan'], good.replace('base model', 'base'))).toHaveLength(1);
    expect(documentFaults(table, ['scan'], good.replace('| `model/` | x | base |\n', ''))).toHaveLength(1);
    expect(documentFaults(table, ['scan'], `${good}| \`web/\` | x | base |\n`)).toHaveLength(1);
  });
});

describe('folders without clock and socket', () => {
  const impurities = (text, path = 'engine/sweep/a.ts') => findImpurities(['engine'], [[path, text]]);

  it('may use libraries that compute alone, and no others', () => {
    const files = [['engine/a.ts', "import { a } from 'counts';\nimport { b } from 'sends';"]];
    expect(findImpurities(['engine'], files, ['counts'])).toEqual([
      'src/engine/a.ts: engine/ has no clock and no socket, so it may not use sends',
    ]);
  });

  for (const [use, text] of [
    ['Date', 'const now = Date.now();'],
    ['Date', 'const now = new Date();'],
    ['Date', 'const read = Date;'],
    ['Date', ['const line = `at $', '{Date.now()}`;'].join('')],
    ['performance', 'performance.now()'],
    ['process', 'process.hrtime.bigint()'],
    ['setTimeout', 'setTimeout(() => undefined, 5);'],
    ['setInterval', 'const timer = setInterval(look, 5);'],
    ['setImmediate', 'setImmediate(look);'],
    ['queueMicrotask', 'queueMicrotask(look);'],
    ['Atomics', 'Atomics.wait(cells, 0, 0, 5);'],
    ['globalThis', 'globalThis.setTimeout(look, 5);'],
    ['Math.random', 'const seed = Math.random();'],
    ['fetch', "await fetch('http://192.0.2.1/')"],
    ['node:net', "import { connect } from 'node:net';"],
    ['node:dgram', "import dgram from 'node:dgram';"],
    ['node:fs', "export * from 'node:fs';"],
    ['node:timers/promises', "const { setTimeout: wait } = await import('node:timers/promises');"],
    ['node:perf_hooks', "import { performance as clock } from 'node:perf_hooks';"],
    ['fs', "import fs from 'fs';"],
    ['koffi', "import koffi from 'koffi';"],
  ]) {
    it(`refuse ${text}`, () => {
      const line = `src/engine/sweep/a.ts: engine/ has no clock and no socket, so it may not use ${use}`;
      expect(impurities(text)).toContain(line);
    });
  }

  it('refuse them in every file of theirs, at any depth', () => {
    for (const path of ['engine/a.ts', 'engine/a/b/c.ts', 'engine/batch/a.as.ts'])
      expect(impurities('Date.now()', path), path).toHaveLength(1);
  });

  it('say each use once', () => {
    expect(impurities('Date.now() - Date.now()')).toHaveLength(1);
  });

  it("may name them in comments, strings and fields, and import what is the project's own", () => {
    const text =
      "// Date.now()\n/** process */ import { a } from '../b/a.ts';\nconst x = 'Date' + a.process + `fetch`;\n" +
      'interface Y { readonly performance?: number; process: string }\nconst scheduledDate = this.#process;';
    expect(impurities(text)).toEqual([]);
  });

  it('leave tests, their laws and other folders alone', () => {
    for (const path of ['engine/a.test.ts', 'engine/a.laws.ts', 'scan/a.ts', 'index.ts'])
      expect(impurities("import 'node:fs'; Date.now();", path), path).toEqual([]);
  });
});
