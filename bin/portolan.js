#!/usr/bin/env node
'use strict';

const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const args = process.argv.slice(2);
const asksVersion = args.length === 1 && (args[0] === '--version' || args[0] === '-V');
if (!asksVersion || !tellsVersion()) {
  const { runCached } = require('./run-cached.js');
  const bundle = join(root, 'dist', 'bundle');
  const ahead = runCached(join(bundle, 'ahead.bundle')).aheadOf(args);
  runCached(join(bundle, 'main.bundle')).main(args, ahead);
}

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
