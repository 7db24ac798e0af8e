/**
 * Checks that folders of src/ import only what tools/layers.mjs allows, that no file imports itself by way of
 * others, that some have neither clock nor socket, and that ARCHITECTURE.md prints that table as it is. `node tools/check-layers.mjs` from the repository's
 * root.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { door, doors, layers, pure, pureLibraries } from './layers.mjs';

/** Every violation in a tree of source files, one line each; `files` maps paths below src/ to their text. */
export function findViolations(table, doorImports, files) {
  const violations = orderFaults(table);
  for (const [path, text] of files) {
    const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    const allowed = folder === '' ? doorImports : table[folder];
    if (allowed === undefined) {
      violations.push(`src/${path}: the folder ${folder}/ has no row in tools/layers.mjs`);
      continue;
    }
    if (folder === '' && !doors.includes(path)) {
      violations.push(`src/${path}: only ${doors.join(' and ')} may stand beside the folders`);
      continue;
    }
    // Nothing imports a test, so it closes no cycle: it may hold a layer's words against those above it.
    if (path.endsWith('.test.ts')) continue;
    for (const { specifier, computed } of importsOf(text)) {
      if (computed) {
        violations.push(`src/${path}: imports a computed path (${specifier}); write it out`);
        continue;
      }
      if (!specifier.startsWith('.')) continue;
      const target = targetOf(path, specifier);
      if (target.startsWith('../')) {
        // Nothing in src/ may look outside, except at package.json.
        if (target !== '../package.json') {
          violations.push(`src/${path}: imports ${specifier}, which lies outside src/`);
        }
        continue;
      }
      const to = target.includes('/') ? target.slice(0, target.indexOf('/')) : target;
      if (target.endsWith('.test.ts')) violations.push(`src/${path}: imports the test ${specifier}`);
      if (to !== folder && !allowed.includes(to)) {
        violations.push(
          `src/${path}: ${folder === '' ? 'the library door' : `${folder}/`} may not import ${to}`,
        );
      }
    }
  }
  return violations;
}

/**
 * Every clock, timer, socket, file, thread and chance in folders that must have none, one line each. All they may
 * import is the project's own, and `libraries` that compute alone. Tests and the laws they share are free. `files` maps paths below src/ to their text.
 */
export function findImpurities(pureFolders, files, libraries = []) {
  const impurities = [];
  for (const [path, text] of files) {
    const folder = pureFolders.find((one) => path.startsWith(`${one}/`));
    if (folder === undefined || /\.(?:test|laws)\.ts$/.test(path)) continue;
    const code = text.replace(stringsAndComments, (match) =>
      match.startsWith('`') ? insertions(match) : ' ',
    );
    const outside = importsOf(text).filter(
      ({ specifier, computed }) => !computed && !specifier.startsWith('.') && !libraries.includes(specifier),
    );
    const found = [...outside.map(({ specifier }) => specifier), ...(code.match(outsideWorld) ?? [])];
    for (const each of new Set(found)) {
      impurities.push(`src/${path}: ${folder}/ has no clock and no socket, so it may not use ${each}`);
    }
  }
  return impurities;
}

/** The code inside a template string. */
function insertions(template) {
  return [...template.matchAll(/\$\{([^}]*)/g)].map((match) => match[1]).join(' ');
}

/**
 * Every circle of imports between files, one line each. A type counts as much as a value: who reads one file of a
 * circle has to read them all. `files` maps paths below src/ to their text.
 */
export function findCircles(files) {
  const graph = new Map(
    files
      .filter(([path]) => !path.endsWith('.test.ts'))
      .map(([path, text]) => [path, importsOf(text).map(({ specifier }) => targetOf(path, specifier))]),
  );
  const circles = [];
  for (const path of [...graph.keys()].sort()) {
    const circle = wayBack(graph, path);
    if (circle === undefined) continue;
    circles.push(`import circle: ${circle.join(' → ')}`);
    // One line for each circle, not one for each file on it.
    for (const each of circle) graph.delete(each);
  }
  return circles;
}

