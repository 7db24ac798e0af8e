#!/usr/bin/env node
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const args = process.argv.slice(2);
// Answered here, so that asking for the version costs hardly more than starting Node.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`portolan ${version}\n`);
} else {
  const { runCached } = require('./run-cached.js');
  const bundle = join(root, 'dist', 'bundle');
  const ahead = require(join(bundle, 'ahead.js')).aheadOf(args);
  runCached(join(bundle, 'main.js')).main(args, ahead);
}
