#!/usr/bin/env node
'use strict';

const { closeSync, openSync, readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

/** What a scan has open at once, its reports aside: a worker, raw sockets, one for routes, one for each link, a file it reads. */
const fewestDescriptors = 12;

const root = join(__dirname, '..');
const args = process.argv.slice(2);
const asksVersion = args.length === 1 && (args[0] === '--version' || args[0] === '-V');
if (!asksVersion || !tellsVersion()) start();

/** Told here, so that asking for the version costs hardly more than starting Node; trouble is the program's to tell. */
function tellsVersion() {
  try {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeSync(1, `portolan ${version}\n`);
    return true;
  } catch {
    return false;
  }
}

function start() {
  const free = freeDescriptors();
  if (free < fewestDescriptors) {
    const found = `the limit on open files leaves room for ${free}, wanted ${fewestDescriptors}`;
    writeSync(2, `portolan: Cannot start: ${found}; try: ulimit -n 64\n`);
    // As for whatever the environment lacks: src/base/errors.ts.
    process.exit(4);
  }
  const { runCached } = require('./run-cached.js');
  const bundle = join(root, 'dist', 'bundle');
  const ahead = runCached(join(bundle, 'ahead.bundle')).aheadOf(args);
  runCached(join(bundle, 'main.bundle')).main(args, ahead);
}

/**
 * How many files can still be opened, as far as that matters. Found out by opening them before anything else is: below
 * that even a module cannot be read and no worker starts, and each would say so in words of its own.
 */
function freeDescriptors() {
  const opened = [];
  try {
    while (opened.length < fewestDescriptors) opened.push(openSync(__filename));
  } catch (error) {
    // Whatever else keeps this file from being opened is no shortage.
    if (error.code !== 'EMFILE' && error.code !== 'ENFILE') return fewestDescriptors;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
  return opened.length;
}
