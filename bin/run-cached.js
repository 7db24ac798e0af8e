'use strict';

/**
 * Runs a CommonJS script with the code that V8 compiled when it was built: half of the time between the command
 * and the first packet was compiling. Another Node than the one of the build does not take that code and
 * compiles as usual.
 *
 * V8 knows a script by its length alone, and would run what was compiled from another one. So script and code are one
 * file: what is run is what was compiled.
 */

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** A script as V8 gets it, here and when its code is kept: the two must be alike to the letter. */
function wrapped(source) {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** The bytes of a bundle: the length of a wrapped script in ASCII, the script, and its code. */
function bundleOf(script, code) {
  const text = Buffer.from(script);
  if (text.length !== script.length) throw new Error('a bundle is ASCII, and this script is not');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, code]);
}

/** Runs a bundle and returns what it exports. */
function runCached(file) {
  const bundle = readFileSync(file);
  const end = 4 + bundle.readUInt32LE(0);
  const script = new Script(bundle.toString('latin1', 4, end), {
    filename: file,
    cachedData: bundle.subarray(end),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

module.exports = { bundleOf, runCached, wrapped };
