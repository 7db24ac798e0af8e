'use strict';

/**
 * Runs a CommonJS script with the code that V8 compiled when it was built: half of the time between the command
 * and the first packet was compiling. Another Node than the one of the build does not take that code and
 * compiles as usual.
 */

const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** The script as V8 gets it, here and when its code is kept: the two must be alike to the letter. */
function wrapped(source) {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** Runs `file` and returns what it exports. */
function runCached(file) {
  const cache = `${file}.cache`;
  const script = new Script(wrapped(readFileSync(file, 'utf8')), {
    filename: file,
    ...(existsSync(cache) && { cachedData: readFileSync(cache) }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

module.exports = { runCached, wrapped };