/** The shortest way from a file through its imports back to it. */
function wayBack(graph, start) {
  const cameFrom = new Map();
  const waiting = [start];
  for (const path of waiting) {
    for (const next of graph.get(path) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      if (next !== start) waiting.push(next);
      else {
        const way = [start];
        for (let step = path; step !== start; step = cameFrom.get(step)) way.unshift(step);
        return [start, ...way];
      }
    }
  }
  return undefined;
}

function targetOf(path, specifier) {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier;
}

/** The layer table as ARCHITECTURE.md prints it: one row a folder, `| folder | … | what it may import |`. */
export function documentFaults(table, doorImports, markdown) {
  const faults = [];
  const rows = new Map(
    [...markdown.matchAll(/^\| `([a-z.]+)\/?` \|.*\| ([^|]*) \|$/gm)].map((row) => [row[1], row[2].trim()]),
  );
  const expected = [...Object.entries(table), ...doors.map((each) => [each, doorImports])];
  for (const [folder, imports] of expected) {
    const wanted = imports.length === 0 ? '–' : imports.join(' ');
    const found = rows.get(folder);
    if (found !== wanted) {
      faults.push(
        `ARCHITECTURE.md: the row of ${folder} says "${found ?? 'nothing'}", the table "${wanted}"`,
      );
    }
    rows.delete(folder);
  }
  for (const folder of rows.keys()) faults.push(`ARCHITECTURE.md: ${folder} has no row in tools/layers.mjs`);
  return faults;
}

/** Every import of a TypeScript file: static, re-exported, dynamic, required, or a worker's URL. */
export function importsOf(text) {
  const code = text.replace(stringsAndComments, (match) => (/^\/[/*]/.test(match) ? ' ' : match));
  const found = [...code.matchAll(literalImport)].map((match) => ({ specifier: match[2], computed: false }));
  for (const [, argument] of code.matchAll(dynamicImport)) {
    const literal = /^\s*(['"])([^'"]*)\1\s*(?:,|$)/.exec(argument);
    found.push({ specifier: literal?.[2] ?? argument.trim(), computed: literal === null });
  }
  return found;
}

/** A folder listed before something it may import could be part of a cycle. */
function orderFaults(table) {
  const seen = new Set();
  const faults = [];
  for (const [folder, imports] of Object.entries(table)) {
    for (const each of imports) {
      if (!seen.has(each))
        faults.push(`tools/layers.mjs: ${folder} may import ${each}, which is listed later or not at all`);
    }
    seen.add(folder);
  }
  return faults;
}

const stringsAndComments =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const literalImport = /(?:\bfrom|\bimport|\brequire\s*\(|\bnew\s+URL\s*\()\s*(['"])([^'"\n]*)\1/g;
const outsideWorld =
  /(?<![\w.$#])(?:Date|performance|process|set(?:Timeout|Interval|Immediate)|queueMicrotask|Atomics|fetch|WebSocket|EventSource|Worker|SharedWorker|MessageChannel|BroadcastChannel|globalThis|global|require|navigator|crypto|Math\.random)(?![\w$])(?!\s*[?!]?:)/g;
const dynamicImport = /(?<![\w.$])import\s*\(\s*([^)]*)\)/g;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const src = join(root, 'src');
  const files = readdirSync(src, { recursive: true })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => [path.split(sep).join('/'), readFileSync(join(src, path), 'utf8')]);
  const architecture = join(root, 'ARCHITECTURE.md');
  const faults = [
    ...findViolations(layers, door, files),
    ...findCircles(files),
    ...findImpurities(pure, files, pureLibraries),
    ...(existsSync(architecture) ? documentFaults(layers, door, readFileSync(architecture, 'utf8')) : []),
  ];
  for (const fault of faults) console.log(fault);
  if (faults.length === 0)
    console.log(
      `${files.length} files in ${Object.keys(layers).length} folders keep to their layers, without a circle`,
    );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
