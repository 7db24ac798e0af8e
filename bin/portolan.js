#!/usr/bin/env node
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
// Answered here, so that asking for the version costs hardly more than starting Node.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`portolan ${version}\n`);
} else {
  const { main } = await import('../dist/bundle/main.js');
  await main(args);
}
