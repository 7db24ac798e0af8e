/** The layer check finds what it is there to find. @module */

import { describe, expect, it } from 'vitest';
import { documentFaults, findCircles, findViolations, importsOf } from './check-layers.mjs';

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
