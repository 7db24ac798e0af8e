'use strict';

/**
 * Runs a CommonJS script with the code that V8 compiled when it was built: half of the time between the command
 * and the first packet was compiling. Another Node than the one of the build does not take that code and
 * compiles as usual.
 *
 * V8 knows a script by its length alone, and would run what was compiled from another one. So the script stands in the
 * file of its code, and one that is not the same to the last byte is compiled anew.
 */

const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** The script as V8 gets it, here and when its code is kept: the two must be alike to the letter. */
function wrapped(source) {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** What is kept of a script: its length, itself, and its code. */
function kept(source, code) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(source.length);
  return Buffer.concat([length, source, code]);
}

/** The code that was kept of just this script. */
function codeFor(source, cache) {
  if (!existsSync(cache)) return undefined;
  const all = readFileSync(cache);
  const end = 4 + source.length;
  if (all.length < end || all.readUInt32LE(0) !== source.length) return undefined;
  return source.equals(all.subarray(4, end)) ? all.subarray(end) : undefined;
}

/** Runs `file` and returns what it exports. */
function runCached(file) {
  const source = readFileSync(file);
  const cachedData = codeFor(source, `${file}.cache`);
  const script = new Script(wrapped(source.toString()), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

module.exports = { kept, runCached, wrapped };
